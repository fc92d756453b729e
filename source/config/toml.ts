import {parse} from 'smol-toml';
import {type AST, ParseError, parseTOML} from 'toml-eslint-parser';
import {ConfigError} from './config-error.ts';
import type {Location} from './config.ts';

/*
 * A located parse of TOML. Two parsers read every file: toml-eslint-parser knows where things stand, smol-toml says what they
 * are; a file that either of them refuses is refused (product.md 6, last paragraph of the section).
 */

/** A place in the text: `[start, end)` in UTF-16 units of {@link TomlDocument.text}. */
export type TextRange = readonly [number, number];

/** The names and array indexes that lead to a value. */
export type KeyPath = ReadonlyArray<string | number>;

/** One `key = value` of the file, with the tables around it already in its path. */
export interface TomlEntry {
	readonly path: KeyPath;
	/** From the key's first to the value's last character. */
	readonly range: TextRange;
	readonly valueRange: TextRange;
	/** The inline table that holds it, or undefined where it has a line of its own. */
	readonly inline: {readonly range: TextRange; readonly members: readonly TextRange[]} | undefined;
	readonly isInlineTable: boolean;
	/** Where the elements of a list stand; undefined for all else. */
	readonly elements: readonly TextRange[] | undefined;
}

/** One `[table]` or `[[table]]` header. */
export interface TomlHeader {
	readonly path: KeyPath;
	readonly range: TextRange;
}

/** A parsed file. */
export interface TomlDocument {
	readonly path: string;
	/** The text without a byte order mark. */
	readonly text: string;
	/** Objects have no prototype; integers beyond 2^53 are bigints. */
	readonly value: Readonly<Record<string, unknown>>;
	readonly entries: readonly TomlEntry[];
	readonly headers: readonly TomlHeader[];
	/** From the `#` to the end of the line, in the order of the file. */
	readonly comments: readonly TextRange[];
	/** Where a key (or array element) was first written, or undefined where the file does not have it. */
	readonly locate: (keyPath: KeyPath) => Location | undefined;
}

/** One name of a dotted key as TOML wants it: bare where that is possible, else quoted. */
const quoteKey = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

/** A path as a person writes it: `codex.providers."my relay".base_url`. */
export const formatKeyPath = (keyPath: KeyPath): string =>
	keyPath
		.map(part => (typeof part === 'number' ? `[${part}]` : quoteKey(part)))
		.join('.')
		.replaceAll('.[', '[');

/** Whether a parsed value is a table (and not a list, a date or a plain value). */
export const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const dangerousNames = new Set(['__proto__', 'constructor', 'prototype']);

interface Walk {
	readonly text: string;
	readonly entries: TomlEntry[];
	readonly headers: TomlHeader[];
	readonly places: Map<string, {readonly line: number; readonly column: number}>;
}

const placeKey = (keyPath: KeyPath): string => JSON.stringify(keyPath);

const remember = (walk: Walk, keyPath: KeyPath, node: AST.TOMLNode): void => {
	const key = placeKey(keyPath);
	if (!walk.places.has(key)) {
		walk.places.set(key, {line: node.loc.start.line, column: node.loc.start.column + 1});
	}
};

const nameOf = (node: AST.TOMLBare | AST.TOMLQuoted): string => (node.type === 'TOMLBare' ? node.name : node.value);

const walkValue = (walk: Walk, node: AST.TOMLContentNode, keyPath: KeyPath): void => {
	if (node.type === 'TOMLInlineTable') {
		for (const member of node.body) {
			walkEntry(walk, member, keyPath);
		}
	} else if (node.type === 'TOMLArray') {
		for (const [index, element] of node.elements.entries()) {
			remember(walk, [...keyPath, index], element);
			walkValue(walk, element, [...keyPath, index]);
		}
	}
};

const walkEntry = (walk: Walk, node: AST.TOMLKeyValue, around: KeyPath): void => {
	let keyPath = around;
	for (const key of node.key.keys) {
		keyPath = [...keyPath, nameOf(key)];
		remember(walk, keyPath, key);
	}

	const {parent} = node;
	walk.entries.push({
		path: keyPath,
		range: node.range,
		valueRange: node.value.range,
		inline:
			parent.type === 'TOMLInlineTable'
				? {range: parent.range, members: parent.body.map(member => member.range)}
				: undefined,
		isInlineTable: node.value.type === 'TOMLInlineTable',
		elements: node.value.type === 'TOMLArray' ? node.value.elements.map(({range}) => range) : undefined,
	});
	walkValue(walk, node.value, keyPath);
};

const walkTable = (walk: Walk, table: AST.TOMLTable): void => {
	const closing = table.kind === 'array' ? ']]' : ']';
	const end = walk.text.indexOf(closing, table.key.range[1]) + closing.length;
	walk.headers.push({path: table.resolvedKey, range: [table.range[0], end]});
	// Indexes of arrays of tables stand between the names; only the last name of each prefix has a node to point at.
	for (let length = 1; length <= table.resolvedKey.length; length++) {
		remember(walk, table.resolvedKey.slice(0, length), table);
	}

	for (const entry of table.body) {
		walkEntry(walk, entry, table.resolvedKey);
	}
};

interface Fault {
	readonly message: string;
	readonly line: number;
	readonly column: number;
}

/** The parsers call themselves for each level; nothing says where the stack ran out. Throws what is no such error. */
const tooDeep = (error: unknown): Fault => {
	if (error instanceof RangeError) {
		return {message: 'its lists or tables are nested too deep', line: 1, column: 1};
	}

	throw error;
};

const parseLocated = (text: string): AST.TOMLProgram | Fault => {
	try {
		return parseTOML(text);
	} catch (error) {
		if (error instanceof ParseError) {
			return {message: error.message.toLowerCase(), line: error.lineNumber, column: error.column + 1};
		}

		return tooDeep(error);
	}
};

const parseValue = (text: string): {value: Record<string, unknown>} | Fault => {
	try {
		return {value: parse(text, {integersAsBigInt: 'asNeeded'})};
	} catch (error) {
		if (!(error instanceof Error && 'line' in error && 'column' in error)) {
			return tooDeep(error);
		}

		// Only the first line: the rest quotes the file, which may hold keys.
		const message = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
		return {message, line: Number(error.line), column: Number(error.column)};
	}
};

/** Both parsers' results; where both complain, the fault that stands earlier is nearer to what the user typed. */
const parseBoth = (path: string, text: string): {program: AST.TOMLProgram; value: Record<string, unknown>} => {
	const program = parseLocated(text);
	const parsed = parseValue(text);
	if (!('message' in program) && !('message' in parsed)) {
		return {program, value: parsed.value};
	}

	const faults = [program, parsed].filter(result => 'message' in result);
	const [fault] = faults.toSorted((left, right) => left.line - right.line);
	throw new ConfigError('config-syntax', `this is not valid TOML: ${fault?.message}.`, {
		path,
		location: {path, line: fault?.line ?? 1, column: fault?.column ?? 1},
	});
};

/**
 * Parses a text; `path` only serves the messages. A byte order mark is left out.
 * Throws {@link ConfigError} `config-syntax` with line and column, or `config-key` for names that would reach into a prototype (SEC-20).
 */
export const parseToml = (path: string, source: string): TomlDocument => {
	const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
	const {program, value} = parseBoth(path, text);
	const walk: Walk = {text, entries: [], headers: [], places: new Map()};
	for (const node of program.body[0].body) {
		if (node.type === 'TOMLTable') {
			walkTable(walk, node);
		} else {
			walkEntry(walk, node, []);
		}
	}

	const locate = (keyPath: KeyPath): Location | undefined => {
		const place = walk.places.get(placeKey(keyPath));
		return place === undefined ? undefined : {path, ...place};
	};

	for (const {path: keyPath} of [...walk.headers, ...walk.entries]) {
		const bad = keyPath.find(name => dangerousNames.has(String(name)));
		if (bad !== undefined) {
			throw new ConfigError('config-key', `the key ${String(bad)} is not allowed; rename it.`, {
				path,
				location: locate(keyPath),
				key: formatKeyPath(keyPath),
			});
		}
	}

	const comments = program.comments.map(({range}) => range);
	return {path, text, value, entries: walk.entries, headers: walk.headers, comments, locate};
};

/** Bytes → text. Throws {@link ConfigError} `config-syntax` where they are not UTF-8. A byte order mark is kept. */
export const decodeToml = (path: string, bytes: Uint8Array): string => {
	try {
		return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
	} catch {
		throw new ConfigError('config-syntax', 'this file is not UTF-8 text; save it as UTF-8.', {path});
	}
};
