import {RelayError} from '../base/errors.ts';

/*
 * Server-sent events as bytes (WHATWG HTML, 9.2). Nothing here turns a stream into text: the framer finds where whole
 * events end, and the readers below look at one event at a time.
 */

const lf = 10;
const cr = 13;
const colon = 58;
const quote = 34;
const backslash = 92;
const space = 32;
const smallRestBytes = 4096;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Takes one whole event: `bytes[start, end)`, its blank line included. The bytes stay valid after the call. */
export type TakeEvent = (bytes: Buffer, start: number, end: number) => void;

/** Finds the next LF or CR of a chunk with native searches; must be asked in rising order. */
class LineEnds {
	readonly #chunk: Buffer;
	#nextLf = -1;
	#nextCr = -1;

	constructor(chunk: Buffer) {
		this.#chunk = chunk;
	}

	/** The first line end at or behind `at`, or the chunk's length. */
	next(at: number): number {
		if (this.#nextLf < at) {
			this.#nextLf = this.#search(lf, at);
		}

		if (this.#nextCr < at) {
			this.#nextCr = this.#search(cr, at);
		}

		return Math.min(this.#nextLf, this.#nextCr);
	}

	#search(byte: number, at: number): number {
		const found = this.#chunk.indexOf(byte, at);
		return found === -1 ? this.#chunk.length : found;
	}
}

/**
 * Cuts a stream into whole events: everything up to and with a blank line (LF, CRLF or CR, also mixed; a CRLF may be split
 * over chunks). A BOM at the very start is removed, nothing else is changed: all handed-out events in a row are the stream.
 * One framer reads one stream.
 */
export class SseFramer {
	readonly #eventBytes: number;
	readonly #takeEvent: TakeEvent;
	#pending: Buffer[] = [];
	#pendingBytes = 0;
	#isStarted = false;
	/** The line that is being read has no byte yet: a line end now makes it the blank line. */
	#isLineEmpty = true;
	/** The last byte was a CR; a LF right behind it belongs to the same line end. */
	#isAfterCr = false;
	/** A blank line ended in CR and its LF is still to come: the stream uses CRLF. */
	#isBoundaryOpen = false;
	#usesCrlf = false;

	/** `eventBytes` is the cap of one event (limits.eventBytes); `takeEvent` is called synchronously inside `push` and `end`. */
	constructor(eventBytes: number, takeEvent: TakeEvent) {
		this.#eventBytes = eventBytes;
		this.#takeEvent = takeEvent;
	}

	/** Feeds bytes. Throws RelayError `event-too-large` when an event grows over the cap; the events before it were handed out. */
	push(bytes: Buffer): void {
		const chunk = this.#isStarted ? bytes : this.#withoutByteOrderMark(bytes);
		if (chunk.length === 0) {
			return;
		}

		// One native search per chunk decides whether this chunk can be walked by LF alone.
		const rest = this.#isAfterCr || chunk.indexOf(cr) !== -1 ? this.#walkMixed(chunk) : this.#walkLines(chunk);
		if (rest < chunk.length) {
			this.#keep(rest === 0 ? chunk : chunk.subarray(rest));
		}
	}

	/**
	 * The bytes of the unfinished event, to be fed again in front of the next ones: whoever joins those anyway saves the framer a
	 * copy of all of them. Undefined where there are none, or too many to be walked twice.
	 */
	takeRest(): Buffer | undefined {
		const isPlain = this.#isStarted && !this.#isAfterCr && !this.#isBoundaryOpen;
		if (!isPlain || this.#pendingBytes === 0 || this.#pendingBytes > smallRestBytes) {
			return undefined;
		}

		const rest = Buffer.concat(this.#pending);
		this.#pending = [];
		this.#pendingBytes = 0;
		this.#isLineEmpty = true;
		return rest;
	}

	/** The stream ended. Hands out a last event whose blank line ended in CR; an unfinished event is dropped. */
	end(): void {
		if (this.#isBoundaryOpen) {
			this.#isBoundaryOpen = false;
			this.#emit(Buffer.alloc(0), 0, 0);
		}

		this.#pending = [];
		this.#pendingBytes = 0;
	}

	#withoutByteOrderMark(bytes: Buffer): Buffer {
		const head = this.#pendingBytes === 0 ? bytes : Buffer.concat([...this.#pending, bytes]);
		this.#pending = [];
		this.#pendingBytes = 0;
		if (head.length < byteOrderMark.length && head.equals(byteOrderMark.subarray(0, head.length))) {
			this.#keep(head);
			return Buffer.alloc(0);
		}

		this.#isStarted = true;
		return head.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? head.subarray(byteOrderMark.length) : head;
	}

	/** Walks a chunk without any CR; returns where the unfinished event starts. */
	#walkLines(chunk: Buffer): number {
		let start = 0;
		let at = 0;
		while (this.#isLineEmpty && chunk[at] === lf) {
			at += 1;
			this.#emit(chunk, start, at);
			start = at;
		}

		for (;;) {
			const lineEnd = chunk.indexOf(lf, at);
			if (lineEnd === -1) {
				this.#isLineEmpty = at === chunk.length;
				return start;
			}

			at = lineEnd + 1;
			while (chunk[at] === lf) {
				at += 1;
				this.#emit(chunk, start, at);
				start = at;
			}
		}
	}

	/** The same for a chunk that holds a CR: jumps from line end to line end and looks at each of them. */
	#walkMixed(chunk: Buffer): number {
		const ends = new LineEnds(chunk);
		let start = 0;
		let at = 0;
		while (at < chunk.length) {
			const byte = chunk[at];
			const isSecondHalf = this.#isAfterCr && byte === lf;
			this.#usesCrlf ||= isSecondHalf;
			this.#isAfterCr = byte === cr;
			if (this.#isBoundaryOpen) {
				this.#isBoundaryOpen = false;
				const end = isSecondHalf ? at + 1 : at;
				this.#emit(chunk, start, end);
				start = end;
			}

			if (byte === lf && this.#isLineEmpty && !isSecondHalf) {
				this.#emit(chunk, start, at + 1);
				start = at + 1;
			} else if (byte === lf || byte === cr) {
				this.#isBoundaryOpen = byte === cr && this.#isLineEmpty;
				this.#isLineEmpty = true;
			} else {
				this.#isLineEmpty = false;
				at = ends.next(at) - 1;
			}

			at += 1;
		}

		// Only a stream that is known to send CRLF is sure to send the LF; any other must not wait for its next event.
		if (this.#isBoundaryOpen && !this.#usesCrlf) {
			this.#isBoundaryOpen = false;
			this.#emit(chunk, start, chunk.length);
			return chunk.length;
		}

		return start;
	}

	#emit(chunk: Buffer, start: number, end: number): void {
		if (this.#pendingBytes + end - start > this.#eventBytes) {
			throw this.#tooLarge();
		}

		if (this.#pendingBytes === 0) {
			this.#takeEvent(chunk, start, end);
		} else {
			const whole = Buffer.concat([...this.#pending, chunk.subarray(start, end)]);
			this.#pending = [];
			this.#pendingBytes = 0;
			this.#takeEvent(whole, 0, whole.length);
		}

		this.#isLineEmpty = true;
	}

	#keep(rest: Buffer): void {
		this.#pendingBytes += rest.length;
		if (this.#pendingBytes > this.#eventBytes) {
			throw this.#tooLarge();
		}

		// Pieces are joined with a neighbour that is not larger: a huge event in tiny chunks stays a few pieces, and each of
		// its bytes is copied a few times only.
		let piece = rest;
		for (
			let last = this.#pending.at(-1);
			last !== undefined && last.length <= piece.length;
			last = this.#pending.at(-1)
		) {
			this.#pending.pop();
			piece = Buffer.concat([last, piece]);
		}

		this.#pending.push(piece);
	}

	#tooLarge(): RelayError {
		this.#pending = [];
		this.#pendingBytes = 0;
		return new RelayError(
			'event-too-large',
			`The upstream sent one event of more than ${this.#eventBytes} bytes; the stream was given up. Report it to the provider.`,
		);
	}
}

/** One line of an event as byte positions: the field's name is `[start, nameEnd)`, its value `[valueStart, end)`. */
interface FieldLine {
	readonly start: number;
	readonly nameEnd: number;
	readonly valueStart: number;
	readonly end: number;
}

const fieldLine = (event: Buffer, start: number, end: number): FieldLine => {
	const found = event.subarray(start, end).indexOf(colon);
	const nameEnd = found === -1 ? end : start + found;
	const afterColon = Math.min(nameEnd + 1, end);
	return {start, nameEnd, valueStart: event[afterColon] === space ? afterColon + 1 : afterColon, end};
};

const linesOf = (event: Buffer): readonly FieldLine[] => {
	const lines: FieldLine[] = [];
	const ends = new LineEnds(event);
	let start = 0;
	for (let at = ends.next(0); at < event.length; at = ends.next(start)) {
		lines.push(fieldLine(event, start, at));
		start = at + 1;
	}

	lines.push(fieldLine(event, start, event.length));
	return lines;
};

const valuesOf = (event: Buffer, name: string): readonly FieldLine[] =>
	linesOf(event).filter(line => event.toString('latin1', line.start, line.nameEnd) === name);

/** The byte range of an event's data where it stands in one `data` line; undefined for none or several. */
export const singleDataRange = (event: Buffer): {readonly start: number; readonly end: number} | undefined => {
	const [line, ...more] = valuesOf(event, 'data');
	return line === undefined || more.length > 0 ? undefined : {start: line.valueStart, end: line.end};
};

/** The data of one event: its `data` lines joined by LF; undefined when it has none (a comment, an empty event). */
export const eventData = (event: Buffer): string | undefined => {
	const lines = valuesOf(event, 'data');
	return lines.length === 0
		? undefined
		: lines.map(line => event.toString('utf8', line.valueStart, line.end)).join('\n');
};

const typeInData = (data: string): string | undefined => {
	try {
		const json: unknown = JSON.parse(data);
		return typeof json === 'object' && json !== null && 'type' in json && typeof json.type === 'string'
			? json.type
			: undefined;
	} catch {
		// Data that is not JSON (`[DONE]`, a relay's text) has no type; that is an answer, not a fault.
		return undefined;
	}
};

/** The `type` in an event's JSON data; undefined where there is none. */
export const dataType = (event: Buffer): string | undefined => {
	const data = eventData(event);
	return data === undefined ? undefined : typeInData(data);
};

/**
 * The type of one event: its `event` line, or the `type` in its JSON data where that line is missing or says nothing
 * (`message`, SSE's default; clients go by the JSON alone, codex-wire.md 2). Undefined for comments and unreadable data.
 */
export const eventType = (event: Buffer): string | undefined => {
	const named = valuesOf(event, 'event').at(-1);
	const name = named === undefined ? '' : event.toString('utf8', named.valueStart, named.end);
	if (name !== '' && name !== 'message') {
		return name;
	}

	return dataType(event);
};

/** Reads a whole stream at once, as a transcript or a test needs it: the finished events that have data. */
export const parseSse = (bytes: Buffer): ReadonlyArray<{readonly event: string | undefined; readonly data: string}> => {
	const events: Array<{event: string | undefined; data: string}> = [];
	const framer = new SseFramer(Number.POSITIVE_INFINITY, (chunk, start, end) => {
		const event = chunk.subarray(start, end);
		const data = eventData(event);
		if (data !== undefined) {
			events.push({event: eventType(event), data});
		}
	});
	framer.push(bytes);
	framer.end();
	return events;
};

/** `at` is behind a field's colon; one space there is not part of the value. */
const skipSpace = (bytes: Buffer, at: number): number => (bytes[at] === space ? at + 1 : at);

const eventField = Buffer.from('event:');
const dataField = Buffer.from('data:');
const typePrefix = Buffer.from('{"type":"');

const startsAt = (bytes: Buffer, at: number, needle: Buffer): boolean => {
	for (let index = 0; index < needle.length; index += 1) {
		if (bytes[at + index] !== needle[index]) {
			return false;
		}
	}

	return true;
};

/** Where the data of an event starts that opens with its `data` line; -1 for any other event. */
export const leadingDataStart = (bytes: Buffer, start: number): number =>
	startsAt(bytes, start, dataField) ? skipSpace(bytes, start + dataField.length) : -1;

/** No client's event name is longer; a longer name is read the slow way. */
const longestName = 80;

const nameStartOf = (bytes: Buffer, start: number): number => {
	if (startsAt(bytes, start, eventField)) {
		return skipSpace(bytes, start + eventField.length);
	}

	const dataStart = leadingDataStart(bytes, start);
	return dataStart !== -1 && startsAt(bytes, dataStart, typePrefix) ? dataStart + typePrefix.length : -1;
};

/** `.delta` or `k_delta` (`content_block_delta`), in character codes: this runs for every delta. `message_delta` is none. */
const endsInDelta = (bytes: Buffer, start: number, end: number): boolean =>
	end - start > 6 &&
	bytes[end - 1] === 97 &&
	bytes[end - 2] === 116 &&
	bytes[end - 3] === 108 &&
	bytes[end - 4] === 101 &&
	bytes[end - 5] === 100 &&
	(bytes[end - 6] === 46 || (bytes[end - 6] === 95 && bytes[end - 7] === 107));

/**
 * Whether an event is a content delta by its name alone (`response.output_text.delta`, `content_block_delta`): from the `event`
 * line, or from a `type` that comes first in the data. Looks at some forty bytes, makes no string; false means "look closer".
 */
export const isDelta = (bytes: Buffer, start: number, end: number): boolean => {
	let at = nameStartOf(bytes, start);
	if (at === -1) {
		return false;
	}

	const nameStart = at;
	const limit = Math.min(end, at + longestName);
	for (; at < limit; at += 1) {
		const byte = bytes[at] ?? 0;
		// A line end or a quote ends the name; a space or a backslash is in no name that we know.
		if (byte <= quote || byte === backslash) {
			return byte !== backslash && endsInDelta(bytes, nameStart, at);
		}
	}

	return false;
};
