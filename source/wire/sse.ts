import {LineEnds} from './line-ends.ts';
import {SseFramer} from './sse-framer.ts';

/* Readers of one server-sent event as bytes (WHATWG HTML, 9.2): its name, its type, its data. */

const lf = 10;
const cr = 13;
const colon = 58;
const quote = 34;
const backslash = 92;
const space = 32;

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

/** `[start, end)` of an event's data. */
interface DataRange {
	readonly start: number;
	readonly end: number;
}

/** The data of an event in the form in which nearly all are written: at most an `event` line, one `data` line, a blank line, no CR. */
const plainData = (event: Buffer): DataRange | undefined => {
	const start = leadingDataStart(event, startsAt(event, 0, eventField) ? event.indexOf(lf) + 1 : 0);
	const end = event.length - 2;
	const isPlain = start !== -1 && event[end + 1] === lf && event.indexOf(lf, start) === end && event.indexOf(cr) === -1;
	return isPlain ? {start, end} : undefined;
};

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
export const singleDataRange = (event: Buffer): DataRange | undefined => {
	const plain = plainData(event);
	if (plain !== undefined) {
		return plain;
	}

	const [line, ...more] = valuesOf(event, 'data');
	return line === undefined || more.length > 0 ? undefined : {start: line.valueStart, end: line.end};
};

/** Whether an event has data: a comment and an empty event have none. */
export const hasData = (event: Buffer): boolean => plainData(event) !== undefined || valuesOf(event, 'data').length > 0;

/** The data of one event: its `data` lines joined by LF; undefined when it has none (a comment, an empty event). */
export const eventData = (event: Buffer): string | undefined => {
	const plain = plainData(event);
	if (plain !== undefined) {
		return event.toString('utf8', plain.start, plain.end);
	}

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

/** What the last `event` line says; empty where there is none. */
const nameOf = (event: Buffer): string => {
	if (plainData(event) !== undefined) {
		return startsAt(event, 0, eventField)
			? event.toString('utf8', skipSpace(event, eventField.length), event.indexOf(lf))
			: '';
	}

	const named = valuesOf(event, 'event').at(-1);
	return named === undefined ? '' : event.toString('utf8', named.valueStart, named.end);
};

/**
 * The type of one event: its `event` line, or the `type` in its JSON data where that line is missing or says nothing
 * (`message`, SSE's default; clients go by the JSON alone, codex-wire.md 2). Undefined for comments and unreadable data.
 */
export const eventType = (event: Buffer): string | undefined => {
	const name = nameOf(event);
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

/** Where the name of an event ends that is a content delta by its name alone; -1 for any other event. */
const deltaNameEnd = (bytes: Buffer, start: number, end: number): number => {
	let at = nameStartOf(bytes, start);
	if (at === -1) {
		return -1;
	}

	const nameStart = at;
	const limit = Math.min(end, at + longestName);
	for (; at < limit; at += 1) {
		const byte = bytes[at] ?? 0;
		// A line end or a quote ends the name; a space or a backslash is in no name that we know.
		if (byte <= quote || byte === backslash) {
			return byte !== backslash && endsInDelta(bytes, nameStart, at) ? at : -1;
		}
	}

	return -1;
};

/**
 * Whether an event is a content delta by its name alone (`response.output_text.delta`, `content_block_delta`): from the `event`
 * line, or from a `type` that comes first in the data. Looks at some forty bytes, makes no string; false means "look closer".
 */
export const isDelta = (bytes: Buffer, start: number, end: number): boolean => deltaNameEnd(bytes, start, end) !== -1;

/**
 * Where the whole delta ends that starts at `start`, its blank line included, in bytes without any CR; -1 where there is none, or where
 * it is more than a name and one line of data, or where it is not sure yet that it ends there.
 */
export const deltaEnd = (bytes: Buffer, start: number): number => {
	const nameEnd = deltaNameEnd(bytes, start, bytes.length);
	if (nameEnd === -1) {
		return -1;
	}

	const lineEnd = bytes.indexOf(lf, bytes[nameEnd] === lf ? nameEnd + 1 : nameEnd);
	const isWhole = lineEnd > nameEnd + 1 && bytes[lineEnd + 1] === lf && bytes[lineEnd + 2] !== lf;
	return isWhole ? lineEnd + 2 : -1;
};
