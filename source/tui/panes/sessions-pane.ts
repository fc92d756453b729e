import type {SessionView} from '../../event/view.ts';
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

const columnsOf = (nowMs: number, glyphs: Glyphs): ReadonlyArray<Column<SessionView>> => [
	{title: 'SESSION', width: 8, cell: row => span(shortenMiddle(row.sessionId, 8, glyphs.ellipsis))},
	{title: 'CLIENT', width: 6, drop: 5, cell: row => span(clientWords[row.client], 'muted')},
	{title: 'FOLDER', width: 10, grow: 3, most: 36, drop: 4, cell: row => span(formatFolder(row.cwd), 'muted')},
	{title: 'MODEL', width: 15, grow: 2, most: 28, cell: row => span(row.model ?? '-')},
	{title: 'EFFORT', width: 6, drop: 6, cell: row => span(row.effort ?? '-', 'muted')},
	{title: 'ROUTE', width: 10, grow: 2, most: 24, cell: row => span(nameOfEndpoint(row.endpointKey))},
	{
		title: 'ACTIVITY',
		width: 8,
		cell: row =>
			row.liveRequests > 0
				? span(`${glyphs.running} live`, 'info')
				: span(`idle ${formatAge(nowMs - row.lastSeenAtMs)}`, 'muted'),
	},
	{title: 'REQ', width: 4, align: 'right', drop: 2, cell: row => span(String(row.requests))},
	{
		title: 'TOKENS',
		width: 6,
		align: 'right',
		drop: 3,
		cell: row => span(formatCount(row.inputTokens + row.outputTokens)),
	},
];

/** The pane of the clients' sessions. */
export const sessionsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'sessions');
	const isFocused = focusOf(state) === 'sessions';
	const live = state.sessions.filter(({liveRequests}) => liveRequests > 0).length;
	return framePane(box, {
		title: 'Sessions',
		note: listNote(list, noteOf([`${live} live`, live > 0 ? 'info' : 'muted'])),
		isFocused,
		glyphs,
		inside: (width, height) =>
			list.rows.length === 0
				? emptyLines(
						[
							list.total > 0
								? 'No session matches the filter. Esc clears it.'
								: 'No session yet. Start Codex in another pane and type something.',
						],
						width,
						height,
					)
				: tableLines({
						columns: columnsOf(state.nowMs, glyphs),
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
				(kind ?? '').padEnd(10),
				nameOfEndpoint(endpointKey).padEnd(12),
				formatDuration(durationMs).padStart(6),
				note ?? '',
			];
			return [index === 0 ? 'requests' : '', parts.join(' ').trimEnd(), isGood ? 'muted' : 'error'];
		});

/** All that is known of the selected session. */
export const sessionDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {selected: row} = listOf(state, 'sessions');
	return detailPane(state, box, {
		title: row === undefined ? 'Session' : shortenMiddle(row.sessionId, 20, glyphs.ellipsis),
		note: row === undefined ? [] : noteOf([clientWords[row.client], 'muted']),
		glyphs,
		empty: 'Select a session to see what it did.',
		lines:
			row &&
			(width =>
				factLines(
					[
						['session', row.sessionId],
						['folder', row.cwd],
						['model', [row.model, row.effort].filter(text => text !== undefined).join('  effort ')],
						['route', row.endpointKey === undefined ? undefined : nameOfEndpoint(row.endpointKey)],
						['threads', String(row.threads)],
						['tokens', `${formatCount(row.inputTokens)} in  ${formatCount(row.outputTokens)} out`],
						[
							'seen',
							`${formatClock(row.firstSeenAtMs)} to ${formatClock(row.lastSeenAtMs)}, ${row.requests} requests, ${row.liveRequests} live`,
						],
						...recentRequests(row, state, glyphs),
					],
					width,
				)),
	});
};
