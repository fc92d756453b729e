import {closedBreaker, type Breaker} from './breaker.ts';
import {isBreaker} from './stored-breaker.ts';
import {isRecord} from '../base/json.ts';
import type {PolicyAction} from './policy-action.ts';

/** Who is asked: one endpoint with one account, for one model. */
export interface HealthTarget {
	/** `<endpoint key>#<account label>`. */
	readonly key: string;
	readonly endpointKey: string;
	readonly account: string;
	readonly model?: string | undefined;
	/** Candidates with the same key spend the same quota; undefined: this one spends its own. */
	readonly quotaKey?: string | undefined;
}

/** What one breaker is about. */
export interface SlotPlace {
	readonly scope: PolicyAction['scope'];
	readonly endpointKey: string;
	readonly account: string;
	readonly model: string | undefined;
}

/** A permission to send, with what its outcome will mean. */
export interface SendTicket {
	readonly target: HealthTarget;
	/** It is the one probe of a half-open candidate. */
	readonly isProbe: boolean;
	/** It goes to a candidate whose cooldown is not over, since nothing else can serve. */
	readonly isLastResort: boolean;
}

/** One breaker with its place, its running probe, and the candidates that it holds back. */
export interface BreakerSlot {
	readonly id: string;
	readonly place: SlotPlace;
	readonly members: Set<HealthMember>;
	breaker: Breaker;
	probe: SendTicket | undefined;
}

/** One endpoint with one account: its breakers, and what was last told of it. */
export interface HealthMember {
	readonly key: string;
	readonly endpointKey: string;
	readonly account: string;
	readonly own: BreakerSlot;
	readonly quota: BreakerSlot;
	readonly models: Map<string, BreakerSlot>;
	/** Counts changes, so that views of it know when they are old. */
	version: number;
	told: {readonly phase: Breaker['phase']; readonly failures: number; readonly untilMs: number | undefined};
}

/** A stored breaker with its place. */
export interface StoredSlot extends SlotPlace {
	readonly breaker: Breaker;
}

/** A slot that has seen nothing. */
export const createSlot = (id: string, place: SlotPlace, nowMs: number): BreakerSlot => ({
	id,
	place,
	members: new Set(),
	breaker: closedBreaker(nowMs),
	probe: undefined,
});

/** Whether a stored value is a slot of this version. */
export const isStoredSlot = (value: unknown): value is StoredSlot =>
	isRecord(value) &&
	['account', 'model', 'quota'].includes(String(value['scope'])) &&
	typeof value['endpointKey'] === 'string' &&
	typeof value['account'] === 'string' &&
	(value['model'] === undefined || typeof value['model'] === 'string') &&
	isBreaker(value['breaker']);

/** How long the trace of a cooldown that is over is kept (watchdog.md 4: not older than a day on load). */
const keptMs = 24 * 3_600_000;

/** Whether a stored breaker says nothing any more. */
export const isStale = (breaker: Breaker, nowMs: number): boolean => {
	const lastMs = breaker.phase === 'closed' ? breaker.healthySinceMs : breaker.sinceMs;
	const endMs = breaker.phase === 'open' ? (breaker.untilMs ?? Infinity) : lastMs;
	return nowMs - endMs > keptMs;
};

const rank = (breaker: Breaker): number => {
	switch (breaker.phase) {
		case 'open': {
			return 3;
		}

		case 'half-open': {
			return breaker.isProbing ? 2 : 1;
		}

		case 'closed': {
			return 0;
		}
	}
};

/** The breaker that holds a candidate back most: open before probing before half-open; of two open ones the one that lasts longer. */
export const worstOf = (one: Breaker, other: Breaker): Breaker => {
	const difference = rank(one) - rank(other);
	if (difference !== 0) {
		return difference > 0 ? one : other;
	}

	if (one.phase === 'open' && other.phase === 'open') {
		return (one.untilMs ?? Infinity) >= (other.untilMs ?? Infinity) ? one : other;
	}

	return one.failures >= other.failures ? one : other;
};
