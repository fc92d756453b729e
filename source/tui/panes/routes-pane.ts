import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {accountsOf, isPaused, loadsOf, quotaOf, seatOf} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf, isUsable, listOf, pinOf} from '../store/selectors.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {graphLines} from './graph-lines.ts';
import {listNote} from './list-note.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';
import {routeStateOf} from './route-state.ts';

const shareTone = (route: RouteView): 'muted' | 'ok' | 'warn' =>
	route.recentAttempts === 0 ? 'muted' : route.recentSuccesses === route.recentAttempts ? 'ok' : 'warn';

/** The pin of a row in words: only where this row is the pinned one. */
const pinWordOf = (route: RouteView, state: ScreenState, glyphs: Glyphs): string => {
	const pin = pinOf(state.engine, route.service);
	return pin?.endpointKey === route.endpointKey ? `${glyphs.pinned} ${wordsOf(state).routes.modes[pin.mode]}` : '';
};

/** The number of its preference group, 0 is best as everywhere; a rail under it for those who share the group with the row above. */
const groupOf = (rows: readonly RouteView[], state: ScreenState, glyphs: Glyphs): ((row: RouteView) => Span) => {
	const groups = new Map<RouteView, string>();
	let above: string | undefined;
	for (const row of rows) {
		const group = state.brain === undefined ? row.order : seatOf(state, row)?.preferenceGroup;
		const own = group === undefined ? undefined : `${row.service} ${group}`;
		groups.set(row, group === undefined ? '-' : own === above ? glyphs.rail : String(group));
		above = own;
	}

	return row => span(groups.get(row) ?? '-', 'muted');
};

/** `2`, or `2/8` where something limits it: the tightest of the configured limit and what the accounts have shown to bear. */
const loadOf = (route: RouteView, state: ScreenState): Span => {
	const loads = loadsOf(state, route);
	const max = loads[0]?.max;
	const windows = loads.map(({window}) => window ?? Infinity).reduce((sum, window) => sum + window, 0);
	const limit = Math.min(max ?? Infinity, loads.length === 0 ? Infinity : windows);
	const active = max === undefined ? route.liveRequests : (loads[0]?.active ?? route.liveRequests);
	const text = limit === Infinity ? (active === 0 ? '-' : String(active)) : `${active}/${limit}`;
	return span(text, active === 0 ? 'muted' : active >= limit ? 'warn' : 'info');
};

const accountsCell = (route: RouteView, state: ScreenState): Span => {
	const accounts = accountsOf(state, route).filter(({enabled}) => enabled);
	const open = accounts.filter(
		({isPaused: isOff, hasAuth, exhausted, endpoints}) =>
			!isOff &&
			hasAuth &&
			exhausted === undefined &&
			endpoints.find(({endpointKey}) => endpointKey === route.endpointKey)?.phase !== 'open',
	).length;
	return accounts.length < 2
		? span('-', 'muted')
		: span(`${open}/${accounts.length}`, open === accounts.length ? 'muted' : 'warn');
};

const quotaCell = (route: RouteView, state: ScreenState): Span => {
	const quota = quotaOf(state, route);
	if (quota === 'out') {
		return span(wordsOf(state).routes.quotaOut, 'error');
	}

	if (quota === undefined) {
		return span('-', 'muted');
	}

	return span(`${Math.floor(quota * 100)}%`, quota >= 0.9 ? 'warn' : 'muted');
};

const brainColumns = (state: ScreenState): ReadonlyArray<Column<RouteView>> => {
	const {columns} = wordsOf(state).routes;
	return state.brain === undefined
		? []
		: [
				{title: columns.quota, width: 5, align: 'right', drop: 6, cell: row => quotaCell(row, state)},
				{title: columns.accounts, width: 4, align: 'right', drop: 7, cell: row => accountsCell(row, state)},
			];
};

const columnsOf = (state: ScreenState, glyphs: Glyphs): ReadonlyArray<Column<RouteView>> => {
	const {columns} = wordsOf(state).routes;
	const hasBothServices = new Set(state.routes.map(({service}) => service)).size > 1;
	const service: ReadonlyArray<Column<RouteView>> = hasBothServices
		? [{title: columns.service, width: 6, drop: 5, cell: row => span(row.service, 'muted')}]
		: [];
	// Seldom is anything pinned, and an empty column takes the room of the others.
	const pin: ReadonlyArray<Column<RouteView>> = state.routes.some(row => pinWordOf(row, state, glyphs) !== '')
		? [{title: columns.pin, width: 8, cell: row => span(pinWordOf(row, state, glyphs), 'accent')}]
		: [];
	return [
		{title: '#', width: 2, align: 'right', drop: 4, cell: groupOf(listOf(state, 'routes').rows, state, glyphs)},
		{
			title: columns.provider,
			width: 14,
			grow: 3,
			most: 40,
			cell: row => span(nameOfEndpoint(row.endpointKey), row.enabled ? 'text' : 'muted'),
		},
		{title: columns.state, width: 10, cell: row => routeStateOf(row, state, glyphs)},
		...pin,
		...service,
		{
			title: columns.share,
			width: 4,
			align: 'right',
			cell: row => span(formatShare(row.recentSuccesses, row.recentAttempts), shareTone(row)),
		},
		{
			title: columns.firstByte,
			width: 6,
			align: 'right',
			drop: 1,
			cell: row => span(formatDuration(row.ttfbMs), row.ttfbMs === undefined ? 'muted' : 'text'),
		},
		{title: columns.load, width: 5, align: 'right', cell: row => loadOf(row, state)},
		...brainColumns(state),
		{title: columns.dialect, width: 9, drop: 9, cell: row => span(row.dialect, 'muted')},
		{
			title: columns.auth,
			width: 14,
			grow: 2,
			most: 32,
			drop: 8,
			cell: row => span(wordsOf(state).routes.keySource(row.authSource), row.hasAuth ? 'muted' : 'error'),
		},
		{
			title: columns.lastReason,
			width: 16,
			grow: 4,
			drop: 10,
			cell: row => span(row.lastReason === undefined ? '' : wordsOf(state).requests.said(row.lastReason), 'muted'),
		},
	];
};

const emptyText = (state: ScreenState, total: number): readonly string[] => {
	const {noMatch, none, begin} = wordsOf(state).routes;
	return total > 0 ? [noMatch] : [none, begin(state.engine?.configPath ?? 'config.toml')];
};

/** The pane of all upstreams: a list in the order in which they are tried, or on the page Routes the graph. */
export const routesPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'routes');
	const isFocused = focusOf(state) === 'routes';
	const {routes: words} = wordsOf(state);
	const isGraph = state.page === 'routes' && state.routesView === 'graph';
	const ready = state.routes.filter(
		route => isUsable(route) && route.phase === 'closed' && !isPaused(state, route),
	).length;
	return framePane(box, {
		title: isGraph ? `${words.title} ${glyphs.dot} ${words.graph}` : words.title,
		note: listNote(state, list, {
			part: noteOf([words.ready(ready), ready === 0 && list.total > 0 ? 'error' : 'muted']),
		}),
		isFocused,
		glyphs,
		inside: (width, height) => {
			if (list.rows.length === 0) {
				return emptyLines(emptyText(state, list.total), width, height);
			}

			return isGraph
				? graphLines(state, {width, height, isFocused, glyphs})
				: tableLines({
						columns: columnsOf(state, glyphs),
						rows: list.rows,
						selected: list.index,
						isFocused,
						glyphs,
						width,
						height,
					});
		},
	});
};
