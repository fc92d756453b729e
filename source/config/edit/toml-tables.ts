import {endOfLine, insert, lineEndOf} from '../table-edit.ts';
import {
	formatKeyPath,
	type KeyPath,
	type TextRange,
	type TomlDocument,
	type TomlEntry,
	type TomlHeader,
} from '../toml.ts';

/* Whole tables of a file: where their text stands, taking it out, a copy of it, a new one. Pure: text in, text out. */

/** Whether a place is this one or below it. */
export const isWithin = (found: KeyPath, keyPath: KeyPath): boolean =>
	found.length >= keyPath.length && keyPath.every((name, index) => found[index] === name);

/** A `[header]` with the text that belongs to it: to the end of the line of its last value; what follows is not its own. */
interface TableText {
	readonly header: TomlHeader;
	readonly range: TextRange;
}

const byPlace = (one: TomlHeader, other: TomlHeader): number => one.range[0] - other.range[0];

const tableTexts = ({text, headers, entries}: TomlDocument): readonly TableText[] => {
	const ordered = headers.toSorted(byPlace);
	return ordered.map((header, index) => {
		const limit = ordered[index + 1]?.range[0] ?? Infinity;
		const own = entries.filter(({range: [start]}) => start > header.range[0] && start < limit);
		const last = Math.max(header.range[1], ...own.map(({range: [, end]}) => end));
		return {header, range: [header.range[0], endOfLine(text, last)]};
	});
};

const startOfLine = (text: string, at: number): number => {
	const start = text.lastIndexOf('\n', at - 1) + 1;
	return text.slice(start, at).trim() === '' ? start : at;
};

/** Behind the line end that follows a place, where one does. */
const behindLineEnd = (text: string, at: number): number => {
	const [lineEnd = ''] = /^\r?\n/.exec(text.slice(at, at + 2)) ?? [];
	return at + lineEnd.length;
};

/** Whole lines go with the line end; of two empty lines around them one stays. */
const cutLines = (text: string, [start, end]: TextRange): string => {
	const [from, to] = [startOfLine(text, start), behindLineEnd(text, end)];
	const isOwnLine = from === 0 || text[from - 1] === '\n';
	const before = text.slice(0, from);
	const isAfterGap = before === '' || /\n[ \t]*\r?\n$/.test(before);
	const gap = isOwnLine && isAfterGap ? (/^[ \t]*\r?\n/.exec(text.slice(to))?.[0].length ?? 0) : 0;
	return before + text.slice(to + gap);
};

/** A member of an inline table goes with the comma beside it. */
const memberRange = (text: string, {range: [start, end], inline}: TomlEntry): TextRange => {
	const members = inline?.members ?? [];
	const index = members.findIndex(([from]) => from === start);
	const next = members[index + 1];
	const previous = members[index - 1];
	if (next !== undefined) {
		return [start, next[0]];
	}

	if (previous !== undefined) {
		return [previous[1], end];
	}

	// The only one: the blanks around it go too.
	const [open, close] = inline?.range ?? [start, end];
	return text.slice(open + 1, close - 1).includes('#') ? [start, end] : [open + 1, close - 1];
};

/**
 * The text without what stands at a path and below it: values with their lines, tables from their header to their last value. Comments above a
 * header and below a last value stay; those beside and between go with what they are about.
 */
export const removeAt = (document: TomlDocument, keyPath: KeyPath): string => {
	const {text, entries} = document;
	const tables = tableTexts(document).filter(({header}) => isWithin(header.path, keyPath));
	const isInTable = ({range: [start]}: TomlEntry): boolean =>
		tables.some(({range: [from, to]}) => start > from && start < to);
	const found = entries.filter(entry => isWithin(entry.path, keyPath) && !isInTable(entry));
	const isInAnother = ({range: [start]}: TomlEntry): boolean =>
		found.some(({valueRange: [from, to]}) => start > from && start < to);
	const values = found
		.filter(entry => !isInAnother(entry))
		.map(entry => ({
			range:
				entry.inline === undefined
					? ([entry.range[0], endOfLine(text, entry.range[1])] as const)
					: memberRange(text, entry),
			isInline: entry.inline !== undefined,
		}));
	const cuts = [...values, ...tables.map(({range}) => ({range, isInline: false}))];
	// From the end, so that the places before stay what they are.
	return cuts
		.toSorted((one, other) => other.range[0] - one.range[0])
		.reduce(
			(rest, {range, isInline}) => (isInline ? rest.slice(0, range[0]) + rest.slice(range[1]) : cutLines(rest, range)),
			text,
		);
};

/** A header line; the indexes in the path of a list of tables are not written. */
const headerText = (keyPath: KeyPath): string => {
	const name = formatKeyPath(keyPath.filter(part => typeof part === 'string'));
	return typeof keyPath.at(-1) === 'number' ? `[[${name}]]` : `[${name}]`;
};

/** The text of all tables at a path and below it, under another path, comments included; undefined where some of it stands in no such table. */
export const copiedTables = (
	document: TomlDocument,
	keyPath: readonly string[],
	target: readonly string[],
): string | undefined => {
	const tables = tableTexts(document).filter(({header}) => isWithin(header.path, keyPath));
	const isOutside = document.entries.some(
		({path, range: [start]}) =>
			isWithin(path, keyPath) && !tables.some(({range: [from, to]}) => start > from && start < to),
	);
	if (tables.length === 0 || isOutside) {
		return undefined;
	}

	const eol = lineEndOf(document.text);
	return tables
		.map(({header, range: [, end]}) => {
			const name = headerText([...target, ...header.path.slice(keyPath.length)]);
			return name + document.text.slice(header.range[1], end);
		})
		.join(eol + eol);
};

/** Behind a table with the comment lines that follow it, unless these stand right above the next header. */
const behindComments = (text: string, end: number): number => {
	const [lines = ''] = /^(?:\r?\n[ \t]*#[^\r\n]*)+/.exec(text.slice(end)) ?? [];
	return /^\r?\n[ \t]*\[/.test(text.slice(end + lines.length)) ? end : end + lines.length;
};

/** The text with a table's lines behind the last one at a path or below it, else of the tables around that; at the end of the file where there is none. */
export const insertTables = (document: TomlDocument, keyPath: readonly string[], lines: string): string => {
	const {text} = document;
	const eol = lineEndOf(text);
	const tables = tableTexts(document);
	const last = keyPath
		.map((_, index) => tables.findLast(({header}) => isWithin(header.path, keyPath.slice(0, keyPath.length - index))))
		.find(table => table !== undefined);
	if (last === undefined) {
		const gap = text === '' ? '' : /\n\r?\n$/.test(text) ? '' : text.endsWith('\n') ? eol : eol + eol;
		return `${text}${gap}${lines}${eol}`;
	}

	return insert(text, behindComments(text, last.range[1]), `${eol}${eol}${lines}`);
};

/** The lines of a new table. */
export const tableLines = (keyPath: readonly string[], members: readonly string[], eol: string): string =>
	[headerText(keyPath), ...members].join(eol);
