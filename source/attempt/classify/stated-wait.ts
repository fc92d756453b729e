import type {StatedWait} from '../../wire/stated-wait.ts';
import {cooldownBaseMs} from '../breaker.ts';
import type {Classified} from '../classify.ts';
import type {Fault} from './error-class.ts';

/** A classification with what was said of the wait. */
export interface Waiting extends Classified {
	readonly retryAfterMs: number | undefined;
	readonly isWaitFromHeader: boolean;
}

/** From here on a stated reset is no request for patience: it is the next window of a plan (routing.md 5, `cooldown_max`). */
const spentFromMs = 600_000;

const surer = (fault: Fault | undefined, isStated: boolean): Fault | undefined =>
	fault?.errorClass === 'upstream_overloaded' && fault.confidence === 'low' && isStated
		? {...fault, confidence: 'high'}
		: fault;

/**
 * A classification with what the upstream said of the wait: a limit whose window begins anew in more than ten minutes is a spent quota, a bare
 * 503 with a Retry-After is surely an overload (codex-helper.md 2.4). `nowMs` is wall-clock.
 */
export const withStatedWait = (classified: Classified, wait: StatedWait | undefined, nowMs: number): Waiting => {
	const {outcome, fault} = classified;
	const isSpent = outcome === 'soft' && wait?.isQuotaReset === true && wait.ms > spentFromMs;
	const stated = {
		...classified,
		fault: surer(fault, wait !== undefined),
		isAboutModel: fault?.scope === 'model',
		retryAfterMs: wait?.ms,
		isWaitFromHeader: wait?.source === 'header' || wait?.source === 'limit-header',
	};
	if (!isSpent && classified.isQuota !== true) {
		return stated;
	}

	const found = isSpent ? {...stated, ...spent(stated)} : stated;
	return {...found, resetAtMs: wait === undefined ? undefined : nowMs + wait.ms};
};

const spent = ({fault}: Classified) =>
	({
		code: 'quota-exhausted',
		isQuota: true,
		baseMs: cooldownBaseMs.quota,
		fault: {errorClass: 'quota_exhausted', scope: fault?.scope ?? 'account', confidence: 'high'},
	}) as const satisfies Partial<Classified>;
