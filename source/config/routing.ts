import type {RouteLeaf} from './config.ts';
import {findNearestName} from './nearest.ts';
import type {Provider} from './provider.ts';
import type {Section} from './section.ts';
import {formatKeyPath} from './toml.ts';

/*
 * The route graph of codex-helper.md 1.4, as far as `ordered-failover` goes: nodes nest, each child takes the next preference
 * group (the endpoints of one provider share it), and a leaf may stand in the graph only once.
 */

const strategies = ['ordered-failover', 'tag-preferred', 'manual-sticky', 'conditional'];

const byName = (left: Provider, right: Provider): number => (left.name < right.name ? -1 : 1);

class Compiler {
	readonly leaves: RouteLeaf[] = [];
	readonly reached = new Set<string>();
	readonly #providers: ReadonlyMap<string, Provider>;
	readonly #routes: ReadonlyMap<string, Section>;
	/** Endpoint key → the child that brought it in, for the message about a second one. */
	readonly #seen = new Map<string, string>();
	#group = 0;

	constructor(providers: readonly Provider[], routes: ReadonlyMap<string, Section>) {
		this.#providers = new Map(providers.map(provider => [provider.name, provider]));
		this.#routes = routes;
	}

	expand(name: string, above: readonly string[]): void {
		const route = this.#routes.get(name);
		if (route === undefined) {
			return;
		}

		this.reached.add(name);
		const strategy = route.string('strategy') ?? 'ordered-failover';
		if (strategy !== 'ordered-failover') {
			const what = strategies.includes(strategy) ? 'a strategy that this version does not know yet' : 'no strategy';
			throw route.error(
				'config-strategy',
				`is ${JSON.stringify(strategy)}, ${what}; this version knows only ordered-failover.`,
				'strategy',
			);
		}

		const children = route.stringList('children') ?? [];
		if (children.length === 0) {
			throw route.error('config-route', 'has no children; name at least one provider or route.');
		}

		for (const child of children) {
			this.#expandChild(child, route, [...above, name]);
		}
	}

	#expandChild(child: string, route: Section, routePath: readonly string[]): void {
		if (this.#routes.has(child)) {
			if (routePath.includes(child)) {
				const circle = [...routePath.slice(routePath.indexOf(child)), child].join(' → ');
				throw route.error('config-route', `closes a circle: ${circle}.`, 'children');
			}

			this.expand(child, routePath);
			return;
		}

		const [providerName = '', endpointName] = child.split('.', 2);
		const provider = this.#providers.get(providerName);
		const endpoints = provider?.endpoints.filter(
			({endpoint}) => endpointName === undefined || endpoint === endpointName,
		);
		if (endpoints === undefined || endpoints.length === 0 || child.split('.').length > 2) {
			throw this.#missing(child, route);
		}

		for (const endpoint of endpoints) {
			const before = this.#seen.get(endpoint.key);
			if (before !== undefined) {
				const both = before === child ? `${child} twice` : `${before} and ${child}, which share ${endpoint.key}`;
				throw route.error('config-route', `would try one endpoint a second time: it lists ${both}.`, 'children');
			}

			this.#seen.set(endpoint.key, child);
			if (endpoint.enabled) {
				this.leaves.push({endpoint, preferenceGroup: this.#group, routePath});
			}
		}

		this.#group++;
	}

	#missing(child: string, route: Section): Error {
		const endpoints = [...this.#providers.values()].flatMap(({name, endpoints: own}) =>
			own.map(({endpoint}) => `${name}.${endpoint}`),
		);
		const nearest = findNearestName(child, [...this.#routes.keys(), ...this.#providers.keys(), ...endpoints]);
		const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
		return route.error(
			'config-route',
			`names ${JSON.stringify(child)}, which is no route, provider or provider.endpoint${hint === '' ? '.' : hint}`,
			'children',
		);
	}
}

/** A compiled routing table. */
export interface Routing {
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

/**
 * Compiles `[S.routing]` into the ordered leaves; without routes every provider in the order of names. Disabled endpoints keep
 * their preference group but are left out. Throws `ConfigError` for every fault that codex-helper.md 1.4 lists.
 */
export const compileRouting = (routing: Section | undefined, providers: readonly Provider[]): Routing => {
	const routes = readRoutes(routing, providers);
	if (routing === undefined || routes.size === 0) {
		const leaves = providers
			.toSorted(byName)
			.flatMap(({endpoints}, preferenceGroup) =>
				endpoints.filter(endpoint => endpoint.enabled).map(endpoint => ({endpoint, preferenceGroup, routePath: []})),
			);
		return {leaves, warnings: []};
	}

	const entry = routing.string('entry') ?? 'main';
	if (!routes.has(entry)) {
		const nearest = findNearestName(entry, routes.keys());
		const hint = nearest === undefined ? '.' : `; did you mean ${JSON.stringify(nearest)}?`;
		throw routing.error('config-route', `is ${JSON.stringify(entry)}, but there is no such route${hint}`, 'entry');
	}

	const compiler = new Compiler(providers, routes);
	compiler.expand(entry, []);
	const warnings = [...routes]
		.filter(([name]) => !compiler.reached.has(name))
		.map(([, section]) => {
			const line = section.document.locate(section.path)?.line ?? 1;
			return `${section.document.path}:${line}: the route ${formatKeyPath(section.path)} is not reached from ${entry}.`;
		});
	return {leaves: compiler.leaves, warnings};
};
