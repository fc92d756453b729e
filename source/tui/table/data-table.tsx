import {fitText, widthOf} from '../../base/text-width.ts';
import {Text} from '../ink.ts';

/** One row of a grid: column → what stands there. */
export type GridRow = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The same props as ink-table, as far as we use them. */
export interface DataTableProps {
	readonly data: readonly GridRow[];
	readonly columns?: readonly string[];
	readonly padding?: number;
}

const textOf = (row: GridRow, column: string): string => {
	const value = row[column];
	return value === undefined || value === null ? '' : String(value);
};

const rule = (widths: readonly number[], [left, cross, right]: readonly [string, string, string]): string =>
	`${left}${widths.map(width => '─'.repeat(width)).join(cross)}${right}`;

/** A grid as lines in ink-table's style, with widths counted in cells: right also for wide characters. */
export const gridLines = (rows: readonly GridRow[], columns: readonly string[], padding = 1): readonly string[] => {
	const widths = columns.map(
		column => Math.max(widthOf(column), ...rows.map(row => widthOf(textOf(row, column)))) + padding * 2,
	);
	const air = ' '.repeat(padding);
	const line = (cells: readonly string[]): string =>
		`│${cells.map((cell, index) => fitText(`${air}${cell}`, widths[index] ?? 0)).join('│')}│`;
	return [
		rule(widths, ['┌', '┬', '┐']),
		line(columns),
		...rows.flatMap(row => [rule(widths, ['├', '┼', '┤']), line(columns.map(column => textOf(row, column)))]),
		rule(widths, ['└', '┴', '┘']),
	];
};

/** ink-table's look and props in one text, about twenty times as fast (tui.md 1.2). */
export function DataTable({data, columns, padding}: DataTableProps) {
	const shown = columns ?? [...new Set(data.flatMap(row => Object.keys(row)))];
	return <Text>{gridLines(data, shown, padding).join('\n')}</Text>;
}
