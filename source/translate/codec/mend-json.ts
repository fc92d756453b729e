import {isJsonObject, parseJsonObject} from '../../wire/json-value.ts';
import type {JsonObject} from '../../wire/json-value.ts';

/*
 * Arguments that are nearly JSON (translation.md 5.4 a-c, the only steps allowed for structured calls): fences and stray commas
 * taken off, Python's literals translated, missing closers added. Never a guess at content.
 */

const fence = /^\s*```[^\n]*\n([\s\S]*?)\n?```\s*$/;

const literals: Readonly<Record<string, string>> = {True: 'true', False: 'false', None: 'null'};

/** The text between two strings, with Python's words translated and commas before closers removed. */
const mendOutside = (text: string): string =>
	text.replaceAll(/\b(?:True|False|None)\b/g, word => literals[word] ?? word).replaceAll(/,(\s*[}\]])/g, '$1');

/** The end of the string literal that begins at `at`, behind its quote; -1 where the text ends inside it. */
const stringEnd = (text: string, at: number): number => {
	for (let index = at + 1; index < text.length; index += 1) {
		if (text[index] === '\\') {
			index += 1;
		} else if (text[index] === '"') {
			return index + 1;
		}
	}

	return -1;
};

const escapeControls = (literal: string): string =>
	literal
		.replaceAll('\n', String.raw`\n`)
		.replaceAll('\r', String.raw`\r`)
		.replaceAll('\t', String.raw`\t`);

/** Strings and what stands between them, in order; undefined when the text ends inside a string. */
const segments = (source: string): readonly string[] | undefined => {
	const found: string[] = [];
	let from = 0;
	for (let at = source.indexOf('"'); at !== -1; at = source.indexOf('"', from)) {
		const end = stringEnd(source, at);
		if (end === -1) {
			return undefined;
		}

		found.push(source.slice(from, at), source.slice(at, end));
		from = end;
	}

	return [...found, source.slice(from)];
};

const closersOf = (outside: readonly string[]): string => {
	const open: string[] = [];
	for (const character of outside.join('')) {
		if (character === '{' || character === '[') {
			open.push(character === '{' ? '}' : ']');
		} else if (character === '}' || character === ']') {
			open.pop();
		}
	}

	return open.toReversed().join('');
};

/** The arguments as a JSON object's text; undefined where only guessing would help. Whole JSON is returned as it is. */
export const mendJsonObject = (text: string): string | undefined => {
	if (parseJsonObject(text) !== undefined) {
		return text;
	}

	const bare = (fence.exec(text)?.[1] ?? text).replace(/^\uFEFF/, '').trim();
	const parts = segments(bare);
	if (parts === undefined) {
		return undefined;
	}

	const closers = closersOf(parts.filter((_, index) => index % 2 === 0));
	const mended = parts.map((part, index) => (index % 2 === 0 ? mendOutside(part) : escapeControls(part))).join('');
	const whole = (closers === '' ? mended : mended.replace(/,\s*$/, '')) + closers;
	return parseJsonObject(whole) === undefined ? undefined : whole;
};

/**
 * The object inside arguments that were encoded twice (watchdog.md C4): only where it has every key that the schema requires.
 * Undefined for arguments that are an object already, or that hold none.
 */
export const unwrapTwiceEncoded = (text: string, schema: JsonObject | undefined): string | undefined => {
	if (!text.trimStart().startsWith('"')) {
		return undefined;
	}

	let inner: unknown;
	try {
		inner = JSON.parse(text);
	} catch {
		return undefined;
	}

	const whole = typeof inner === 'string' ? parseJsonObject(inner) : undefined;
	const required: readonly unknown[] = Array.isArray(schema?.['required']) ? schema['required'] : [];
	const isComplete = isJsonObject(whole) && required.every(name => typeof name === 'string' && name in whole);
	return isComplete && typeof inner === 'string' ? inner : undefined;
};
