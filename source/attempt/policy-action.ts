import type {BreakerOutcome, OpenBreaker} from './breaker.ts';

/*
 * Signals are observations about an upstream; a policy action is their temporary consequence (codex-helper.md 3.5). We keep no second
 * book of cooldowns beside the breakers: an action *is* an open breaker, so that dismissal, extension, the probe at its end and the
 * success that clears it are the same for both.
 */

/** An observation about an upstream that did not come from the outcome of an attempt. */
export interface Signal {
	readonly kind:
		| 'quota'
		| 'rate_limit'
		| 'capacity'
		| 'transport'
		| 'balance'
		| 'service_status'
		| 'capability'
		| 'local_concurrency'
		| 'unknown';
	readonly source:
		| 'upstream_response'
		| 'response_headers'
		| 'balance_snapshot'
		| 'service_status'
		| 'capability_probe'
		| 'local_scheduler'
		| 'route_attempt';
	/** A stable code, for example `rate-limit-reset`. */
	readonly code: string;
	readonly confidence: 'low' | 'medium' | 'high';
	/** It says something about where requests should go; an observation for people alone does not. */
	readonly isRouteFacing: boolean;
	readonly reason: string;
	readonly retryAfterMs?: number | undefined;
	/** When a quota or a window begins anew, from now. */
	readonly resetAfterMs?: number | undefined;
	/** The default cooldown of its kind, for capacity and transport, which state no time of their own. */
	readonly baseMs: number;
}

const selfTimed: ReadonlySet<Signal['kind']> = new Set(['capacity', 'transport']);

/**
 * What a signal does to a breaker; undefined where it does nothing: only a high-confidence, route-facing signal with a horizon acts
 * (a reset or a retry-after; capacity and transport may use their default cooldown).
 */
export const signalOutcome = (signal: Signal): BreakerOutcome | undefined => {
	const {kind, confidence, isRouteFacing, reason, baseMs} = signal;
	const horizonMs = signal.resetAfterMs ?? signal.retryAfterMs;
	if (confidence !== 'high' || !isRouteFacing || (horizonMs === undefined && !selfTimed.has(kind))) {
		return undefined;
	}

	return {
		outcome: 'soft',
		reason,
		baseMs,
		retryAfterMs: horizonMs,
		isQuota: kind === 'quota' || kind === 'balance',
	};
};

/** What an action is about. */
export type ActionScope = 'account' | 'model' | 'quota';

/** A cooldown that holds now, as lists and the control API show it. */
export interface PolicyAction {
	/** Names it for `Health.dismissAction` and `Health.extendAction`; stable while it holds. */
	readonly id: string;
	readonly kind: 'cooldown';
	readonly scope: ActionScope;
	/** The endpoint (with the account) at which it was learned. */
	readonly endpointKey: string;
	readonly account: string;
	readonly model: string | undefined;
	readonly cause: OpenBreaker['cause'];
	readonly reason: string;
	readonly createdAtMs: number;
	/** Undefined: until the credential changes or the user dismisses it. */
	readonly expiresAtMs: number | undefined;
	/** How often in a row it has been needed. */
	readonly generation: number;
	readonly isExtended: boolean;
}
