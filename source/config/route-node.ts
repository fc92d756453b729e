import type {
	BalancedNode,
	ConditionalNode,
	ManualStickyNode,
	OrderedNode,
	RouteChild,
	RouteNode,
	TagPreferredNode,
} from './graph.ts';
import {enabledEndpoints} from './route-walk.ts';
import {readCondition} from './route-condition.ts';
import type {Section} from './section.ts';

/* One table `[S.routing.routes.NAME]` with its children already resolved by the caller: what each strategy needs, and what contradicts it. */

const strategies = [
	'ordered-failover',
	'tag-preferred',
	'manual-sticky',
	'conditional',
	'weighted',
	'round-robin',
	'least-used',
	'cheapest',
	'fastest',
	'quota-aware',
] as const satisfies ReadonlyArray<RouteNode['strategy']>;

/** Resolves a name that stands under `key` of a route's table. */
export type ResolveChild = (name: string, key: string) => RouteChild;

interface NodeSource {
	readonly route: Section;
	readonly base: Pick<OrderedNode, 'name' | 'location' | 'hedgeAfterMs'>;
	readonly resolve: ResolveChild;
}

type KeyRule = readonly [key: string, strategy: RouteNode['strategy'], isOurs: boolean];

/** Keys that belong to one strategy: codex-helper's own are left over in many files and harmless, ours would promise what is not done. */
const keyRules: readonly KeyRule[] = [
	['target', 'manual-sticky', false],
	['prefer_tags', 'tag-preferred', false],
	['on_exhausted', 'tag-preferred', false],
	['when', 'conditional', false],
	['then', 'conditional', false],
	['default', 'conditional', false],
	['weights', 'weighted', true],
	['avoid_below', 'quota-aware', true],
	['stop_below', 'quota-aware', true],
];

const strayRules = (route: Section, strategy: string): readonly KeyRule[] =>
	keyRules.filter(([key, owner]) => route.has(key) && owner !== strategy);

const checkKeys = (route: Section, strategy: string): void => {
	const stray = strayRules(route, strategy).find(([, , isOurs]) => isOurs);
	if (stray !== undefined) {
		throw route.error('config-route', `contradicts the strategy ${strategy}; it goes with ${stray[1]}.`, stray[0]);
	}
};

/** The keys of a route that its strategy does not read. */
export const unusedKeys = (route: Section): readonly string[] =>
	strayRules(route, route.string('strategy') ?? 'ordered-failover').map(([key]) => key);

const requiredNames = (route: Section): readonly string[] => {
	const names = route.stringList('children') ?? [];
	if (names.length === 0) {
		throw route.error('config-route', 'has no children; name at least one provider or route.');
	}

	return names;
};

const readChildren = ({route, resolve}: NodeSource): readonly RouteChild[] =>
	requiredNames(route).map(name => resolve(name, 'children'));

const requiredChild = ({route, resolve}: NodeSource, key: string): RouteChild => {
	const name = route.string(key);
	if (name === undefined) {
		throw route.error('config-missing-key', `is conditional and has no ${key}; it needs when, then and default.`);
	}

	return resolve(name, key);
};

const readPreferTags = (route: Section): TagPreferredNode['preferTags'] => {
	const filters = (route.tableList('prefer_tags') ?? []).map(
		filter => new Map(filter.names().map(name => [name, filter.string(name) ?? ''])),
	);
	if (filters.length === 0 || filters.some(filter => filter.size === 0)) {
		throw route.error(
			'config-route',
			'is tag-preferred and needs prefer_tags with a tag in each map, such as [{billing = "monthly"}].',
		);
	}

	return filters;
};

/** Whether an enabled endpoint below a child has every pair of any filter (codex-helper.md 1.4). */
const matchesTags = (child: RouteChild, filters: TagPreferredNode['preferTags']): boolean =>
	enabledEndpoints(child).some(({tags}) =>
		filters.some(filter => [...filter].every(([name, value]) => Object.hasOwn(tags, name) && tags[name] === value)),
	);

const readTagPreferred = (source: NodeSource): TagPreferredNode => {
	const {route, base} = source;
	const preferTags = readPreferTags(route);
	const onExhausted = route.choice('on_exhausted', ['continue', 'stop']) ?? 'continue';
	const children = readChildren(source);
	if (onExhausted === 'stop' && !children.some(child => matchesTags(child, preferTags))) {
		throw route.error(
			'config-route',
			'is "stop", but nothing enabled below this route matches prefer_tags, so nothing could be tried.',
			'on_exhausted',
		);
	}

	return {...base, strategy: 'tag-preferred', children, preferTags, onExhausted};
};

const readManualSticky = ({route, base, resolve}: NodeSource): ManualStickyNode => {
	const wanted = route.string('target');
	const key = wanted === undefined ? 'children' : 'target';
	const name = wanted ?? route.stringList('children')?.[0];
	if (name === undefined) {
		throw route.error('config-route', 'has no children and no target; name one provider or route as target.');
	}

	const target = resolve(name, key);
	if (enabledEndpoints(target).length === 0) {
		throw route.error(
			'config-route',
			`stays with ${JSON.stringify(name)}, which is disabled; enable it or name another target.`,
			key,
		);
	}

	return {...base, strategy: 'manual-sticky', target};
};

const readConditional = (source: NodeSource): ConditionalNode => {
	const {route, base} = source;
	const when = route.table('when');
	if (when === undefined) {
		throw route.error('config-missing-key', 'is conditional and has no when; it needs when, then and default.');
	}

	const [then, otherwise] = [requiredChild(source, 'then'), requiredChild(source, 'default')];
	// oxlint-disable-next-line unicorn/no-thenable -- the word of the file format, and nobody awaits a route
	return {...base, strategy: 'conditional', when: readCondition(when), then, default: otherwise};
};

const readWeights = (route: Section): readonly number[] => {
	const names = requiredNames(route);
	const weights = route.table('weights');
	if (weights === undefined) {
		return names.map(() => 1);
	}

	for (const name of weights.names()) {
		if (!names.includes(name)) {
			throw weights.error('config-route', `is a weight for no child; the children are ${names.join(', ')}.`, name);
		}
	}

	return names.map(name => {
		const weight = weights.number(name, [0, 1_000_000]) ?? 1;
		if (weight === 0) {
			throw weights.error('config-value', 'is 0, but a weight is above 0; take it out of children instead.', name);
		}

		return weight;
	});
};

/** A share of a quota window that is left → the share that is used. */
const readHeadroom = (route: Section, key: string): number | undefined => {
	const headroom = route.number(key, [0, 1]);
	return headroom === undefined ? undefined : Number((1 - headroom).toFixed(6));
};

const readBalanced = (source: NodeSource, strategy: BalancedNode['strategy']): BalancedNode => {
	const {route, base} = source;
	const weights = readWeights(route);
	const avoidBelow = readHeadroom(route, 'avoid_below');
	const stopBelow = readHeadroom(route, 'stop_below');
	if (avoidBelow !== undefined && stopBelow !== undefined && stopBelow < avoidBelow) {
		throw route.error('config-route', 'is higher than avoid_below, which could then never take effect.', 'stop_below');
	}

	return {...base, strategy, children: readChildren(source), weights, avoidBelow, stopBelow};
};

/** Reads one route. Throws `ConfigError` `config-strategy`, `config-route`, `config-missing-key`, `config-value` or `config-type`. */
export const readRouteNode = (name: string, route: Section, resolve: ResolveChild): RouteNode => {
	const strategy = strategies.find(word => word === (route.string('strategy') ?? 'ordered-failover'));
	if (strategy === undefined) {
		const got = JSON.stringify(route.string('strategy'));
		throw route.error('config-strategy', `is ${got}, but it takes one of ${strategies.join(', ')}.`, 'strategy');
	}

	checkKeys(route, strategy);
	const hedgeAfterMs = route.integer('hedge_after_ms', [100, 3_600_000]);
	const source = {route, resolve, base: {name, location: route.document.locate(route.path), hedgeAfterMs}};
	switch (strategy) {
		case 'ordered-failover': {
			return {...source.base, strategy, children: readChildren(source)};
		}

		case 'tag-preferred': {
			return readTagPreferred(source);
		}

		case 'manual-sticky': {
			return readManualSticky(source);
		}

		case 'conditional': {
			return readConditional(source);
		}

		default: {
			return readBalanced(source, strategy);
		}
	}
};
