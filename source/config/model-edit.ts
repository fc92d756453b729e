import {isDeepStrictEqual} from 'node:util';
import type {Service} from '../wire/names.ts';
import {ConfigError} from './config-error.ts';
import {formatKeyPath, isTable, parseToml, type KeyPath, type TomlDocument, type TomlEntry} from './toml.ts';

/*
 * Adding models to a provider's `supported_models`: a splice into the text at the ranges of a located parse, so that comments, order and quoting of
 * everything else stay (product.md 6). Pure: text in, text out.
 */

/** Whose list grows. */
export interface ModelOwner {
	readonly service: Service;
	readonly provider: string;
}

const key = 'supported_models';

const pathOf = ({service, provider}: ModelOwner): readonly string[] => [service, 'providers', provider, key];

const valueAt = (document: TomlDocument, keyPath: readonly string[]): unknown => {
	let value: unknown = document.value;
	for (const name of keyPath) {
		value = isTable(value) ? value[name] : undefined;
	}

	return value;
};

const isAt = (found: KeyPath, keyPath: readonly string[]): boolean =>
	found.length === keyPath.length && keyPath.every((name, index) => found[index] === name);

const isBelow = ({path}: TomlEntry, keyPath: readonly string[]): boolean =>
	path.length === keyPath.length + 1 && keyPath.every((name, index) => path[index] === name);

const lineOf = (id: string): string => `${JSON.stringify(id)} = true`;

const insert = (text: string, at: number, what: string): string => text.slice(0, at) + what + text.slice(at);

/** The place behind the line on which something ends, its comment included. */
const endOfLine = (text: string, from: number): number => {
	const found = text.indexOf('\n', from);
	return found < 0 ? text.length : found;
};

const splice = (document: TomlDocument, keyPath: readonly string[], ids: readonly string[]): string => {
	const {text, entries, headers} = document;
	const eol = text.includes('\r\n') ? '\r\n' : '\n';
	const members = entries.filter(entry => isBelow(entry, keyPath));
	const last = members.at(-1);
	const inline = entries.find(({path, isInlineTable}) => isInlineTable && isAt(path, keyPath));
	if (inline !== undefined) {
		const list = ids.map(lineOf).join(', ');
		return last === undefined
			? insert(text, inline.valueRange[0] + 1, ` ${list} `)
			: insert(text, last.range[1], `, ${list}`);
	}

	const header = headers.find(({path}) => isAt(path, keyPath));
	const before = last?.range[1] ?? header?.range[1];
	if (before === undefined) {
		const gap = text === '' || text.endsWith('\n') ? eol : eol + eol;
		return `${text}${gap}[${formatKeyPath(keyPath)}]${eol}${ids.map(lineOf).join(eol)}${eol}`;
	}

	const prefix = header === undefined ? `${key}.` : '';
	const end = endOfLine(text, before);
	const at = text[end - 1] === '\r' ? end - 1 : end;
	return insert(text, at, ids.map(id => `${eol}${prefix}${lineOf(id)}`).join(''));
};

/** The document's value with the models in it; what it should be after the splice. */
const wanted = (value: unknown, keyPath: readonly string[], ids: readonly string[]): unknown => {
	const [name, ...rest] = keyPath;
	const table = isTable(value) ? value : {};
	return name === undefined
		? {...table, ...Object.fromEntries(ids.map(id => [id, true]))}
		: {...table, [name]: wanted(table[name], rest, ids)};
};

/** Without prototypes, as parsers differ in them. */
const plain = (value: unknown): unknown => structuredClone(value);

/** What an import would do. */
export interface ModelEdit {
	readonly text: string;
	readonly added: readonly string[];
	/** Named in the file already, allowed or not: what the user wrote there stays. */
	readonly known: readonly string[];
}

/**
 * Adds the ids that the provider's `supported_models` does not name. Throws `ConfigError`: `config-syntax` for a broken file, `config-edit` where the
 * provider stands in a shape that cannot be edited safely. `path` serves the messages.
 */
export const addSupportedModels = (
	source: {readonly path: string; readonly text: string},
	owner: ModelOwner,
	ids: readonly string[],
): ModelEdit => {
	const document = parseToml(source.path, source.text);
	const keyPath = pathOf(owner);
	const present = valueAt(document, keyPath);
	const names = new Set(isTable(present) ? Object.keys(present) : []);
	const known = ids.filter(id => names.has(id));
	const added = ids.filter(id => !names.has(id));
	if (added.length === 0) {
		return {text: source.text, added, known};
	}

	const mark = source.text.startsWith('\uFEFF') ? '\uFEFF' : '';
	const text = splice(document, keyPath, added);
	if (!isAsWanted({path: source.path, text}, wanted(document.value, keyPath, added))) {
		const name = formatKeyPath(keyPath.slice(0, -1));
		const sentence = `${name} stands in a shape that cannot be edited safely; write its ${key} by hand.`;
		throw new ConfigError('config-edit', sentence, {
			path: source.path,
			location: document.locate(keyPath.slice(0, -1)),
		});
	}

	return {text: mark + text, added, known};
};

const isAsWanted = (source: {readonly path: string; readonly text: string}, value: unknown): boolean => {
	try {
		return isDeepStrictEqual(plain(parseToml(source.path, source.text).value), plain(value));
	} catch (error) {
		if (error instanceof ConfigError) {
			return false;
		}

		throw error;
	}
};
