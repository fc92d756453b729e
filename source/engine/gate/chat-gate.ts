import {isJsonObject, objectField, parseJsonObject, textField, type JsonObject} from '../../wire/json-value.ts';
import {eventData, eventType, leadingDataStart} from '../../wire/sse.ts';
import {readUsage, type TokenUsage} from '../../wire/usage.ts';
import type {StreamVerdict} from './gate.ts';
import type {GateOutput} from './gate-output.ts';
import {isBareError, readInBandError} from './stream-error.ts';
import {commentHeartbeat, type GateRules} from './stream-gate.ts';

/**
 * Finds a word in the events of one buffer with one native search per hit instead of one per event. A word
 * that ends in a quote and a colon is the end of a key: inside JSON strings quotes are escaped.
 */
class WordFinder {
	readonly #word: Buffer;
	#bytes: Buffer | undefined;
	#at = -1;

	constructor(word: string) {
		this.#word = Buffer.from(word);
	}

	/** Where the word first stands in `bytes[start, end)`, or -1; events must be asked for in their order. */
	find(bytes: Buffer, start: number, end: number): number {
		if (this.#bytes !== bytes || (this.#at !== -1 && this.#at < start)) {
			this.#bytes = bytes;
			this.#at = bytes.indexOf(this.#word, start);
		}

		return this.#at < end ? this.#at : -1;
	}
}

/** Where an event stands; written over in place, because every chunk of a stream passes here. */
interface EventPlace {
	bytes: Buffer;
	start: number;
	end: number;
}

/** A delta says something when any field but the role has a value. */
const hasContent = (choice: unknown): boolean => {
	if (!isJsonObject(choice)) {
		return false;
	}

	const delta = objectField(choice, 'delta');
	const isFinished = choice['finish_reason'] !== null && choice['finish_reason'] !== undefined;
	return (
		isFinished ||
		Object.entries(delta).some(
			([name, value]) =>
				name !== 'role' && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
		)
	);
};

const isOpener = (json: JsonObject | undefined): boolean => {
	const choices = json?.['choices'];
	return !Array.isArray(choices) || !choices.some(hasContent);
};

const openBracket = 91;

/** The usage stands in the last chunk or two in front of `[DONE]`; four leave room for an empty one behind it. */
const keptEvents = 4;

/** The rules for clients that speak Chat Completions: the chunk with the role alone waits for the first content. */
export class ChatRules implements GateRules {
	readonly #output: GateOutput;
	// Without the opening quote: a search for a rare first letter is twice as fast as one for a quote (measured).
	readonly #errors = new WordFinder('error":');
	/** The last events, as a ring; only these are read for the usage, and only at the end. */
	#lastEvents: EventPlace[] = [];
	#nextPlace = 0;
	#model: string | undefined;
	#tier: string | undefined;

	constructor(output: GateOutput) {
		this.#output = output;
	}

	beginAttempt(): void {
		this.#lastEvents = [];
		this.#nextPlace = 0;
		this.#model = undefined;
		this.#tier = undefined;
	}

	take(bytes: Buffer, start: number, end: number): StreamVerdict | undefined {
		const dataStart = leadingDataStart(bytes, start);
		if (dataStart === -1 || bytes[dataStart] === openBracket || !this.#output.hasWritten) {
			return this.#takeSlowly(bytes, start, end);
		}

		if (this.#errors.find(bytes, start, end) !== -1) {
			return this.#takeSlowly(bytes, start, end);
		}

		this.#remember(bytes, start, end);
		this.#output.forward(bytes, start, end);
		return undefined;
	}

	canMove(): boolean {
		return !this.#output.hasWritten;
	}

	heartbeat(): Buffer {
		return commentHeartbeat;
	}

	hasOpenBlock(): boolean {
		return false;
	}

	issuedState(): readonly string[] {
		return [];
	}

	statedUsage(): TokenUsage | undefined {
		return this.#readUsage();
	}

	#takeSlowly(bytes: Buffer, start: number, end: number): StreamVerdict | undefined {
		const event = bytes.subarray(start, end);
		const data = eventData(event);
		if (data?.trim() === '[DONE]') {
			this.#output.forward(bytes, start, end);
			return {kind: 'completed', usage: this.#readUsage(), model: this.#model, tier: this.#tier, event: '[DONE]'};
		}

		const json = parseJsonObject(data);
		if (eventType(event) === 'error' || isBareError(json)) {
			return readInBandError(event);
		}

		this.#model ??= textField(json, 'model');
		this.#tier ??= textField(json, 'service_tier');
		this.#remember(bytes, start, end);
		if (isOpener(json)) {
			this.#output.hold(bytes, start, end);
		} else {
			this.#output.forward(bytes, start, end);
		}

		return undefined;
	}

	#remember(bytes: Buffer, start: number, end: number): void {
		const place = this.#lastEvents[this.#nextPlace];
		if (place === undefined) {
			this.#lastEvents.push({bytes, start, end});
		} else {
			place.bytes = bytes;
			place.start = start;
			place.end = end;
		}

		this.#nextPlace = (this.#nextPlace + 1) % keptEvents;
	}

	#readUsage(): TokenUsage | undefined {
		for (let back = 1; back <= keptEvents; back += 1) {
			const place = this.#lastEvents[(this.#nextPlace - back + keptEvents) % keptEvents];
			const usage =
				place && readUsage(parseJsonObject(eventData(place.bytes.subarray(place.start, place.end)))?.['usage']);
			if (usage !== undefined) {
				return usage;
			}
		}

		return undefined;
	}
}
