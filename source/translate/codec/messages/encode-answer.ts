import type {JsonObject} from '../../../wire/json-value.ts';
import type {Packer} from '../envelope.ts';
import {createIdSource, type IdSource} from '../ids.ts';
import type {AnswerEncoder, AnswerError, AnswerEvent, AnswerUsage, WireEvent} from '../ir-event.ts';
import {LossLog, type Loss} from '../loss.ts';
import {encodeMessagesUsage} from '../usage.ts';
import type {SendEvent} from './block-writer.ts';
import {encodeMessagesError} from './encode-error.ts';
import {ItemWriter, type ItemEvent} from './item-writer.ts';
import {writeStopReason} from './stop-reason.ts';

/** What a message needs besides the answer's events. */
export interface MessagesOutputOptions {
	/** Our own id (`msg_…`), never the provider's. */
	readonly id: string;
	/** The name that the client asked for. */
	readonly model: string;
	/** Makes the ids of web searches; from the message's own id where it is not given. */
	readonly ids?: IdSource;
	/** An estimate in tokens for `message_start`, where the upstream says how much it read at the end only. */
	readonly inputTokens?: number;
	/** False for a client that turned thinking off: Anthropic shows such a client no thought. True where it is not stated. */
	readonly showsThinking?: boolean;
	/** For an `error` event. */
	readonly requestId?: string;
	readonly packer?: Packer;
}

const noUsage: AnswerUsage = {
	inputTokens: undefined,
	outputTokens: undefined,
	totalTokens: undefined,
	cachedInputTokens: undefined,
	cacheCreationInputTokens: undefined,
	reasoningTokens: undefined,
};

/**
 * An answer as Messages events (translation.md 4.1): `message_start` is held until there is content, blocks are dense and strictly one
 * after the other, `message_delta` and `message_stop` or `error` come last. What belongs to another item than the open call or
 * thought waits for its end; a text makes room and goes on in a new block.
 */
export class MessagesAnswerEncoder implements AnswerEncoder {
	readonly #options: MessagesOutputOptions;
	readonly #losses = new LossLog();
	readonly #items: ItemWriter;
	#events: WireEvent[] = [];
	#waiting: ItemEvent[] = [];
	readonly #hidden = new Set<number>();
	#usage: AnswerUsage | undefined;
	#isStarted = false;
	#isEnded = false;
	#message: JsonObject | undefined;
	#failure: AnswerError | undefined;

	constructor(options: MessagesOutputOptions) {
		this.#options = options;
		const send: SendEvent = (type, fields) => {
			this.#send(type, fields);
		};
		const ids = options.ids ?? createIdSource(options.id.replace(/^msg_/, ''));
		this.#items = new ItemWriter({send, losses: this.#losses, ids, packer: options.packer});
	}

	/** The whole message, for clients that do not stream; undefined before the end and for a failed answer. */
	get message(): JsonObject | undefined {
		return this.#message;
	}

	/** Why the answer failed. */
	get failure(): AnswerError | undefined {
		return this.#failure;
	}

	/** What of the answer Messages has no place for. */
	get losses(): readonly Loss[] {
		return this.#losses.list();
	}

	push(event: AnswerEvent): readonly WireEvent[] {
		if (!this.#isEnded) {
			this.#take(event);
		}

		return this.#flush();
	}

	/**
	 * Shows a silent client that the answer goes on: an empty delta of the open block, because Claude Code's watchdog ignores pings
	 * (claude-wire.md 4, rule 6). Nothing before `message_start`.
	 */
	keepAlive(): readonly WireEvent[] {
		if (!this.#isStarted || this.#isEnded) {
			return [];
		}

		if (this.#items.isIdle) {
			this.#send('ping', {});
		} else {
			this.#items.keepAlive();
		}

		return this.#flush();
	}

	#flush(): readonly WireEvent[] {
		const events = this.#events;
		this.#events = [];
		return events;
	}

	#take(event: AnswerEvent): void {
		switch (event.type) {
			case 'start':
			case 'loss': {
				break;
			}

			case 'usage': {
				this.#usage = event.usage;
				break;
			}

			case 'finish': {
				this.#finish(event);
				break;
			}

			case 'error': {
				this.#isEnded = true;
				this.#failure = event.error;
				const {type: _type, ...fields} = encodeMessagesError(event.error, this.#options.requestId);
				this.#send('error', fields);
				break;
			}

			default: {
				this.#takeItem(event);
			}
		}
	}

	#takeItem(event: ItemEvent): void {
		if (this.#options.showsThinking === false && event.type === 'item-open' && event.head.type === 'reasoning') {
			this.#hidden.add(event.index);
		}

		if (!this.#hidden.has(event.index)) {
			this.#begin();
			this.#route(event);
		}
	}

	#begin(): void {
		if (this.#isStarted) {
			return;
		}

		this.#isStarted = true;
		const known = this.#usage ?? {...noUsage, inputTokens: this.#options.inputTokens};
		const usage = {...encodeMessagesUsage(known), output_tokens: 1};
		this.#send('message_start', {message: this.#body({content: [], stopReason: null, usage})});
		this.#send('ping', {});
	}

	#body({content, stopReason, usage}: {content: readonly JsonObject[]; stopReason: string | null; usage: JsonObject}) {
		const {id, model} = this.#options;
		const head = {id, type: 'message', role: 'assistant', model};
		return {...head, content, stop_reason: stopReason, stop_sequence: null, usage};
	}

	/** Lets an event pass, or keeps it until the open call or thought is closed. */
	#route(event: ItemEvent): void {
		if (this.#items.isBlocked(event.index)) {
			this.#waiting.push(event);
			return;
		}

		this.#items.apply(event);
		if (this.#items.isIdle && this.#waiting.length > 0) {
			const waiting = this.#waiting;
			this.#waiting = [];
			for (const held of waiting) {
				this.#route(held);
			}
		}
	}

	#finish({reason, raw}: AnswerEvent & {readonly type: 'finish'}): void {
		this.#begin();
		this.#isEnded = true;
		this.#items.end();
		if (this.#waiting.length > 0) {
			this.#losses.add('behind-cut-call', 'What the provider sent behind a tool call that was cut off was left out.');
		}

		const stopReason = writeStopReason(reason, raw);
		const usage = encodeMessagesUsage(this.#usage ?? {...noUsage, inputTokens: this.#options.inputTokens});
		this.#message = this.#body({content: this.#items.content, stopReason, usage});
		this.#send('message_delta', {delta: {stop_reason: stopReason, stop_sequence: null}, usage});
		this.#send('message_stop', {});
	}

	#send(type: string, fields: JsonObject): void {
		this.#events.push({event: type, data: JSON.stringify({type, ...fields})});
	}
}
