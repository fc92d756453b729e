import type {Tokens} from 'marked';
import {widthOf} from '../../base/text-width.ts';
import {plainOf, span, type Line} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';
import {inlineSpans} from './markdown-inline.ts';
import {rowOf, type Row} from './row.ts';

/* A table with columns as wide as their longest cell; where that is wider than the screen, `layRow` puts the cells under each other. */

const separator = ' │ ';

interface Column {
	readonly name: string;
	readonly width: number;
	readonly align: string | null;
}

/** A cell is one line: a row has the height of one. */
const flat = (spans: Line): Line => rowOf(spans.map(part => ({...part, text: part.text.replaceAll('\n', ' ')}))).spans;

const padded = (cell: Line, {width, align}: Column): {readonly line: Line; readonly before: number} => {
	const gap = Math.max(0, width - widthOf(plainOf(cell)));
	const before = align === 'right' ? gap : align === 'center' ? Math.floor(gap / 2) : 0;
	return {line: [span(' '.repeat(before)), ...cell, span(' '.repeat(gap - before))], before};
};

const alignedRow = (cells: readonly Line[], columns: readonly Column[], prefix: Line): Row => {
	const line: Line[] = [];
	const ranges: Array<NonNullable<Row['cells']>[number]> = [];
	let at = 0;
	for (const [index, column] of columns.entries()) {
		const cell = cells[index] ?? [];
		const {line: filled, before} = padded(cell, column);
		line.push(filled);
		ranges.push({name: column.name, range: [at + before, at + before + plainOf(cell).length]});
		at += plainOf(filled).length + separator.length;
	}

	const spans = line.flatMap((filled, index) => (index === 0 ? filled : [span(separator, 'border'), ...filled]));
	return rowOf(spans, {first: prefix, cells: ranges});
};

/** The rows of a table: its head, a rule, its body. `prefix` stands before each. */
export const tableRows = ({header, rows, align}: Tokens.Table, prefix: Line, tone: Tone): readonly Row[] => {
	const head = header.map(({tokens}) => flat(inlineSpans(tokens, {tone: 'accent', bold: true})));
	const body = rows.map(row => row.map(({tokens}) => flat(inlineSpans(tokens, {tone}))));
	const columns = head.map((cell, index): Column => ({
		name: plainOf(cell),
		width: Math.max(1, ...[head, ...body].map(row => widthOf(plainOf(row[index] ?? [])))),
		align: align[index] ?? null,
	}));
	const rule = columns.map(({width}) => '─'.repeat(width)).join('─┼─');
	// Where the table does not fit, each cell is told with the name of its column, and these two are left out.
	const hidden = {cells: []};
	return [
		{...alignedRow(head, columns, prefix), ...hidden},
		rowOf([span(rule, 'border')], {first: prefix, ...hidden}),
		...body.map(row => alignedRow(row, columns, prefix)),
	];
};
