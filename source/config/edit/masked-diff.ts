import {createTwoFilesPatch} from 'diff';
import {createRedactor} from '../../base/redact.ts';
import {sanitize} from '../../base/sanitize.ts';
import {maySecret} from '../settings-text.ts';
import {parseToml, type KeyPath, type TextRange, type TomlDocument} from '../toml.ts';
import {ConfigError} from '../config-error.ts';

/* A change of a file as a unified diff that anybody may see: values that may be keys are masked before the texts are compared. */

const shownHidden = '"(hidden)"';
const shownNew = '"(hidden, new)"';

const redact = createRedactor([]);

const parse = (text: string): TomlDocument | undefined => {
	try {
		return parseToml('', text);
	} catch (error) {
		if (error instanceof ConfigError) {
			return undefined;
		}

		throw error;
	}
};

const keyOf = (path: KeyPath): string => JSON.stringify(path);

/** The names that say what a value is: those that the user gave to providers, endpoints and routes are none. */
const tellingNames = (path: KeyPath): KeyPath =>
	path[1] === 'routing'
		? path.slice(-1)
		: path.filter((_, index) => !['providers', 'endpoints'].includes(String(path[index - 1])));

/** Texts and lists that stand below a name that sounds like a secret, with their places. */
const secretsOf = ({entries, text}: TomlDocument) =>
	entries.filter(
		({path, isInlineTable, valueRange: [start]}) =>
			!isInlineTable &&
			path.at(-1) !== 'api_key_header' &&
			maySecret(tellingNames(path)) &&
			/["'[]/.test(text.charAt(start)),
	);

/** Each name is looked at once, from its start: a comment may be a line of a megabyte. */
const assignment = /(?<![\w.-])([\w.-]+)"?[ \t]*(?:=(?=[ \t]*[^\s=])|:(?=[ \t]*["'{[]))/g;

/** A key that was taken out of use by a `#` is still one. */
const maskComment = (comment: string): string => {
	for (const {0: found, 1: name = '', index} of comment.matchAll(assignment)) {
		if (/key|token|secret|passw|auth|cookie/i.test(name) && !/_env$/i.test(name)) {
			return `${comment.slice(0, index)}${found} (hidden)`;
		}
	}

	return comment;
};

const literalsOf = (document: TomlDocument): ReadonlyMap<string, string> =>
	new Map(
		secretsOf(document).map(({path, valueRange: [start, end]}) => [keyOf(path), document.text.slice(start, end)]),
	);

interface Mask {
	readonly range: TextRange;
	readonly text: string;
}

const masksOf = (document: TomlDocument, known: ReadonlyMap<string, string> | undefined): readonly Mask[] => {
	const literals = new Set(known?.values());
	const secrets = secretsOf(document).map(({valueRange}): Mask => {
		const isKnown = known === undefined || literals.has(document.text.slice(...valueRange));
		return {range: valueRange, text: isKnown ? shownHidden : shownNew};
	});
	const comments = document.comments.map((range): Mask => ({range, text: maskComment(document.text.slice(...range))}));
	const isInSecret = ({range: [start]}: Mask): boolean =>
		secrets.some(({range: [from, to]}) => start > from && start < to);
	return [...secrets, ...comments.filter(mask => !isInSecret(mask))];
};

/** In one pass: a file may have ten thousand comments. */
const withMasks = (text: string, masks: readonly Mask[]): string => {
	const pieces: string[] = [];
	let at = 0;
	for (const {range, text: mask} of masks.toSorted((one, other) => one.range[0] - other.range[0])) {
		pieces.push(text.slice(at, range[0]), mask);
		[, at] = range;
	}

	return pieces.join('') + text.slice(at);
};

/** A text without its secrets; `known` are those that were there before. What is no TOML is cleaned of what looks like a key only. */
const masked = (text: string, known: ReadonlyMap<string, string> | undefined): string => {
	const document = parse(text);
	const plain = document === undefined ? text : withMasks(document.text, masksOf(document, known));
	return redact(sanitize(plain));
};

/** The change as a unified diff with three lines around each place, without a name of a folder; '' where there is none. */
export const maskedDiff = (before: string, after: string, name: string): string => {
	const document = parse(before);
	const known = document === undefined ? undefined : literalsOf(document);
	const texts = [masked(before, undefined), masked(after, known)] as const;
	if (texts[0] === texts[1]) {
		return '';
	}

	return createTwoFilesPatch(`${name} (now)`, `${name} (then)`, ...texts, undefined, undefined, {context: 3})
		.split('\n')
		.filter(line => !/^={10,}$/.test(line) && !line.startsWith('\\ '))
		.join('\n')
		.trimEnd();
};
