import {RelayError} from '../../base/errors.ts';
import {isTable, parseToml, type TextRange, type TomlDocument, type TomlEntry} from '../../config/toml.ts';

/*
 * The text edits that point Codex at us and take that back: splices at the ranges of a located parse, never parse-and-print, so
 * that comments, order, quoting and line ends of everything else stay. Pure: text in, text out.
 */

/** The id of our provider in Codex's configuration. */
export const providerId = 'codex-tui';

/** The header that carries the local token; Codex's own `authorization` stays free for its login (product.md 4). */
const tokenHeader = 'x-codex-tui-token';

/** Where Codex is to send its requests. */
export interface SwitchTarget {
	/** `http://127.0.0.1:PORT/v1`. */
	readonly baseUrl: string;
	readonly token: string;
}

/** What the text had before, as far as the text itself cannot tell any more. */
export interface OriginalText {
	/** The TOML text of the value of `model_provider`, or undefined where the key was absent. */
	readonly modelProvider: string | undefined;
	/** We put a blank line before our table. */
	readonly addedBlankLine: boolean;
	/** The file had no newline at its end. */
	readonly endedInLine: boolean;
}

/** Our keys as they stand in a file now. */
export interface SwitchKeys {
	readonly modelProvider: unknown;
	readonly table: Readonly<Record<string, unknown>> | undefined;
	readonly baseUrl: string | undefined;
	readonly token: string | undefined;
}

interface Edit {
	readonly range: TextRange;
	readonly text: string;
}

const tablePath = ['model_providers', providerId] as const;

const startsWith = (path: ReadonlyArray<string | number>, prefix: readonly string[]): boolean =>
	prefix.every((name, index) => path[index] === name);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads our keys from a parsed Codex configuration. */
export const readSwitchKeys = ({value}: TomlDocument): SwitchKeys => {
	const providers = value['model_providers'];
	const table = isTable(providers) ? providers[providerId] : undefined;
	const headers = isTable(table) ? table['http_headers'] : undefined;
	return {
		modelProvider: value['model_provider'],
		table: isTable(table) ? table : undefined,
		baseUrl: isTable(table) ? textOf(table['base_url']) : undefined,
		token: isTable(headers) ? textOf(headers[tokenHeader]) : undefined,
	};
};

/** Whether a table under our id was written by some codex-tui, and not by a user who happens to use the name. */
export const looksLikeOurs = ({baseUrl, token}: SwitchKeys): boolean =>
	token !== undefined || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/v1$/.test(baseUrl ?? '');

/** Edits at the same place keep the order in which they are given. */
const applyEdits = (text: string, edits: readonly Edit[]): string => {
	let result = '';
	let end = 0;
	for (const {range, text: replacement} of edits.toSorted((left, right) => left.range[0] - right.range[0])) {
		result += text.slice(end, range[0]) + replacement;
		end = range[1];
	}

	return result + text.slice(end);
};

const endOfLineOf = (text: string): string => (/\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n');

/** Values of our table in the order in which they are written. */
const tableLines = ({baseUrl, token}: SwitchTarget): readonly string[] => [
	`name = ${JSON.stringify(providerId)}`,
	`base_url = ${JSON.stringify(baseUrl)}`,
	'wire_api = "responses"',
	`http_headers = { ${JSON.stringify(tokenHeader)} = ${JSON.stringify(token)} }`,
];

const findRootProvider = (document: TomlDocument): TomlEntry | undefined =>
	document.entries.find(({path}) => path.length === 1 && path[0] === 'model_provider');

const rootEdit = (document: TomlDocument): Edit => {
	const entry = findRootProvider(document);
	return entry === undefined
		? {range: [0, 0], text: `model_provider = ${JSON.stringify(providerId)}${endOfLineOf(document.text)}`}
		: {range: entry.valueRange, text: JSON.stringify(providerId)};
};

const tableEdit = (document: TomlDocument, target: SwitchTarget): Edit => {
	const {text, entries} = document;
	const inline = entries.find(
		({path, isInlineTable}) => isInlineTable && path.length === 1 && path[0] === tablePath[0],
	);
	if (inline !== undefined) {
		const member = `${providerId} = { ${tableLines(target).join(', ')} }`;
		const last = entries.findLast(entry => entry.inline?.range[0] === inline.valueRange[0])?.range[1];
		const at = last ?? inline.valueRange[0] + 1;
		return {range: [at, at], text: last === undefined ? member : `, ${member}`};
	}

	const eol = endOfLineOf(text);
	const lines = ['', `[${tablePath.join('.')}]`, ...tableLines(target)].map(line => `${line}${eol}`).join('');
	return {range: [text.length, text.length], text: text === '' || text.endsWith('\n') ? lines : `${eol}${lines}`};
};

const keepMark = (source: string, text: string): string => (source.startsWith('\uFEFF') ? `\uFEFF${text}` : text);

/** What {@link removeProvider} must know later about the text that {@link addProvider} gets now. */
export const readOriginal = (document: TomlDocument): OriginalText => {
	const entry = findRootProvider(document);
	return {
		modelProvider: entry === undefined ? undefined : document.text.slice(...entry.valueRange),
		addedBlankLine: true,
		endedInLine: document.text !== '' && !document.text.endsWith('\n'),
	};
};

/** Points a configuration without our keys at us. */
export const addProvider = (source: string, target: SwitchTarget): string => {
	const document = parseToml('config.toml', source);
	return keepMark(source, applyEdits(document.text, [rootEdit(document), tableEdit(document, target)]));
};

/** A range grown to its whole line where nothing else stands on it. */
const growToLine = (text: string, [start, end]: TextRange): TextRange => {
	const lineStart = text.lastIndexOf('\n', start - 1) + 1;
	const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(end, end + 4096));
	const isAlone = rest !== null && /^[ \t]*$/.test(text.slice(lineStart, start));
	return isAlone ? [lineStart, end + rest[0].length] : [start, end];
};

const withoutComma = ({range, inline}: TomlEntry): TextRange => {
	const members = inline?.members ?? [];
	const index = members.findIndex(member => member[0] === range[0]);
	const before = members[index - 1];
	const after = members[index + 1];
	if (before !== undefined) {
		return [before[1], range[1]];
	}

	return after === undefined ? range : [range[0], after[0]];
};

const growOverBlankLine = (text: string, [start, end]: TextRange): TextRange => {
	const blank = /(?:^|\n)(\r?\n)$/.exec(text.slice(Math.max(0, start - 3), start));
	return [start - (blank?.[1]?.length ?? 0), end];
};

const isInside = (inner: TextRange, outer: TextRange): boolean =>
	inner !== outer && inner[0] >= outer[0] && inner[1] <= outer[1];

const findTableRanges = (document: TomlDocument, original: OriginalText): readonly TextRange[] => {
	const {text, entries, headers} = document;
	const ours = entries.filter(({path}) => startsWith(path, tablePath));
	const outermost = ours.filter(entry => !ours.some(other => isInside(entry.range, other.range)));
	const ourHeaders = headers.filter(({path}) => startsWith(path, tablePath));
	return [
		...ourHeaders.map(({range}, index) => {
			const line = growToLine(text, range);
			return original.addedBlankLine && index === 0 ? growOverBlankLine(text, line) : line;
		}),
		...outermost.map(entry => (entry.inline === undefined ? growToLine(text, entry.range) : withoutComma(entry))),
	];
};

const rootRemoval = (document: TomlDocument, original: OriginalText): readonly Edit[] => {
	const entry = findRootProvider(document);
	if (entry === undefined || document.value['model_provider'] !== providerId) {
		return [];
	}

	return original.modelProvider === undefined
		? [{range: growToLine(document.text, entry.range), text: ''}]
		: [{range: entry.valueRange, text: original.modelProvider}];
};

/**
 * Takes our keys out and puts the original back; what others wrote meanwhile stays as it is. Our table goes as a whole, also with
 * keys that somebody added to it: without `name` and `base_url` Codex would refuse the rest of it.
 */
export const removeProvider = (source: string, original: OriginalText): string => {
	const document = parseToml('config.toml', source);
	const ranges = findTableRanges(document, original);
	const edits = [...rootRemoval(document, original), ...ranges.map(range => ({range, text: ''}))];
	let text = applyEdits(document.text, edits);
	// Our table began on a new line because the last one had no end; where nothing follows, that end is taken back as well.
	const wasLast = ranges.some(([, end]) => end === document.text.length);
	if (original.endedInLine && wasLast) {
		text = text.replace(/\r?\n$/, '');
	}

	return keepMark(source, text);
};

const canonical = (value: unknown): unknown => {
	if (Array.isArray(value)) {
		return value.map(canonical);
	}

	if (isTable(value)) {
		return Object.entries(value)
			.map(([name, member]) => [name, canonical(member)] as const)
			.toSorted(([left], [right]) => (left < right ? -1 : 1));
	}

	return value instanceof Date ? `date ${value.toISOString()}` : `${typeof value} ${String(value)}`;
};

const withoutOurs = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
	const {model_provider: _, model_providers: providers, ...rest} = value;
	if (!isTable(providers)) {
		return providers === undefined ? rest : {...rest, model_providers: providers};
	}

	const {[providerId]: __, ...others} = providers;
	return Object.keys(others).length === 0 ? rest : {...rest, model_providers: others};
};

/**
 * Parses the result of an edit again and throws `RelayError` `switch-edit` unless it differs from what was there in our keys
 * only, and our keys are as `expected` says.
 */
export const checkEdit = (
	before: string,
	after: string,
	expected: Partial<SwitchTarget> & {modelProvider: unknown},
): void => {
	const old = parseToml('config.toml', before);
	const now = parseToml('config.toml', after);
	const keys = readSwitchKeys(now);
	const isSame =
		JSON.stringify(canonical(withoutOurs(old.value))) === JSON.stringify(canonical(withoutOurs(now.value)));
	const isAsMeant =
		keys.modelProvider === expected.modelProvider &&
		keys.baseUrl === expected.baseUrl &&
		keys.token === expected.token &&
		(keys.table === undefined) === (expected.baseUrl === undefined);
	if (!isSame || !isAsMeant) {
		throw new RelayError(
			'switch-edit',
			'Codex’s config.toml has a shape that cannot be edited safely; nothing was written.',
		);
	}
};
