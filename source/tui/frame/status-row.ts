import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {activeRoute, isUsable, liveCount, pinOf, recentFigures} from '../store/selectors.ts';
import {formatClock, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, spreadLine, widthOfLine, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

/** A dot and one word for how the whole is doing. */
const healthOf = (state: ScreenState, glyphs: Glyphs): Span => {
	const {engine} = state;
	const words = wordsOf(state).status;
	if (state.staleness !== undefined) {
		const {staleSince} = wordsOf(state).attach;
		const text = state.attached === undefined ? words.noAnswer : staleSince(formatClock(state.staleness.sinceMs));
		return span(`${glyphs.failed} ${text}`, 'error', true);
	}

	if (engine === undefined || engine.state === 'starting') {
		return span(`${glyphs.half} ${words.starting}`, 'warn');
	}

	if (engine.state === 'restarting') {
		return span(`${glyphs.failed} ${words.restarting}`, 'error', true);
	}

	const usable = state.routes.filter(isUsable);
	const ready = usable.filter(({phase}) => phase === 'closed').length;
	// What is due or being probed takes the next request: nothing is down that Explain shows as chosen.
	const isCooling = ({phase, cooldownUntilMs}: RouteView): boolean =>
		phase === 'open' && (cooldownUntilMs === undefined || cooldownUntilMs > state.nowMs);
	if (state.routes.length > 0 && usable.every(isCooling)) {
		return span(`${glyphs.failed} ${words.allDown}`, 'error', true);
	}

	return ready < usable.length || engine.configProblem !== undefined
		? span(`${glyphs.half} ${words.degraded}`, 'warn')
		: span(`${glyphs.healthy} ${words.healthy}`, 'ok');
};

const portOf = (url: string | undefined): string => (url === undefined ? '' : `:${/:(\d+)$/.exec(url)?.[1] ?? url}`);

const switchedLine = (state: ScreenState): Line => {
	const {codex, 'claude-code': claude} = state.engine?.switched ?? {};
	const {switched} = wordsOf(state).status;
	const facts = [
		...(codex === undefined ? [] : [`codex ${switched[codex]}`]),
		...(claude === undefined ? [] : [`claude ${switched[claude]}`]),
	];
	return [span(facts.join(' '), codex === 'on' || claude === 'on' ? undefined : 'warn')];
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
		const {status, routes} = wordsOf(state);
		const label = service === 'claude' ? 'claude ' : `${status.route} `;
		return [
			span(index > 0 && activeRoute(state, 'codex') !== undefined ? ` ${label}` : label, 'muted'),
			span(name),
			...(pin === undefined ? [] : [span(` ${glyphs.pinned} ${routes.modes[pin.mode]}`, 'accent' as const)]),
		];
	});

const figuresLine = (state: ScreenState, isShort = false): Line => {
	const {ended, succeeded, ttfbP95Ms} = recentFigures(state);
	const share = formatShare(succeeded, ended);
	return [
		span(`${wordsOf(state).status.lastFiveMinutes} `, 'muted'),
		span(share, ended === 0 ? 'muted' : succeeded === ended ? 'ok' : 'warn'),
		...(isShort ? [] : [span(' p95 ', 'muted'), span(formatDuration(ttfbP95Ms))]),
	];
};

/** Whose engine it is, where it is not this screen's own. */
const attachedLine = (state: ScreenState): Line => {
	const {attached, isReadOnly} = state;
	const words = wordsOf(state).attach;
	return attached === undefined
		? []
		: [span(words.attachedTo(attached.where), 'info'), span(` ${isReadOnly ? words.readOnly : words.mayAct}`, 'warn')];
};

/** A fact of the status row; the higher `drop`, the earlier it goes when there is no room. */
interface StatusItem {
	readonly drop: number;
	readonly line: Line;
	/** What stays of it before it goes whole. */
	readonly short?: Line;
}

const itemsOf = (state: ScreenState, glyphs: Glyphs): readonly StatusItem[] => {
	const {engine} = state;
	const words = wordsOf(state).status;
	const live = liveCount(state);
	const cooling = state.routes.filter(route => isUsable(route) && route.phase === 'open').length;
	const reload: Line =
		engine?.configLoadedAtMs === undefined
			? []
			: [
					span(
						words.configReadAt(formatClock(engine.configLoadedAtMs)),
						engine.configProblem === undefined ? 'muted' : 'error',
					),
				];
	return [
		{drop: 0, line: attachedLine(state)},
		{drop: 2, line: [span(portOf(engine?.url), 'muted')]},
		{drop: 4, line: switchedLine(state)},
		{drop: 1, line: routeLine(state, glyphs)},
		{drop: 3, line: figuresLine(state), short: figuresLine(state, true)},
		{drop: 5, line: [span(words.live(live), live > 0 ? 'info' : 'muted')]},
		{drop: 6, line: cooling === 0 ? [] : [span(words.cooling(cooling), 'warn' as const)]},
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
		items = items.flatMap(item =>
			item.drop !== least ? [item] : item.short === undefined ? [] : [{drop: item.drop, line: item.short}],
		);
	}

	return spreadLine(joined(items), clock, state.columns).map(part =>
		part.look === undefined ? {...part, look: 'header' as const} : part,
	);
};
