import type {EndpointKey, Service} from '../wire/names.ts';
import type {Pin} from './view.ts';

/* A plan as events, explain and the control API tell it. Times are wall-clock milliseconds. */

/** A sentence for people in English, and what it is made from, for screens that speak another language. */
export interface Saying {
	readonly code: string;
	readonly text: string;
	/** Names and numbers of the sentence; which ones, the code says. Absent where it has none. */
	readonly values?: SayingValues | undefined;
}

/** See {@link Saying}. */
export type SayingValues = Readonly<Record<string, string | number>>;

/** Why a candidate stands where it stands or is skipped. `code` is stable (codex-helper.md 3.4), `text` is for people. */
export interface PlanReason extends Saying {
	/** When a skip that passes by itself ends. */
	readonly untilMs?: number | undefined;
	/** The line of the configuration that causes it: `/…/config.toml:14`. */
	readonly location?: string | undefined;
}

/** One endpoint in a plan. */
export interface CandidateView {
	readonly endpointKey: EndpointKey;
	/** Only where its provider has several. */
	readonly account?: string | undefined;
	/** 0 is best. */
	readonly preferenceGroup: number;
	/** Names from the entry route to the leaf. */
	readonly routePath: readonly string[];
	readonly eligible: boolean;
	readonly reasons: readonly PlanReason[];
}

/** The stored plan of a request; explain prints exactly this. */
export interface PlanView {
	readonly service: Service;
	readonly model: string | undefined;
	readonly pin: Pin | undefined;
	readonly candidates: readonly CandidateView[];
	/** Whether its state binds it, and what that forbids: the fields of codex-helper.md 3.3. */
	readonly continuity?:
		| {
				readonly continuity_class: string;
				readonly provider_failover_allowed: boolean;
				readonly provider_failover_blocked_reason: string | undefined;
				readonly balance_signal_authoritative: boolean;
				readonly binding: readonly string[];
		  }
		| undefined;
	readonly affinity?:
		| {
				readonly policy: string;
				readonly source: string;
				readonly provider_endpoint_key: EndpointKey | undefined;
				readonly selected_matches_affinity: boolean | undefined;
				readonly reason: string;
		  }
		| undefined;
}
