import {RelayError} from '../base/errors.ts';
import {broken, skipScalar, skipSpaces, skipString} from './json-token.ts';
import {limits} from './limits.ts';
import type {Lookout} from './lookout.ts';

/** What a string begins and ends with. */
export const quote = 34;
const comma = 44;
/** What an object begins with. */
export const openBrace = 123;
const closeBrace = 125;
/** What an array begins with. */
export const openBracket = 91;
/** What an array ends with. */
export const closeBracket = 93;

/** Skips a value of a container itself and returns the byte behind it; `start` is where its key begins in an object, else where it does. */
export type Visit = (start: number, valueStart: number) => number;

/** One walk over a JSON text (RFC 8259). Everything in it throws RelayError `body-not-json` or `body-too-deep`. */
export class Scanner {
	readonly #bytes: Buffer;
	readonly #lookout: Lookout | undefined;
	/** The bits of the words that were seen. */
	seen = 0;

	constructor(bytes: Buffer, lookout?: Lookout) {
		this.#bytes = bytes;
		this.#lookout = lookout;
	}

	/** `at` is the opening brace or bracket, `depth` what it stands in; returns the byte behind the closing one. */
	skipContainer(at: number, depth: number, visit?: Visit): number {
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
			next = skipSpaces(bytes, visit ? visit(start, valueStart) : this.skipValue(valueStart, depth + 1));
			if (bytes[next] === close) {
				return next + 1;
			}

			if (bytes[next] !== comma) {
				throw broken(next, isObject ? '"," or "}"' : '"," or "]"');
			}

			next = skipSpaces(bytes, next + 1);
		}
	}

	/** `depth`: how many containers the value stands in. */
	skipValue(at: number, depth: number): number {
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
