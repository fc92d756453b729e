import {isWholeUtf8} from '../../base/utf8.ts';
import type {AnswerEvent, TextChannel} from './ir-event.ts';
import type {RunShape} from './run-shape.ts';

/*
 * Deltas that came in one read and differ in nothing but their text. Their JSON strings are carried over as they stand, byte by byte: no event
 * of its own is built, parsed or written for each, and no string is made (performance.md 4, 5; strings are most of the garbage). Whatever is
 * not beyond doubt is left to the slow way, which says the same.
 */

/** The texts of a run of deltas: JSON strings without their quotes, escaped as JSON.stringify would, in bytes that stay valid until the next read. */
export interface RunTexts {
	readonly bytes: Buffer;
	/** Where each of them starts. */
	readonly starts: readonly number[];
	/** Bytes from the end of each to the start of the next. */
	readonly gap: number;
	/** Where the last one ends. */
	readonly lastEnd: number;
	/** All of them, decoded. */
	readonly text: string;
	/** Nothing in them is escaped: the text is its own JSON. */
	readonly isBare: boolean;
}

/** A run of deltas of one text of an item; it stands for as many `delta` events. */
export interface DeltaRun extends RunTexts {
	readonly type: 'delta-run';
	readonly index: number;
	readonly channel: TextChannel;
	readonly part: number;
}

/** What an answer's reader hands out. */
export type AnswerStep = AnswerEvent | DeltaRun;

const quote = 0x22;
const backslash = 0x5c;
const firstVisible = 0x20;
const beyondAscii = 0x80;

/** Where the text with this number ends. */
export const literalEnd = ({starts, gap, lastEnd}: Omit<RunTexts, 'text' | 'isBare'>, index: number): number => {
	const next = starts[index + 1];
	return next === undefined ? lastEnd : next - gap;
};

/** All texts without what stands between them: room that is used again, since it is read at once. */
let joined: Buffer = Buffer.alloc(0);
const mostKept = 256 * 1024;

const roomFor = (size: number): Buffer => {
	if (size > mostKept) {
		return Buffer.allocUnsafeSlow(size);
	}

	if (joined.length < size) {
		joined = Buffer.allocUnsafeSlow(Math.min(mostKept, size * 2));
	}

	return joined;
};

/** May also find the second half of an escaped backslash: then the literal is written anew in vain. */
const otherEscape = /\\[^"\\bfnrt]/;

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

const decoded = (literal: string): string => {
	const text: unknown = JSON.parse(`"${literal}"`);
	return String(text);
};

/** The literals as JSON.stringify would write them: the same text always gives the same bytes, wherever a stream was cut. */
const canonical = (found: Omit<RunTexts, 'text' | 'isBare'>): Omit<RunTexts, 'text' | 'isBare'> => {
	const starts: number[] = [];
	const pieces: Buffer[] = [];
	let size = 0;
	for (const [index, start] of found.starts.entries()) {
		const literal = decoded(found.bytes.toString('utf8', start, literalEnd(found, index)));
		const piece = Buffer.from(JSON.stringify(literal).slice(1, -1));
		starts.push(size);
		pieces.push(piece);
		size += piece.length;
	}

	return {bytes: Buffer.concat(pieces), starts, gap: 0, lastEnd: size};
};

/** The texts of literals that hold more than plain ASCII; undefined where one of them is no JSON string of whole UTF-8. */
const readLiterals = (found: Omit<RunTexts, 'text' | 'isBare'>, body: Buffer): RunTexts | undefined => {
	if (!isWholeUtf8(body) || found.starts.some(start => isContinuation(found.bytes[start]))) {
		return undefined;
	}

	const raw = body.toString();
	if (!raw.includes('\\')) {
		return {...found, text: raw, isBare: true};
	}

	try {
		return {...(otherEscape.test(raw) ? canonical(found) : found), text: decoded(raw), isBare: false};
	} catch {
		// An escape that JSON does not know: the slow way finds out what is wrong with the event.
		return undefined;
	}
};

/** Where the literals of a run stand; `size` is what they hold together. */
interface Found extends Omit<RunTexts, 'text' | 'isBare'> {
	readonly size: number;
	/** No escape, nothing but ASCII. */
	readonly isPlain: boolean;
}

/**
 * Walks the texts from `first` on and copies them to `body`, up to the first that no other event of the run follows; that is the last of
 * them where its own event is whole. Nothing else is called in here: this loop sees each byte of a stream's text.
 */
const walk = (bytes: Buffer, first: number, {shape, body}: {readonly shape: RunShape; readonly body: Buffer}) => {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const starts: number[] = [];
	const {length} = bytes;
	let start = first;
	let at = first;
	let size = 0;
	let seen = 0;
	for (;;) {
		let to = size;
		let seenHere = 0;
		let byte = at < length ? bytes[at] : 0;
		while (byte !== undefined && byte !== quote && byte >= firstVisible) {
			seenHere |= byte === backslash ? beyondAscii : byte;
			body[to] = byte;
			to += 1;
			at += 1;
			if (byte === backslash && at < length) {
				body[to] = bytes[at] ?? 0;
				to += 1;
				at += 1;
			}

			byte = at < length ? bytes[at] : 0;
		}

		if (byte !== quote || at === start || !shape.goesOnAt(view, at)) {
			return {starts, size, seen, last: {start, at, size: to, seen: seenHere, isClosed: byte === quote && at > start}};
		}

		starts.push(start);
		size = to;
		seen |= seenHere;
		at += shape.jointBytes;
		start = at;
	}
};

/** The literals of a run that starts at `from`; undefined where none does. */
const findLiterals = (
	bytes: Buffer,
	from: number,
	{shape, body}: {readonly shape: RunShape; readonly body: Buffer},
): Found | undefined => {
	if (!shape.startsAt(bytes, from)) {
		return undefined;
	}

	const {starts, size, seen, last} = walk(bytes, from + shape.headBytes, {shape, body});
	const gap = shape.jointBytes;
	if (last.isClosed && shape.endsAt(bytes, last.at)) {
		starts.push(last.start);
		return {bytes, starts, gap, lastEnd: last.at, size: last.size, isPlain: (seen | last.seen) < beyondAscii};
	}

	// What ended in a joint has its own end in it.
	return starts.length === 0
		? undefined
		: {bytes, starts, gap, lastEnd: last.start - gap, size, isPlain: seen < beyondAscii};
};

/** The run that starts at `from` in a piece of the stream, and where it ends; undefined where there is none. */
export const findRun = (
	bytes: Buffer,
	from: number,
	shape: RunShape,
): (RunTexts & {readonly end: number}) | undefined => {
	const body = roomFor(bytes.length - from);
	const found = findLiterals(bytes, from, {shape, body});
	if (found === undefined) {
		return undefined;
	}

	const {starts, gap, lastEnd, size, isPlain} = found;
	const end = lastEnd + shape.tailBytes;
	if (isPlain) {
		return {bytes, starts, gap, lastEnd, text: body.toString('latin1', 0, size), isBare: true, end};
	}

	const texts = readLiterals({bytes, starts, gap, lastEnd}, body.subarray(0, size));
	return texts && {...texts, end};
};

/** A step as the events that it stands for. */
export const eventsOf = (step: AnswerStep): readonly AnswerEvent[] => {
	if (step.type !== 'delta-run') {
		return [step];
	}

	const {index, channel, part, bytes} = step;
	return step.starts.map((start, number) => ({
		type: 'delta',
		index,
		channel,
		part,
		text: decoded(bytes.toString('utf8', start, literalEnd(step, number))),
	}));
};
