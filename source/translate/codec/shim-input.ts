import {parseJsonObject, textField} from '../../wire/json-value.ts';

/*
 * The raw text of a custom tool out of the JSON arguments of its function shim, while they stream (translation.md 2.3): Codex
 * previews a patch as it is written.
 */

const head = /^\s*\{\s*"(?:input|patch)"\s*:\s*"/;
/** What the beginning of shim arguments looks like before the opening quote of the text. */
const headPrefix = /^\s*(?:\{\s*(?:"(?:i(?:n(?:p(?:u(?:t"?)?)?)?)?|p(?:a(?:t(?:c(?:h"?)?)?)?)?)?)?\s*:?\s*)?$/;

/** JSON forbids raw control characters in strings; models write them all the same. */
const escapeControls = (text: string): string =>
	// oxlint-disable-next-line no-control-regex
	text.replaceAll(/[\u0000-\u001F]/g, character => JSON.stringify(character).slice(1, -1));

const decodeLiteral = (body: string): string | undefined => {
	try {
		const decoded: unknown = JSON.parse(`"${escapeControls(body)}"`);
		return typeof decoded === 'string' ? decoded : undefined;
	} catch {
		// A wrong escape such as `\d`: the caller keeps the text as the model wrote it.
		return undefined;
	}
};

/** Where the string ends (its quote), or how far it can be decoded without its rest. */
const scanString = (text: string): {readonly end: number; readonly isClosed: boolean} => {
	let at = 0;
	while (at < text.length) {
		const character = text[at];
		if (character === '"') {
			return {end: at, isClosed: true};
		}

		const width = character === '\\' ? (text[at + 1] === 'u' ? 6 : 2) : 1;
		// A high surrogate waits for its other half.
		const isHalf = width === 6 && /^\\ud[89ab]/i.test(text.slice(at, at + 4));
		const whole = isHalf ? 12 : width;
		if (at + whole > text.length) {
			return {end: at, isClosed: false};
		}

		at += width;
	}

	return {end: at, isClosed: false};
};

/** The input that whole shim arguments hold; anything that is no such JSON is the raw text itself (case 79). */
export const unwrapInput = (text: string): string => {
	const whole = parseJsonObject(text);
	return textField(whole, 'input') ?? textField(whole, 'patch') ?? text;
};

/** Decodes the arguments of one shim call piece by piece. */
export class ShimInput {
	#mode: 'head' | 'string' | 'raw' | 'closed' = 'head';
	/** What was not decoded yet: all of it in the head, less than one escape in the string. */
	#rest = '';
	readonly #text: string[] = [];

	/** Whether the JSON ended properly, or was none from the start. */
	get isWhole(): boolean {
		return this.#mode === 'closed' || this.#mode === 'raw' || parseJsonObject(this.#rest) !== undefined;
	}

	/** Whether no arguments came at all. */
	get isEmpty(): boolean {
		return this.#mode === 'head' && this.#rest.trim() === '';
	}

	/** Adds arguments and returns the decoded text that they complete. */
	push(piece: string): string {
		if (this.#mode === 'closed') {
			return '';
		}

		this.#rest += piece;
		if (this.#mode === 'head') {
			this.#readHead();
		}

		const ready = this.#ready();
		this.#text.push(ready);
		return ready;
	}

	/** The whole input: what was handed out, or what the whole arguments hold where they had another shape. */
	end(): string {
		return this.#mode === 'head' ? unwrapInput(this.#rest) : this.#text.join('');
	}

	#readHead(): void {
		const match = head.exec(this.#rest);
		if (match) {
			this.#mode = 'string';
			this.#rest = this.#rest.slice(match[0].length);
		} else if (!headPrefix.test(this.#rest) && !this.#rest.trimStart().startsWith('{')) {
			this.#mode = 'raw';
		}
	}

	#ready(): string {
		if (this.#mode === 'string') {
			return this.#readString();
		}

		const ready = this.#mode === 'raw' ? this.#rest : '';
		this.#rest = this.#mode === 'raw' ? '' : this.#rest;
		return ready;
	}

	#readString(): string {
		const {end, isClosed} = scanString(this.#rest);
		const body = this.#rest.slice(0, end);
		this.#rest = this.#rest.slice(end);
		if (isClosed) {
			this.#mode = 'closed';
		}

		return decodeLiteral(body) ?? body;
	}
}
