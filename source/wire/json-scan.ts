import {RelayError} from '../base/errors.ts';
import {limits} from './limits.ts';
import {broken, skipScalar, skipSpaces, skipString} from './json-token.ts';
import type {Lookout} from './lookout.ts';

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

const quote = 34;
const comma = 44;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;

/** Takes what was found in a container, to the end of a value. */
type Found = (start: number, valueStart: number, valueEnd: number) => void;

/** One walk over a JSON text. */
class Scanner {
	readonly #bytes: Buffer;
	readonly #lookout: Lookout | undefined;
	/** The bits of the words that were seen. */
	seen = 0;

	constructor(bytes: Buffer, lookout?: Lookout) {
		this.#bytes = bytes;
		this.#lookout = lookout;
	}

	/** `at` is the opening brace or bracket; returns the byte behind the closing one. */
	skipContainer(at: number, depth: number, found?: Found): number {
		const bytes = this.#bytes;
		if (depth >= limits.jsonDepth) {
			throw tooDeep(at);
		}

		const isObject = bytes[at] === openBrace;
		const close = isObject ? closeBrace : closeBracket;
		let next = skipSpaces(bytes, at + 1);
		if (bytes[next] === close) {
			return next + 1;
		}

		for (;;) {
			const start = next;
			const valueStart = isObject ? this.#skipKey(next) : next;
			const valueEnd = this.#skipValue(valueStart, depth + 1);
			found?.(start, valueStart, valueEnd);
			next = skipSpaces(bytes, valueEnd);
			if (bytes[next] === close) {
				return next + 1;
			}

			if (bytes[next] !== comma) {
				throw broken(next, isObject ? '"," or "}"' : '"," or "]"');
			}

			next = skipSpaces(bytes, next + 1);
		}
	}

	/** `at` is where a key must start; returns where its value starts. */
	#skipKey(at: number): number {
		const bytes = this.#bytes;
		if (bytes[at] !== quote) {
			throw broken(at, 'a key');
		}

		const afterKey = skipSpaces(bytes, this.#skipString(at));
		if (bytes[afterKey] !== 58) {
			throw broken(afterKey, '":"');
		}

		return skipSpaces(bytes, afterKey + 1);
	}

	#skipValue(at: number, depth: number): number {
		const bytes = this.#bytes;
		const byte = bytes[at];
		if (byte === quote) {
			return this.#skipString(at);
		}

		if (byte === openBrace || byte === openBracket) {
			return this.skipContainer(at, depth);
		}

		return skipScalar(bytes, at);
	}

	#skipString(at: number): number {
		if (this.#lookout !== undefined) {
			this.seen |= this.#lookout.at(this.#bytes, at + 1);
		}

		return skipString(this.#bytes, at);
	}
}

const tooDeep = (at: number): RelayError =>
	new RelayError(
		'body-too-deep',
		`The body nests more than ${limits.jsonDepth} levels deep at byte ${at}. Send a flatter one.`,
	);

const keyAt = (bytes: Buffer, start: number): string => {
	const end = skipString(bytes, start);
	const text = bytes.toString('utf8', start, end);
	return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
};

const membersFrom = (
	bytes: Buffer,
	at: number,
	scanner: Scanner,
): {readonly members: readonly Member[]; readonly end: number} => {
	const members: Member[] = [];
	const end = scanner.skipContainer(at, 0, (start, valueStart, valueEnd) => {
		if (members.length >= limits.jsonKeys) {
			throw new RelayError('body-too-many-keys', `An object of the body has more than ${limits.jsonKeys} keys.`);
		}

		members.push({key: keyAt(bytes, start), start, end: valueEnd, value: {start: valueStart, end: valueEnd}});
	});
	return {members, end};
};

/**
 * The members of an object that stands at `range` of a body that was scanned before, in order; keys may repeat.
 * Undefined when the value there is no object.
 */
export const scanMembers = (bytes: Buffer, range: ByteRange): readonly Member[] | undefined =>
	bytes[range.start] === openBrace ? membersFrom(bytes, range.start, new Scanner(bytes)).members : undefined;

/** The ranges of an array's elements, in order; undefined when the value at `range` is no array. */
export const scanElements = (bytes: Buffer, range: ByteRange): readonly ByteRange[] | undefined => {
	if (bytes[range.start] !== openBracket) {
		return undefined;
	}

	const elements: ByteRange[] = [];
	new Scanner(bytes).skipContainer(range.start, 0, (_start, valueStart, valueEnd) => {
		elements.push({start: valueStart, end: valueEnd});
	});
	return elements;
};

/** Whether the value at `range` is an array with something in it; looks at its first bytes only. */
export const hasElements = (bytes: Buffer, range: ByteRange): boolean =>
	bytes[range.start] === openBracket && bytes[skipSpaces(bytes, range.start + 1)] !== closeBracket;

/**
 * The members of a whole body by key. Throws RelayError `body-not-json` (with the byte position), `body-too-deep`,
 * `body-too-many-keys`, or `duplicate-key`: two readers would take different ones of two equal keys. All are a 400.
 */
export const scanBody = (bytes: Buffer): ReadonlyMap<string, Member> => scanBodyFor(bytes, undefined).fields;

/** {@link scanBody}, with the bits of the words that were seen on the way: those that begin a string at any depth, keys included. */
export const scanBodyFor = (
	bytes: Buffer,
	lookout: Lookout | undefined,
): {readonly fields: ReadonlyMap<string, Member>; readonly words: number} => {
	const start = skipSpaces(bytes, 0);
	if (bytes[start] !== openBrace) {
		throw broken(start, 'an object');
	}

	const scanner = new Scanner(bytes, lookout);
	const {members, end} = membersFrom(bytes, start, scanner);
	const rest = skipSpaces(bytes, end);
	if (rest !== bytes.length) {
		throw broken(rest, 'the end');
	}

	const fields = new Map<string, Member>();
	for (const member of members) {
		if (fields.has(member.key)) {
			throw new RelayError(
				'duplicate-key',
				`The body has the key ${JSON.stringify(member.key.slice(0, 80))} twice (again at byte ${member.start}). Send it once.`,
			);
		}

		fields.set(member.key, member);
	}

	return {fields, words: scanner.seen};
};

/** The string at a range; undefined when the value there is no string. */
export const readString = (bytes: Buffer, range: ByteRange): string | undefined =>
	bytes[range.start] === quote ? String(JSON.parse(bytes.toString('utf8', range.start, range.end))) : undefined;
