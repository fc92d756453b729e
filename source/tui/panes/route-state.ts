import type {AccountView} from '../../event/account-view.ts';
import type {RouteView} from '../../event/view.ts';
import {wordsOf} from '../language/words.ts';
import {isPaused} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {hasKey} from '../store/selectors.ts';
import {formatAge, formatClock} from '../text/format.ts';
import {span, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

/* Glyph, word and tone of what an upstream or an account is doing; never colour alone. */

/** What a moment is told by: the time now, and the language. */
type Moment = Pick<ScreenState, 'nowMs' | 'language'>;

interface Breaker {
	readonly phase: RouteView['phase'];
	readonly untilMs: number | undefined;
}

/** What a breaker is doing in a word: `ready`, `cool 41s`, `due`, `probing`. */
export const breakerWord = ({phase, untilMs}: Breaker, state: Moment): string => {
	const {states} = wordsOf(state).routes;
	if (phase === 'open') {
		const leftMs = (untilMs ?? state.nowMs) - state.nowMs;
		return leftMs > 0 ? states.cooling(formatAge(leftMs)) : states.due;
	}

	return phase === 'half-open' ? states.probing : states.ready;
};

/** A breaker as glyph and word: `● ready`, `◐ cool 41s`, `◐ due`, `◐ off` (until its key changes), `◐ probing`. */
export const breakerState = (breaker: Breaker, state: Moment, glyphs: Glyphs): Span => {
	const isReady = breaker.phase === 'closed';
	return span(`${isReady ? glyphs.healthy : glyphs.half} ${breakerWord(breaker, state)}`, isReady ? 'ok' : 'warn');
};

/** The state of an upstream. */
export const routeStateOf = (route: RouteView, state: ScreenState, glyphs: Glyphs): Span => {
	const {states} = wordsOf(state).routes;
	if (!route.enabled) {
		return span(`${glyphs.down} ${states.off}`, 'muted');
	}

	if (!hasKey(route)) {
		return span(`${glyphs.failed} ${states.noKey}`, 'error');
	}

	return isPaused(state, route)
		? span(`${glyphs.down} ${states.paused}`, 'warn')
		: breakerState({phase: route.phase, untilMs: route.cooldownUntilMs}, state, glyphs);
};

/** The state of one account at one of its provider's endpoints. */
export const accountStateOf = (
	account: AccountView,
	endpointKey: string,
	{state, glyphs, running}: {readonly state: Moment; readonly glyphs: Glyphs; readonly running: number},
): Span => {
	const {states} = wordsOf(state).routes;
	if (!account.enabled) {
		return span(`${glyphs.down} ${states.off}`, 'muted');
	}

	if (account.isPaused) {
		return span(`${glyphs.down} ${states.paused}`, 'warn');
	}

	if (!account.hasAuth) {
		return span(`${glyphs.failed} ${states.noKey}`, 'error');
	}

	if (account.exhausted !== undefined) {
		return span(`${glyphs.half} ${states.spent}`, 'warn');
	}

	const breaker = account.endpoints.find(endpoint => endpoint.endpointKey === endpointKey);
	if (breaker?.phase === 'half-open' && running === 0) {
		return span(`${glyphs.half} ${states.due}`, 'warn');
	}

	// Without an end it waits for a new key, or for the user.
	return breaker?.phase === 'open' && breaker.untilMs === undefined
		? span(`${glyphs.failed} ${states.refused}`, 'error')
		: breakerState(breaker ?? {phase: 'closed', untilMs: undefined}, state, glyphs);
};

/** `12:05:12`, with the day where that is not within half a day: `Nov 23 12:05:12`. */
export const formatMoment = (atMs: number, state: Moment): string => {
	const date = new Date(atMs);
	const isFar = Math.abs(atMs - state.nowMs) > 43_200_000;
	return `${isFar ? `${wordsOf(state).routes.day(date.getMonth(), date.getDate())} ` : ''}${formatClock(atMs)}`;
};
