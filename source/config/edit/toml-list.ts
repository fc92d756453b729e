import {lineEndOf} from '../table-edit.ts';
import type {TomlDocument, TomlEntry} from '../toml.ts';
import {tomlLiteral} from './toml-literal.ts';

/* Another order, more or fewer elements of a list of texts, with the comment of each element beside it. Pure. */

interface Unit {
	readonly value: string;
	readonly literal: string;
	/** The comment lines above it, each with its line end and indent. */
	readonly above: string;
	/** What stands behind it on its line. */
	readonly beside: string;
}

interface Layout {
	/** What stands behind the bracket on its line. */
	readonly head: string;
	readonly units: readonly Unit[];
	/** Before an element that is new. */
	readonly indent: string;
	/** Whether a comma stands behind the last one. */
	readonly endsWithComma: boolean;
	/** Comment lines below the last one, and the line end before the bracket. */
	readonly tail: string;
}

const linePattern = /^(?<beside>[ \t]*(?:,[ \t]*)?(?:#[^\r\n]*)?)(?<above>[\s\S]*)$/;

const withoutComma = (beside: string): string => beside.replace(/^([ \t]*),/, '$1').trimEnd();

/** The units of a list whose elements have a line each; undefined for every other shape. */
const layoutOf = (
	text: string,
	{valueRange: [start, end], elements = []}: TomlEntry,
	values: readonly string[],
): Layout | undefined => {
	const gaps = [...elements, [end - 1, end] as const].map(([from], index) => {
		const before = index === 0 ? start + 1 : (elements[index - 1]?.[1] ?? start + 1);
		return text.slice(before, from);
	});
	// A line of its own for each: between two elements stands a line end.
	if (!gaps.every(gap => gap.includes('\n'))) {
		return undefined;
	}

	const parts = gaps.map(gap => linePattern.exec(gap)?.groups ?? {});
	const indent = /[ \t]*$/.exec(gaps[0] ?? '')?.[0] ?? '\t';
	const units = elements.map((range, index): Unit => ({
		value: values[index] ?? '',
		literal: text.slice(range[0], range[1]),
		above: parts[index]?.['above'] ?? '',
		beside: withoutComma(parts[index + 1]?.['beside'] ?? ''),
	}));
	const last = parts.at(-1) ?? {};
	return {
		head: parts[0]?.['beside'] ?? '',
		units,
		indent,
		endsWithComma: /^[ \t]*,/.test(last['beside'] ?? ''),
		tail: last['above'] ?? '',
	};
};

const written = (
	{head, units, indent, endsWithComma, tail}: Layout,
	values: readonly string[],
	eol: string,
): string => {
	const kept = values.map(
		(value): Unit =>
			units.find(unit => unit.value === value) ?? {value, literal: tomlLiteral(value), above: eol + indent, beside: ''},
	);
	const gone = units
		.filter(unit => !values.includes(unit.value))
		.map(unit => unit.above.replace(/[ \t]*$/, '').trimEnd());
	const lines = kept.map(({above, literal, beside}, index) => {
		const comma = index < kept.length - 1 || endsWithComma ? ',' : '';
		return `${above}${literal}${comma}${beside}`;
	});
	return `[${head}${lines.join('')}${gone.join('')}${tail}]`;
};

/**
 * The text with other elements in a list of texts. What stays keeps its own writing and the comments above and beside it. Undefined where
 * comments stand in the list in a way that does not say which element they belong to.
 */
export const setList = (
	document: TomlDocument,
	entry: TomlEntry,
	{before, after}: {readonly before: readonly string[]; readonly after: readonly string[]},
): string | undefined => {
	const {text, comments} = document;
	const [start, end] = entry.valueRange;
	const layout = layoutOf(text, entry, before);
	const hasComments = comments.some(([from]) => from > start && from < end);
	if (layout === undefined && hasComments) {
		return undefined;
	}

	const literal =
		layout === undefined || before.length === 0 ? tomlLiteral(after) : written(layout, after, lineEndOf(text));
	return before.length === 0 && hasComments ? undefined : text.slice(0, start) + literal + text.slice(end);
};
