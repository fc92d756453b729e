import path from 'node:path';
import {settleBreaker, type Breaker} from '../../attempt/breaker.ts';
import type {Config, Location} from '../../config/config.ts';
import type {CredentialContext} from '../../config/credentials.ts';
import type {RouteChild, RouteCondition, RouteGraph, RouteNode} from '../../config/graph.ts';
import type {
	BrainView,
	ChildPart,
	GraphView,
	LoadView,
	ModelHealthView,
	RouteChildView,
	RouteNodeView,
	SeatView,
} from '../../event/route-view.ts';
import {accountViews} from './account-list.ts';
import type {Brain} from './brain.ts';
import type {EndpointHealthBook} from './endpoint-health.ts';
import {sessionsView} from './sessions-view.ts';

/** What {@link brainView} reads. */
export interface BrainViewParts {
	readonly brain: Pick<Brain, 'book' | 'pins' | 'continuity' | 'capabilities' | 'balances'>;
	readonly config: Config;
	readonly credentials: CredentialContext;
	readonly nowMs: number;
}

/** Everything that decides where requests go, at this moment, for the Routes page. */
export const brainView = ({brain, config, credentials, nowMs}: BrainViewParts): BrainView => {
	const {book, pins, continuity, capabilities, balances} = brain;
	return {
		graphs: Object.values(config.services)
			.filter(({endpoints}) => endpoints.length > 0)
			.map(({graph}) => graphOf(graph)),
		seats: seatsOf(config, continuity.affinities.tiedByEndpoint()),
		accounts: accountViews(book, credentials),
		loads: book.entries().map((entry): LoadView => {
			const {endpoint, account, limits} = entry;
			return {
				endpointKey: endpoint.key,
				account: account.label,
				limitGroup: endpoint.limits.limitGroup,
				...book.limiter.load(limits),
			};
		}),
		models: modelsOf(book, nowMs),
		actions: book.health.actions(),
		balances: balances.snapshots(),
		pins: pins.list(),
		capabilities: capabilities.list(),
		...sessionsView(continuity, config),
	};
};

const placeOf = (location: Location | undefined): string | undefined =>
	location && `${path.basename(location.path)}:${location.line}`;

const graphOf = ({service, entry, lastResort, affinity, nodes}: RouteGraph): GraphView => ({
	...{service, entry: entry.name, lastResort},
	affinityPolicy: affinity.policy,
	fallbackTtlMs: affinity.fallbackTtlMs,
	reprobePreferredAfterMs: affinity.reprobePreferredAfterMs,
	nodes: nodes.map(nodeOf),
});

const nodeOf = (node: RouteNode): RouteNodeView => ({
	name: node.name,
	strategy: node.strategy,
	children: childrenOf(node),
	settings: settingsOf(node),
	when: node.strategy === 'conditional' ? partsOf(node.when) : [],
	location: placeOf(node.location),
});

const childOf = (child: RouteChild, part: ChildPart = {}): RouteChildView =>
	child.kind === 'node'
		? {kind: 'node', name: child.node.name, part}
		: {kind: 'endpoints', name: child.name, endpointKeys: child.endpoints.map(({key}) => key), part};

const childrenOf = (node: RouteNode): readonly RouteChildView[] => {
	switch (node.strategy) {
		case 'manual-sticky': {
			return [childOf(node.target)];
		}

		case 'conditional': {
			return [childOf(node.then, {branch: 'then'}), childOf(node.default, {branch: 'default'})];
		}

		case 'weighted': {
			return node.children.map((child, index) => childOf(child, {weight: node.weights[index] ?? 1}));
		}

		default: {
			return node.children.map(child => childOf(child));
		}
	}
};

type Facts = ReadonlyArray<readonly [name: string, text: string]>;

const withText = (facts: ReadonlyArray<readonly [name: string, text: string | undefined]>): Facts =>
	facts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));

const percent = (share: number | undefined): string | undefined =>
	share === undefined ? undefined : `${Math.round(share * 100)}%`;

const settingsOf = (node: RouteNode): Facts => {
	const hedge = node.hedgeAfterMs === undefined ? undefined : `${node.hedgeAfterMs / 1000}s`;
	const tags =
		node.strategy === 'tag-preferred'
			? node.preferTags.map(filter => [...filter].map(pair => pair.join('=')).join('+')).join(' or ')
			: undefined;
	return withText([
		['prefers', tags],
		['only those', node.strategy === 'tag-preferred' && node.onExhausted === 'stop' ? 'yes' : undefined],
		['behind from', 'avoidBelow' in node ? percent(node.avoidBelow) : undefined],
		['skipped from', 'stopBelow' in node ? percent(node.stopBelow) : undefined],
		['hedge after', hedge],
	]);
};

const two = (value: number): string => String(value).padStart(2, '0');

const clockOf = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const windowOf = ({from, to, days}: RouteCondition['time'][number]): string =>
	`${clockOf(from)}-${clockOf(to)}${days.length === 0 ? '' : ` ${days.map(day => dayNames[day] ?? day).join(' ')}`}`;

/** A header's value may be a secret: only its name is told. */
const partsOf = (when: RouteCondition): Facts =>
	withText([
		['model', when.model],
		['path', when.path],
		['service tier', when.serviceTier],
		['effort', when.reasoningEffort],
		['method', when.method],
		['headers', when.headers.size === 0 ? undefined : [...when.headers.keys()].join(', ')],
		['session', when.session],
		['folder', when.cwd],
		['kind', when.requestKind],
		['subagent', when.subagent === undefined ? undefined : String(when.subagent)],
		['client', when.client],
		['time', when.time.length === 0 ? undefined : when.time.map(windowOf).join(' or ')],
	]);

const seatsOf = (config: Config, tied: ReadonlyMap<string, number>): readonly SeatView[] =>
	Object.values(config.services).flatMap(({leaves}) =>
		leaves.map(({endpoint: {key, continuityDomain}, preferenceGroup}) => ({
			...{endpointKey: key, preferenceGroup, continuityDomain},
			tiedSessions: tied.get(key) ?? 0,
		})),
	);

const modelsOf = (book: EndpointHealthBook, nowMs: number): readonly ModelHealthView[] =>
	book.entries().flatMap(({endpoint, account, member}) =>
		[...member.models].map(([model, {breaker}]) => ({
			...{endpointKey: endpoint.key, account: account.label, model},
			...phaseOf(settleBreaker(breaker, nowMs)),
		})),
	);

const phaseOf = (breaker: Breaker): Pick<ModelHealthView, 'phase' | 'failures' | 'untilMs' | 'reason'> => ({
	phase: breaker.phase,
	failures: breaker.failures,
	untilMs: breaker.phase === 'open' ? breaker.untilMs : undefined,
	reason: breaker.phase === 'closed' ? undefined : breaker.reason,
});
