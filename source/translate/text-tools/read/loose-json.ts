import {parseJsonObject} from '../../../wire/json-value.ts';
import {mendJsonObject} from '../../codec/mend-json.ts';

/*
 * Steps a to d of the ladder for arguments (translation.md 5.4): JSON, nearly JSON, JSON with another quote, JSON that was escaped once
 * too often. Never a guess at content.
 */

const parse = (text: string): unknown => {
	try {
		const value: unknown = JSON.parse(text);
		return value;
	} catch {
		// Broken is an answer here: the next step of the ladder follows.
		return undefined;
	}
};

/* What never ends is taken to the end of the text: looking for its end from each of its characters would cost the square of its length. */

const withoutComments = (text: string): string =>
	text.replaceAll(
		/("[^"\\]*(?:\\[\s\S][^"\\]*)*"?)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
		(_, kept: string | undefined) => kept ?? '',
	);

/** `{'a': 'it\'s'}` with JSON's quotes. */
const requoted = (text: string): string =>
	text.replaceAll(/'([^'\\]*(?:\\[\s\S][^'\\]*)*)('?)/g, (whole, inner: string, end: string) => {
		if (end === '') {
			return whole;
		}

		const bare = inner.replaceAll(String.raw`\'`, "'").replaceAll(/(?<!\\)"/g, String.raw`\"`);
		return `"${bare}"`;
	});

/** One level of escapes less. */
const unescaped = (text: string): string =>
	text.replaceAll(/\\(?:u([\da-f]{4})|(.))/gi, (_, code: string | undefined, plain: string | undefined) => {
		if (code !== undefined) {
			return String.fromCharCode(Number.parseInt(code, 16));
		}

		return plain === 'n' ? '\n' : plain === 't' ? '\t' : plain === 'r' ? '\r' : (plain ?? '');
	});

const mended = (text: string): unknown => {
	const bare = withoutComments(text);
	const steps = [bare, ...(bare.trimStart().startsWith("{'") ? [requoted(bare)] : [])];
	for (const step of steps) {
		const whole = mendJsonObject(step);
		if (whole !== undefined) {
			return parseJsonObject(whole);
		}
	}

	return undefined;
};

/** The object or list that a text is meant to be; undefined where only guessing would help. */
export const readLooseJson = (text: string): unknown => {
	const value = parse(text);
	if (value !== undefined) {
		return value;
	}

	const trimmed = text.trim();
	if (trimmed.startsWith('[')) {
		const list = mended(`{"list":${trimmed}}`);
		return typeof list === 'object' && list !== null && 'list' in list ? list.list : undefined;
	}

	return mended(trimmed) ?? (trimmed.startsWith(String.raw`{\"`) ? mended(unescaped(trimmed)) : undefined);
};
