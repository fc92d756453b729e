import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {isPaused} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {hasKey, listOf} from '../store/selectors.ts';
import {formatClock, formatDuration, formatShare, nameOfEndpoint} from '../text/format.ts';
import type {Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {detailPane, factLines, noteOf, type Fact} from './pane.ts';
import {
	accountFacts,
	balanceFacts,
	cooldownFacts,
	learnedFacts,
	limitFacts,
	modelFacts,
	pinFacts,
	routeFacts,
	sessionFacts,
	type FactsFrom,
} from './route-facts.ts';
import {formatMoment, routeStateOf} from './route-state.ts';

const shownAttempts = 20;

/** The newest attempts at an upstream, also those that the client never noticed. */
const recentAttempts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] =>
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
			return [index === 0 ? wordsOf(state).upstream.facts.attempts : '', text, isGood ? 'muted' : 'error'];
		});

const stateFacts = (route: RouteView, {state, glyphs}: FactsFrom): readonly Fact[] => {
	const {text, tone} = routeStateOf(route, state, glyphs);
	const {facts, until: untilText, failedInRow, dueMeans} = wordsOf(state).upstream;
	const until = route.cooldownUntilMs;
	const end =
		until === undefined || until <= state.nowMs || isPaused(state, route)
			? ''
			: ` ${untilText(formatMoment(until, state))}`;
	const isDue = route.enabled && route.phase === 'open' && until !== undefined && until <= state.nowMs;
	return [
		[facts.state, `${text}${end}${route.failures === 0 ? '' : failedInRow(route.failures)}`, tone],
		['', isDue && !isPaused(state, route) ? dueMeans : undefined, 'muted'],
		[facts.last, route.lastReason && wordsOf(state).requests.said(route.lastReason)],
	];
};

const configured = (route: RouteView, state: ScreenState): readonly Fact[] => {
	const {facts, speaks} = wordsOf(state).upstream;
	const {baseUrl, dialect, service, authSource, tags, alias, location, endpointKey} = route;
	return [
		[facts.url, baseUrl],
		[facts.speaks, speaks(dialect, service)],
		[facts.auth, wordsOf(state).routes.keySource(authSource), hasKey(route) ? 'text' : 'error'],
		[
			facts.tags,
			Object.entries(tags)
				.map(([name, value]) => `${name}=${value}`)
				.join('  '),
		],
		[facts.alias, alias],
		[facts.defined, location],
		[facts.key, endpointKey],
	];
};

/** First what decides about it now, then its place in the graph, then what the file says, then what became of the attempts. */
const factsOf = (route: RouteView, from: FactsFrom): readonly Fact[] => {
	const {state} = from;
	const {recentSuccesses, recentAttempts: attempts, ttfbMs, liveRequests} = route;
	const {facts, recent, firstByte} = wordsOf(state).upstream;
	const share = formatShare(recentSuccesses, attempts);
	return [
		...stateFacts(route, from),
		...pinFacts(route, from),
		...accountFacts(route, from),
		...cooldownFacts(route, from),
		...modelFacts(route, from),
		...balanceFacts(route, from),
		...limitFacts(route, from),
		...sessionFacts(route, from),
		...routeFacts(route, from),
		...learnedFacts(route, from),
		[facts.recent, `${recent(share, attempts)}${firstByte(formatDuration(ttfbMs), liveRequests)}`],
		...configured(route, state),
		...recentAttempts(route, from),
	];
};

/** All that is known of the selected upstream. */
export const routeDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {upstream: words} = wordsOf(state);
	const {selected: route} = listOf(state, 'routes');
	return detailPane(state, box, {
		title: route === undefined ? words.title : nameOfEndpoint(route.endpointKey),
		note: route === undefined ? [] : noteOf([words.place(route.order + 1, state.routes.length), 'muted']),
		glyphs,
		empty: words.nothingSelected,
		lines: route && (width => factLines(factsOf(route, {state, glyphs}), width)),
	});
};
