import type {JsonObject} from '../../../wire/json-value.ts';
import {sealHiddenState, type HiddenState, type Packer} from '../envelope.ts';
import type {
	AnswerEncoder,
	AnswerError,
	AnswerEvent,
	AnswerUsage,
	FinishReason,
	ItemHead,
	WireEvent,
} from '../ir-event.ts';
import {encodeMessagesUsage} from '../usage.ts';
import {BlockQueue, type BlockSink} from './block-queue.ts';

/** What a Messages answer needs besides the events. */
export interface MessagesOutputOptions {
	/** `msg_…`, our own. */
	readonly id: string;
	/** The name that the client asked for. */
	readonly model: string;
	readonly packer?: Packer;
}

const stopWords: Readonly<Record<FinishReason, string>> = {
	stop: 'end_turn',
	calls: 'tool_use',
	length: 'max_tokens',
	filter: 'refusal',
	pause: 'pause_turn',
};

const errorTypes: Readonly<Record<string, string>> = {
	rate_limit_exceeded: 'rate_limit_error',
	slow_down: 'overloaded_error',
	server_is_overloaded: 'overloaded_error',
	insufficient_quota: 'billing_error',
	usage_not_included: 'permission_error',
	invalid_prompt: 'invalid_request_error',
	context_length_exceeded: 'invalid_request_error',
};

/** A failure as Anthropic's error object (translation.md 4.1). Claude Code recognises a full context by these words. */
export const encodeMessagesError = (error: AnswerError): JsonObject => {
	const message = error.code === 'context_length_exceeded' ? `prompt is too long: ${error.message}` : error.message;
	return {type: 'error', error: {type: errorTypes[error.code] ?? 'api_error', message}};
};

/** Claude Code drops or refuses replayed thinking without a signature: where there is no hidden state this stands in. */
const unsigned: HiddenState = {kind: 'text', family: '', text: ''};

/** An answer as Messages events, and as one whole message (translation.md 4.1): one block open at a time, indices in order. */
export class MessagesAnswerEncoder implements AnswerEncoder, BlockSink {
	readonly #options: MessagesOutputOptions;
	readonly #queue = new BlockQueue(this);
	readonly #content: JsonObject[] = [];
	#events: WireEvent[] = [];
	#usage: AnswerUsage | undefined;
	#message: JsonObject | undefined;
	#isStarted = false;
	#isEnded = false;

	constructor(options: MessagesOutputOptions) {
		this.#options = options;
	}

	/** The whole message, for clients that do not stream; undefined before the end and after a failure. */
	get message(): JsonObject | undefined {
		return this.#message;
	}

	push(event: AnswerEvent): readonly WireEvent[] {
		if (!this.#isEnded) {
			this.#take(event);
		}

		return this.#takeEvents();
	}

	/** An event that resets the client's idle timer. */
	keepAlive(): readonly WireEvent[] {
		if (this.#isStarted && !this.#isEnded) {
			this.send('ping', {});
		}

		return this.#takeEvents();
	}

	/** Sends one event of the stream; used by the block queue. */
	send(type: string, fields: JsonObject): void {
		this.#events.push({event: type, data: JSON.stringify({type, ...fields})});
	}

	/** Keeps a finished block for the whole message; used by the block queue. */
	keep(block: JsonObject): void {
		this.#content.push(block);
	}

	/** The signature that carries a thinking block's hidden state. */
	seal(hidden: HiddenState | undefined): string {
		return sealHiddenState(hidden ?? unsigned, this.#options.packer) ?? sealHiddenState(unsigned) ?? '';
	}

	#takeEvents(): readonly WireEvent[] {
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
				if (this.#isShown(event.head)) {
					this.#queue.open(event.index, event.head);
				}

				break;
			}

			case 'delta': {
				this.#queue.delta(event.index, event.text);
				break;
			}

			case 'item-close': {
				this.#queue.close(event.index, event.item);
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
				const {type: _type, ...fields} = encodeMessagesError(event.error);
				this.send('error', fields);
				break;
			}

			case 'annotation':
			case 'loss': {
				break;
			}
		}
	}

	#isShown({type}: ItemHead): boolean {
		return type === 'message' || type === 'reasoning' || type === 'call';
	}

	#head(): JsonObject {
		const {id, model} = this.#options;
		return {id, type: 'message', role: 'assistant', model};
	}

	#begin(): void {
		if (!this.#isStarted) {
			this.#isStarted = true;
			const usage = {input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1};
			const message = {...this.#head(), content: [], stop_reason: null, stop_sequence: null, usage};
			this.send('message_start', {message});
			this.send('ping', {});
		}
	}

	#finish(reason: FinishReason): void {
		this.#begin();
		this.#queue.end();
		this.#isEnded = true;
		const delta = {stop_reason: stopWords[reason], stop_sequence: null};
		const usage = this.#usage ? encodeMessagesUsage(this.#usage) : {output_tokens: 0};
		this.send('message_delta', {delta, usage});
		this.send('message_stop', {});
		this.#message = {...this.#head(), content: this.#content, ...delta, usage: {input_tokens: 0, ...usage}};
	}
}
