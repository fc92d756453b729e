import {fingerprint} from '../../base/ids.ts';
import {objectField, parseJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import {dataType, eventData, eventType, isDelta} from '../../wire/sse.ts';
import {readUsage} from '../../wire/usage.ts';
import {withoutForeignModel} from './foreign-model.ts';
import type {KnownRange, GateOptions, ReadEvent, StreamVerdict} from './gate.ts';
import type {GateOutput} from './gate-output.ts';
import {isBareError, readInBandError} from './stream-error.ts';
import {commentHeartbeat, type GateRules} from './stream-gate.ts';

/*
 * The rules for clients that speak Responses. Codex keeps nothing but finished items, so its events go out at once and
 * finished reasoning waits for the next finished item; other clients believe the first event they see, so openers wait.
 */

/** Codex's idle clock counts any data event, also of an unknown type, but no comment (codex-wire.md 0). */
const codexHeartbeat = Buffer.from('event: keepalive\ndata: {"type":"keepalive"}\n\n');

/** Items whose `encrypted_content` only the account that made it can read. */
const stateItems: ReadonlySet<string | undefined> = new Set(['reasoning', 'compaction']);

/** Items that a client shows only with their deltas: their `added` alone is no content. */
const openingItems: ReadonlySet<string | undefined> = new Set(['message', 'reasoning']);

/** Events in front of the content. */
const openers: ReadonlySet<string | undefined> = new Set([
	undefined,
	'response.created',
	'response.in_progress',
	'response.queued',
	'response.content_part.added',
	'response.reasoning_summary_part.added',
	'keepalive',
	'ping',
]);

/** The type that the client will see: Codex reads the JSON alone, so a foreign `event` line decides nothing. */
const responsesType = (event: Buffer): string | undefined => {
	const type = eventType(event);
	return type === undefined || type === 'error' || type.startsWith('response.') ? type : (dataType(event) ?? type);
};

/** A finished item is read for its hidden state and for being reasoning: many pages of text without these words are not parsed. */
const telltales: readonly Buffer[] = ['"reasoning"', '"encrypted_content"'].map(word => Buffer.from(word));

const isWorthReading = (event: Buffer, type: string | undefined): boolean =>
	type === 'response.output_item.added' ||
	(type === 'response.output_item.done' && telltales.some(word => event.includes(word)));

const itemOf = (event: Buffer): JsonObject => objectField(parseJsonObject(eventData(event)), 'item');

/** What both kinds of client share: endings, hidden state, the cut-out model. */
abstract class ResponsesRules implements GateRules {
	readonly forwardsDeltas = true;
	protected readonly options: GateOptions;
	protected readonly output: GateOutput;
	#issued: string[] = [];

	constructor(options: GateOptions, output: GateOutput) {
		this.options = options;
		this.output = output;
	}

	beginAttempt(): void {
		this.#issued = [];
	}

	take(bytes: Buffer, start: number, end: number): StreamVerdict | undefined {
		if (isDelta(bytes, start, end)) {
			this.output.forward(bytes, start, end);
			return undefined;
		}

		const event = bytes.subarray(start, end);
		return this.#takeEvent(event, responsesType(event), undefined);
	}

	takeRead(bytes: Buffer, {start, end}: KnownRange, {type, value}: ReadEvent): StreamVerdict | undefined {
		return this.#takeEvent(bytes.subarray(start, end), type, value);
	}

	/** `value` is the event's data where somebody has it. */
	#takeEvent(event: Buffer, type: string | undefined, value: JsonObject | undefined): StreamVerdict | undefined {
		const item = value ? objectField(value, 'item') : isWorthReading(event, type) ? itemOf(event) : undefined;
		switch (type) {
			case 'response.completed':
			case 'response.incomplete': {
				this.release();
				this.output.forward(event, 0, event.length);
				return this.#completed(type, objectField(value ?? parseJsonObject(eventData(event)), 'response'));
			}

			case 'response.failed':
			case 'error': {
				return readInBandError(event);
			}

			case 'response.output_item.done': {
				this.#noteState(item);
				break;
			}

			case undefined: {
				if (isBareError(parseJsonObject(eventData(event)))) {
					return readInBandError(event);
				}

				break;
			}

			default: {
				break;
			}
		}

		this.pass(
			type === 'response.created' && value === undefined
				? withoutForeignModel(event, this.options.requestedModel)
				: event,
			type,
			item,
		);
		return undefined;
	}

	issuedState(): readonly string[] {
		return this.#issued;
	}

	hasOpenBlock(): boolean {
		return false;
	}

	abstract canMove(): boolean;

	abstract heartbeat(): Buffer;

	/** Hands out what was kept back, because the response ends. */
	protected abstract release(): void;

	/** Forwards or keeps an event that is neither a delta nor an ending. */
	protected abstract pass(event: Buffer, type: string | undefined, item: JsonObject | undefined): void;

	#completed(type: string, response: JsonObject): StreamVerdict {
		const id = textField(response, 'id');
		// A response that was not stored can be named by nobody's `previous_response_id`.
		if (id !== undefined && response['store'] !== false) {
			this.#issued.push(fingerprint(id));
		}

		return {
			kind: 'completed',
			usage: readUsage(response['usage']),
			model: textField(response, 'model'),
			tier: textField(response, 'service_tier'),
			event: type,
		};
	}

	#noteState(item: JsonObject | undefined): void {
		const state = textField(item, 'encrypted_content');
		if (state !== undefined && state !== '' && stateItems.has(textField(item, 'type'))) {
			this.#issued.push(fingerprint(state));
		}
	}
}

/** Codex: everything at once, finished reasoning withheld until the next finished item (architecture.md, rule 4). */
export class CodexResponsesRules extends ResponsesRules {
	#withheld: Buffer[] = [];
	#withheldBytes = 0;
	#hasKeptItem = false;

	override beginAttempt(): void {
		super.beginAttempt();
		this.#withheld = [];
		this.#withheldBytes = 0;
	}

	canMove(): boolean {
		return !this.#hasKeptItem;
	}

	heartbeat(): Buffer {
		return codexHeartbeat;
	}

	protected release(): void {
		const withheld = this.#withheld;
		this.#withheld = [];
		this.#withheldBytes = 0;
		this.#hasKeptItem ||= withheld.length > 0;
		for (const event of withheld) {
			this.output.forward(event, 0, event.length);
		}
	}

	protected pass(event: Buffer, type: string | undefined, item: JsonObject | undefined): void {
		if (type === 'response.output_item.done') {
			this.#passItem(event, item);
		} else if (type === undefined) {
			// A comment or unreadable data is no event: no reason to send the head, and Codex's idle clock does not count it.
			this.output.holdQuiet(event, 0, event.length);
		} else {
			this.output.forward(event, 0, event.length);
		}
	}

	#passItem(event: Buffer, item: JsonObject | undefined): void {
		if (textField(item, 'type') === 'reasoning') {
			this.#withheld.push(event);
			this.#withheldBytes += event.length;
			if (this.#withheldBytes > this.options.eventBytes) {
				this.release();
			}

			return;
		}

		this.release();
		this.#hasKeptItem = true;
		this.output.forward(event, 0, event.length);
	}
}

/** Any other client: the head waits for the first content. */
export class SdkResponsesRules extends ResponsesRules {
	canMove(): boolean {
		return !this.output.hasWritten;
	}

	heartbeat(): Buffer {
		return commentHeartbeat;
	}

	protected release(): void {
		// What is held stands in the output and goes out with the next event that is forwarded.
	}

	protected pass(event: Buffer, type: string | undefined, item: JsonObject | undefined): void {
		const isOpener =
			openers.has(type) ||
			(type === 'response.output_item.added' && openingItems.has(textField(item, 'type'))) ||
			!(type ?? '').startsWith('response.');
		if (isOpener) {
			this.output.hold(event, 0, event.length);
		} else {
			this.output.forward(event, 0, event.length);
		}
	}
}
