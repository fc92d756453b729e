import type {AccountView} from '../../event/account-view.ts';
import type {RouteView} from '../../event/view.ts';
import {isPaused} from '../store/brain-selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {hasKey} from '../store/selectors.ts';
import {formatAge, formatClock} from '../text/format.ts';
import {span, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

/* Glyph, word and tone of what an upstream or an account is doing; never colour alone. */

interface Breaker {
	readonly phase: RouteView['phase'];
	readonly untilMs: number | undefined;
}

/** A breaker as glyph and word: `● ready`, `◐ cool 41s`, `◐ due`, `◐ off` (until its key changes), `◐ probing`. */
export const breakerState = ({phase, untilMs}: Breaker, nowMs: number, glyphs: Glyphs): Span => {
	if (phase === 'open') {
		const leftMs = (untilMs ?? nowMs) - nowMs;
		return span(`${glyphs.half} ${leftMs > 0 ? `cool ${formatAge(leftMs)}` : 'due'}`, 'warn');
	}

	return phase === 'half-open' ? span(`${glyphs.half} probing`, 'warn') : span(`${glyphs.healthy} ready`, 'ok');
};

/** The state of an upstream. */
export const routeStateOf = (route: RouteView, state: ScreenState, glyphs: Glyphs): Span => {
	if (!route.enabled) {
		return span(`${glyphs.down} off`, 'muted');
	}

	if (!hasKey(route)) {
		return span(`${glyphs.failed} no key`, 'error');
	}

	return isPaused(state, route)
		? span(`${glyphs.down} paused`, 'warn')
		: breakerState({phase: route.phase, untilMs: route.cooldownUntilMs}, state.nowMs, glyphs);
};

/** The state of one account at one of its provider's endpoints. */
export const accountStateOf = (
	account: AccountView,
	endpointKey: string,
	{nowMs, glyphs, running}: {readonly nowMs: number; readonly glyphs: Glyphs; readonly running: number},
): Span => {
	if (!account.enabled) {
		return span(`${glyphs.down} off`, 'muted');
	}

	if (account.isPaused) {
		return span(`${glyphs.down} paused`, 'warn');
	}

	if (!account.hasAuth) {
		return span(`${glyphs.failed} no key`, 'error');
	}

	if (account.exhausted !== undefined) {
		return span(`${glyphs.half} spent`, 'warn');
	}

	const breaker = account.endpoints.find(endpoint => endpoint.endpointKey === endpointKey);
	if (breaker?.phase === 'half-open' && running === 0) {
		return span(`${glyphs.half} due`, 'warn');
	}

	// Without an end it waits for a new key, or for the user.
	return breaker?.phase === 'open' && breaker.untilMs === undefined
		? span(`${glyphs.failed} refused`, 'error')
		: breakerState(breaker ?? {phase: 'closed', untilMs: undefined}, nowMs, glyphs);
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12:05:12`, with the day where that is not within half a day: `Nov 23 12:05:12`. */
export const formatMoment = (atMs: number, nowMs: number): string => {
	const date = new Date(atMs);
	const day = `${months[date.getMonth()] ?? ''} ${date.getDate()} `;
	return `${Math.abs(atMs - nowMs) > 43_200_000 ? day : ''}${formatClock(atMs)}`;
};
