import type {ScreenState} from '../store/screen-state.ts';
import {activeRoute, liveCount, pinOf, recentFigures} from '../store/selectors.ts';
import {formatClock, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import {span, spreadLine, widthOfLine, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

/** A dot and one word for how the whole is doing. */
export const healthOf = (state: ScreenState, glyphs: Glyphs): Span => {
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

	const usable = state.routes.filter(({enabled}) => enabled);
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
	(['codex', 'claude'] as const).flatMap((service): Line => {
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
			span(label, 'muted'),
			span(name),
			...(pin === undefined ? [] : [span(` ${glyphs.pinned} ${pin.mode}`, 'accent' as const)]),
			span(' '),
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

const itemsOf = (state: ScreenState, glyphs: Glyphs): readonly Line[] => {
	const {engine} = state;
	const live = liveCount(state);
	const cooling = state.routes.filter(({enabled, phase}) => enabled && phase === 'open').length;
	return [
		[span(portOf(engine?.url), 'muted')],
		switchedLine(state),
		routeLine(state, glyphs),
		figuresLine(state),
		[span(`${live} live`, live > 0 ? 'info' : 'muted')],
		cooling === 0 ? [] : [span(`${cooling} cooling`, 'warn')],
		engine?.configLoadedAtMs === undefined
			? []
			: [
					span(
						`config ${formatClock(engine.configLoadedAtMs)}`,
						engine.configProblem === undefined ? 'muted' : 'error',
					),
				],
	].filter(line => widthOfLine(line) > 0);
};

/** The first row: name, health and facts; what does not fit is dropped from the right, whole. */
export const statusRow = (state: ScreenState, glyphs: Glyphs): Line => {
	const demo: Line = state.engine?.isDemo === true ? [span(' '), {text: ' DEMO ', bold: true, look: 'selection'}] : [];
	const clock: Line = [span(` ${formatClock(state.nowMs)} `, 'muted')];
	let left: Line = [span(' codex-tui', 'accent', true), ...demo, span('  '), healthOf(state, glyphs)];
	for (const item of itemsOf(state, glyphs)) {
		const longer: Line = [...left, span(` ${glyphs.separator} `, 'border'), ...item];
		if (widthOfLine(longer) + widthOfLine(clock) > state.columns) {
			break;
		}

		left = longer;
	}

	return spreadLine(left, clock, state.columns).map(part =>
		part.look === undefined ? {...part, look: 'header' as const} : part,
	);
};
