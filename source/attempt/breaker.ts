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

/** The phase that holds at a moment: an open breaker whose time is over is half-open. */
export const settleBreaker = (breaker: Breaker, nowMs: number): Breaker =>
	breaker.phase === 'open' && breaker.untilMs !== undefined && nowMs >= breaker.untilMs
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
		healthySinceMs: breaker.healthySinceMs + intervals * cooldownBaseMs.status5xx,
	};
};

interface Opening extends BreakerOutcome {
	readonly cause: 'hard' | 'limit' | 'auth';
	readonly failures: number;
}

const open = (breaker: Breaker, opening: Opening, at: {readonly nowMs: number; readonly random: number}): Breaker => {
	// A stated waiting time is honoured as it is: guessing longer would waste quota, shorter would burn a request.
	const opened = (breaker.phase === 'closed' ? healed(breaker, at.nowMs).opened : breaker.opened) + 1;
	const waitMs = opening.retryAfterMs ?? cooldownMs(opening.baseMs, opened, at.random);
	return {
		phase: 'open',
		failures: opening.failures,
		opened,
		untilMs: opening.cause === 'auth' ? undefined : at.nowMs + waitMs,
		baseMs: opening.baseMs,
		reason: opening.reason,
		cause: opening.cause,
	};
};
