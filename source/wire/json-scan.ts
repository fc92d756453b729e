import {RelayError} from '../base/errors.ts';
import {limits} from './limits.ts';

/*
 * JSON read as byte positions: where the members of an object and the elements of an array stand, so that a body is
 * changed by cutting and pasting and everything else keeps its bytes (architecture.md, rule 8 of the road). The scan
 * accepts exactly what JSON.parse accepts (RFC 8259), except for the caps and for a key that comes twice at the top.
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

/** One change: `replacement` takes the place of the range; undefined removes the member or element with its comma. */
export interface Edit extends ByteRange {
	readonly replacement: Buffer | undefined;
}

const quote = 34;
const backslash = 92;
const comma = 44;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;

const broken = (at: number, expected: string): RelayError =>
	new RelayError('body-not-json', `The body is not JSON: ${expected} was expected at byte ${at}. Send a JSON object.`);

const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

const skipSpaces = (bytes: Buffer, at: number): number => {
	let next = at;
	while (isSpace(bytes[next])) {
		next += 1;
	}

	return next;
};

const isHexDigit = (byte: number | undefined): boolean =>
	isDigit(byte) || (byte !== undefined && ((byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102)));

const plain = 1;

/** What a byte is inside a string: `plain`, or something to look at (a quote, a backslash, a control character). */
const kinds = new Uint8Array(256).fill(plain, 32);
kinds[quote] = 0;
kinds[backslash] = 0;

/** 1 for `"`, `\`, `/`, `b`, `f`, `n`, `r`, `t`. */
const shortEscapes = new Uint8Array(256);
for (const byte of [34, 92, 47, 98, 102, 110, 114, 116]) {
	shortEscapes[byte] = 1;
}

/** `at` is the byte behind a backslash; returns the byte behind the escape. */
const skipEscape = (bytes: Buffer, at: number): number => {
	if (shortEscapes[bytes[at] ?? 0] === 1) {
		return at + 1;
	}

	if (bytes[at] !== 117) {
		throw broken(at, 'an escape');
	}

	for (let digit = at + 1; digit <= at + 4; digit += 1) {
		if (!isHexDigit(bytes[digit])) {
			throw broken(digit, 'a hexadecimal digit');
		}
	}

	return at + 5;
};

/** `at` is the opening quote; returns the byte behind the closing one. */
const skipString = (bytes: Buffer, at: number): number => {
	let next = at + 1;
	for (;;) {
		let byte = bytes[next];
		// Nearly all bytes of a body pass here: one look into a table each, which ends at the buffer's end as well.
		while (byte !== undefined && kinds[byte] === plain) {
			next += 1;
			byte = bytes[next];
		}

		if (byte === quote) {
			return next + 1;
		}

		if (byte !== backslash) {
			throw broken(next, byte === undefined ? 'the end of a string' : 'an escaped control character');
		}

		next = skipEscape(bytes, next + 1);
	}
};

const skipDigits = (bytes: Buffer, at: number): number => {
	if (!isDigit(bytes[at])) {
		throw broken(at, 'a value');
	}

	let next = at + 1;
	while (isDigit(bytes[next])) {
		next += 1;
	}

	return next;
};

const skipNumber = (bytes: Buffer, at: number): number => {
	let next = bytes[at] === 45 ? at + 1 : at;
	// A leading zero stands alone: `01` is two values.
	next = bytes[next] === 48 ? next + 1 : skipDigits(bytes, next);
	if (bytes[next] === 46) {
		next = skipDigits(bytes, next + 1);
	}

	if (bytes[next] === 101 || bytes[next] === 69) {
		const sign = bytes[next + 1];
		next = skipDigits(bytes, sign === 43 || sign === 45 ? next + 2 : next + 1);
	}

	return next;
};

const literals: ReadonlyMap<number | undefined, Buffer> = new Map(
	['true', 'false', 'null'].map(word => [word.charCodeAt(0), Buffer.from(word)]),
);

const skipLiteral = (bytes: Buffer, at: number, literal: Buffer): number => {
	const end = at + literal.length;
	if (!bytes.subarray(at, end).equals(literal)) {
		throw broken(at, 'a value');
	}

	return end;
};

/** Takes what was found in a container, to the end of a value; undefined where nobody wants to know. */
type Found = (start: number, valueStart: number, valueEnd: number) => void;

/** Where a walk is: the deepest level it may reach, and who wants to know about the level it starts on. */
interface Walk {
	readonly depth: number;
	readonly found?: Found | undefined;
}

const deeper = (walk: Walk, at: number): Walk => {
	if (walk.depth >= limits.jsonDepth) {
		throw new RelayError(
			'body-too-deep',
			`The body nests more than ${limits.jsonDepth} levels deep at byte ${at}. Send a flatter one.`,
		);
	}

	return {depth: walk.depth + 1};
};

/** `at` is the opening brace or bracket; returns the byte behind the closing one. */
const skipContainer = (bytes: Buffer, at: number, walk: Walk): number => {
	const isObject = bytes[at] === openBrace;
	const close = isObject ? closeBrace : closeBracket;
	const inner = deeper(walk, at);
	let next = skipSpaces(bytes, at + 1);
	if (bytes[next] === close) {
		return next + 1;
	}

	for (;;) {
		const start = next;
		const valueStart = isObject ? skipKey(bytes, next) : next;
		const valueEnd = skipValue(bytes, valueStart, inner);
		walk.found?.(start, valueStart, valueEnd);
		next = skipSpaces(bytes, valueEnd);
		if (bytes[next] === close) {
			return next + 1;
		}

		if (bytes[next] !== comma) {
			throw broken(next, isObject ? '"," or "}"' : '"," or "]"');
		}

		next = skipSpaces(bytes, next + 1);
	}
};

/** `at` is where a key must start; returns where its value starts. */
const skipKey = (bytes: Buffer, at: number): number => {
	if (bytes[at] !== quote) {
		throw broken(at, 'a key');
	}

	const afterKey = skipSpaces(bytes, skipString(bytes, at));
	if (bytes[afterKey] !== 58) {
		throw broken(afterKey, '":"');
	}

	return skipSpaces(bytes, afterKey + 1);
};

const skipValue = (bytes: Buffer, at: number, walk: Walk): number => {
	const byte = bytes[at];
	if (byte === quote) {
		return skipString(bytes, at);
	}

	if (byte === openBrace || byte === openBracket) {
		return skipContainer(bytes, at, walk);
	}

	const literal = literals.get(byte);
	return literal === undefined ? skipNumber(bytes, at) : skipLiteral(bytes, at, literal);
};

const keyAt = (bytes: Buffer, start: number): string => {
	const end = skipString(bytes, start);
	const text = bytes.toString('utf8', start, end);
	return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
};

const membersFrom = (bytes: Buffer, at: number): {readonly members: readonly Member[]; readonly end: number} => {
	const members: Member[] = [];
	const end = skipContainer(bytes, at, {
		depth: 0,
		found: (start, valueStart, valueEnd) => {
			if (members.length >= limits.jsonKeys) {
				throw new RelayError('body-too-many-keys', `An object of the body has more than ${limits.jsonKeys} keys.`);
			}

			members.push({key: keyAt(bytes, start), start, end: valueEnd, value: {start: valueStart, end: valueEnd}});
		},
	});
	return {members, end};
};

/**
 * The members of an object that stands at `range` of a body that was scanned before, in order; keys may repeat.
 * Undefined when the value there is no object.
 */
export const scanMembers = (bytes: Buffer, range: ByteRange): readonly Member[] | undefined =>
	bytes[range.start] === openBrace ? membersFrom(bytes, range.start).members : undefined;

/** The ranges of an array's elements, in order; undefined when the value at `range` is no array. */
export const scanElements = (bytes: Buffer, range: ByteRange): readonly ByteRange[] | undefined => {
	if (bytes[range.start] !== openBracket) {
		return undefined;
	}

	const elements: ByteRange[] = [];
	skipContainer(bytes, range.start, {
		depth: 0,
		found: (_start, valueStart, valueEnd) => {
			elements.push({start: valueStart, end: valueEnd});
		},
	});
	return elements;
};

/**
 * The members of a whole body by key. Throws RelayError `body-not-json` (with the byte position), `body-too-deep`,
 * `body-too-many-keys`, or `duplicate-key`: two readers would take different ones of two equal keys. All are a 400.
 */
export const scanBody = (bytes: Buffer): ReadonlyMap<string, Member> => {
	const start = skipSpaces(bytes, 0);
	if (bytes[start] !== openBrace) {
		throw broken(start, 'an object');
	}

	const {members, end} = membersFrom(bytes, start);
	const rest = skipSpaces(bytes, end);
	if (rest !== bytes.length) {
		throw broken(rest, 'the end');
	}

	const byKey = new Map<string, Member>();
	for (const member of members) {
		if (byKey.has(member.key)) {
			throw new RelayError(
				'duplicate-key',
				`The body has the key ${JSON.stringify(member.key.slice(0, 80))} twice (again at byte ${member.start}). Send it once.`,
			);
		}

		byKey.set(member.key, member);
	}

	return byKey;
};

/** The string at a range; undefined when the value there is no string. */
export const readString = (bytes: Buffer, range: ByteRange): string | undefined =>
	bytes[range.start] === quote ? String(JSON.parse(bytes.toString('utf8', range.start, range.end))) : undefined;

const commaAfter = (bytes: Buffer, at: number): number | undefined => {
	const next = skipSpaces(bytes, at);
	return bytes[next] === comma ? next : undefined;
};

const commaBefore = (bytes: Buffer, at: number): number | undefined => {
	let previous = at - 1;
	while (isSpace(bytes[previous])) {
		previous -= 1;
	}

	return bytes[previous] === comma ? previous : undefined;
};

/** Neighbours that both go are one removal: with their commas taken one by one, one comma would be left over. */
const joinRemovals = (bytes: Buffer, edits: readonly Edit[]): readonly Edit[] => {
	const joined: Edit[] = [];
	for (const edit of edits) {
		const last = joined.at(-1);
		const gap = last === undefined ? undefined : commaAfter(bytes, last.end);
		const isNeighbour =
			last !== undefined &&
			gap !== undefined &&
			last.replacement === undefined &&
			edit.replacement === undefined &&
			skipSpaces(bytes, gap + 1) === edit.start;
		if (isNeighbour) {
			joined[joined.length - 1] = {start: last.start, end: edit.end, replacement: undefined};
		} else {
			joined.push(edit);
		}
	}

	return joined;
};

const withComma = (bytes: Buffer, edit: Edit): ByteRange => {
	if (edit.replacement !== undefined) {
		return edit;
	}

	const after = commaAfter(bytes, edit.end);
	return after === undefined
		? {start: commaBefore(bytes, edit.start) ?? edit.start, end: edit.end}
		: {start: edit.start, end: after + 1};
};

/**
 * A copy of the body with the edits made; ranges come from a scan of the same bytes. Throws RelayError
 * `edits-overlap` when two edits touch the same bytes: that is a fault of the caller.
 */
export const spliceBytes = (bytes: Buffer, edits: readonly Edit[]): Buffer => {
	const parts: Buffer[] = [];
	let copied = 0;
	for (const edit of joinRemovals(
		bytes,
		edits.toSorted((one, other) => one.start - other.start),
	)) {
		const {start, end} = withComma(bytes, edit);
		if (start < copied) {
			throw new RelayError('edits-overlap', `Two changes of a body overlap at byte ${start}. Report this fault.`);
		}

		parts.push(bytes.subarray(copied, start));
		if (edit.replacement !== undefined) {
			parts.push(edit.replacement);
		}

		copied = end;
	}

	parts.push(bytes.subarray(copied));
	return Buffer.concat(parts);
};
