import {isDeep, type CheckResult, type CheckState, type CheckStep} from '../../event/doctor.ts';
import type {PaneBox} from '../layout.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatClock, formatDuration} from '../text/format.ts';
import type {Line, Span} from '../text/line.ts';
import {span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {listNote} from './list-note.ts';
import {detailPane, emptyLines, factLines, framePane, noteOf, type Fact} from './pane.ts';

const tones: Readonly<Record<CheckState, Tone>> = {ok: 'ok', warn: 'warn', fail: 'error', skipped: 'muted'};

const markOf = (state: CheckState, glyphs: Glyphs): string =>
	({ok: glyphs.done, warn: '!', fail: glyphs.failed, skipped: '-'})[state];

const stateSpan = ({state}: {readonly state: CheckState}, glyphs: Glyphs): Span =>
	span(`${markOf(state, glyphs)} ${state === 'skipped' ? 'skip' : state}`, tones[state], state === 'fail');

/** What the key would do, as far as there is something to do. */
const doWord = ({repair, fix}: CheckResult): string =>
	repair === undefined ? (fix === undefined ? '' : 'how') : 'fix';

const columnsOf = (glyphs: Glyphs): ReadonlyArray<Column<CheckResult>> => [
	{title: 'STATE', width: 6, cell: row => stateSpan(row, glyphs)},
	{title: 'ABOUT', width: 9, drop: 2, cell: row => span(isDeep(row.id) ? 'test' : row.group, 'muted')},
	{
		title: 'WHAT',
		width: 30,
		grow: 1,
		cell: row => span(row.what, row.state === 'skipped' || row.state === 'ok' ? 'muted' : 'text'),
	},
	{title: 'TOOK', width: 5, align: 'right', drop: 3, cell: row => span(formatDuration(row.tookMs), 'muted')},
	{title: 'ENTER', width: 5, drop: 1, cell: row => span(doWord(row), row.repair === undefined ? 'muted' : 'accent')},
];

const noteFor = ({checks, doctor}: ScreenState): Line => {
	const count = (wanted: CheckState): number => checks.filter(({state}) => state === wanted).length;
	const [failed, warned] = [count('fail'), count('warn')];
	return noteOf(
		failed === 0 ? undefined : [`${failed} failed`, 'error'],
		warned === 0 ? undefined : [`${warned} warned`, 'warn'],
		[`${count('ok')} ok`, 'ok'],
		doctor.running > 0
			? ['looking', 'accent']
			: doctor.ranAtMs === undefined
				? undefined
				: [`ran ${formatClock(doctor.ranAtMs)}`, 'muted'],
	);
};

const emptyText = ({doctor, lists}: ScreenState, total: number): readonly string[] => {
	if (total > 0) {
		return [`No check matches the filter "${lists.checks.filter}". Esc clears it.`];
	}

	return doctor.running > 0
		? ['Looking at ports, keys, clients, providers, files, terminal and versions.']
		: ['Nothing has been looked at yet: r runs the checks.', 'Without a screen: codex-tui doctor.'];
};

/** The list of checks, what is wrong first. */
export const doctorPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'checks');
	const isFocused = focusOf(state) === 'checks';
	return framePane(box, {
		title: 'Doctor',
		note: list.filter === '' ? noteFor(state) : listNote(state, list),
		isFocused,
		glyphs,
		inside: (width, height) =>
			list.rows.length === 0
				? emptyLines(emptyText(state, list.total), width, height)
				: tableLines({
						columns: columnsOf(glyphs),
						rows: list.rows,
						selected: list.index,
						isFocused,
						glyphs,
						width,
						height,
					}),
	});
};

const stepFact = (step: CheckStep, glyphs: Glyphs): Fact => {
	const took = step.tookMs === undefined || step.state === 'skipped' ? '' : `  ${formatDuration(step.tookMs)}`;
	return [
		step.name,
		`${markOf(step.state, glyphs)} ${step.text}${took}`,
		step.state === 'ok' ? 'text' : tones[step.state],
	];
};

const checkFacts = (row: CheckResult, width: number, glyphs: Glyphs): readonly Line[] =>
	factLines(
		[
			['what', row.what, row.state === 'ok' ? 'text' : tones[row.state]],
			['fix', row.fix, 'accent'],
			['Enter', row.repair === undefined ? undefined : `asks: ${row.repair}`, 'accent'],
			...(row.steps ?? []).map(step => stepFact(step, glyphs)),
			['where', row.where],
			['check', `${row.id}  ${formatDuration(row.tookMs)}`, 'muted'],
		],
		width,
	);

/** The selected check at length: where it looked, what to do, and the steps that it took. */
export const doctorDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {selected: row} = listOf(state, 'checks');
	return detailPane(state, box, {
		title: row?.id ?? 'Check',
		note: row === undefined ? [] : [stateSpan(row, glyphs)],
		glyphs,
		empty: 'Select a check to see where it looked and what to do.',
		lines: row && (width => checkFacts(row, width, glyphs)),
	});
};
