import type {SessionView} from '../../event/view.ts';
import {fitText, widthOf} from '../../base/text-width.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatAge, formatClock, formatCount, formatDuration, formatFolder, nameOfEndpoint} from '../text/format.ts';
import {shortenMiddle, span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {detailPane, emptyLines, factLines, framePane, noteOf, type Fact} from './pane.ts';

const clientWords = {codex: 'codex', 'claude-code': 'claude', sdk: 'sdk'} as const;

const columnsOf = (
	{columns, isLive, idle}: Words['sessions'],
	nowMs: number,
	glyphs: Glyphs,
): ReadonlyArray<Column<SessionView>> => [
	{title: columns.session, width: 8, cell: row => span(shortenMiddle(row.sessionId, 8, glyphs.ellipsis))},
	{title: columns.client, width: 6, drop: 5, cell: row => span(clientWords[row.client], 'muted')},
	{title: columns.folder, width: 10, grow: 3, most: 36, drop: 4, cell: row => span(formatFolder(row.cwd), 'muted')},
	{title: columns.model, width: 15, grow: 2, most: 28, cell: row => span(row.model ?? '-')},
	{title: columns.effort, width: 6, drop: 6, cell: row => span(row.effort ?? '-', 'muted')},
	{title: columns.route, width: 10, grow: 2, most: 24, cell: row => span(nameOfEndpoint(row.endpointKey))},
	{
		title: columns.activity,
		width: 8,
		cell: row =>
			row.liveRequests > 0
				? span(`${glyphs.running} ${isLive}`, 'info')
				: span(idle(formatAge(nowMs - row.lastSeenAtMs)), 'muted'),
	},
	{title: columns.requests, width: 4, align: 'right', drop: 2, cell: row => span(String(row.requests))},
	{
		title: columns.tokens,
		width: 6,
		align: 'right',
		drop: 3,
		cell: row => span(formatCount(row.inputTokens + row.outputTokens)),
	},
];

/** The pane of the clients' sessions. */
export const sessionsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {sessions: words} = wordsOf(state);
	const list = listOf(state, 'sessions');
	const isFocused = focusOf(state) === 'sessions';
	const live = state.sessions.filter(({liveRequests}) => liveRequests > 0).length;
	return framePane(box, {
		title: words.title,
		note: listNote(state, list, noteOf([words.live(live), live > 0 ? 'info' : 'muted'])),
		isFocused,
		glyphs,
		inside: (width, height) =>
			list.rows.length === 0
				? emptyLines([list.total > 0 ? words.noMatch : words.none], width, height)
				: tableLines({
						columns: columnsOf(words, state.nowMs, glyphs),
						rows: list.rows,
						selected: list.index,
						isFocused,
						glyphs,
						width,
						height,
					}),
	});
};

const shownRequests = 30;

/** Filled to a number of cells; what is longer is not cut. */
const padded = (text: string, cells: number): string => fitText(text, Math.max(cells, widthOf(text)));

/** The newest requests of a session, with what became of each. */
const recentRequests = (session: SessionView, state: ScreenState, glyphs: Glyphs): readonly Fact[] =>
	state.requests
		.filter(({sessionId}) => sessionId === session.sessionId)
		.slice(0, shownRequests)
		.map(({state: at, startedAtMs, kind, endpointKey, durationMs, note}, index): Fact => {
			const isGood = at === 'success' || at === 'running';
			const glyph = at === 'running' ? glyphs.running : isGood ? glyphs.done : glyphs.failed;
			const parts = [
				formatClock(startedAtMs),
				glyph,
				padded(kind ?? '', 10),
				padded(nameOfEndpoint(endpointKey), 12),
				formatDuration(durationMs).padStart(6),
				note ?? '',
			];
			return [
				index === 0 ? wordsOf(state).sessions.facts.requests : '',
				parts.join(' ').trimEnd(),
				isGood ? 'muted' : 'error',
			];
		});

const sessionFacts = (row: SessionView, state: ScreenState, glyphs: Glyphs): readonly Fact[] => {
	const {facts, effort, tokens, seen} = wordsOf(state).sessions;
	const model = [row.model, row.effort === undefined ? undefined : effort(row.effort)];
	const [from, to] = [formatClock(row.firstSeenAtMs), formatClock(row.lastSeenAtMs)];
	return [
		[facts.session, row.sessionId],
		[facts.folder, row.cwd],
		[facts.model, model.filter(text => text !== undefined).join('  ')],
		[facts.route, row.endpointKey === undefined ? undefined : nameOfEndpoint(row.endpointKey)],
		[facts.threads, String(row.threads)],
		[facts.tokens, tokens(formatCount(row.inputTokens), formatCount(row.outputTokens))],
		[facts.seen, seen([from, to], row.requests, row.liveRequests)],
		...recentRequests(row, state, glyphs),
	];
};

/** All that is known of the selected session. */
export const sessionDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {sessions: words} = wordsOf(state);
	const {selected: row} = listOf(state, 'sessions');
	return detailPane(state, box, {
		title: row === undefined ? words.detail : shortenMiddle(row.sessionId, 20, glyphs.ellipsis),
		note: row === undefined ? [] : noteOf([clientWords[row.client], 'muted']),
		glyphs,
		empty: words.nothingSelected,
		lines: row && (width => factLines(sessionFacts(row, state, glyphs), width)),
	});
};
