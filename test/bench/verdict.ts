import {figures, type Figure, type RowId} from './rows.ts';
import {unmeasuredRows} from './unmeasured-rows.ts';
import {spreadOf, type Spread} from './statistics.ts';

/* From measured values to the table, its JSON and the exit code; no clock, no process, no file. */

/** What a scenario found for one goal: one value per fresh instance, or why there is none. */
export type Measured = {
	readonly row: RowId;
	readonly against: Figure['against'];
	readonly note?: string | undefined;
} & ({readonly values: readonly number[]} | {readonly missing: string});

/** How a measured value stands to its goal. */
export type Standing = 'moonshot' | 'must' | 'within the spread' | 'ABOVE';

/** One line of the result. */
export type Line = Figure & {readonly note?: string | undefined} & (
		| {readonly measured: Spread; readonly standing: Standing}
		| {readonly missing: string}
	);

/** An absolute value of one target, one per instance: what the ratios are made of. */
export interface Absolute {
	readonly scenario: string;
	readonly target: string;
	readonly what: string;
	readonly values: readonly number[];
}

/** How a value stands to a goal: at most the moonshot, at most the must, at most must times spread, or above all of it. */
export const standingOf = (figure: Figure, value: number): Standing => {
	if (value <= figure.moonshot) {
		return 'moonshot';
	}

	if (value <= figure.must) {
		return 'must';
	}

	return value <= figure.must * figure.spread ? 'within the spread' : 'ABOVE';
};

const lineOf = (figure: Figure, measured: Measured): Line => {
	if ('missing' in measured) {
		return {...figure, note: measured.note, missing: measured.missing};
	}

	const spread = spreadOf(measured.values);
	return {...figure, note: measured.note, measured: spread, standing: standingOf(figure, spread.median)};
};

/** The lines of the wanted rows, in the order of the goals; a goal that no scenario spoke of is missing for that reason. */
export const linesOf = (measured: readonly Measured[], rows: readonly RowId[]): Line[] =>
	figures
		.filter(figure => rows.includes(figure.row))
		.map(figure => {
			const found = measured.find(one => one.row === figure.row && one.against === figure.against);
			return lineOf(figure, found ?? {row: figure.row, against: figure.against, missing: 'no scenario measured it'});
		});

/** Whether `--check` fails: a goal is missed by more than its spread, or was wanted and could not be measured. */
export const isCheckFailed = (lines: readonly Line[]): boolean =>
	lines.length === 0 || lines.some(line => 'missing' in line || line.standing === 'ABOVE');

/** A number with three significant digits, short numbers as they are. */
export const formatNumber = (value: number): string => {
	if (!Number.isFinite(value)) {
		return '-';
	}

	return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
};

const formatTable = (rows: readonly (readonly string[])[]): string => {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)));
	return rows
		.map(row =>
			row
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
};

const cellsOf = (line: Line): readonly string[] => {
	const unit = {ratio: '', '% of a core': ' %', us: ' us', ms: ' ms', MB: ' MB'}[line.unit];
	const goals = [line.row, line.title, line.against, `${line.must}${unit}`, `${line.moonshot}${unit}`];
	if ('missing' in line) {
		return [...goals, '-', '-', `not measured: ${line.missing}`];
	}

	const {best, median, worst} = line.measured;
	const note = line.note === undefined ? '' : ` (${line.note})`;
	return [
		...goals,
		`${formatNumber(median)}${unit}`,
		`${formatNumber(best)} - ${formatNumber(worst)}`,
		`${line.standing}, spread x${line.spread}${note}`,
	];
};

/** The table of performance.md 6 with what was measured; rows this bench does not know how to measure say why. */
export const renderLines = (lines: readonly Line[]): string =>
	formatTable([
		['row', 'figure', 'against', 'must', 'moonshot', 'measured', 'best - worst', 'verdict'],
		...lines.map(cellsOf),
		...unmeasuredRows.map(row => [
			row.row,
			row.title,
			'',
			row.must,
			row.moonshot,
			'-',
			'-',
			`not measured: ${row.why}`,
		]),
	]);

/** What each target did in absolute numbers, with the spread over its instances: how far the machine can be trusted today. */
export const renderAbsolutes = (absolutes: readonly Absolute[]): string =>
	formatTable([
		['scenario', 'target', 'what', 'median', 'best - worst', 'worst / best'],
		...absolutes.map(({scenario, target, what, values}) => {
			const {best, median, worst} = spreadOf(values);
			return [
				scenario,
				target,
				what,
				formatNumber(median),
				`${formatNumber(best)} - ${formatNumber(worst)}`,
				formatNumber(worst / best),
			];
		}),
	]);
