import type {RouteGraph} from '../config/graph.ts';
import type {Pin} from '../event/view.ts';
import type {Client, Dialect, EndpointKey, RequestKind, Service} from '../wire/names.ts';

/*
 * What a plan is made from besides the graph: the call, the session's ties, and the state of every candidate. Plain values and cheap look-ups:
 * the same plan is made for routing, for explain and for what-if (routing.md 1 and 16).
 */

/** Hidden state that a call carries (routing.md 4; codex-helper.md 2.9). */
export interface StateClaim {
	/** `ordinary`: the decision table's first row and routing.md 4's rule for foreign encrypted content. */
	readonly kind: 'ordinary' | 'compact-v1' | 'compact-v2';
	/** It carries state that only its issuer can read. */
	readonly isBound: boolean;
	/** What binds it, in plain words: `encrypted reasoning`, `previous_response_id`, … */
	readonly binding: readonly string[];
	/** Who issued it (`stateOwner` of route/plan.ts); undefined where nobody has seen it being issued. */
	readonly owner: string | undefined;
	/** The bound parts can be left out at another upstream: encrypted reasoning can, a compaction item or a compact request cannot. */
	readonly isRepairable: boolean;
}

/** What of a call a plan depends on. */
export interface RouteCall {
	readonly service: Service;
	readonly dialect: Dialect | undefined;
	readonly client: Client | undefined;
	readonly method: string;
	readonly path: string;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** After overrides: what will be asked for. */
	readonly model: string | undefined;
	readonly tier: string | undefined;
	readonly effort: string | undefined;
	readonly kind: RequestKind | undefined;
	readonly sessionId: string | undefined;
	readonly isSubagent: boolean;
	readonly subagent: string | undefined;
	readonly cwd: string | undefined;
	readonly state: StateClaim;
	/** What the request needs that not every upstream has: `vision`, `parallel_tools`, `json_schema`, `hosted_tools`, `compact_v1`, … */
	readonly needs: ReadonlySet<string>;
}

/** The endpoint that a session is tied to because it served it last (codex-helper.md 1.5). */
export interface Affinity {
	readonly endpointKey: EndpointKey;
	readonly account: string;
	readonly baseUrl: string;
	readonly graphKey: string;
	readonly lastSelectedAtMs: number;
	readonly lastChangedAtMs: number;
	/** `first_success`, `target_changed`, `failover_after_status_503`, … */
	readonly changeReason: string;
}

/** The state of one endpoint with one account, now. */
export interface CandidateHealth {
	readonly phase: 'closed' | 'open' | 'half-open';
	/** When an open one is tried again, wall-clock milliseconds; undefined: when something changes. */
	readonly untilMs: number | undefined;
	readonly isProbing: boolean;
	/** Why it is open: failures in a row, a stated limit, a spent quota, a refused key. */
	readonly cause: 'hard' | 'limit' | 'quota' | 'auth' | undefined;
	readonly reason: string | undefined;
	readonly failures: number;
	/** The name of the environment variable that should hold its key and does not. */
	readonly missingCredential: string | undefined;
	/** The user paused the account or drained the endpoint. */
	readonly isPaused: boolean;
	/** A trusted balance says that nothing is left. */
	readonly exhausted: {readonly untilMs: number | undefined; readonly text: string} | undefined;
	/** Requests that run there now, and the limit (the configured one or AIMD's, whichever is lower); undefined: none. */
	readonly active: number;
	readonly limit: number | undefined;
	readonly limitKey: string | undefined;
	/** Requests may wait for a place there. */
	readonly hasQueueRoom: boolean;
	/** Tokens of live and recent requests, for least-used. */
	readonly recentTokens: number;
	/** Moving average of the time to first byte, half-life 5 minutes, milliseconds; undefined: not known. */
	readonly ttfbMs: number | undefined;
	/** Used share of the tightest known quota window, 0 to 1. */
	readonly quotaUsed: number | undefined;
}

/** Everything that a plan looks up. Each function is pure for the tick of the plan. */
export interface PlanHealth {
	/** By endpoint and account label; `model` since breakers can be about one model. */
	readonly of: (endpointKey: EndpointKey, account: string, model: string | undefined) => CandidateHealth;
	/** What was learned of an endpoint and model; undefined: unknown, which never skips (routing.md 7). */
	readonly capability: (
		endpointKey: EndpointKey,
		model: string | undefined,
		need: string,
	) => {readonly has: boolean; readonly source: string} | undefined;
	/** Dollars per million tokens of this model at list price, for cheapest; undefined: unknown. */
	readonly price: (model: string | undefined) => number | undefined;
}

/**
 * What turns from plan to plan, by `node <route>` or `accounts <endpoint key>`: the current weights of a smooth weighted round robin, one per
 * child or account; for `fastest` one number, the child that is in use. The road keeps it and commits a plan's `next`.
 */
export type Turns = ReadonlyMap<string, readonly number[]>;

/** Everything that `plan()` reads. A value: what-if changes parts of it and plans again. */
export interface PlanInputs {
	readonly call: RouteCall;
	readonly graph: RouteGraph;
	readonly health: PlanHealth;
	readonly affinity: Affinity | undefined;
	/** The session's beats the global one; one that has expired is as if it were not there. */
	readonly pins: {readonly session: Pin | undefined; readonly global: Pin | undefined};
	/** Endpoints that broke off an answer of this turn after the client had kept a part of it: they come last. */
	readonly brokeOff: ReadonlySet<EndpointKey>;
	readonly turns: Turns;
	/** Whether an upstream of the first dialect can be asked in the second; grows with the bridge. */
	readonly speaks: (endpoint: Dialect, call: Dialect | undefined) => boolean;
	/** Wall clock. Time windows of conditions are read in local time. */
	readonly nowMs: number;
}
