import type {RouteView} from '../../event/view.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, isUsable, listOf, pinOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatAge, formatClock, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {detailPane, emptyLines, factLines, framePane, noteOf, type Fact} from './pane.ts';

/** Glyph, word and tone of an upstream's state; never colour alone. */
const failuresOf = ({failures}: RouteView): string =>
	failures === 0 ? '' : failures === 1 ? ', one hard failure' : `, ${failures} hard failures in a row`;

const routeStateOf = (route: RouteView, nowMs: number, glyphs: Glyphs): Span => {
	if (!route.enabled) {
		return span(`${glyphs.down} off`, 'muted');
	}

	if (!route.hasAuth) {
		return span(`${glyphs.failed} no key`, 'error');
	}

	if (route.phase === 'open') {
		const leftMs = (route.cooldownUntilMs ?? nowMs) - nowMs;
		return span(`${glyphs.half} ${leftMs > 0 ? `cool ${formatAge(leftMs)}` : 'due'}`, 'warn');
	}

	return route.phase === 'half-open' ? span(`${glyphs.half} probing`, 'warn') : span(`${glyphs.healthy} ready`, 'ok');
};

const shareTone = (route: RouteView): 'muted' | 'ok' | 'warn' =>
	route.recentAttempts === 0 ? 'muted' : route.recentSuccesses === route.recentAttempts ? 'ok' : 'warn';

/** The pin of a row in words: only where this row is the pinned one. */
const pinWordOf = (route: RouteView, state: ScreenState, glyphs: Glyphs): string => {
	const pin = pinOf(state.engine, route.service);
	return pin?.endpointKey === route.endpointKey ? `${glyphs.pinned} ${pin.mode}` : '';
};

const columnsOf = (state: ScreenState, glyphs: Glyphs): ReadonlyArray<Column<RouteView>> => {
	const hasBothServices = new Set(state.routes.map(({service}) => service)).size > 1;
	const service: ReadonlyArray<Column<RouteView>> = hasBothServices
		? [{title: 'FOR', width: 6, drop: 5, cell: row => span(row.service, 'muted')}]
		: [];
	return [
		{title: '#', width: 2, align: 'right', drop: 6, cell: row => span(String(row.order + 1), 'muted')},
		{
			title: 'PROVIDER',
			width: 14,
			grow: 3,
			most: 40,
			cell: row => span(nameOfEndpoint(row.endpointKey), row.enabled ? 'text' : 'muted'),
		},
		{title: 'STATE', width: 10, cell: row => routeStateOf(row, state.nowMs, glyphs)},
		{title: 'PIN', width: 8, cell: row => span(pinWordOf(row, state, glyphs), 'accent')},
		...service,
		{
			title: 'OK',
			width: 4,
			align: 'right',
			cell: row => span(formatShare(row.recentSuccesses, row.recentAttempts), shareTone(row)),
		},
		{
			title: 'TTFB',
			width: 6,
			align: 'right',
			drop: 1,
			cell: row => span(formatDuration(row.ttfbMs), row.ttfbMs === undefined ? 'muted' : 'text'),
		},
		{
			title: 'LIVE',
			width: 4,
			align: 'right',
			cell: row =>
				span(row.liveRequests === 0 ? '-' : String(row.liveRequests), row.liveRequests === 0 ? 'muted' : 'info'),
		},
		{title: 'DIALECT', width: 9, drop: 8, cell: row => span(row.dialect, 'muted')},
		{
			title: 'AUTH',
			width: 14,
			grow: 2,
			most: 32,
			drop: 7,
			cell: row => span(row.authSource, row.hasAuth ? 'muted' : 'error'),
		},
		{title: 'LAST', width: 16, grow: 4, drop: 9, cell: row => span(row.lastReason ?? '', 'muted')},
	];
};

/** The pane of all upstreams in the order in which they are tried. */
export const routesPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'routes');
	const isFocused = focusOf(state) === 'routes';
	const ready = state.routes.filter(route => isUsable(route) && route.phase === 'closed').length;
	return framePane(box, {
		title: 'Routes',
		note: listNote(list, noteOf([`${ready} ready`, ready === 0 && list.total > 0 ? 'error' : 'muted'])),
		isFocused,
		glyphs,
		inside: (width, height) =>
			list.rows.length === 0
				? emptyLines(
						list.total > 0
							? ['No upstream matches the filter. Esc clears it.']
							: [
									'No upstream is configured yet.',
									`Write one into ${state.engine?.configPath ?? 'config.toml'}; it is read at once.`,
								],
						width,
						height,
					)
				: tableLines({
						columns: columnsOf(state, glyphs),
						rows: list.rows,
						selected: list.index,
						isFocused,
						glyphs,
						width,
						height,
					}),
	});
};

const shownAttempts = 20;

/** The newest attempts at an upstream, also those that the client never noticed. */
const recentAttempts = (route: RouteView, state: ScreenState, glyphs: Glyphs): readonly Fact[] =>
	state.requests
		.flatMap(({attempts, model}) =>
			attempts.filter(({endpointKey}) => endpointKey === route.endpointKey).map(attempt => ({...attempt, model})),
		)
		.slice(0, shownAttempts)
		.map(({outcome, startedAtMs, status, code, durationMs, model}, index): Fact => {
			const isGood = outcome === 'success' || outcome === 'running';
			const glyph = outcome === 'running' ? glyphs.running : isGood ? glyphs.done : glyphs.failed;
			const result = `${glyph} ${String(status ?? code ?? outcome).padEnd(4)}`;
			const text = `${formatClock(startedAtMs)} ${result} ${formatDuration(durationMs).padStart(6)}  ${model ?? ''}`;
			return [index === 0 ? 'attempts' : '', text, isGood ? 'muted' : 'error'];
		});

interface DetailView {
	readonly state: ScreenState;
	readonly glyphs: Glyphs;
	readonly width: number;
}

const routeFacts = (route: RouteView, {state, glyphs, width}: DetailView): readonly Line[] => {
	const pin = pinOf(state.engine, route.service);
	const mode =
		pin?.mode === 'only' ? 'only this one serves; it fails when it cannot' : 'tried first; others follow when it fails';
	return factLines(
		[
			[
				'state',
				`${routeStateOf(route, state.nowMs, glyphs).text}${failuresOf(route)}`,
				routeStateOf(route, state.nowMs, glyphs).tone,
			],
			['until', route.cooldownUntilMs === undefined ? undefined : formatClock(route.cooldownUntilMs)],
			['last', route.lastReason],
			[
				'pin',
				pin === undefined
					? `none for ${route.service}: tried in order`
					: `${nameOfEndpoint(pin.endpointKey)}: ${mode} (since ${formatClock(pin.setAtMs)})`,
				pin === undefined ? 'muted' : 'accent',
			],
			[
				'recent',
				`${formatShare(route.recentSuccesses, route.recentAttempts)} of ${route.recentAttempts} attempts in 5m, first byte ${formatDuration(route.ttfbMs)}, ${route.liveRequests} live`,
			],
			['url', route.baseUrl],
			['speaks', `${route.dialect}  for ${route.service}`],
			['auth', route.authSource, route.hasAuth ? 'text' : 'error'],
			['path', route.routePath.join(` ${glyphs.arrow} `)],
			[
				'tags',
				Object.entries(route.tags)
					.map(([name, value]) => `${name}=${value}`)
					.join('  '),
			],
			['alias', route.alias],
			['defined', route.location],
			['key', route.endpointKey],
			...recentAttempts(route, state, glyphs),
		],
		width,
	);
};

/** All that is known of the selected upstream. */
export const routeDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {selected: route} = listOf(state, 'routes');
	return detailPane(state, box, {
		title: route === undefined ? 'Upstream' : nameOfEndpoint(route.endpointKey),
		note: route === undefined ? [] : noteOf([`${route.order + 1} of ${state.routes.length}`, 'muted']),
		glyphs,
		empty: 'Select an upstream above.',
		lines: route && (width => routeFacts(route, {state, glyphs, width})),
	});
};
