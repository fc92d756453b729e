import {spanMs} from './retry-after-text.ts';

/* What all spellings of a wait share: its form, what of it can be believed, and how a reset is written. */

/** What an upstream's refusal says about the wait. Header names in lower case; `body` is its text as far as it was kept. */
export interface Refusal {
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
	/** The wall clock, milliseconds since the epoch. */
	readonly nowMs: number;
	/** The answer's status; healthy windows of rate limits stand beside every answer, so that they count for refusals only. */
	readonly status?: number | undefined;
}

/** A stated wait. */
export interface StatedWait {
	/** Milliseconds from now, at least 0. */
	readonly ms: number;
	/** It is when a used-up quota or window begins anew, not a request for patience: it is not capped (routing.md 5). */
	readonly isQuotaReset: boolean;
	readonly source: 'header' | 'limit-header' | 'body' | 'text';
}

/** Monthly windows are the longest that providers have; a longer wait is a broken clock or a jest. */
const longestBelievedMs = 32 * 86_400_000;

/** A wait that can be meant: a finite one up to 32 days; below 0 (a moment that has passed) it is 0. */
export const believed = (ms: number | undefined): number | undefined =>
	ms === undefined || !Number.isFinite(ms) || ms > longestBelievedMs ? undefined : Math.max(0, Math.ceil(ms));

/** A number as headers and bodies print one: no sign, no exponent. */
export const plainNumber = /^\d+(?:\.\d+)?$/;

/** Smaller numbers are a count of seconds; no clock of an upstream stands before 1973. */
const earliestEpochSeconds = 1e8;
const earliestEpochMs = 1e11;

/** A reset as numbers tell it: epoch milliseconds, epoch seconds, or seconds from now. */
const fromNumber = (value: number, nowMs: number): number | undefined => {
	if (value >= earliestEpochMs) {
		return value - nowMs;
	}

	return value >= earliestEpochSeconds ? value * 1000 - nowMs : value < 0 ? undefined : value * 1000;
};

/** A reset in any form: a number, a number in a string, a span (`6m0s`) or a date; milliseconds from now. */
export const resetMs = (value: unknown, nowMs: number): number | undefined => {
	if (typeof value === 'number') {
		return believed(fromNumber(value, nowMs));
	}

	if (typeof value !== 'string') {
		return undefined;
	}

	const text = value.trim();
	if (plainNumber.test(text)) {
		return believed(fromNumber(Number(text), nowMs));
	}

	return believed(spanMs(text) ?? (/^\d{4}-\d{2}|^[a-z]{3},/i.test(text) ? Date.parse(text) - nowMs : undefined));
};
