import {defaultResetClock, parseResetClock, type ResetClock} from '../provider/balance/exhaustion.ts';
import type {Section} from './section.ts';

/** A time of day and a zone that {@link parseResetClock} reads, to tell which of the two is wrong. */
const [midnight, greenwich] = ['00:00', 'Z'];

/**
 * When daily quotas begin anew: `[ui.usage_forecast]` `reset_time` (`HH:MM`, usually `00:00`) and `reset_utc_offset` (`+HH:MM` or `Z`, usually
 * `+08:00`), codex-helper.md 1.9. Throws `ConfigError` for what is no time.
 */
export const readResetClock = (root: Section): ResetClock => {
	const forecast = root.table('ui')?.table('usage_forecast');
	const time = forecast?.string('reset_time') ?? midnight;
	const offset = forecast?.string('reset_utc_offset') ?? '+08:00';
	const clock = parseResetClock(time, offset);
	if (forecast === undefined || clock !== undefined) {
		return clock ?? defaultResetClock;
	}

	throw parseResetClock(time, greenwich) === undefined
		? forecast.error('config-value', 'takes a time of day such as "00:00".', 'reset_time')
		: forecast.error('config-value', 'takes a distance from UTC such as "+08:00", or "Z".', 'reset_utc_offset');
};
