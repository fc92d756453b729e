import type {JsonObject} from '../../../wire/json-value.ts';
import {compact} from '../field.ts';
import type {AnswerEncoder, AnswerError, AnswerEvent, AnswerUsage, FinishReason, WireEvent} from '../ir-event.ts';
import type {OutputItem} from '../ir.ts';
import {shimArguments} from '../shim.ts';
import {encodeChatUsage} from '../usage.ts';

/** What a Chat answer needs besides the events. */
export interface ChatOutputOptions {
	/** `chatcmpl-…`, our own. */
	readonly id: string;
	/** Unix seconds. */
	readonly createdAtS: number;
	/** The name that the client asked for. */
	readonly model: string;
	/** The client asked for the usage chunk. */
	readonly streamUsage: boolean;
}

interface SentCall {
	/** The index among the calls, not among all items (translation.md 4.2). */
	readonly index: number;
	readonly isCustom: boolean;
	hasPayload: boolean;
}

const finishWords: Readonly<Record<FinishReason, string>> = {
	stop: 'stop',
	calls: 'tool_calls',
	length: 'length',
	filter: 'content_filter',
	pause: 'stop',
};

/** A failure as OpenAI's error object. */
export const encodeChatError = (error: AnswerError): JsonObject => ({
	error: {message: error.message, type: error.code, param: null, code: error.code},
});

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

const chatCall = (item: OutputItem & {readonly type: 'call'}): JsonObject => ({
	id: item.callId,
	type: 'function',
	function: {name: item.tool.name, arguments: shimArguments(item.tool.kind, item.payload)},
});

/** An answer as Chat Completions chunks, and as one whole completion (translation.md 4.2). */
export class ChatAnswerEncoder implements AnswerEncoder {
	readonly #options: ChatOutputOptions;
	readonly #calls = new Map<number, SentCall>();
	readonly #items: Array<{readonly index: number; readonly item: OutputItem}> = [];
	#events: WireEvent[] = [];
	#usage: AnswerUsage | undefined;
	#completion: JsonObject | undefined;
	#isStarted = false;
	#isEnded = false;

	constructor(options: ChatOutputOptions) {
		this.#options = options;
	}

	/** The whole `chat.completion`, for clients that do not stream; undefined before the end and after a failure. */
	get completion(): JsonObject | undefined {
		return this.#completion;
	}

	push(event: AnswerEvent): readonly WireEvent[] {
		if (!this.#isEnded) {
			this.#take(event);
		}

		const events = this.#events;
		this.#events = [];
		return events;
	}

	#take(event: AnswerEvent): void {
		switch (event.type) {
			case 'start': {
				this.#begin();
				break;
			}

			case 'item-open': {
				this.#begin();
				this.#open(event);
				break;
			}

			case 'delta': {
				this.#delta(event);
				break;
			}

			case 'item-close': {
				this.#close(event);
				break;
			}

			case 'usage': {
				this.#usage = event.usage;
				break;
			}

			case 'finish': {
				this.#finish(event.reason);
				break;
			}

			case 'error': {
				this.#isEnded = true;
				this.#send(encodeChatError(event.error));
				break;
			}

			case 'annotation':
			case 'loss': {
				break;
			}
		}
	}

	#begin(): void {
		if (!this.#isStarted) {
			this.#isStarted = true;
			this.#sendDelta({role: 'assistant', content: ''});
		}
	}

	#open({index, head}: AnswerEvent & {readonly type: 'item-open'}): void {
		if (head.type === 'call') {
			const call = {index: this.#calls.size, isCustom: head.tool.kind === 'custom', hasPayload: false};
			this.#calls.set(index, call);
			const body = {name: head.tool.name, arguments: ''};
			this.#sendDelta({tool_calls: [{index: call.index, id: head.callId, type: 'function', function: body}]});
		}
	}

	#delta({index, channel, text}: AnswerEvent & {readonly type: 'delta'}): void {
		switch (channel) {
			case 'text': {
				this.#sendDelta({content: text});
				break;
			}

			case 'refusal': {
				this.#sendDelta({refusal: text});
				break;
			}

			case 'summary':
			case 'reasoning': {
				this.#sendDelta({reasoning_content: text});
				break;
			}

			case 'payload': {
				const call = this.#calls.get(index);
				if (call) {
					this.#payload(call, text);
				}
			}
		}
	}

	/** Raw text of a custom tool becomes `{"input":"…"}` while it streams. */
	#payload(call: SentCall, text: string): void {
		const opening = call.isCustom && !call.hasPayload ? '{"input":"' : '';
		call.hasPayload = true;
		this.#arguments(call, call.isCustom ? opening + escaped(text) : text);
	}

	#arguments(call: SentCall, text: string): void {
		this.#sendDelta({tool_calls: [{index: call.index, function: {arguments: text}}]});
	}

	#close({index, item}: AnswerEvent & {readonly type: 'item-close'}): void {
		this.#items.push({index, item});
		const call = this.#calls.get(index);
		if (item.type === 'call' && call) {
			if (!call.hasPayload) {
				this.#payload(call, item.payload);
			}

			if (call.isCustom) {
				this.#arguments(call, '"}');
			}
		}
	}

	#finish(reason: FinishReason): void {
		this.#begin();
		this.#isEnded = true;
		const word = finishWords[reason];
		this.#send(this.#chunk([{index: 0, delta: {}, logprobs: null, finish_reason: word}]));
		if (this.#options.streamUsage && this.#usage) {
			this.#send({...this.#chunk([]), usage: encodeChatUsage(this.#usage)});
		}

		this.#events.push({event: undefined, data: '[DONE]'});
		this.#completion = this.#whole(word);
	}

	#whole(finishReason: string): JsonObject {
		const items = this.#items.toSorted((left, right) => left.index - right.index).map(({item}) => item);
		const parts = items.flatMap(item => (item.type === 'message' ? item.parts : []));
		const texts = parts.flatMap(part => (part.type === 'text' ? [part.text] : []));
		const refusals = parts.flatMap(part => (part.type === 'refusal' ? [part.text] : []));
		const thoughts = items.flatMap(item => (item.type === 'reasoning' ? [...item.summary, ...item.content] : []));
		const calls = items.flatMap(item => (item.type === 'call' ? [chatCall(item)] : []));
		const message = compact({
			role: 'assistant',
			content: texts.length > 0 ? texts.join('') : null,
			refusal: refusals.length > 0 ? refusals.join('') : null,
			reasoning_content: thoughts.length > 0 ? thoughts.join('\n\n') : undefined,
			tool_calls: calls.length > 0 ? calls : undefined,
		});
		const {id, createdAtS, model} = this.#options;
		return compact({
			id,
			object: 'chat.completion',
			created: createdAtS,
			model,
			choices: [{index: 0, message, logprobs: null, finish_reason: finishReason}],
			usage: this.#usage ? encodeChatUsage(this.#usage) : undefined,
		});
	}

	#chunk(choices: readonly JsonObject[]): JsonObject {
		const {id, createdAtS, model} = this.#options;
		return {id, object: 'chat.completion.chunk', created: createdAtS, model, choices};
	}

	#sendDelta(delta: JsonObject): void {
		this.#send(this.#chunk([{index: 0, delta, logprobs: null, finish_reason: null}]));
	}

	#send(payload: JsonObject): void {
		this.#events.push({event: undefined, data: JSON.stringify(payload)});
	}
}
