import type {IncidentView} from '../../event/view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf, openIncidents} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatAge, formatClock} from '../text/format.ts';
import {span, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {detailPane, emptyLines, factLines, framePane, noteOf} from './pane.ts';

const stateSpan = (row: IncidentView, {states}: Words['incidents'], glyphs: Glyphs): Span =>
	row.state === 'open'
		? span(`${glyphs.healthy} ${states.open}`, 'error')
		: span(`${glyphs.done} ${states.closed}`, 'muted');

const columnsOf = (
	{incidents: words, engine}: Words,
	nowMs: number,
	glyphs: Glyphs,
): ReadonlyArray<Column<IncidentView>> => [
	{title: words.columns.state, width: 8, cell: row => stateSpan(row, words, glyphs)},
	{title: words.columns.id, width: 7, cell: row => span(row.id, 'muted')},
	{
		title: words.columns.what,
		// Whole sentences: the times beside them go first.
		width: 46,
		grow: 3,
		cell: row => span(engine.incident(row).title, row.state === 'open' ? 'text' : 'muted'),
	},
	{title: words.columns.times, width: 5, align: 'right', drop: 3, cell: row => span(String(row.count))},
	{title: words.columns.since, width: 8, drop: 4, cell: row => span(formatClock(row.openedAtMs), 'muted')},
	{
		title: words.columns.age,
		width: 4,
		align: 'right',
		drop: 2,
		cell: row => span(formatAge((row.closedAtMs ?? nowMs) - row.openedAtMs), 'muted'),
	},
];

/** Evidence and advice of one incident. */
const incidentFacts = (
	row: IncidentView,
	{incidents, engine, requests: {said}}: Words,
	width: number,
): readonly Line[] => {
	const {facts, closed, about} = incidents;
	const {title, advice, effect, closesWhen} = engine.incident(row);
	return factLines(
		[
			[facts.what, title, row.state === 'open' ? 'error' : 'muted'],
			[facts.advice, advice, 'accent'],
			[facts.effect, effect],
			[
				facts.closes,
				row.state === 'open' ? closesWhen : closed(row.closedAtMs === undefined ? '' : formatClock(row.closedAtMs)),
			],
			[facts.about, about(engine.scope(row.scope), row.rule, row.count)],
			...row.evidence
				.toReversed()
				.map((fact, index): readonly [string, string, 'muted'] => [
					index === 0 ? facts.evidence : '',
					`${formatClock(fact.atMs)}  ${said(fact.text)}${fact.requestId === undefined ? '' : `  ${fact.requestId}`}`,
					'muted',
				]),
		],
		width,
	);
};

/** The pane of incidents: the list, and below it the selected one as far as there is room. */
export const incidentsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const all = wordsOf(state);
	const {incidents: words} = all;
	const list = listOf(state, 'incidents');
	const isFocused = focusOf(state) === 'incidents';
	const open = openIncidents(state);
	const inside = (width: number, height: number): readonly Line[] => {
		if (list.rows.length === 0) {
			return emptyLines([list.total > 0 ? words.noMatch : words.none], width, height);
		}

		const hasOwnDetail = state.page === 'incidents' && !state.isZoomed;
		const listRows =
			hasOwnDetail || height < 6 ? height : Math.min(list.rows.length + 1, Math.max(3, Math.floor(height * 0.35)));
		const table = tableLines({
			columns: columnsOf(all, state.nowMs, glyphs),
			rows: list.rows,
			selected: list.index,
			isFocused,
			glyphs,
			width,
			height: listRows,
		});
		return list.selected === undefined || listRows === height
			? table
			: [...table, [], ...incidentFacts(list.selected, all, width)];
	};

	return framePane(box, {
		title: words.title,
		note: listNote(state, list, {part: noteOf([words.open(open), open > 0 ? 'error' : 'muted'])}),
		isFocused,
		glyphs,
		inside,
	});
};

/** All that is known of the selected incident: evidence, effect, advice, and what closes it. */
export const incidentDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {incidents: words} = wordsOf(state);
	const {selected: row} = listOf(state, 'incidents');
	return detailPane(state, box, {
		title: row?.id ?? words.detail,
		note: row === undefined ? [] : noteOf([row.rule, 'muted']),
		glyphs,
		empty: words.nothingSelected,
		lines: row && (width => incidentFacts(row, wordsOf(state), width)),
	});
};
