import {fitText, widthOf} from '../../base/text-width.ts';
import {fitLine, span, withLook, type Line, type Span} from '../text/line.ts';
import type {Glyphs, Spoken} from '../theme/glyphs.ts';
import {topOf} from '../layout.ts';

/*
 * Lists as lines. A column has a fixed width, so that nothing moves when the data does; what is left over goes to the
 * columns that grow, and what does not fit is dropped whole, least important first: numbers are never cut (tui.md 6).
 */

/** One column of a list. */
export interface Column<Row> {
	readonly title: string;
	readonly width: number;
	readonly align?: 'right';
	/** Its share of the cells that are left over. */
	readonly grow?: number;
	/** Up to which width it grows. */
	readonly most?: number;
	/** The higher, the earlier it is dropped; without it the column always stays. */
	readonly drop?: number;
	readonly cell: (row: Row) => Span;
}

/** A list to be drawn. */
export interface ListTable<Row> {
	readonly columns: ReadonlyArray<Column<Row>>;
	readonly rows: readonly Row[];
	/** Into `rows`; -1 for none. */
	readonly selected: number;
	readonly isFocused: boolean;
	readonly glyphs: Glyphs;
	readonly width: number;
	readonly height: number;
}

const markerCells = 2;
const marginCells = 1;
/** What is left to the columns that grow before one that was dropped comes back. */
const slackCells = 4;
/** A column that gives cells away keeps these. */
const leastCells = 10;

const sumOf = <Row>(columns: ReadonlyArray<Column<Row>>): number =>
	columns.reduce((sum, {width}) => sum + width, columns.length - 1);

/** The columns for which there is room. */
const keepColumns = <Row>(columns: ReadonlyArray<Column<Row>>, width: number): ReadonlyArray<Column<Row>> => {
	let kept = columns;
	while (sumOf(kept) > width) {
		const droppable = kept.filter(({drop}) => drop !== undefined);
		const first = droppable.toSorted((left, right) => (right.drop ?? 0) - (left.drop ?? 0))[0];
		if (first === undefined) {
			break;
		}

		kept = kept.filter(column => column !== first);
	}

	// Where a wide one went, a narrow one that went before it may have room again.
	const gone = columns.filter(column => !kept.includes(column));
	for (const column of gone.toSorted((left, right) => (left.drop ?? 0) - (right.drop ?? 0))) {
		const more = columns.filter(each => each === column || kept.includes(each));
		kept = sumOf(more) + slackCells <= width ? more : kept;
	}

	return kept;
};

/** Columns that grow give cells away where even those that always stay have no room. */
const shrinkColumns = <Row>(columns: ReadonlyArray<Column<Row>>, width: number): ReadonlyArray<Column<Row>> => {
	let over = Math.max(0, sumOf(columns) - width);
	return columns.map(column => {
		const less = column.grow === undefined ? 0 : Math.min(over, Math.max(0, column.width - leastCells));
		over -= less;
		return less === 0 ? column : {...column, width: column.width - less};
	});
};

/** The columns that fit into `width` cells, with their final widths. */
const fitColumns = <Row>(columns: ReadonlyArray<Column<Row>>, width: number): ReadonlyArray<Column<Row>> => {
	const kept = shrinkColumns(keepColumns(columns, width), width);
	let left = Math.max(0, width - sumOf(kept));
	let shares = kept.reduce((sum, {grow = 0}) => sum + grow, 0);
	return kept.map(column => {
		const {grow = 0} = column;
		if (grow === 0) {
			return column;
		}

		const extra = Math.min(Math.floor((left * grow) / shares), (column.most ?? Infinity) - column.width);
		left -= extra;
		shares -= grow;
		return {...column, width: column.width + extra};
	});
};

const cellText = (text: string, {width, align}: {readonly width: number; readonly align?: 'right'}): string =>
	align === 'right' && widthOf(text) > width ? fitText('-', width, 'right') : fitText(text, width, align);

const rowLine = <Row>(row: Row, columns: ReadonlyArray<Column<Row>>): Line =>
	columns.flatMap((column, index) => {
		const cell = column.cell(row);
		return [...(index === 0 ? [] : [span(' ')]), {...cell, text: cellText(cell.text, column)}];
	});

/** Each row as a sentence with all its columns; what is not known is left out. */
const spokenLines = <Row>(
	{rows, selected, columns, glyphs, height}: ListTable<Row>,
	spoken: Spoken,
): readonly Line[] => {
	const top = topOf(selected, rows.length, height);
	return rows.slice(top, top + height).map((row, offset) => {
		const cells = columns.map(({title, cell}) => [title, cell(row).text.trim()] as const);
		const said = cells.filter(([, text]) => text !== '' && text !== '-').map(each => spoken.label(...each));
		return [span(top + offset === selected ? `${glyphs.selected} ` : ''), span(said.join(spoken.comma))];
	});
};

/** A header and the rows around the selected one: exactly `height` lines of `width` cells (tui.md D4: visible rows only). */
export const tableLines = <Row>(table: ListTable<Row>): readonly Line[] => {
	const {rows, selected, width, glyphs, isFocused} = table;
	if (glyphs.spoken !== undefined) {
		return spokenLines(table, glyphs.spoken);
	}

	const columns = fitColumns(table.columns, width - markerCells - marginCells);
	const header: Line = [
		span(' '.repeat(markerCells)),
		...columns.flatMap((column, index) => [
			...(index === 0 ? [] : [span(' ')]),
			span(fitText(column.title, column.width, column.align), 'muted'),
		]),
	];
	const shown = Math.max(0, table.height - 1);
	const top = topOf(selected, rows.length, shown);
	const lines = rows.slice(top, top + shown).map((row, offset) => {
		const isSelected = top + offset === selected;
		const marker = span(isSelected ? `${glyphs.selected} ` : '  ', isFocused ? 'focus' : 'muted', true);
		const line = fitLine([marker, ...rowLine(row, columns)], width, glyphs.ellipsis);
		return isSelected && isFocused ? withLook(line, 'selection') : line;
	});
	return Array.from({length: Math.max(0, table.height)}, (_, index) =>
		fitLine((index === 0 ? header : lines[index - 1]) ?? [], width, glyphs.ellipsis),
	);
};
