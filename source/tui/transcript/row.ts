import {sanitizeLine} from '../../base/sanitize.ts';
import {widthOf, wrapRanges, type TextRange} from '../../base/text-width.ts';
import {plainOf, span, type Line, type Span} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';

/*
 * One logical line of a conversation: it knows neither the width nor the language of the screen, so its place and what is found in it stay
 * the same when those change. Every text of a conversation becomes a row here and nowhere else: whatever a renderer decoded or put together
 * (Markdown turns `&#27;` into an escape character) is cleaned once more.
 */

/** A table's row where the aligned columns do not fit: its cells under each other, each with the name of its column. */
interface TableCell {
	readonly name: string;
	/** Where it stands in the row's text. */
	readonly range: TextRange;
}

/** One logical line. */
export interface Row {
	/** Before the first display line, and before the others. */
	readonly first: Line;
	readonly rest: Line;
	/** What is said: without tabs and line breaks. */
	readonly spans: Line;
	/** The plain text of `spans`: searched, and what places count in. */
	readonly text: string;
	readonly breaks: 'words' | 'cells';
	readonly cells: readonly TableCell[] | undefined;
	/** An empty line before a block: not one of its lines. */
	readonly isGap: boolean;
}

/** One display line: a range of the row's text after a prefix. */
export interface LaidLine {
	readonly prefix: Line;
	readonly from: number;
	readonly to: number;
}

/** How a row differs from plain words. */
export interface RowShape {
	readonly first?: Line;
	readonly rest?: Line;
	readonly breaks?: Row['breaks'];
	readonly cells?: Row['cells'];
	readonly isGap?: boolean;
}

const tab = '  ';

const cleanSpan = (part: Span): Span => {
	const text = sanitizeLine(part.text.replaceAll('\t', tab));
	return text === part.text ? part : {...part, text};
};

/** A row; `spans` may hold anything, the row is harmless. `rest` is `first` where it is not given. */
export const rowOf = (spans: Line, {first = [], rest = first, breaks = 'words', ...shape}: RowShape = {}): Row => {
	const clean = spans.map(cleanSpan);
	return {
		first: first.map(cleanSpan),
		rest: rest.map(cleanSpan),
		spans: clean,
		text: plainOf(clean),
		breaks,
		cells: shape.cells,
		isGap: shape.isGap ?? false,
	};
};

/** An empty row before a block. */
export const gapRow = rowOf([], {isGap: true});

/** A row of one tone. */
export const textRow = (text: string, tone: Tone, shape?: RowShape): Row =>
	rowOf(text === '' ? [] : [span(text, tone)], shape);

/** A text without the line breaks at its end. A regular expression would look at every run of line breaks as often as it is long. */
export const withoutLastBreaks = (text: string): string => {
	let end = text.length;
	while (end > 0 && text[end - 1] === '\n') {
		end--;
	}

	return end === text.length ? text : text.slice(0, end);
};

const leastCells = 4;

const prefixCells = (prefix: Line): number => prefix.reduce((sum, {text}) => sum + widthOf(text), 0);

/** A prefix that would leave no room for the text (lists in lists in lists) is cut. */
const fittingPrefix = (prefix: Line, width: number): Line => {
	const kept: Span[] = [];
	let left = width - leastCells;
	for (const part of prefix) {
		left -= widthOf(part.text);
		if (left < 0) {
			return kept;
		}

		kept.push(part);
	}

	return prefix;
};

const tableLines = ({text, first}: Row, cells: readonly TableCell[], width: number): readonly LaidLine[] =>
	cells.flatMap(({name, range: [from, to]}, index) => {
		const bullet = span(index === 0 ? '- ' : tab, 'muted');
		const label = [...first, bullet, span(`${name}: `, 'muted')];
		const isRoomy = width - prefixCells(label) >= leastCells * 2;
		const prefix = isRoomy ? label : fittingPrefix([...first, bullet], width);
		const hang = isRoomy ? [...first, span(tab + tab)] : prefix;
		const room = width - Math.max(prefixCells(prefix), prefixCells(hang));
		return wrapRanges(text.slice(from, to), room).map(([start, end], line) => ({
			prefix: line === 0 ? prefix : hang,
			from: from + start,
			to: from + end,
		}));
	});

/** The display lines of a row in `width` cells: none where a table does without it, else at least one. */
export const layRow = (row: Row, width: number): readonly LaidLine[] => {
	const first = fittingPrefix(row.first, width);
	const rest = fittingPrefix(row.rest, width);
	const room = width - Math.max(prefixCells(first), prefixCells(rest));
	if (row.cells !== undefined && widthOf(row.text) > room) {
		return tableLines(row, row.cells, width);
	}

	return wrapRanges(row.text, room, row.breaks).map(([from, to], index) => ({
		prefix: index === 0 ? first : rest,
		from,
		to,
	}));
};

/** The part of a line from one UTF-16 unit to another. */
export const sliceLine = (line: Line, from: number, to: number): Line => {
	const parts: Span[] = [];
	let at = 0;
	for (const part of line) {
		const start = Math.max(from - at, 0);
		const end = Math.min(to - at, part.text.length);
		if (start < end) {
			parts.push(start === 0 && end === part.text.length ? part : {...part, text: part.text.slice(start, end)});
		}

		at += part.text.length;
		if (at >= to) {
			break;
		}
	}

	return parts;
};

/** A found place in a row's text. */
export interface Mark {
	readonly from: number;
	readonly to: number;
	/** It is the one that the reader stands at. */
	readonly isCurrent: boolean;
}

/** One display line with what was found in it. `marks` are in their order. */
export const drawLine = ({spans}: Row, {prefix, from, to}: LaidLine, marks: readonly Mark[]): Line => {
	const parts: Span[] = [...prefix];
	let at = from;
	for (const mark of marks) {
		const start = Math.max(mark.from, at);
		const end = Math.min(mark.to, to);
		if (start < end) {
			parts.push(...sliceLine(spans, at, start));
			const found = sliceLine(spans, start, end);
			parts.push(
				...found.map((part): Span =>
					mark.isCurrent ? {...part, look: 'selection'} : {...part, tone: 'warn', bold: true},
				),
			);
			at = end;
		}
	}

	return [...parts, ...sliceLine(spans, at, to)];
};
