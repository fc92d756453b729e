import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {costOfRow, endpointOfRow, requestsOfRow, tokensOfRow, type SessionRow} from '../store/session-rows.ts';
import {type Column} from '../table/columns.ts';
import {formatAge, formatCount, formatFolder, nameOfEndpoint} from '../text/format.ts';
import {shortenMiddle, span, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {detailPane, factLines, listPane, noteOf} from './pane.ts';
import {sessionFacts, titleOfSession} from './session-facts.ts';
import {formatUsd} from './usage-format.ts';

const clientWords = {codex: 'codex', 'claude-code': 'claude', sdk: 'sdk'} as const;

type Columns = ReadonlyArray<Column<SessionRow>>;

/** What will be asked for: the override where there is one, marked, else what the client asks. */
const asked = (override: string | undefined, own: string | undefined, tone?: 'muted'): Span =>
	override === undefined ? span(own ?? '-', tone) : span(`${override}*`, 'accent');

const routeCell = (row: SessionRow, {pinned}: Glyphs): Span =>
	row.pin === undefined
		? span(nameOfEndpoint(endpointOfRow(row)))
		: span(`${pinned}${nameOfEndpoint(row.pin.pin.endpointKey)}`, 'accent');

const activityCell = ({liveRequests, lastSeenAtMs}: SessionRow, {words, nowMs, glyphs}: Drawing): Span =>
	liveRequests > 0
		? span(`${glyphs.running} ${words.sessions.isLive}`, 'info')
		: span(words.sessions.idle(formatAge(nowMs - lastSeenAtMs)), 'muted');

const costCell = (row: SessionRow): Span => {
	const cost = costOfRow(row);
	return cost === undefined
		? span('-', 'muted')
		: span(`${cost.isEstimate ? '~' : ''}${formatUsd(cost.nanoUsd)}`, cost.isEstimate ? 'muted' : 'text');
};

interface Drawing {
	readonly words: Words;
	readonly nowMs: number;
	readonly glyphs: Glyphs;
	/** The user chose another order: then nobody stands below his parent. */
	readonly isSorted: boolean;
}

const dashColumns = (drawing: Drawing): Columns => {
	const {words, glyphs} = drawing;
	const {columns} = words.sessions;
	return [
		{title: columns.session, width: 8, cell: row => span(shortenMiddle(row.sessionId, 8, glyphs.ellipsis))},
		{title: columns.client, width: 6, drop: 5, cell: row => span(clientWords[row.client], 'muted')},
		{title: columns.folder, width: 10, grow: 3, most: 36, drop: 4, cell: row => span(formatFolder(row.cwd), 'muted')},
		{title: columns.model, width: 15, grow: 2, most: 28, cell: row => asked(row.override?.model, row.model)},
		{title: columns.effort, width: 6, drop: 6, cell: row => asked(row.override?.effort, row.effort, 'muted')},
		{title: columns.route, width: 10, grow: 2, most: 24, cell: row => routeCell(row, glyphs)},
		{title: columns.activity, width: 8, cell: row => activityCell(row, drawing)},
		{
			title: columns.requests,
			width: 4,
			align: 'right',
			drop: 2,
			cell: row => span(String(requestsOfRow(row) ?? '-')),
		},
		{title: columns.tokens, width: 6, align: 'right', drop: 3, cell: row => span(formatCount(tokensOfRow(row)))},
	];
};

const mostIndents = 3;

/** A child hangs below its parent. */
const threadCell = ({key, depth, file}: SessionRow, {glyphs: {ellipsis, branch}, isSorted}: Drawing): Span => {
	const indent = depth === 0 || isSorted ? '' : `${' '.repeat(Math.min(depth, mostIndents) - 1)}${branch}`;
	const isDoubtful = file?.faults.some(({kind}) => kind === 'unreadable' || kind === 'unknown') ?? false;
	return span(`${indent}${shortenMiddle(key, 9 - indent.length, ellipsis)}`, isDoubtful ? 'warn' : undefined);
};

const pageColumns = (drawing: Drawing, width: number): Columns => {
	const {words, glyphs} = drawing;
	const {columns} = words.sessions;
	const extra = words.sessionPage.columns;
	return [
		{title: columns.session, width: 9, cell: row => threadCell(row, drawing)},
		{
			title: extra.what,
			// What it is about tells it apart sooner than its folder and its client.
			width: width < 70 ? 13 : width < 82 ? 16 : width < 95 ? 20 : 24,
			grow: 3,
			most: 60,
			cell: row => span(titleOfSession(row, words), row.title === undefined ? 'muted' : 'text'),
		},
		{title: columns.client, width: 6, drop: 7, cell: row => span(clientWords[row.client], 'muted')},
		{title: columns.folder, width: 10, grow: 2, most: 30, drop: 6, cell: row => span(formatFolder(row.cwd), 'muted')},
		{title: columns.model, width: 15, grow: 1, most: 24, cell: row => asked(row.override?.model, row.model)},
		{title: columns.effort, width: 8, drop: 4, cell: row => asked(row.override?.effort, row.effort, 'muted')},
		{title: columns.route, width: 10, grow: 2, most: 20, drop: 1, cell: row => routeCell(row, glyphs)},
		{title: columns.activity, width: 9, cell: row => activityCell(row, drawing)},
		{
			title: columns.requests,
			width: 4,
			align: 'right',
			drop: 5,
			cell: row => span(String(requestsOfRow(row) ?? '-')),
		},
		{title: columns.tokens, width: 6, align: 'right', drop: 3, cell: row => span(formatCount(tokensOfRow(row)))},
		{title: extra.cost, width: 8, align: 'right', drop: 2, cell: costCell},
	];
};

const livePart = (state: ScreenState): Line => {
	const live = state.sessions.filter(({liveRequests}) => liveRequests > 0).length;
	return noteOf([wordsOf(state).sessions.live(live), live > 0 ? 'info' : 'muted']);
};

/** Beside the count: how much of the clients' records is shown, and what is still to be read. */
const notesOf = (state: ScreenState): Line => {
	const {sessionPage: words} = wordsOf(state);
	const {isLiveOnly, files} = state.sessionPage;
	const isPage = state.page === 'sessions';
	return noteOf(
		isPage && isLiveOnly ? [words.onlyLive, 'accent'] : undefined,
		isPage && !isLiveOnly && files !== undefined && files.fileCount > files.sessions.length && files.unread === 0
			? [words.ofFiles(files.sessions.length, files.fileCount), 'muted']
			: undefined,
		isPage && files !== undefined && files.unread > 0 ? [words.reading(files.unread), 'warn'] : undefined,
	);
};

const emptyText = (state: ScreenState, total: number): ReadonlyArray<string | undefined> => {
	const {sessions, sessionPage: words} = wordsOf(state);
	const {isLiveOnly, files, notice} = state.sessionPage;
	if (total > 0 || state.page !== 'sessions') {
		return [total > 0 ? sessions.noMatch : sessions.none];
	}

	const folders = files?.unreadableFolders.map(({path, code}) => words.folderUnreadable(path, code)) ?? [];
	const isRead = files !== undefined && !isLiveOnly;
	return [
		isRead ? words.noneAtAll : sessions.none,
		notice ?? (files === undefined ? words.elsewhere : undefined),
		...folders,
	];
};

/** The pane of the clients' sessions. */
export const sessionsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const words = wordsOf(state);
	const list = listOf(state, 'sessions');
	const isFocused = focusOf(state) === 'sessions';
	const drawing = {words, nowMs: state.nowMs, glyphs, isSorted: list.sort !== undefined};
	return listPane(box, {
		title: words.sessions.title,
		note: listNote(state, list, {extra: notesOf(state), part: livePart(state)}),
		isFocused,
		glyphs,
		...{rows: list.rows, selected: list.index},
		columns: width => (state.page === 'sessions' ? pageColumns(drawing, width) : dashColumns(drawing)),
		empty: emptyText(state, list.total),
	});
};

/** All that is known of the selected session. */
export const sessionDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {sessions: words} = wordsOf(state);
	const {selected: row} = listOf(state, 'sessions');
	return detailPane(state, box, {
		title: row === undefined ? words.detail : shortenMiddle(row.key, 20, glyphs.ellipsis),
		note: row === undefined ? [] : noteOf([clientWords[row.client], 'muted']),
		glyphs,
		empty: words.nothingSelected,
		lines: row && (width => factLines(sessionFacts(row, state, glyphs), width)),
	});
};
