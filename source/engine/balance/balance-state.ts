import {alertsOf} from '../../provider/balance/alerts.ts';
import {exhaustedUntilMs, nextDailyResetMs, quotaUsedOf, type ResetClock} from '../../provider/balance/exhaustion.ts';
import {defaultPollIntervalMs} from '../../provider/balance/usage-providers.ts';
import type {BalanceReading, BalanceSnapshot, BalanceStatus} from '../../wire/balance.ts';
import {freshMemory, type PollOutcome, type ProbeMemory} from './balance-poll.ts';
import type {BalanceTarget} from './balance-targets.ts';

/* What is kept of one account's balance between two looks, and what a look changes in it. */

/** A demotion that a balance causes; wall clock. */
export interface Exhaustion {
	readonly untilMs: number;
	readonly text: string;
}

/** What routing is told. */
export interface BalanceStanding {
	readonly endpointKey: string;
	readonly account: string;
	readonly exhausted: Exhaustion | undefined;
	/** Used share of the tightest known window, 0 to 1. */
	readonly quotaUsed: number | undefined;
}

const historyLength = 64;
const suppressedMs = 6 * 3_600_000;
const staleFactor = 3;

/** When a look is made: wall clock and monotonic clock, and when daily quotas begin anew. */
export interface Moment {
	readonly nowMs: number;
	readonly monotonicMs: number;
	readonly resetClock: ResetClock;
}

const leftText = (reading: BalanceReading): string => {
	const {quota, totalBalanceUsd} = reading;
	if (quota?.remainingUsd !== undefined) {
		const of = quota.limitUsd === undefined ? '' : ` of $${quota.limitUsd.toFixed(2)}`;
		return `the ${quota.period} quota has $${quota.remainingUsd.toFixed(2)}${of} left`;
	}

	return totalBalanceUsd === undefined ? 'its balance is used up' : `its balance is $${totalBalanceUsd.toFixed(2)}`;
};

/** One account's balance. Fields whose names end in `DueMs` are monotonic. */
export class BalanceState {
	target: BalanceTarget;
	readonly memory: ProbeMemory = freshMemory();
	readonly history: BalanceSnapshot[] = [];
	/** Undefined: no scheduled look. */
	scheduledDueMs: number | undefined;
	/** A look that requests asked for. */
	requestedDueMs: number | undefined;
	suppressedDueMs: number | undefined;
	running: Promise<void> | undefined;
	snapshot: BalanceSnapshot;
	exhausted: Exhaustion | undefined;
	/** The used amount of a full day, and when (wall clock) it was first seen. */
	#fullDay: {readonly usedUsd: number; readonly firstSeenMs: number} | undefined;

	constructor(target: BalanceTarget, moment: Moment) {
		this.target = target;
		this.scheduledDueMs = this.#intervalMs() === 0 ? undefined : moment.monotonicMs;
		this.snapshot = this.#compose({}, moment, {status: 'unknown', fetchedAtMs: moment.nowMs});
	}

	get standing(): BalanceStanding {
		const {endpointKey, account} = this.target;
		const isFresh = this.snapshot.status === 'ok' || this.snapshot.status === 'exhausted';
		return {
			endpointKey,
			account,
			exhausted: this.exhausted,
			quotaUsed: isFresh ? quotaUsedOf(this.snapshot) : undefined,
		};
	}

	/** Whether a look should begin now. */
	isDue(monotonicMs: number): boolean {
		if (this.running !== undefined || (this.suppressedDueMs ?? -Infinity) > monotonicMs) {
			return false;
		}

		return (this.scheduledDueMs ?? Infinity) <= monotonicMs || (this.requestedDueMs ?? Infinity) <= monotonicMs;
	}

	/** Takes what a look came to. A failure leaves amounts and demotion as they were: it is no news of the account. */
	take(outcome: PollOutcome, moment: Moment): void {
		const intervalMs = this.#intervalMs();
		this.scheduledDueMs = intervalMs === 0 ? undefined : moment.monotonicMs + intervalMs;
		this.requestedDueMs = undefined;
		if (outcome.kind === 'reading') {
			this.#takeReading(outcome, moment);
			return;
		}

		const isTerminal = outcome.kind === 'failure' && outcome.isTerminal;
		this.suppressedDueMs = isTerminal ? moment.monotonicMs + suppressedMs : undefined;
		const isUsable = this.snapshot.status === 'ok' || this.snapshot.status === 'exhausted';
		const status = outcome.kind === 'unsupported' ? 'unknown' : 'error';
		this.snapshot = this.#compose(isUsable ? this.snapshot : {}, moment, {
			status: isUsable ? this.snapshot.status : status,
			source: isUsable ? this.snapshot.source : undefined,
			fetchedAtMs: isUsable ? this.snapshot.fetchedAtMs : moment.nowMs,
			error: outcome.text,
			alert: outcome.kind === 'failure' ? outcome.text : undefined,
			suppressedUntilMs: isTerminal ? moment.nowMs + suppressedMs : undefined,
		});
	}

	/** What time alone changes: a reading grows stale, a demotion ends. */
	age(moment: Moment): void {
		const {status, staleAfterMs} = this.snapshot;
		if ((status === 'ok' || status === 'exhausted') && staleAfterMs <= moment.nowMs) {
			this.snapshot = {...this.snapshot, status: 'stale'};
		}

		if (this.exhausted !== undefined && this.exhausted.untilMs <= moment.nowMs) {
			this.exhausted = undefined;
		}
	}

	/**
	 * Relays clear a day when its first request comes, and a demoted endpoint gets none: a full day that was seen before the last reset, with the
	 * same amount to the cent, is yesterday's. Without this it would stay demoted for ever.
	 */
	#isLeftOver({quota, isExhausted}: BalanceReading, {nowMs, resetClock}: Moment): boolean {
		const usedUsd = quota?.usedUsd;
		if (isExhausted !== true || quota?.period !== 'daily' || usedUsd === undefined) {
			this.#fullDay = undefined;
			return false;
		}

		if (this.#fullDay?.usedUsd !== usedUsd) {
			this.#fullDay = {usedUsd, firstSeenMs: nowMs};
		}

		return nextDailyResetMs(this.#fullDay.firstSeenMs, resetClock) <= nowMs;
	}

	#takeReading(outcome: PollOutcome & {kind: 'reading'}, moment: Moment): void {
		const isLeftOver = this.#isLeftOver(outcome.reading, moment);
		const reading = isLeftOver ? {...outcome.reading, isExhausted: undefined} : outcome.reading;
		this.suppressedDueMs = undefined;
		this.snapshot = this.#compose(reading, moment, {
			status: reading.isExhausted === true ? 'exhausted' : 'ok',
			source: `usage_provider:${outcome.source}`,
			fetchedAtMs: moment.nowMs,
		});
		this.history.push(this.snapshot);
		this.history.splice(0, this.history.length - historyLength);
		const untilMs = this.snapshot.exhaustionAffectsRouting
			? exhaustedUntilMs(reading, {...this.snapshot, resetClock: moment.resetClock})
			: undefined;
		this.exhausted = untilMs === undefined ? undefined : {untilMs, text: leftText(reading)};
	}

	#intervalMs(): number {
		return this.target.usage?.pollIntervalMs ?? defaultPollIntervalMs;
	}

	#compose(
		reading: BalanceReading,
		moment: Moment,
		facts: {
			readonly status: BalanceStatus;
			readonly fetchedAtMs: number;
			readonly source?: string | undefined;
			readonly error?: string | undefined;
			readonly alert?: string | undefined;
			readonly suppressedUntilMs?: number | undefined;
		},
	): BalanceSnapshot {
		const {target} = this;
		const {status, fetchedAtMs, source, error, alert, suppressedUntilMs} = facts;
		const isRightcode = source === 'usage_provider:rightcode_account_summary';
		return {
			...reading,
			endpointKey: target.endpointKey,
			account: target.account,
			providerId: target.usage?.id ?? `auto:balance:${target.provider}`,
			source,
			fetchedAtMs,
			staleAfterMs: fetchedAtMs + staleFactor * (this.#intervalMs() || defaultPollIntervalMs),
			status,
			exhaustionAffectsRouting: target.usage?.trustsExhaustion ?? !isRightcode,
			alerts: alertsOf(reading, {nowMs: moment.nowMs, error: alert}),
			error,
			suppressedUntilMs,
		};
	}
}
