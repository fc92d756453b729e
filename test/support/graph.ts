import type {Account, Endpoint} from '../../source/config/config.ts';
import type {
	AffinityConfig,
	BalancedNode,
	ConditionalNode,
	RouteChild,
	RouteCondition,
	RouteGraph,
	RouteNode,
} from '../../source/config/graph.ts';
import type {Affinity, CandidateHealth, PlanInputs, RouteCall, StateClaim} from '../../source/route/inputs.ts';
import {endpoint, noCredentials} from './endpoint.ts';

/** The moment of every plan in the tests. */
export const nowMs = 1_700_000_000_000;

const base = {location: undefined, hedgeAfterMs: undefined};

/** A child: a node, or all endpoints of one provider. */
export const childOf = (child: RouteNode | Endpoint): RouteChild =>
	'strategy' in child ? {kind: 'node', node: child} : {kind: 'endpoints', name: child.provider, endpoints: [child]};

/** An ordered-failover route. */
export const ordered = (name: string, ...children: ReadonlyArray<RouteNode | Endpoint>): RouteNode => ({
	...base,
	name,
	strategy: 'ordered-failover',
	children: children.map(childOf),
});

/** A route of one of the balancing strategies; every weight is 1 unless told otherwise. */
export const balanced = (
	strategy: BalancedNode['strategy'],
	children: ReadonlyArray<RouteNode | Endpoint>,
	fields: Partial<BalancedNode> = {},
): BalancedNode => ({
	...base,
	name: strategy,
	strategy,
	children: children.map(childOf),
	weights: children.map(() => 1),
	avoidBelow: undefined,
	stopBelow: undefined,
	...fields,
});

const always: RouteCondition = {
	model: undefined,
	path: undefined,
	serviceTier: undefined,
	reasoningEffort: undefined,
	method: undefined,
	headers: new Map(),
	session: undefined,
	cwd: undefined,
	requestKind: undefined,
	subagent: undefined,
	client: undefined,
	time: [],
};

/** A condition of these parts. */
export const condition = (parts: Partial<RouteCondition>): RouteCondition => ({...always, ...parts});

/** A conditional route of two branches. */
export const conditional = (
	name: string,
	when: Partial<RouteCondition>,
	[met, otherwise]: readonly [RouteNode | Endpoint, RouteNode | Endpoint],
): ConditionalNode => {
	// oxlint-disable-next-line unicorn/no-thenable -- the file calls its branches so (codex-helper.md 1.4)
	const branches = {then: childOf(met), default: childOf(otherwise)};
	return {...base, name, strategy: 'conditional', when: condition(when), ...branches};
};

const childrenOf = (node: RouteNode): readonly RouteChild[] => {
	switch (node.strategy) {
		case 'manual-sticky': {
			return [node.target];
		}

		case 'conditional': {
			return [node.then, node.default];
		}

		default: {
			return node.children;
		}
	}
};

const nodesOf = (node: RouteNode): readonly RouteNode[] => [
	node,
	...childrenOf(node).flatMap(child => (child.kind === 'node' ? nodesOf(child.node) : [])),
];

/** A graph with this entry. */
export const graphOf = (entry: RouteNode, affinity: Partial<AffinityConfig> = {}): RouteGraph => ({
	service: 'codex',
	entry,
	nodes: nodesOf(entry),
	key: 'graph-1',
	affinity: {policy: 'off', fallbackTtlMs: undefined, reprobePreferredAfterMs: undefined, ...affinity},
	lastResort: 'earliest',
});

/** An account without a credential. */
export const account = (label: string, fields: Partial<Account> = {}): Account => ({
	label,
	service: 'codex',
	credentials: noCredentials,
	weight: 1,
	quotaGroup: undefined,
	enabled: true,
	location: undefined,
	...fields,
});

/** An endpoint with these accounts. */
export const pool = (provider: string, ...accounts: readonly [Account, ...Account[]]): Endpoint =>
	endpoint(provider, {accounts});

/** A candidate that nothing speaks against. */
export const healthy: CandidateHealth = {
	phase: 'closed',
	untilMs: undefined,
	isProbing: false,
	cause: undefined,
	reason: undefined,
	failures: 0,
	missingCredential: undefined,
	isPaused: false,
	exhausted: undefined,
	active: 0,
	limit: undefined,
	limitKey: undefined,
	hasQueueRoom: false,
	recentTokens: 0,
	ttfbMs: undefined,
	quotaUsed: undefined,
};

/** A call that carries no hidden state. */
export const stateless: StateClaim = {
	kind: 'ordinary',
	isBound: false,
	binding: [],
	owner: undefined,
	isRepairable: false,
};

/** An ordinary Codex turn. */
export const call: RouteCall = {
	service: 'codex',
	dialect: 'responses',
	client: 'codex',
	method: 'POST',
	path: '/responses',
	headers: {},
	model: 'gpt-5.5',
	tier: undefined,
	effort: undefined,
	kind: 'turn',
	sessionId: 'session-1',
	isSubagent: false,
	subagent: undefined,
	cwd: undefined,
	state: stateless,
	needs: new Set(),
};

/** Who is ill, by `<provider>` or `<provider>#<account>`. */
export type Illness = Readonly<Record<string, Partial<CandidateHealth>>>;

/** The inputs of a plan over this graph; all are healthy but those of `ill`. */
export const inputsOf = (graph: RouteGraph, fields: Partial<PlanInputs> = {}, ill: Illness = {}): PlanInputs => ({
	call,
	graph,
	health: {
		of(endpointKey, label) {
			const provider = endpointKey.split('/')[1] ?? '';
			return {...healthy, ...ill[provider], ...ill[`${provider}#${label}`]};
		},
		capability: () => undefined,
		price: () => undefined,
	},
	affinity: undefined,
	pins: {session: undefined, global: undefined},
	brokeOff: new Set(),
	turns: new Map(),
	speaks: (upstream, asked) => asked === undefined || upstream === asked,
	nowMs,
	...fields,
});

/** A tie to an endpoint that `endpoint()` made. */
export const tiedTo = (provider: string, fields: Partial<Affinity> = {}): Affinity => ({
	endpointKey: `codex/${provider}/default`,
	account: 'default',
	baseUrl: `https://${provider}.example/v1`,
	graphKey: 'graph-1',
	lastSelectedAtMs: nowMs,
	lastChangedAtMs: nowMs,
	changeReason: 'first_success',
	...fields,
});
