import type {JsonObject} from '../../../wire/json-value.ts';
import {limits} from '../../../wire/limits.ts';
import type {TextCall, TextFormatId} from './text-call.ts';

/* Calls that a model wrote as Python (translation.md 5.1, T9, T15, T19): `print(default_api.f(a="x"))`. Literals only: no expression is ever computed. */

const words: Readonly<Record<string, unknown>> = {
	True: true,
	False: false,
	None: null,
	true: true,
	false: false,
	null: null,
};

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', '\n': ''};

/** What ends the reading of a text that is no list of literals. */
class NotLiteral extends Error {
	override readonly name = 'NotLiteral';
}

class LiteralReader {
	readonly #text: string;
	#at = 0;
	#depth = 0;

	constructor(text: string) {
		this.#text = text;
	}

	/** `a=1, b="x"` up to the end of the text. */
	keywords(): JsonObject {
		const found: Array<readonly [string, unknown]> = [];
		while (!this.#isAtEnd()) {
			const name = this.#match(/\s*([A-Za-z_]\w*)\s*=\s*/y);
			found.push([name, this.#value()]);
			this.#comma();
		}

		return Object.fromEntries(found);
	}

	#isAtEnd(): boolean {
		this.#skip();
		return this.#at >= this.#text.length;
	}

	#skip(): void {
		while (/\s/.test(this.#text[this.#at] ?? '')) {
			this.#at += 1;
		}
	}

	#match(expression: RegExp): string {
		expression.lastIndex = this.#at;
		const match = expression.exec(this.#text);
		if (!match) {
			throw new NotLiteral();
		}

		this.#at += match[0].length;
		return match[1] ?? match[0];
	}

	#comma(): void {
		this.#skip();
		const next = this.#text[this.#at];
		if (next === ',') {
			this.#at += 1;
		} else if (next !== undefined && next !== ']' && next !== '}' && next !== ')') {
			throw new NotLiteral();
		}
	}

	#value(): unknown {
		this.#skip();
		const next = this.#text[this.#at] ?? '';
		if (next === '"' || next === "'") {
			return this.#string();
		}

		if (next === '[') {
			return this.#nested(() => this.#list());
		}

		if (next === '{') {
			return this.#nested(() => this.#object());
		}

		if (/[\d-]/.test(next)) {
			return Number(this.#match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy));
		}

		const word = this.#match(/[A-Za-z]+/y);
		if (!Object.hasOwn(words, word)) {
			throw new NotLiteral();
		}

		return words[word];
	}

	#string(): string {
		const quote = this.#match(/"""|'''|"|'/y);
		let value = '';
		while (!this.#text.startsWith(quote, this.#at)) {
			const character = this.#text[this.#at];
			if (character === undefined) {
				throw new NotLiteral();
			}

			this.#at += 1;
			value += character === '\\' ? this.#escape() : character;
		}

		this.#at += quote.length;
		return value;
	}

	#escape(): string {
		const code = /u([\da-f]{4})|x([\da-f]{2})/iy;
		code.lastIndex = this.#at;
		const match = code.exec(this.#text);
		if (match) {
			this.#at += match[0].length;
			return String.fromCharCode(Number.parseInt(match[1] ?? match[2] ?? '', 16));
		}

		const plain = this.#text[this.#at] ?? '';
		this.#at += 1;
		return escapes[plain] ?? (/["'\\]/.test(plain) ? plain : `\\${plain}`);
	}

	#nested(read: () => unknown): unknown {
		if (this.#depth >= limits.jsonDepth) {
			throw new NotLiteral();
		}

		this.#depth += 1;
		const value = read();
		this.#depth -= 1;
		return value;
	}

	#list(): readonly unknown[] {
		this.#at += 1;
		const found: unknown[] = [];
		for (this.#skip(); this.#text[this.#at] !== ']'; this.#skip()) {
			found.push(this.#value());
			this.#comma();
		}

		this.#at += 1;
		return found;
	}

	#object(): JsonObject {
		this.#at += 1;
		const found: Array<readonly [string, unknown]> = [];
		for (this.#skip(); this.#text[this.#at] !== '}'; this.#skip()) {
			const key = this.#string();
			this.#match(/\s*:\s*/y);
			found.push([key, this.#value()]);
			this.#comma();
		}

		this.#at += 1;
		return Object.fromEntries(found);
	}
}

const callShape = /^(?:(?:default_api|functions|tools)\.)?([A-Za-z_][\w-]*)(?:\.call)?\s*\(([\s\S]*)\)$/;

const readCall = (text: string, format: TextFormatId): TextCall | undefined => {
	const printed = /^print\s*\(([\s\S]*)\)$/.exec(text.trim())?.[1] ?? text;
	const match = callShape.exec(printed.trim());
	if (!match) {
		return undefined;
	}

	try {
		const value = new LiteralReader(match[2] ?? '').keywords();
		return {format, name: match[1] ?? '', arguments: {kind: 'value', value}};
	} catch (error) {
		if (error instanceof NotLiteral) {
			return undefined;
		}

		throw error;
	}
};

/** The call in a piece of Python; undefined for anything but one call with literal keyword arguments. */
export const readPythonCall = (text: string, format: TextFormatId): readonly TextCall[] | undefined => {
	const call = readCall(text, format);
	return call && [call];
};

const malformed = /^\s*malformed function call:\s*([\s\S]*)$/i;

/** The call in the message with which Gemini ends an answer as MALFORMED_FUNCTION_CALL (translation.md 5.1, T19). */
export const readMalformedCall = (finishMessage: string): TextCall | undefined => {
	const text = malformed.exec(finishMessage)?.[1];
	return text === undefined ? undefined : readCall(text, 'T19');
};
