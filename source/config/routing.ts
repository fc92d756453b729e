import type {Service} from '../wire/names.ts';
import type {RouteLeaf} from './config.ts';
import {readAffinity} from './affinity.ts';
import {graphKey} from './graph-key.ts';
import type {AffinityConfig, RouteChild, RouteGraph, RouteNode} from './graph.ts';
import {hintOf} from './nearest.ts';
import type {Provider} from './provider.ts';
import {checkDuplicates} from './route-duplicates.ts';
import {readRouteNode, unusedKeys} from './route-node.ts';
import {childrenOf, nodesOf, staticLeaves} from './route-walk.ts';
import type {Section} from './section.ts';
import {formatKeyPath} from './toml.ts';

/*
 * The route graph of codex-helper.md 1.4 and routing.md 2: names are resolved, every fault is told with its place. A route that two
 * branches share is compiled once.
 */

const byName = (left: Provider, right: Provider): number => (left.name < right.name ? -1 : 1);

/** Routes below each other; nobody writes so many by hand, and every walk goes as deep. */
const mostNested = 64;
/** Places to try below one route, each branch counted: shared routes double them with every level. */
const mostPlaces = 4096;

class Compiler {
	readonly #providers: ReadonlyMap<string, Provider>;
	readonly #routes: ReadonlyMap<string, Section>;
	readonly #compiled = new Map<string, RouteNode>();
	readonly #places = new Map<RouteNode, number>();

	constructor(providers: readonly Provider[], routes: ReadonlyMap<string, Section>) {
		this.#providers = new Map(providers.map(provider => [provider.name, provider]));
		this.#routes = routes;
	}

	compile(name: string, route: Section, above: readonly string[]): RouteNode {
		const known = this.#compiled.get(name);
		if (known !== undefined) {
			return known;
		}

		const path = [...above, name];
		if (path.length > mostNested) {
			throw route.error('config-route', `is nested more than ${mostNested} routes deep; name its children further up.`);
		}

		const node = readRouteNode(name, route, (child, key) => this.#resolve(child, {route, key, path}));
		this.#compiled.set(name, node);
		this.#count(node, route);
		return node;
	}

	#count(node: RouteNode, route: Section): void {
		const places = childrenOf(node).reduce(
			(sum, child) => sum + (child.kind === 'node' ? (this.#places.get(child.node) ?? 0) : child.endpoints.length),
			0,
		);
		if (places > mostPlaces) {
			throw route.error('config-route', `unfolds into more than ${mostPlaces} places to try; share fewer routes.`);
		}

		this.#places.set(node, places);
	}

	#resolve(
		name: string,
		{route, key, path}: {readonly route: Section; readonly key: string; readonly path: readonly string[]},
	): RouteChild {
		const below = this.#routes.get(name);
		if (below === undefined) {
			return this.#endpoints(name, route, key);
		}

		if (path.includes(name)) {
			const circle = [...path.slice(path.indexOf(name)), name].join(' → ');
			throw route.error('config-route', `closes a circle: ${circle}.`, key);
		}

		return {kind: 'node', node: this.compile(name, below, path)};
	}

	#endpoints(name: string, route: Section, key: string): RouteChild {
		const [providerName = '', endpointName, ...rest] = name.split('.');
		const endpoints = this.#providers
			.get(providerName)
			?.endpoints.filter(({endpoint}) => endpointName === undefined || endpoint === endpointName);
		if (endpoints === undefined || endpoints.length === 0 || rest.length > 0) {
			const hint = hintOf(name, this.#names());
			const sentence = `names ${JSON.stringify(name)}, which is no route, provider or provider.endpoint${hint}`;
			throw route.error('config-route', sentence, key);
		}

		return {kind: 'endpoints', name, endpoints};
	}

	#names(): readonly string[] {
		const endpoints = [...this.#providers.values()].flatMap(({name, endpoints: own}) =>
			own.map(({endpoint}) => `${name}.${endpoint}`),
		);
		return [...this.#routes.keys(), ...this.#providers.keys(), ...endpoints];
	}
}

/** What the routing table is compiled against. */
export interface RoutingContext {
	readonly service: Service;
	readonly providers: readonly Provider[];
	/** The file has no key that only codex-tui knows: then `hard` means what codex-helper does (routing.md 3). */
	readonly isForeign: boolean;
}

/** A compiled routing table. */
export interface Routing {
	readonly graph: RouteGraph;
	readonly leaves: readonly RouteLeaf[];
	readonly warnings: readonly string[];
}

const readRoutes = (routing: Section | undefined, providers: readonly Provider[]): ReadonlyMap<string, Section> => {
	const routes = new Map(routing?.tables('routes'));
	for (const [name, section] of routes) {
		if (providers.some(provider => provider.name === name)) {
			throw section.error('config-route', 'has the name of a provider; rename one of them.');
		}
	}

	return routes;
};

const implicitEntry = (providers: readonly Provider[]): RouteNode => ({
	name: 'main',
	location: undefined,
	hedgeAfterMs: undefined,
	strategy: 'ordered-failover',
	children: providers.toSorted(byName).map(({name, endpoints}) => ({kind: 'endpoints', name, endpoints})),
});

const placeOf = (section: Section): string =>
	`${section.document.path}:${section.document.locate(section.path)?.line ?? 1}`;

const warningsOf = (entry: RouteNode, routes: ReadonlyMap<string, Section>): readonly string[] => {
	const reached = new Set(nodesOf(entry).map(({name}) => name));
	return [...routes].flatMap(([name, section]) => {
		const path = formatKeyPath(section.path);
		return reached.has(name)
			? unusedKeys(section).map(key => `${placeOf(section)}: ${path}.${key} has no effect with this route's strategy.`)
			: [`${placeOf(section)}: the route ${path} is not reached from ${entry.name}.`];
	});
};

const compileEntry = (routing: Section, routes: ReadonlyMap<string, Section>, providers: readonly Provider[]) => {
	const name = routing.string('entry') ?? 'main';
	const route = routes.get(name);
	if (route === undefined) {
		const hint = hintOf(name, routes.keys());
		throw routing.error('config-route', `is ${JSON.stringify(name)}, but there is no such route${hint}`, 'entry');
	}

	const entry = new Compiler(providers, routes).compile(name, route, []);
	checkDuplicates(entry, routes);
	return entry;
};

/** A graph with its key from its parts; `providers` are all of the service, routed or not. */
const finish = (
	entry: RouteNode,
	{service, providers}: Pick<RoutingContext, 'service' | 'providers'>,
	settings: {readonly affinity: AffinityConfig; readonly lastResort: RouteGraph['lastResort']},
): RouteGraph => {
	const graph = {service, entry, nodes: nodesOf(entry), ...settings};
	return {
		...graph,
		key: graphKey(
			graph,
			providers.flatMap(({endpoints}) => endpoints),
		),
	};
};

/**
 * Compiles `[S.routing]`; without routes every provider in the order of names. Disabled endpoints stay in the graph and are left out of
 * the leaves. Throws `ConfigError` for every fault that codex-helper.md 1.4 lists.
 */
export const compileRouting = (routing: Section | undefined, context: RoutingContext): Routing => {
	const {providers} = context;
	const routes = readRoutes(routing, providers);
	const entry =
		routing === undefined || routes.size === 0 ? implicitEntry(providers) : compileEntry(routing, routes, providers);
	const {affinity, notes} = readAffinity(routing, context.isForeign);
	const lastResort = routing?.choice('last_resort', ['earliest', 'first']) ?? 'earliest';
	const graph = finish(entry, context, {affinity, lastResort});
	return {graph, leaves: staticLeaves(graph), warnings: [...warningsOf(entry, routes), ...notes]};
};

/** The graph below an entry route with every default: for configurations that no file holds. */
export const graphOf = (entry: RouteNode, context: Pick<RoutingContext, 'service' | 'providers'>): RouteGraph => {
	const {affinity} = readAffinity(undefined, false);
	return finish(entry, context, {affinity, lastResort: 'earliest'});
};

/** The graph of a service whose providers are tried in the given order, with every default. */
export const orderedGraph = (service: Service, providers: readonly Provider[]): RouteGraph =>
	graphOf(
		{
			name: 'main',
			location: undefined,
			hedgeAfterMs: undefined,
			strategy: 'ordered-failover',
			children: providers.map(({name, endpoints}) => ({kind: 'endpoints', name, endpoints})),
		},
		{service, providers},
	);
