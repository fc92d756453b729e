/*
 * How many requests one account may run at once, learned from its refusals (watchdog.md 4): additive increase, multiplicative
 * decrease. Not Gradient or Vegas: both read latency, and an answer's latency follows its length.
 */

/** The window of one account; plain data. */
export interface AimdWindow {
	/** Undefined: nobody has ever said that it was too much, so nothing is limited. */
	readonly limit: number | undefined;
	/** Successes since the last change, while the window was well used. */
	readonly successes: number;
	/** When it was last cut, milliseconds of the caller's clock. */
	readonly cutAtMs: number;
}

/** The numbers of watchdog.md 4. */
export const aimdNumbers = {
	start: 8,
	min: 1,
	max: 32,
	successesToGrow: 10,
	usedShareToGrow: 0.8,
	cutFactor: 0.7,
	cutEveryMs: 1000,
} as const;

/** The window of an account that was never refused. */
export const openWindow: AimdWindow = {limit: undefined, successes: 0, cutAtMs: Number.NEGATIVE_INFINITY};

/**
 * A 429 or 529: ×0.7, at most once a second. The first one makes a window of {@link aimdNumbers}.start, or of what was running where
 * that was more. `active` counts the refused request.
 */
export const cutWindow = (window: AimdWindow, active: number, nowMs: number): AimdWindow => {
	const {start, min, max, cutFactor, cutEveryMs} = aimdNumbers;
	if (Math.abs(nowMs - window.cutAtMs) < cutEveryMs) {
		return window;
	}

	const before = window.limit ?? Math.max(start, active);
	return {limit: Math.min(max, Math.max(min, Math.floor(before * cutFactor))), successes: 0, cutAtMs: nowMs};
};

/**
 * A success: +1 after ten of them while at least 80 % of the window was used. A window that would grow over its maximum is lifted: its
 * account has shown that it bears more than we would ever have tried.
 */
export const growWindow = (window: AimdWindow, active: number): AimdWindow => {
	const {limit, successes} = window;
	const {max, successesToGrow, usedShareToGrow} = aimdNumbers;
	if (limit === undefined || active < limit * usedShareToGrow) {
		return window;
	}

	if (successes + 1 < successesToGrow) {
		return {...window, successes: successes + 1};
	}

	return {...window, limit: limit >= max ? undefined : limit + 1, successes: 0};
};
