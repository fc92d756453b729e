import type {BalanceSnapshot} from '../wire/balance.ts';
import type {EndpointKey, Service} from '../wire/names.ts';
import type {AccountView} from './account-view.ts';
import type {Pin} from './view.ts';

/*
 * What decides where requests go, as the Routes page shows it: the graph, and all that the engine knows, has learned and was told about its
 * upstreams. Plain values, asked for while they are shown (`{type: 'brain'}`). Times are wall-clock milliseconds; never a key or a header's value.
 */

/** What a route has below it: another route by its name, or endpoints of one provider. */
export type RouteChildView =
	| {readonly kind: 'node'; readonly name: string; readonly part: ChildPart}
	| {
			readonly kind: 'endpoints';
			readonly name: string;
			readonly endpointKeys: readonly EndpointKey[];
			readonly part: ChildPart;
	  };

/** What a child is to its route: its weight, or the branch of a condition that it is. */
export interface ChildPart {
	readonly weight?: number | undefined;
	readonly branch?: 'then' | 'default' | undefined;
}

/** One route of the graph. */
export interface RouteNodeView {
	readonly name: string;
	readonly strategy: string;
	readonly children: readonly RouteChildView[];
	/** Its settings and, where it has one, the parts of its condition, which must all hold: `model` → `gpt-5*`. */
	readonly settings: ReadonlyArray<readonly [name: string, text: string]>;
	readonly when: ReadonlyArray<readonly [name: string, text: string]>;
	/** `config.toml:44`; undefined for the route that stands for "no routing table". */
	readonly location: string | undefined;
}

/** The graph of one service. */
export interface GraphView {
	readonly service: Service;
	readonly entry: string;
	readonly lastResort: 'earliest' | 'first';
	readonly affinityPolicy: string;
	readonly fallbackTtlMs: number | undefined;
	readonly reprobePreferredAfterMs: number | undefined;
	readonly nodes: readonly RouteNodeView[];
}

/** Where an endpoint stands for a call that meets no condition. */
export interface SeatView {
	readonly endpointKey: EndpointKey;
	/** 0 is best. */
	readonly preferenceGroup: number;
	readonly continuityDomain: string | undefined;
	/** Sessions that are tied to it. */
	readonly tiedSessions: number;
}

/** How busy one account of an endpoint is, and what limits it. */
export interface LoadView {
	readonly endpointKey: EndpointKey;
	readonly account: string;
	/** Requests that run now: of all that share the limit, and with this account. */
	readonly active: number;
	readonly accountActive: number;
	/** `max_concurrent_requests`; undefined: none. */
	readonly max: number | undefined;
	readonly limitGroup: string | undefined;
	/** What its refusals have taught (watchdog.md 4); undefined: it was never too much. */
	readonly window: number | undefined;
	readonly waiting: number;
	/** How many may wait. */
	readonly queue: number;
}

/** A model with a breaker of its own at one account of an endpoint. */
export interface ModelHealthView {
	readonly endpointKey: EndpointKey;
	readonly account: string;
	readonly model: string;
	readonly phase: 'closed' | 'open' | 'half-open';
	readonly failures: number;
	readonly untilMs: number | undefined;
	readonly reason: string | undefined;
}

/** A cooldown that holds now (codex-helper.md 3.5). */
export interface ActionView {
	readonly id: string;
	readonly scope: 'account' | 'model' | 'quota';
	readonly endpointKey: EndpointKey;
	readonly account: string;
	readonly model: string | undefined;
	readonly cause: 'hard' | 'limit' | 'quota' | 'auth';
	readonly reason: string;
	/** Undefined: until the credential changes or the user dismisses it. */
	readonly expiresAtMs: number | undefined;
	readonly isExtended: boolean;
}

/** Something observed of what an endpoint can do (routing.md 7). */
export interface CapabilityView {
	readonly endpointKey: EndpointKey;
	readonly model: string | undefined;
	readonly need: string;
	readonly has: boolean;
	readonly source: 'traffic' | 'probe';
	readonly atMs: number;
	/** Two observations agreed: only then is it believed. */
	readonly isLearned: boolean;
}

/** A pin with whom it is for. */
export interface PinView {
	readonly service: Service;
	/** Undefined: every session of the service that has no pin of its own. */
	readonly sessionId: string | undefined;
	readonly pin: Pin;
}

/** What a session asks for in place of what its client asks; undefined fields are the client's. */
export interface OverrideView {
	readonly service: Service;
	readonly sessionId: string;
	readonly model: string | undefined;
	readonly effort: string | undefined;
	readonly tier: string | undefined;
	/** The session profile that the user applied by hand. */
	readonly profile: string | undefined;
}

/** The endpoint that a session is tied to. */
export interface AffinityView {
	readonly service: Service;
	readonly sessionId: string;
	readonly endpointKey: EndpointKey;
	readonly account: string;
	readonly lastSelectedAtMs: number;
	readonly lastChangedAtMs: number;
	/** For example `first_success`, `failover_after_status_503` (codex-helper.md 1.5). */
	readonly changeReason: string;
}

/** What a user may choose for a session of a service: the names in the configuration. */
export interface ChoicesView {
	readonly service: Service;
	/** Without those that are patterns. */
	readonly models: readonly string[];
	readonly profiles: ReadonlyArray<{readonly name: string; readonly about: string}>;
	readonly defaultProfile: string | undefined;
}

/** The answer to `{type: 'brain'}`. */
export interface BrainView {
	readonly graphs: readonly GraphView[];
	readonly seats: readonly SeatView[];
	readonly accounts: readonly AccountView[];
	readonly loads: readonly LoadView[];
	readonly models: readonly ModelHealthView[];
	readonly actions: readonly ActionView[];
	readonly balances: readonly BalanceSnapshot[];
	readonly pins: readonly PinView[];
	readonly capabilities: readonly CapabilityView[];
	readonly overrides: readonly OverrideView[];
	/** Of the sessions that were served last. */
	readonly affinities: readonly AffinityView[];
	readonly choices: readonly ChoicesView[];
}
