import {isDeepStrictEqual} from 'node:util';
import {ConfigError} from './config-error.ts';
import {formatKeyPath, isTable, parseToml, type KeyPath, type TomlDocument, type TomlEntry} from './toml.ts';

/*
 * Splices into the text of a configuration at the ranges of a located parse, so that comments, order and quoting of everything else stay
 * (product.md 6). Pure: text in, text out. Whoever splices proves with {@link isAsWanted} that the result says what was meant.
 */

/** Whether a place is this one. */
export const isAt = (found: KeyPath, keyPath: readonly string[]): boolean =>
	found.length === keyPath.length && keyPath.every((name, index) => found[index] === name);

const isBelow = ({path}: TomlEntry, keyPath: readonly string[]): boolean =>
	path.length === keyPath.length + 1 && keyPath.every((name, index) => path[index] === name);

/** A text with another one put in at a place. */
export const insert = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);

/** The place behind the line on which something ends, its comment included and the line end not. */
export const endOfLine = (text: string, from: number): number => {
	const found = text.indexOf('\n', from);
	const end = found < 0 ? text.length : found;
	return text[end - 1] === '\r' ? end - 1 : end;
};

/** The line end that a text uses. */
export const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** What stands at a path of a document, or undefined. */
export const valueAt = (document: TomlDocument, keyPath: readonly string[]): unknown => {
	let value: unknown = document.value;
	for (const name of keyPath) {
		value = isTable(value) && Object.hasOwn(value, name) ? value[name] : undefined;
	}

	return value;
};

/**
 * The text with members (`key = value`) at the end of a table, whichever way that is written; where it is not there it is made at the end of
 * the file.
 */
export const addMembers = (document: TomlDocument, table: readonly string[], members: readonly string[]): string => {
	const {text, entries, headers} = document;
	const eol = lineEndOf(text);
	const last = entries.filter(entry => isBelow(entry, table)).at(-1);
	const inline = entries.find(({path, isInlineTable}) => isInlineTable && isAt(path, table));
	if (inline !== undefined) {
		const list = members.join(', ');
		return last === undefined
			? insert(text, inline.valueRange[0] + 1, ` ${list} `)
			: insert(text, last.range[1], `, ${list}`);
	}

	const header = headers.find(({path}) => isAt(path, table));
	const before = last?.range[1] ?? header?.range[1];
	if (before === undefined) {
		const gap = text === '' || text.endsWith('\n') ? eol : eol + eol;
		return `${text}${gap}[${formatKeyPath(table)}]${eol}${members.join(eol)}${eol}`;
	}

	const prefix = header === undefined ? `${formatKeyPath(table.slice(-1))}.` : '';
	return insert(text, endOfLine(text, before), members.map(member => `${eol}${prefix}${member}`).join(''));
};

/** The text with another value at a path: in the place of the one that is there, else as a new last member of its table. */
export const setValue = (document: TomlDocument, keyPath: readonly string[], literal: string): string => {
	const entry = document.entries.find(({path}) => isAt(path, keyPath));
	if (entry === undefined) {
		return addMembers(document, keyPath.slice(0, -1), [`${formatKeyPath(keyPath.slice(-1))} = ${literal}`]);
	}

	const [start, end] = entry.valueRange;
	return document.text.slice(0, start) + literal + document.text.slice(end);
};

/** A table's value with one at a path put in; what a document's value should be after {@link setValue}. */
export const withValue = (value: unknown, keyPath: readonly string[], wanted: unknown): unknown => {
	const [name, ...rest] = keyPath;
	return name === undefined
		? wanted
		: {...(isTable(value) ? value : {}), [name]: withValue(isTable(value) ? value[name] : undefined, rest, wanted)};
};

/** Without prototypes, as parsers differ in them. */
const plain = (value: unknown): unknown => structuredClone(value);

/** Whether a text is TOML that says exactly this. */
export const isAsWanted = (source: {readonly path: string; readonly text: string}, value: unknown): boolean => {
	try {
		return isDeepStrictEqual(plain(parseToml(source.path, source.text).value), plain(value));
	} catch (error) {
		if (error instanceof ConfigError) {
			return false;
		}

		throw error;
	}
};
