import type {AttemptOutcome} from '../event/catalogue.ts';

/*
 * The breaker of one endpoint: a pure machine with the arithmetic of watchdog.md 4. Verdicts arrive at the end of a stream, so
 * it is told outcomes and asked for its phase; it never wraps a call.
 */

/** A breaker's whole state; plain data, persisted as it is. Times are wall-clock milliseconds, so that they survive a restart. */
export type Breaker = ClosedBreaker | OpenBreaker | HalfOpenBreaker;

interface Counts {
	/** Hard failures in a row. */
	readonly failures: number;
	/** How often it has opened without staying healthy in between: n in `base · 2^(n−1)`. */
	readonly opened: number;
	/** The base of its last cooldown, and so the healthy time that takes one off n. */
	readonly baseMs: number;
}

/** Everybody may send. */
export interface ClosedBreaker extends Counts {
	readonly phase: 'closed';
	readonly healthySinceMs: number;
	/** The successes and hard failures of the last minute, oldest first; at most {@link windowOutcomes}. */
	readonly recent: ReadonlyArray<{readonly atMs: number; readonly isHard: boolean}>;
}

/** Why a breaker is open: failures, a limit (429) that is no sickness, a spent quota, a refused credential. */
export type BreakerCause = 'hard' | 'limit' | 'quota' | 'auth';

/** Nobody may send before `untilMs`. */
export interface OpenBreaker extends Counts {
	readonly phase: 'open';
	readonly sinceMs: number;
	/** Undefined: until the credential changes or the user picks the endpoint. */
	readonly untilMs: number | undefined;
	readonly reason: string;
	readonly cause: BreakerCause;
	/** The user moved its end: nothing that was learned later moves it again. */
	readonly isExtended: boolean;
}

/** One may send, to see. */
export interface HalfOpenBreaker extends Counts {
	readonly phase: 'half-open';
	readonly sinceMs: number;
	readonly successes: number;
	readonly isProbing: boolean;
	readonly reason: string;
	readonly cause: BreakerCause;
}

/** An outcome as the breaker counts it. */
export interface BreakerOutcome {
	readonly outcome: AttemptOutcome;
	readonly reason: string;
	/** What the upstream stated as its waiting time. */
	readonly retryAfterMs?: number | undefined;
	/** The account has nothing left: the stated time is when it gets more, however long that is. */
	readonly isQuota?: boolean | undefined;
	/** The error is about the model that was asked for; the account's other models are not touched. */
	readonly isAboutModel?: boolean | undefined;
	/** The base of the cooldown for this kind of failure. */
	readonly baseMs: number;
	/** What the cooldown is multiplied by from one opening to the next; 2 where the retry profile does not say. */
	readonly factor?: number | undefined;
	/** The longest cooldown; 10 minutes where the retry profile does not say. */
	readonly maxMs?: number | undefined;
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
/** `≥ 50 % hard of ≥ 5 outcomes in 60 s` (watchdog.md 4). */
const windowMs = 60_000;
const outcomesToJudge = 5;
const hardShareToOpen = 0.5;
/** Under a heavy load the newest outcomes are sample enough, and cost nothing to keep. */
export const windowOutcomes = 32;
const successesToClose = 2;
const cooldownMaxMs = 600_000;
/** The n at which every base has reached the longest cooldown; a larger one would only take longer to heal. */
const openedMax = 7;
/** A quota that comes back later than in a month was misread. */
const quotaMaxMs = 31 * 86_400_000;
/** Corrections of the wall clock are smaller than this; a clock that went back further makes stored times worthless. */
const clockSlackMs = 60_000;

/** A breaker that has seen nothing. */
export const closedBreaker = (nowMs: number): Breaker => ({
	phase: 'closed',
	failures: 0,
	opened: 0,
	baseMs: cooldownBaseMs.status5xx,
	healthySinceMs: nowMs,
	recent: [],
});

/** `min(base · 2^(n−1), 600 s) · U(0.8, 1.2)`; `random` is in [0, 1). */
const cooldownMs = ({baseMs, factor = 2, maxMs = cooldownMaxMs}: Opening, opened: number, random: number): number =>
	Math.round(Math.min(baseMs * factor ** (opened - 1), Math.max(maxMs, baseMs)) * (0.8 + 0.4 * random));

const isOver = (breaker: Extract<Breaker, {phase: 'open'}>, nowMs: number): boolean =>
	breaker.untilMs !== undefined && (nowMs >= breaker.untilMs || nowMs < breaker.sinceMs - clockSlackMs);

/** The phase that holds at a moment: an open breaker whose time is over is half-open, also where the clock was set back. */
export const settleBreaker = (breaker: Breaker, nowMs: number): Breaker =>
	breaker.phase === 'open' && isOver(breaker, nowMs)
		? {
				phase: 'half-open',
				failures: breaker.failures,
				opened: breaker.opened,
				baseMs: breaker.baseMs,
				sinceMs: Math.min(nowMs, breaker.untilMs ?? nowMs),
				successes: 0,
				isProbing: false,
				reason: breaker.reason,
				cause: breaker.cause,
			}
		: breaker;

/** The same breaker after the wall clock was set by `byMs`: what is left of a cooldown stays what it was. */
export const shiftBreaker = (breaker: Breaker, byMs: number): Breaker => {
	switch (breaker.phase) {
		case 'closed': {
			const recent = breaker.recent.map(({atMs, isHard}) => ({atMs: atMs + byMs, isHard}));
			return {...breaker, healthySinceMs: breaker.healthySinceMs + byMs, recent};
		}

		case 'open': {
			const {sinceMs, untilMs} = breaker;
			return {...breaker, sinceMs: sinceMs + byMs, untilMs: untilMs === undefined ? undefined : untilMs + byMs};
		}

		case 'half-open': {
			return {...breaker, sinceMs: breaker.sinceMs + byMs};
		}
	}
};

/** A stored breaker for use now: the future that it comes from, where the clock was set back meanwhile, is taken off its times. */
export const rebaseBreaker = (breaker: Breaker, nowMs: number): Breaker => {
	const sinceMs = breaker.phase === 'closed' ? breaker.healthySinceMs : breaker.sinceMs;
	return sinceMs > nowMs + clockSlackMs ? shiftBreaker(breaker, nowMs - sinceMs) : breaker;
};

/** The user moves the end of a cooldown. */
export const extendBreaker = (breaker: OpenBreaker, untilMs: number): OpenBreaker => ({
	...breaker,
	untilMs,
	isExtended: true,
});

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
			return recordHard(settled, result, at);
		}

		case 'soft': {
			return open(settled, {...result, cause: result.isQuota === true ? 'quota' : 'limit'}, at);
		}

		case 'auth': {
			return open(settled, {...result, cause: 'auth'}, at);
		}

		case 'neutral':
		case 'cancelled': {
			return settled.phase === 'half-open' ? {...settled, isProbing: false} : settled;
		}
	}
};

interface Moment {
	readonly nowMs: number;
	readonly random: number;
}

const recordHard = (breaker: Breaker, result: BreakerOutcome, at: Moment): Breaker => {
	const counted = {...breaker, failures: breaker.failures + 1};
	if (counted.phase !== 'closed') {
		return open(counted, {...result, cause: 'hard'}, at);
	}

	const next = {...counted, recent: remember(counted.recent, at.nowMs, true)};
	return next.failures >= hardFailuresToOpen || isMostlyHard(next.recent)
		? open(next, {...result, cause: 'hard'}, at)
		: next;
};

/** Times of a clock that was wrong, in either direction, are forgotten. */
const remember = (recent: ClosedBreaker['recent'], atMs: number, isHard: boolean): ClosedBreaker['recent'] => [
	...recent.filter(past => Math.abs(atMs - past.atMs) <= windowMs).slice(1 - windowOutcomes),
	{atMs, isHard},
];

const isMostlyHard = (recent: ClosedBreaker['recent']): boolean =>
	recent.length >= outcomesToJudge && recent.filter(({isHard}) => isHard).length >= recent.length * hardShareToOpen;

const recordSuccess = (breaker: Breaker, nowMs: number): Breaker => {
	if (breaker.phase === 'closed') {
		return {...breaker, failures: 0, ...healed(breaker, nowMs), recent: remember(breaker.recent, nowMs, false)};
	}

	const {opened, baseMs} = breaker;
	const successes = (breaker.phase === 'half-open' ? breaker.successes : 0) + 1;
	return successes >= successesToClose || breaker.phase === 'open'
		? {phase: 'closed', failures: 0, opened, baseMs, healthySinceMs: nowMs, recent: []}
		: {...breaker, successes, isProbing: false};
};

/** n falls by one per base time of health, as Envoy lowers its multiplier each healthy interval. */
const healed = (
	{opened, baseMs, healthySinceMs}: ClosedBreaker,
	nowMs: number,
): Pick<ClosedBreaker, 'opened' | 'healthySinceMs'> => {
	const intervals = Math.floor(Math.max(0, nowMs - healthySinceMs) / baseMs);
	return {
		opened: Math.max(0, opened - intervals),
		// A clock that was set back must not stop the healing until it has caught up.
		healthySinceMs: Math.min(nowMs, healthySinceMs + intervals * baseMs),
	};
};

interface Opening extends BreakerOutcome {
	readonly cause: BreakerCause;
}

/**
 * A stated waiting time is honoured: guessing longer would waste quota, shorter would burn a request. Without a quota's reset it
 * is capped, or one absurd Retry-After would take an upstream away for days (routing.md 5).
 */
const statedMs = ({retryAfterMs, isQuota, maxMs = cooldownMaxMs}: Opening): number | undefined =>
	retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, isQuota === true ? quotaMaxMs : maxMs);

const open = (breaker: Breaker, opening: Opening, at: Moment): OpenBreaker => {
	const before = breaker.phase === 'closed' ? healed(breaker, at.nowMs).opened : breaker.opened;
	const opened = Math.min(before + 1, openedMax);
	const waitMs = statedMs(opening) ?? cooldownMs(opening, opened, at.random);
	const isKept = breaker.phase === 'open' && breaker.isExtended;
	return {
		phase: 'open',
		failures: breaker.failures,
		opened,
		sinceMs: at.nowMs,
		untilMs: isKept ? breaker.untilMs : opening.cause === 'auth' ? undefined : at.nowMs + waitMs,
		baseMs: Math.max(1, opening.baseMs),
		reason: opening.reason,
		cause: opening.cause,
		isExtended: isKept,
	};
};
