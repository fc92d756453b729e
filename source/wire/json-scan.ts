import {RelayError} from '../base/errors.ts';
import {closeBracket, openBrace, openBracket, quote, Scanner} from './json-scanner.ts';
import {skipSpaces, skipString} from './json-token.ts';
import {limits} from './limits.ts';

/*
 * JSON read as byte positions: where the members of an object and the elements of an array stand, so that a body is
 * changed by cutting and pasting and everything else keeps its bytes (architecture.md, rule 8 of the road).
 */

/** `[start, end)` in a buffer. */
export interface ByteRange {
	readonly start: number;
	readonly end: number;
}

/** One member of an object. `start` is its key's opening quote, `end` the end of its value: the range to cut it out by. */
export interface Member extends ByteRange {
	readonly key: string;
	readonly value: ByteRange;
}

/** The key whose opening quote is at `start`, of an object that is scanned. */
export const keyAt = (bytes: Buffer, start: number): string => {
	const end = skipString(bytes, start);
	const text = bytes.toString('utf8', start, end);
	return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
};

/** Throws RelayError `body-too-many-keys` where an object holds more keys than it may beside those that it has. */
export const mayHold = (keys: number): void => {
	if (keys >= limits.jsonKeys) {
		throw new RelayError('body-too-many-keys', `An object of the body has more than ${limits.jsonKeys} keys.`);
	}
};

/**
 * The members of an object that stands at `range` of a body that was scanned before, in order; keys may repeat.
 * Undefined when the value there is no object.
 */
export const scanMembers = (bytes: Buffer, range: ByteRange): readonly Member[] | undefined => {
	if (bytes[range.start] !== openBrace) {
		return undefined;
	}

	const members: Member[] = [];
	const scanner = new Scanner(bytes);
	scanner.skipContainer(range.start, 0, (start, valueStart) => {
		const end = scanner.skipValue(valueStart, 1);
		mayHold(members.length);
		members.push({key: keyAt(bytes, start), start, end, value: {start: valueStart, end}});
		return end;
	});
	return members;
};

/** The ranges of an array's elements, in order; undefined when the value at `range` is no array. */
export const scanElements = (bytes: Buffer, range: ByteRange): readonly ByteRange[] | undefined => {
	if (bytes[range.start] !== openBracket) {
		return undefined;
	}

	const elements: ByteRange[] = [];
	const scanner = new Scanner(bytes);
	scanner.skipContainer(range.start, 0, start => {
		const end = scanner.skipValue(start, 1);
		elements.push({start, end});
		return end;
	});
	return elements;
};

/** Whether the value at `range` is an array with something in it; looks at its first bytes only. */
export const hasElements = (bytes: Buffer, range: ByteRange): boolean =>
	bytes[range.start] === openBracket && bytes[skipSpaces(bytes, range.start + 1)] !== closeBracket;

/** The string at a range; undefined when the value there is no string. */
export const readString = (bytes: Buffer, range: ByteRange): string | undefined =>
	bytes[range.start] === quote ? String(JSON.parse(bytes.toString('utf8', range.start, range.end))) : undefined;
