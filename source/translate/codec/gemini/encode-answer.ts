import {parseJsonObject, textField, type JsonObject} from '../../../wire/json-value.ts';
import {sealHiddenState, type Packer} from '../envelope.ts';
import {compact} from '../field.ts';
import type {AnswerEncoder, AnswerError, AnswerEvent, AnswerUsage, FinishReason, WireEvent} from '../ir-event.ts';
import type {OutputItem} from '../ir.ts';
import {shimArguments} from '../shim.ts';
import {encodeGeminiUsage} from './usage.ts';

/** What an answer needs besides the events. */
export interface GeminiOutputOptions {
	readonly id: string;
	/** The name that the client asked for. */
	readonly model: string;
	/** Hidden state of other makers travels in signatures, as envelopes of ours. */
	readonly envelopes: boolean;
	readonly packer?: Packer;
}

const finishWords: Readonly<Record<FinishReason, string>> = {
	stop: 'STOP',
	calls: 'STOP',
	length: 'MAX_TOKENS',
	filter: 'SAFETY',
	pause: 'STOP',
};

const statuses: Readonly<Record<string, readonly [code: number, status: string]>> = {
	context_length_exceeded: [400, 'INVALID_ARGUMENT'],
	invalid_prompt: [400, 'INVALID_ARGUMENT'],
	rate_limit_exceeded: [429, 'RESOURCE_EXHAUSTED'],
	insufficient_quota: [429, 'RESOURCE_EXHAUSTED'],
	usage_not_included: [403, 'PERMISSION_DENIED'],
	server_is_overloaded: [503, 'UNAVAILABLE'],
	slow_down: [503, 'UNAVAILABLE'],
};

/** A failure as Google's error object. */
export const encodeGeminiError = ({code: word, message}: AnswerError): JsonObject => {
	const [code, status] = statuses[word] ?? [500, 'INTERNAL'];
	return {error: {code, message, status}};
};

const isPlain = (part: JsonObject | undefined, isThought: boolean): part is JsonObject =>
	part !== undefined &&
	typeof part['text'] === 'string' &&
	part['thoughtSignature'] === undefined &&
	(part['thought'] === true) === isThought;

/** An answer as generateContent chunks, and as one whole answer. Calls come whole: Google's clients know nothing else. */
export class GeminiAnswerEncoder implements AnswerEncoder {
	readonly #options: GeminiOutputOptions;
	readonly #parts: JsonObject[] = [];
	#events: WireEvent[] = [];
	#usage: AnswerUsage | undefined;
	#answer: JsonObject | undefined;
	#isEnded = false;

	constructor(options: GeminiOutputOptions) {
		this.#options = options;
	}

	/** The whole answer, for clients that do not stream; undefined before the end and after a failure. */
	get answer(): JsonObject | undefined {
		return this.#answer;
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
			case 'delta': {
				this.#delta(event);
				break;
			}

			case 'item-close': {
				this.#close(event.item);
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
				this.#send(encodeGeminiError(event.error));
				break;
			}

			case 'start':
			case 'item-open':
			case 'annotation':
			case 'loss': {
				break;
			}
		}
	}

	#delta({channel, text}: AnswerEvent & {readonly type: 'delta'}): void {
		if (channel !== 'payload') {
			const isThought = channel === 'summary' || channel === 'reasoning';
			this.#sendPart(isThought ? {text, thought: true} : {text});
		}
	}

	#close(item: OutputItem): void {
		if (item.type === 'call') {
			const args = parseJsonObject(shimArguments(item.tool.kind, item.payload)) ?? {};
			const functionCall = {id: item.callId, name: item.tool.name, args};
			this.#sendPart(compact({functionCall, thoughtSignature: item.signature}));
		} else if (item.type === 'hosted' && item.name === 'image_generation_call') {
			this.#sendPart({inlineData: {mimeType: 'image/png', data: textField(item.raw, 'result') ?? ''}});
		} else if (item.type === 'reasoning') {
			this.#sign(item);
		}
	}

	/** Google's own signatures go out as they are, on the part that they came with; others in an envelope, where the client is to keep them. */
	#sign({hidden}: OutputItem & {readonly type: 'reasoning'}): void {
		if (hidden?.kind === 'thought') {
			const thought = hidden.on === 'thought' ? {thought: true} : {};
			if (hidden.on !== 'call') {
				this.#sendPart({text: '', ...thought, thoughtSignature: hidden.signature});
			}
		} else if (hidden !== undefined && hidden.kind !== 'opaque' && this.#options.envelopes) {
			const envelope = sealHiddenState(hidden, this.#options.packer);
			if (envelope !== undefined) {
				this.#sendPart({text: '', thought: true, thoughtSignature: envelope});
			}
		}
	}

	#finish(reason: FinishReason): void {
		this.#isEnded = true;
		this.#send(this.#chunk([], reason));
		this.#answer = this.#chunk(this.#parts, reason);
	}

	#sendPart(part: JsonObject): void {
		const last = this.#parts.at(-1);
		const isThought = part['thought'] === true;
		if (isPlain(part, isThought) && isPlain(last, isThought)) {
			const text = `${textField(last, 'text') ?? ''}${textField(part, 'text') ?? ''}`;
			this.#parts[this.#parts.length - 1] = {...last, text};
		} else {
			this.#parts.push(part);
		}

		this.#send(this.#chunk([part]));
	}

	#chunk(parts: readonly JsonObject[], reason?: FinishReason): JsonObject {
		const content = {role: 'model', parts};
		const finishReason = reason === undefined ? undefined : finishWords[reason];
		return compact({
			candidates: [compact({content, finishReason, index: 0})],
			usageMetadata: reason !== undefined && this.#usage ? encodeGeminiUsage(this.#usage) : undefined,
			modelVersion: this.#options.model,
			responseId: this.#options.id,
		});
	}

	#send(payload: JsonObject): void {
		this.#events.push({event: undefined, data: JSON.stringify(payload)});
	}
}
