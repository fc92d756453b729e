import {isRecord} from '../base/json.ts';
import type {AttemptOutcome} from '../event/catalogue.ts';

/*
 * The breaker of one endpoint: a pure machine with the arithmetic of watchdog.md 4. Verdicts arrive at the end of a stream, so
 * it is told outcomes and asked for its phase; it never wraps a call.
 */

/** A breaker's whole state; plain data, persisted as it is. Times are wall-clock milliseconds, so that they survive a restart. */
export type Breaker =
	| {readonly phase: 'closed'; readonly failures: number; readonly opened: number; readonly healthySinceMs: number}
	| {
			readonly phase: 'open';
			readonly failures: number;
			/** How often it has opened without staying healthy in between: n in `base · 2^(n−1)`. */
			readonly opened: number;
			readonly sinceMs: number;
			/** Undefined: until the credential changes or the user picks the endpoint. */
			readonly untilMs: number | undefined;
			readonly baseMs: number;
			readonly reason: string;
			/** `limit` is a cooldown that the upstream stated; only its end is a promise. */
			readonly cause: 'hard' | 'limit' | 'auth';
	  }
	| {
			readonly phase: 'half-open';
			readonly failures: number;
			readonly opened: number;
			readonly successes: number;
			readonly isProbing: boolean;
			readonly baseMs: number;
			readonly reason: string;
	  };

/** An outcome as the breaker counts it. */
export interface BreakerOutcome {
	readonly outcome: AttemptOutcome;
	readonly reason: string;
	/** What the upstream stated as its waiting time. */
	readonly retryAfterMs?: number | undefined;
	/** The account has nothing left: the stated time is when it gets more, however long that is. */
	readonly isQuota?: boolean | undefined;
	/** The base of the cooldown for this kind of failure. */
	readonly baseMs: number;
}

/** Bases of the cooldown by kind of failure, in milliseconds (watchdog.md 4). */
export const cooldownBaseMs = {
	transport: 30_000,
	status5xx: 30_000,
	gatewayTimeout: 60_000,
	botChallenge: 300_000,
	rateLimit: 15_000,
	quota: 3_600_000,
} as const;

const hardFailuresToOpen = 3;
const successesToClose = 2;
const cooldownMaxMs = 600_000;
/** The n at which every base has reached the longest cooldown; a larger one would only take longer to heal. */
const openedMax = 7;
/** Corrections of the wall clock are smaller than this; a clock that went back further makes stored times worthless. */
const clockSlackMs = 60_000;

/** A breaker that has seen nothing. */
export const closedBreaker = (nowMs: number): Breaker => ({
	phase: 'closed',
	failures: 0,
	opened: 0,
	healthySinceMs: nowMs,
});

/** `min(base · 2^(n−1), 600 s) · U(0.8, 1.2)`; `random` is in [0, 1). */
const cooldownMs = (baseMs: number, opened: number, random: number): number =>
	Math.round(Math.min(baseMs * 2 ** (opened - 1), Math.max(cooldownMaxMs, baseMs)) * (0.8 + 0.4 * random));

const isOver = (breaker: Extract<Breaker, {phase: 'open'}>, nowMs: number): boolean =>
	breaker.untilMs !== undefined && (nowMs >= breaker.untilMs || nowMs < breaker.sinceMs - clockSlackMs);

/** The phase that holds at a moment: an open breaker whose time is over is half-open, also where the clock was set back. */
export const settleBreaker = (breaker: Breaker, nowMs: number): Breaker =>
	breaker.phase === 'open' && isOver(breaker, nowMs)
		? {
				phase: 'half-open',
				failures: breaker.failures,
				opened: breaker.opened,
				successes: 0,
				isProbing: false,
				baseMs: breaker.baseMs,
				reason: breaker.reason,
			}
		: breaker;

/** A request is sent through a half-open breaker: it is the one probe. */
export const beginProbe = (breaker: Breaker): Breaker =>
	breaker.phase === 'half-open' ? {...breaker, isProbing: true} : breaker;

/**
 * The machine's step for one ended attempt. While the breaker is not closed only its probe counts (a last-resort attempt is one
 * too): attempts that began before it opened would otherwise drive the cooldown up, a hundred at once.
 */
export const recordOutcome = (
	breaker: Breaker,
	result: BreakerOutcome,
	at: {readonly nowMs: number; readonly random: number; readonly isProbe: boolean},
): Breaker => {
	const settled = settleBreaker(breaker, at.nowMs);
	if (settled.phase !== 'closed' && !at.isProbe) {
		return settled;
	}

	switch (result.outcome) {
		case 'success': {
			return recordSuccess(settled, at.nowMs);
		}

		case 'hard': {
			const failures = settled.failures + 1;
			return settled.phase !== 'closed' || failures >= hardFailuresToOpen
				? open(settled, {...result, cause: 'hard', failures}, at)
				: {...settled, failures};
		}

		case 'soft': {
			return open(settled, {...result, cause: 'limit', failures: settled.failures}, at);
		}

		case 'auth': {
			return open(settled, {...result, cause: 'auth', failures: settled.failures}, at);
		}

		case 'neutral':
		case 'cancelled': {
			return settled.phase === 'half-open' ? {...settled, isProbing: false} : settled;
		}
	}
};

const recordSuccess = (breaker: Breaker, nowMs: number): Breaker => {
	if (breaker.phase === 'closed') {
		return {phase: 'closed', failures: 0, ...healed(breaker, nowMs)};
	}

	const successes = (breaker.phase === 'half-open' ? breaker.successes : 0) + 1;
	return successes >= successesToClose || breaker.phase === 'open'
		? {phase: 'closed', failures: 0, opened: breaker.opened, healthySinceMs: nowMs}
		: {...breaker, successes, isProbing: false};
};

/** n falls by one per base time of health, as Envoy lowers its multiplier each healthy interval. */
const healed = (
	breaker: Extract<Breaker, {phase: 'closed'}>,
	nowMs: number,
): Pick<Extract<Breaker, {phase: 'closed'}>, 'opened' | 'healthySinceMs'> => {
	const intervals = Math.floor(Math.max(0, nowMs - breaker.healthySinceMs) / cooldownBaseMs.status5xx);
	return {
		opened: Math.max(0, breaker.opened - intervals),
		// A clock that was set back must not stop the healing until it has caught up.
		healthySinceMs: Math.min(nowMs, breaker.healthySinceMs + intervals * cooldownBaseMs.status5xx),
	};
};

interface Opening extends BreakerOutcome {
	readonly cause: 'hard' | 'limit' | 'auth';
	readonly failures: number;
}

/**
 * A stated waiting time is honoured: guessing longer would waste quota, shorter would burn a request. Without a quota's reset it
 * is capped, or one absurd Retry-After would take an upstream away for days (routing.md 5).
 */
const statedMs = ({retryAfterMs, isQuota}: Opening): number | undefined =>
	retryAfterMs === undefined || isQuota === true ? retryAfterMs : Math.min(retryAfterMs, cooldownMaxMs);

const open = (breaker: Breaker, opening: Opening, at: {readonly nowMs: number; readonly random: number}): Breaker => {
	const before = breaker.phase === 'closed' ? healed(breaker, at.nowMs).opened : breaker.opened;
	const opened = Math.min(before + 1, openedMax);
	const waitMs = statedMs(opening) ?? cooldownMs(opening.baseMs, opened, at.random);
	return {
		phase: 'open',
		failures: opening.failures,
		opened,
		sinceMs: at.nowMs,
		untilMs: opening.cause === 'auth' ? undefined : at.nowMs + waitMs,
		baseMs: opening.baseMs,
		reason: opening.reason,
		cause: opening.cause,
	};
};

const causes: readonly unknown[] = ['hard', 'limit', 'auth'];

/** Whether a stored value is a breaker of this version; anything else is forgotten, since a half-known one could never close. */
export const isBreaker = (value: unknown): value is Breaker => {
	if (!isRecord(value) || !hasNumbers(value, ['failures', 'opened'])) {
		return false;
	}

	switch (value['phase']) {
		case 'closed': {
			return hasNumbers(value, ['healthySinceMs']);
		}

		case 'open': {
			const isTimed = hasNumbers(value, ['untilMs']) || (value['cause'] === 'auth' && value['untilMs'] === undefined);
			return isTimed && hasNumbers(value, ['sinceMs', 'baseMs']) && hasReason(value) && causes.includes(value['cause']);
		}

		case 'half-open': {
			return hasNumbers(value, ['successes', 'baseMs']) && hasReason(value) && typeof value['isProbing'] === 'boolean';
		}

		default: {
			return false;
		}
	}
};

const hasNumbers = (value: Record<string, unknown>, keys: readonly string[]): boolean =>
	keys.every(key => Number.isFinite(value[key]));

const hasReason = (value: Record<string, unknown>): boolean => typeof value['reason'] === 'string';
