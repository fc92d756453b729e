import {isDeep, type CheckResult, type CheckState, type CheckStep} from '../../event/doctor.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import {type Column} from '../table/columns.ts';
import {formatClock, formatDuration} from '../text/format.ts';
import type {Line, Span} from '../text/line.ts';
import {span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {listNote} from './list-note.ts';
import {detailPane, factLines, listPane, noteOf, type Fact} from './pane.ts';

const tones: Readonly<Record<CheckState, Tone>> = {ok: 'ok', warn: 'warn', fail: 'error', skipped: 'muted'};

const markOf = (state: CheckState, glyphs: Glyphs): string =>
	({ok: glyphs.done, warn: '!', fail: glyphs.failed, skipped: '-'})[state];

const stateSpan = ({state}: CheckResult, {states}: Words['doctor'], glyphs: Glyphs): Span =>
	span(`${markOf(state, glyphs)} ${states[state]}`, tones[state], state === 'fail');

/** What the key would do, as far as there is something to do. */
const doWord = ({repair, fix}: CheckResult, {canShow, canFix}: Words['doctor']): string =>
	repair === undefined ? (fix === undefined ? '' : canShow) : canFix;

const columnsOf = (
	words: Words['doctor'],
	glyphs: Glyphs,
	rows: readonly CheckResult[],
): ReadonlyArray<Column<CheckResult>> => [
	{title: words.columns.state, width: 6, cell: row => stateSpan(row, words, glyphs)},
	{
		title: words.columns.about,
		width: 9,
		drop: 2,
		cell: row => span(isDeep(row.id) ? words.deepTest : words.groups[row.group], 'muted'),
	},
	{
		title: words.columns.what,
		width: 30,
		grow: 1,
		cell: row => span(words.said(row.what), row.state === 'skipped' || row.state === 'ok' ? 'muted' : 'text'),
	},
	{
		title: words.columns.took,
		width: 5,
		align: 'right',
		drop: 3,
		cell: row => span(formatDuration(row.tookMs), 'muted'),
	},
	// Where all is well it would be empty.
	...(rows.some(row => doWord(row, words) !== '')
		? [
				{
					title: words.columns.enter,
					width: 5,
					drop: 1,
					cell: (row: CheckResult) => span(doWord(row, words), row.repair === undefined ? 'muted' : 'accent'),
				},
			]
		: []),
];

const noteFor = ({checks, doctor}: ScreenState, words: Words['doctor']): Line => {
	const count = (wanted: CheckState): number => checks.filter(({state}) => state === wanted).length;
	const [failed, warned] = [count('fail'), count('warn')];
	return noteOf(
		failed === 0 ? undefined : [words.failed(failed), 'error'],
		warned === 0 ? undefined : [words.warned(warned), 'warn'],
		[words.passed(count('ok')), 'ok'],
		doctor.running > 0
			? [words.looking, 'accent']
			: doctor.ranAtMs === undefined
				? undefined
				: [words.ran(formatClock(doctor.ranAtMs)), 'muted'],
	);
};

const emptyText = (state: ScreenState, total: number): readonly string[] => {
	const {doctor, lists} = state;
	const {doctor: words} = wordsOf(state);
	if (total > 0) {
		return [words.noMatch(lists.checks.filter)];
	}

	return doctor.running > 0 ? [words.lookingAt] : [words.notRun, words.withoutScreen];
};

/** The list of checks, what is wrong first. */
export const doctorPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {doctor: words} = wordsOf(state);
	const list = listOf(state, 'checks');
	const isFocused = focusOf(state) === 'checks';
	return listPane(box, {
		title: words.title,
		note: list.filter === '' ? noteFor(state, words) : listNote(state, list),
		isFocused,
		glyphs,
		...{rows: list.rows, selected: list.index},
		columns: () => columnsOf(words, glyphs, list.rows),
		empty: emptyText(state, list.total),
	});
};

const stepFact = (step: CheckStep, {said}: Words['doctor'], glyphs: Glyphs): Fact => {
	const took = step.tookMs === undefined || step.state === 'skipped' ? '' : `  ${formatDuration(step.tookMs)}`;
	return [
		step.name,
		`${markOf(step.state, glyphs)} ${said(step.text)}${took}`,
		step.state === 'ok' ? 'text' : tones[step.state],
	];
};

const checkFacts = (row: CheckResult, words: Words['doctor'], glyphs: Glyphs): readonly Fact[] => {
	const {facts, asks, said} = words;
	return [
		[facts.what, said(row.what), row.state === 'ok' ? 'text' : tones[row.state]],
		[facts.fix, row.fix && said(row.fix), 'accent'],
		[facts.enter, row.repair === undefined ? undefined : asks(said(row.repair)), 'accent'],
		...(row.steps ?? []).map(step => stepFact(step, words, glyphs)),
		[facts.where, row.where && said(row.where)],
		[facts.check, `${row.id}  ${formatDuration(row.tookMs)}`, 'muted'],
	];
};

/** The selected check at length: where it looked, what to do, and the steps that it took. */
export const doctorDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {doctor: words} = wordsOf(state);
	const {selected: row} = listOf(state, 'checks');
	return detailPane(state, box, {
		title: row?.id ?? words.detail,
		note: row === undefined ? [] : [stateSpan(row, words, glyphs)],
		glyphs,
		empty: words.nothingSelected,
		lines: row && (width => factLines(checkFacts(row, words, glyphs), width)),
	});
};
