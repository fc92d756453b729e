import {isWholeUtf8} from '../../base/utf8.ts';
import type {AnswerEvent, TextChannel} from './ir-event.ts';

/*
 * Deltas that came in one read and differ in nothing but their text. Their JSON strings are carried over as they stand, byte by byte: no event
 * of its own is built, parsed or written for each (performance.md 4, 5). Whatever is not beyond doubt is left to the slow way, which says the same.
 */

/** The bytes round the text of a stream's deltas, as latin1: from the line's start up to the opening quote, and from the closing quote to the blank line. */
export interface RunShape {
	readonly head: string;
	readonly tail: string;
}

/** The texts of a run of deltas. */
export interface RunTexts {
	/** The JSON strings without their quotes, UTF-8 read as latin1, escaped as JSON.stringify would. */
	readonly literals: readonly string[];
	/** All of them, decoded. */
	readonly text: string;
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

const backslash = 0x5c;

const isEscaped = (text: string, quoteAt: number): boolean => {
	let at = quoteAt;
	while (text.charCodeAt(at - 1) === backslash) {
		at -= 1;
	}

	return (quoteAt - at) % 2 === 1;
};

const endOfString = (text: string, from: number): number => {
	let at = text.indexOf('"', from);
	while (at !== -1 && isEscaped(text, at)) {
		at = text.indexOf('"', at + 1);
	}

	return at;
};

/** May also find the second half of an escaped backslash: then the literal is written anew in vain. */
const otherEscape = /\\[^"\\bfnrt]/;

/** The literal as JSON.stringify would write it: the same text always gives the same bytes, wherever a stream was cut. */
const canonical = (literal: string): string => {
	if (!otherEscape.test(literal)) {
		return literal;
	}

	const text: unknown = JSON.parse(`"${Buffer.from(literal, 'latin1').toString()}"`);
	return Buffer.from(JSON.stringify(text).slice(1, -1)).toString('latin1');
};

const controls = /\p{Cc}/u;
const isContinuation = (code: number): boolean => (code & 0xc0) === 0x80;

/** The literals with their text; undefined where one of them is no JSON string of whole UTF-8. */
const readLiterals = (literals: readonly string[]): RunTexts | undefined => {
	const bytes = Buffer.from(literals.join(''), 'latin1');
	if (!isWholeUtf8(bytes) || literals.some(literal => isContinuation(literal.charCodeAt(0)))) {
		return undefined;
	}

	const text = bytes.toString();
	if (controls.test(text)) {
		return undefined;
	}

	if (!text.includes('\\')) {
		return {literals, text};
	}

	try {
		const decoded: unknown = JSON.parse(`"${text}"`);
		return typeof decoded === 'string' ? {literals: literals.map(canonical), text: decoded} : undefined;
	} catch {
		// An escape that JSON does not know: the slow way finds out what is wrong with the event.
		return undefined;
	}
};

/** The run that starts at `from`, and where it ends; undefined where there is none. `text` is a piece of the stream as latin1. */
export const findRun = (
	text: string,
	from: number,
	{head, tail}: RunShape,
): (RunTexts & {readonly end: number}) | undefined => {
	const literals: string[] = [];
	let end = from;
	for (;;) {
		const start = end + head.length;
		// Comparing slices is one comparison of memory; `startsWith` looks at one sign after the other.
		const bodyEnd = text.slice(end, start) === head ? endOfString(text, start) : -1;
		const next = bodyEnd + tail.length;
		if (bodyEnd <= start || text.slice(bodyEnd, next) !== tail) {
			break;
		}

		literals.push(text.slice(start, bodyEnd));
		end = next;
	}

	const texts = literals.length === 0 ? undefined : readLiterals(literals);
	return texts && {...texts, end};
};

/** A step as the events that it stands for. */
export const eventsOf = (step: AnswerStep): readonly AnswerEvent[] => {
	if (step.type !== 'delta-run') {
		return [step];
	}

	const {index, channel, part} = step;
	return step.literals.map(literal => {
		const text: unknown = JSON.parse(`"${Buffer.from(literal, 'latin1').toString()}"`);
		return {type: 'delta', index, channel, part, text: String(text)};
	});
};
