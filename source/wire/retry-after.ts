import {bodyWait} from './retry-after-body.ts';
import {limitHeaderWait, retryAfterHeaderMs} from './retry-after-headers.ts';
import type {Refusal, StatedWait} from './stated-wait.ts';

/*
 * How long an upstream asks us to wait, in every spelling known (codex-helper.md 2.4; watchdog.md 4). It only reads: how much of it is
 * honoured is decided by the breaker and by the retry decision.
 */

/**
 * How long an upstream asks us to wait: `retry-after` first, then its body, then the headers of its limits; undefined when it does not
 * say. A quota's reset goes before a shorter `retry-after`: the patience that a gateway asks for does not refill an account.
 */
export const readWait = (refusal: Refusal): StatedWait | undefined => {
	const headerMs = retryAfterHeaderMs(refusal);
	const body = bodyWait(refusal.body, refusal.nowMs);
	const limit = limitHeaderWait(refusal);
	const reset = [body, limit].find(wait => wait?.isQuotaReset === true);
	if (headerMs === undefined) {
		return reset ?? body ?? limit;
	}

	const isReset = reset !== undefined && reset.ms >= headerMs;
	return isReset ? reset : {ms: headerMs, isQuotaReset: false, source: 'header'};
};

/** The milliseconds of {@link readWait}. */
export const readRetryAfterMs = (refusal: Refusal): number | undefined => readWait(refusal)?.ms;
