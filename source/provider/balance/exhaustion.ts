import type {BalanceReading} from '../../wire/balance.ts';
import {tightestWindow} from './sub2api.ts';

/* How long a trusted exhaustion demotes (codex-helper.md 1.11). It is never authoritative for state-bound requests (routing.md 4). */

const graceMs = 5 * 60_000;
const otherMs = 6 * 3_600_000;
const dayMs = 86_400_000;

/** The moment of the day at which daily quotas begin anew: `ui.usage_forecast.reset_time` and `reset_utc_offset`. */
export interface ResetClock {
	/** Minutes since midnight, 0 to 1439. */
	readonly minuteOfDay: number;
	/** Minutes east of Greenwich. */
	readonly offsetMinutes: number;
}

/** `00:00` at `+08:00`, codex-helper's default. */
export const defaultResetClock: ResetClock = {minuteOfDay: 0, offsetMinutes: 480};

/** Reads `reset_time` (`HH:MM`) and `reset_utc_offset` (`+HH:MM`, `Z`); undefined where one is neither. */
export const parseResetClock = (time: string, offset: string): ResetClock | undefined => {
	const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time.trim()) ?? [];
	const zone = /^(?:[zZ]|([+-])(0?\d|1[0-4]):?([0-5]\d)?)$/.exec(offset.trim());
	if (hour === undefined || minute === undefined || zone === null) {
		return undefined;
	}

	const [, sign, hours = '0', minutes = '0'] = zone;
	const east = Number(hours) * 60 + Number(minutes);
	return {
		minuteOfDay: Number(hour) * 60 + Number(minute),
		offsetMinutes: sign === '-' ? -east : east,
	};
};

/** The first reset after `nowMs`. */
export const nextDailyResetMs = (nowMs: number, clock: ResetClock): number => {
	const shiftMs = (clock.minuteOfDay - clock.offsetMinutes) * 60_000;
	return (Math.floor((nowMs - shiftMs) / dayMs) + 1) * dayMs + shiftMs;
};

/** Until when an exhausted reading demotes; undefined where it is not exhausted. */
export const exhaustedUntilMs = (
	reading: BalanceReading,
	times: {readonly fetchedAtMs: number; readonly staleAfterMs: number; readonly resetClock: ResetClock},
): number | undefined => {
	if (reading.isExhausted !== true) {
		return undefined;
	}

	const {fetchedAtMs, staleAfterMs, resetClock} = times;
	const {quota} = reading;
	if (quota?.resetsAtMs !== undefined && quota.resetsAtMs > fetchedAtMs) {
		return quota.resetsAtMs + graceMs;
	}

	if (quota?.period === 'daily') {
		return nextDailyResetMs(fetchedAtMs, resetClock);
	}

	return quota !== undefined && /^(?:weekly|monthly|rate_limit:.*)$/.test(quota.period)
		? staleAfterMs
		: fetchedAtMs + otherMs;
};

/** The used share of the tightest known window, 0 to 1; undefined where no window has a limit. */
export const quotaUsedOf = (reading: BalanceReading): number | undefined => {
	const windows = [...(reading.windows ?? []), ...(reading.quota ? [reading.quota] : [])];
	const {limitUsd, remainingUsd} =
		tightestWindow(windows.filter(window => window.limitUsd !== undefined && window.limitUsd > 0)) ?? {};
	return limitUsd === undefined || remainingUsd === undefined
		? undefined
		: Math.min(1, Math.max(0, 1 - remainingUsd / limitUsd));
};
