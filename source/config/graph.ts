import type {Service} from '../wire/names.ts';
import type {Endpoint, Location} from './config.ts';

/*
 * The route graph of one service as it was compiled at load (codex-helper.md 1.4; routing.md 2 and 16): every name resolved, every
 * condition ready to be asked. Read-only; runtime state (turns, health, affinities) never stands here.
 */

/** What a child of a route stands for: another route, or endpoints of one provider (all, or the one of `provider.endpoint`). */
export type RouteChild =
	| {readonly kind: 'node'; readonly node: RouteNode}
	| {readonly kind: 'endpoints'; readonly name: string; readonly endpoints: readonly Endpoint[]};

interface NodeBase {
	readonly name: string;
	/** The table `[S.routing.routes.NAME]`; undefined for the route that stands for "no routing table". */
	readonly location: Location | undefined;
	/** Start the next candidate beside a silent one after this many milliseconds; undefined: never (routing.md 12). */
	readonly hedgeAfterMs: number | undefined;
}

/** Children one after the other; each takes the next preference group. */
export interface OrderedNode extends NodeBase {
	readonly strategy: 'ordered-failover';
	readonly children: readonly RouteChild[];
}

/** Children that match any filter (all pairs of one map) first; `stop` leaves the others out. */
export interface TagPreferredNode extends NodeBase {
	readonly strategy: 'tag-preferred';
	readonly children: readonly RouteChild[];
	readonly preferTags: ReadonlyArray<ReadonlyMap<string, string>>;
	readonly onExhausted: 'continue' | 'stop';
}

/** Only this target, never silently another. */
export interface ManualStickyNode extends NodeBase {
	readonly strategy: 'manual-sticky';
	readonly target: RouteChild;
}

/** One branch or the other, by the call. */
export interface ConditionalNode extends NodeBase {
	readonly strategy: 'conditional';
	readonly when: RouteCondition;
	readonly then: RouteChild;
	readonly default: RouteChild;
}

/** All children in one preference group; the order among them is drawn or measured (routing.md 2). */
export interface BalancedNode extends NodeBase {
	readonly strategy: 'weighted' | 'round-robin' | 'least-used' | 'cheapest' | 'fastest' | 'quota-aware';
	readonly children: readonly RouteChild[];
	/** `weighted`: one number per child, 1 where the file names none. */
	readonly weights: readonly number[];
	/** `quota-aware`: shares of a window's limit that are used, 0 to 1: behind the others from the first on, skipped from the second on. */
	readonly avoidBelow: number | undefined;
	readonly stopBelow: number | undefined;
}

/** A node of the graph. */
export type RouteNode = OrderedNode | TagPreferredNode | ManualStickyNode | ConditionalNode | BalancedNode;

/**
 * A compiled condition: every part that is there must hold. Model and `cwd` are globs (`*` any text, `?` one character, a `cwd`'s `*` stops at a
 * slash and `**` does not); `path` is compared exactly, `method` without case, headers exactly.
 */
export interface RouteCondition {
	readonly model: string | undefined;
	readonly path: string | undefined;
	readonly serviceTier: string | undefined;
	readonly reasoningEffort: string | undefined;
	readonly method: string | undefined;
	/** Names in lower case. */
	readonly headers: ReadonlyMap<string, string>;
	readonly session: string | undefined;
	readonly cwd: string | undefined;
	readonly requestKind: string | undefined;
	readonly subagent: boolean | string | undefined;
	readonly client: string | undefined;
	/** Local time windows, any of which may hold; minutes since midnight, `from` > `to` goes over midnight; days 0 (Sunday) to 6, empty: every day. */
	readonly time: ReadonlyArray<{readonly from: number; readonly to: number; readonly days: readonly number[]}>;
}

/** How a session stays with the endpoint that served it (codex-helper.md 1.5; routing.md 3). */
export interface AffinityConfig {
	readonly policy: 'off' | 'preferred-group' | 'fallback-sticky' | 'hard' | 'hard-compact';
	/** Both windows count from the affinity's last change; 0: always. */
	readonly fallbackTtlMs: number | undefined;
	readonly reprobePreferredAfterMs: number | undefined;
}

/** The compiled `[S.routing]`. */
export interface RouteGraph {
	readonly service: Service;
	readonly entry: RouteNode;
	/** Every route that the entry reaches, in the order of the walk. */
	readonly nodes: readonly RouteNode[];
	/** SHA-256 (hex) of the canonical routing section: nodes, policy, windows and the keys of the endpoints; not of comments, spaces or the order of keys. */
	readonly key: string;
	readonly affinity: AffinityConfig;
	/** Where nothing is eligible: the endpoint that reopens first, or (imported v1 files) simply the first one (routing.md 5). */
	readonly lastResort: 'earliest' | 'first';
}
