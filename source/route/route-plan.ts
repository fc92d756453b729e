import type {Pin} from '../event/view.ts';
import type {Account, Endpoint, Location} from '../config/config.ts';
import type {AffinityConfig, ConditionalNode} from '../config/graph.ts';
import type {EndpointKey} from '../wire/names.ts';
import type {CandidateHealth, PlanInputs, Turns} from './inputs.ts';

/* What `plan()` gives back (routing.md 1 and 16). Plain read-only values without prepared text: `reasonText` and `explainPlan` write it. */

/** Why a candidate is skipped (codex-helper.md 3.4 and ours). Stable: scripts read them. */
export type SkipCode =
	| 'unsupported_model'
	| 'runtime_disabled'
	| 'cooldown'
	| 'breaker_open'
	| 'usage_exhausted'
	| 'missing_auth'
	| 'auth_failed'
	| 'concurrency_saturated'
	| 'dialect_mismatch'
	| 'capability_missing'
	| 'probe_running'
	| 'state_bound'
	| 'not_pinned'
	| 'account_paused'
	| 'quota_group'
	| 'condition_not_met';

/** Why a candidate stands where it stands although nothing forbids it. */
export type NoteCode = 'pinned' | 'affinity' | 'state_home' | 'needs_repair' | 'attempt_avoided';

/** One reason as numbers and names; `reasonText` makes the sentence when somebody reads it. */
export interface SkipReason {
	readonly code: SkipCode;
	/** The line of the configuration that causes it. */
	readonly location: Location | undefined;
	/** When it ends by itself, wall-clock milliseconds. */
	readonly untilMs: number | undefined;
	/** What it is about: the model, the need, the variable, the pinned endpoint, the state's owner, the group, the upstream's own words. */
	readonly subject: string | undefined;
	/** Who says so, or the other side: the source of a capability, the endpoint's dialect, the account that is out of quota. */
	readonly other: string | undefined;
	/** Running requests, used share of a quota, or failures in a row. */
	readonly count: number | undefined;
	/** The limit that `count` reached. */
	readonly limit: number | undefined;
}

/** One endpoint with one account in a plan. */
export interface RouteCandidate {
	readonly endpoint: Endpoint;
	readonly account: Account;
	/** 0 is best. */
	readonly preferenceGroup: number;
	/** Names of the routes from the entry on. */
	readonly routePath: readonly string[];
	/** True exactly where `skips` is empty. */
	readonly eligible: boolean;
	readonly skips: readonly SkipReason[];
	readonly notes: readonly NoteCode[];
	/** It may serve only with the bound parts of the request left out (routing.md 4). */
	readonly needsRepair: boolean;
	/** What the plan saw of it. */
	readonly health: CandidateHealth;
}

/** How one conditional route decided. */
export interface ConditionalEvaluation {
	readonly node: ConditionalNode;
	readonly matched: boolean;
}

/** What became of the session's affinity. */
export interface AffinityEvaluation {
	readonly config: AffinityConfig;
	/** The endpoint is in the plan with the same base URL. */
	readonly isKnown: boolean;
	/** It was put first. */
	readonly applies: boolean;
	/** Why, or why not. */
	readonly reason:
		| 'none'
		| 'endpoint_gone'
		| 'policy_off'
		| 'unavailable'
		| 'other_group_is_better'
		| 'fallback_ttl_elapsed'
		| 'reprobe_preferred'
		| 'pinned_elsewhere'
		| 'sticky'
		| 'compact'
		| 'hard'
		| 'state';
	/** It was made with another graph, which still had this endpoint. */
	readonly isFromOtherGraph: boolean;
}

/** Why a plan forbids every candidate, or every one but the first. */
export type BlockedReason =
	| 'state_bound_compact_missing_affinity'
	| 'provider_state_bound'
	| 'hard_affinity'
	| 'hard_first_attempt';

/** The continuity fields of the control trace (codex-helper.md 3.3). */
export interface Continuity {
	readonly class: 'stateless_or_session_preferred' | 'provider_state_bound';
	readonly policy: AffinityConfig['policy'];
	readonly source: 'session_route_affinity' | 'none';
	readonly endpointKey: EndpointKey | undefined;
	readonly selectedMatchesAffinity: boolean | undefined;
	/** False: a failed first attempt is the end, the road tries nobody else. */
	readonly failoverAllowed: boolean;
	readonly blockedReason: BlockedReason | undefined;
	readonly balanceSignalAuthoritative: false;
}

/** The pin that holds; `problem` says why nothing can be eligible because of it. */
export interface PinEvaluation {
	readonly pin: Pin;
	readonly scope: 'session' | 'global';
	readonly problem: 'unknown' | 'disabled' | undefined;
}

/** Every endpoint and account of the graph in the order in which they are tried. */
export interface RoutePlan {
	readonly inputs: PlanInputs;
	readonly candidates: readonly RouteCandidate[];
	/** The first eligible one. */
	readonly selected: RouteCandidate | undefined;
	readonly pin: PinEvaluation | undefined;
	readonly affinity: AffinityEvaluation;
	readonly continuity: Continuity;
	readonly conditions: readonly ConditionalEvaluation[];
	/** Of the innermost route above the selected one that names it; never for state-bound requests (routing.md 12). */
	readonly hedgeAfterMs: number | undefined;
	/** What has turned, to be merged into the road's `turns` when `selected` is sent to; empty where affinity or a pin chose. */
	readonly next: Turns;
}

/** What routing takes. */
export const chooseFirst = (plan: RoutePlan): RouteCandidate | undefined =>
	plan.candidates.find(({eligible}) => eligible);
