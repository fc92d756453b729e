import type {ScreenState} from '../store/screen-state.ts';
import {activeRoute, isUsable, liveCount, pinOf, recentFigures} from '../store/selectors.ts';
import {formatClock, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, spreadLine, widthOfLine, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

/** A dot and one word for how the whole is doing. */
const healthOf = (state: ScreenState, glyphs: Glyphs): Span => {
	const {engine} = state;
	if (state.staleness !== undefined) {
		return span(`${glyphs.failed} no answer`, 'error', true);
	}

	if (engine === undefined || engine.state === 'starting') {
		return span(`${glyphs.half} starting`, 'warn');
	}

	if (engine.state === 'restarting') {
		return span(`${glyphs.failed} restarting`, 'error', true);
	}

	const usable = state.routes.filter(isUsable);
	const ready = usable.filter(({phase}) => phase === 'closed').length;
	if (usable.length > 0 && ready === 0) {
		return span(`${glyphs.failed} all down`, 'error', true);
	}

	return ready < usable.length || engine.configProblem !== undefined
		? span(`${glyphs.half} degraded`, 'warn')
		: span(`${glyphs.healthy} ok`, 'ok');
};

const portOf = (url: string | undefined): string => (url === undefined ? '' : `:${/:(\d+)$/.exec(url)?.[1] ?? url}`);

const switchedLine = (state: ScreenState): Line => {
	const {codex, 'claude-code': claude} = state.engine?.switched ?? {};
	const words = [codex === undefined ? '' : `codex ${codex}`, claude === undefined ? '' : `claude ${claude}`];
	return [span(words.filter(word => word !== '').join(' '), codex === 'on' || claude === 'on' ? undefined : 'warn')];
};

const routeLine = (state: ScreenState, glyphs: Glyphs): Line =>
	(['codex', 'claude'] as const).flatMap((service, index): Line => {
		const route = activeRoute(state, service);
		if (
			route === undefined ||
			(service === 'claude' && activeRoute(state, 'codex') !== undefined && pinOf(state.engine, 'claude') === undefined)
		) {
			return [];
		}

		const pin = pinOf(state.engine, service);
		const name = nameOfEndpoint(pin?.endpointKey ?? route.endpointKey);
		const label = service === 'claude' ? 'claude ' : 'route ';
		return [
			span(index > 0 && activeRoute(state, 'codex') !== undefined ? ` ${label}` : label, 'muted'),
			span(name),
			...(pin === undefined ? [] : [span(` ${glyphs.pinned} ${pin.mode}`, 'accent' as const)]),
		];
	});

const figuresLine = (state: ScreenState): Line => {
	const {ended, succeeded, ttfbP95Ms} = recentFigures(state);
	const share = formatShare(succeeded, ended);
	return [
		span('5m ', 'muted'),
		span(share, ended === 0 ? 'muted' : succeeded === ended ? 'ok' : 'warn'),
		span(' p95 ', 'muted'),
		span(formatDuration(ttfbP95Ms)),
	];
};

/** A fact of the status row; the higher `drop`, the earlier it goes when there is no room. */
interface StatusItem {
	readonly drop: number;
	readonly line: Line;
}

const itemsOf = (state: ScreenState, glyphs: Glyphs): readonly StatusItem[] => {
	const {engine} = state;
	const live = liveCount(state);
	const cooling = state.routes.filter(route => isUsable(route) && route.phase === 'open').length;
	const reload: Line =
		engine?.configLoadedAtMs === undefined
			? []
			: [
					span(
						`config ${formatClock(engine.configLoadedAtMs)}`,
						engine.configProblem === undefined ? 'muted' : 'error',
					),
				];
	return [
		{drop: 2, line: [span(portOf(engine?.url), 'muted')]},
		{drop: 4, line: switchedLine(state)},
		{drop: 1, line: routeLine(state, glyphs)},
		{drop: 3, line: figuresLine(state)},
		{drop: 5, line: [span(`${live} live`, live > 0 ? 'info' : 'muted')]},
		{drop: 6, line: cooling === 0 ? [] : [span(`${cooling} cooling`, 'warn' as const)]},
		{drop: 7, line: reload},
	].filter(({line}) => widthOfLine(line) > 0);
};

/** The first row: name, health and facts; what does not fit is left out whole, the least important first. */
export const statusRow = (state: ScreenState, glyphs: Glyphs): Line => {
	const demo: Line = state.engine?.isDemo === true ? [span(' '), {text: ' DEMO ', bold: true, look: 'selection'}] : [];
	const clock: Line = [span(` ${formatClock(state.nowMs)} `, 'muted')];
	const start: Line = [span(' codex-tui', 'accent', true), ...demo, span('  '), healthOf(state, glyphs)];
	const joined = (items: readonly StatusItem[]): Line => [
		...start,
		...items.flatMap(({line}): Line => [span(` ${glyphs.separator} `, 'border'), ...line]),
	];
	let items = itemsOf(state, glyphs);
	while (items.length > 0 && widthOfLine(joined(items)) + widthOfLine(clock) > state.columns) {
		const least = Math.max(...items.map(({drop}) => drop));
		items = items.filter(({drop}) => drop !== least);
	}

	return spreadLine(joined(items), clock, state.columns).map(part =>
		part.look === undefined ? {...part, look: 'header' as const} : part,
	);
};
