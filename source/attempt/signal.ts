import type {Classified} from './classify.ts';
import type {Confidence, ErrorClass, FaultScope} from './classify/error-class.ts';

/* A failure as an observation about an upstream (codex-helper.md 3.5). Pure: what becomes of a signal is the business of health. */

/** What a signal is about. */
export type SignalKind =
	| 'quota'
	| 'rate_limit'
	| 'capacity'
	| 'transport'
	| 'service_status'
	| 'capability'
	| 'unknown';

/** An observation that an attempt's end gave. */
export interface AttemptSignal {
	readonly kind: SignalKind;
	/** The class where the failure has one, else its code: `upstream_rate_limited`, `status-500`, `stream-cut`. */
	readonly code: string;
	readonly source: 'upstream_response' | 'response_headers' | 'route_attempt';
	readonly confidence: Confidence;
	/** Whom it is about; a fault of the request alone gives no signal. */
	readonly scope: Exclude<FaultScope, 'request'>;
	/** It says where requests should not go for a while; a missing capability is only remembered. */
	readonly isRouteFacing: boolean;
	readonly reason: string;
	readonly observedAtMs: number;
	/** From now on; both undefined where the upstream stated no horizon. */
	readonly retryAfterMs: number | undefined;
	readonly resetAfterMs: number | undefined;
	/** The default cooldown of its kind. */
	readonly baseMs: number;
}

/** What a signal is made from: the road's `Judged` fits. */
export interface SignalFacts extends Classified {
	readonly status: number | undefined;
	readonly retryAfterMs: number | undefined;
	/** The wait stood in a header. */
	readonly isWaitFromHeader?: boolean | undefined;
	readonly isTransport: boolean;
}

const kinds: Partial<Readonly<Record<ErrorClass, SignalKind>>> = {
	upstream_transport_error: 'transport',
	cloudflare_timeout: 'transport',
	cloudflare_challenge: 'service_status',
	region_blocked: 'service_status',
	upstream_overloaded: 'capacity',
	upstream_rate_limited: 'rate_limit',
	quota_exhausted: 'quota',
	routing_mismatch_capability: 'capability',
};

/** What a failure tells about its upstream; undefined for a success, a client that left and a fault of the request. */
export const signalOf = (facts: SignalFacts, nowMs: number): AttemptSignal | undefined => {
	const {fault, outcome} = facts;
	if (fault === undefined || fault.scope === 'request' || outcome === 'success' || outcome === 'cancelled') {
		return undefined;
	}

	const kind = (fault.errorClass && kinds[fault.errorClass]) ?? 'unknown';
	const isReset = facts.isQuota === true;
	return {
		kind,
		code: fault.errorClass ?? facts.code,
		source: facts.isTransport
			? 'route_attempt'
			: facts.isWaitFromHeader === true
				? 'response_headers'
				: 'upstream_response',
		confidence: fault.confidence,
		scope: fault.scope,
		isRouteFacing: outcome !== 'neutral',
		reason: facts.reason,
		observedAtMs: nowMs,
		retryAfterMs: isReset ? undefined : facts.retryAfterMs,
		resetAfterMs: isReset ? facts.retryAfterMs : undefined,
		baseMs: facts.baseMs,
	};
};
