import {hintOf} from '../nearest.ts';
import type {Section} from '../section.ts';
import {addRoute, noteAt, type OldProvider, type OldService, readProviders, routeName} from './old-service.ts';

/*
 * The third format (codex-helper.md 1.1), which the fourth still took: `[S.routing]` itself is the one node, with `policy` and `order`, or a
 * `chain` of `pools`. The fourth format's routes are those of today.
 */

const flatKeys = ['policy', 'order', 'target', 'prefer_tags', 'on_exhausted', 'chain', 'pools'] as const;
const policies = ['ordered-failover', 'manual-sticky', 'tag-preferred', 'pool-fallback'] as const;

/** What a policy is read from. */
interface Flat {
	readonly old: OldService;
	readonly routing: Section;
	readonly providers: ReadonlyMap<string, OldProvider>;
	readonly onExhausted: 'continue' | 'stop';
}

interface Names {
	readonly section: Section;
	readonly key: string;
	readonly names: readonly string[];
}

const checkNames = ({section, key, names}: Names, providers: Flat['providers']): void => {
	for (const [index, name] of names.entries()) {
		if (!providers.has(name)) {
			const hint = hintOf(name, providers.keys());
			throw section.error('config-migrate', `names ${JSON.stringify(name)}, which is no provider${hint}`, key);
		}

		if (names.indexOf(name) < index) {
			throw section.error('config-migrate', `names ${JSON.stringify(name)} twice; keep the first.`, key);
		}
	}
};

/** The listed providers; without a list all of them in the order of their names. */
const readOrder = ({routing, providers}: Flat): readonly string[] => {
	const names = routing.stringList('order') ?? [];
	checkNames({section: routing, key: 'order', names}, providers);
	return names.length === 0 ? [...providers.keys()].toSorted() : names;
};

const carryOrdered = (flat: Flat): void => {
	addRoute(flat.old, 'main', {strategy: 'ordered-failover', children: readOrder(flat)});
};

const carrySticky = (flat: Flat): void => {
	const {old, routing, providers} = flat;
	const stated = routing.string('target');
	const key = stated === undefined ? (routing.has('order') ? 'order' : 'policy') : 'target';
	const target = stated ?? readOrder(flat)[0];
	if (target === undefined) {
		throw routing.error('config-migrate', 'stays with one provider, and there is none.', key);
	}

	checkNames({section: routing, key, names: [target]}, providers);
	if (providers.get(target)?.isEnabled === false) {
		throw routing.error(
			'config-migrate',
			`stays with ${JSON.stringify(target)}, which is switched off; enable it.`,
			key,
		);
	}

	addRoute(old, 'main', {
		strategy: 'manual-sticky',
		target,
		children: routing.has('order') ? readOrder(flat) : [target],
	});
};

const carryTagged = (flat: Flat): void => {
	const {old, routing, onExhausted} = flat;
	const filters = routing.tableList('prefer_tags') ?? [];
	if (filters.length === 0) {
		throw routing.error('config-migrate', 'is "tag-preferred" and needs prefer_tags.', 'policy');
	}

	addRoute(old, 'main', {
		strategy: 'tag-preferred',
		children: readOrder(flat),
		prefer_tags: filters.map(filter => filter.raw()),
		on_exhausted: onExhausted,
	});
};

const readPool = ({routing, providers}: Flat, name: string): readonly string[] => {
	const pools = routing.table('pools');
	const pool = pools?.table(name);
	if (pools === undefined || pool === undefined) {
		const hint = hintOf(name, pools?.names() ?? []);
		throw routing.error('config-migrate', `names ${JSON.stringify(name)}, which is no pool${hint}`, 'chain');
	}

	const names = pool.stringList('providers') ?? [];
	if (names.length === 0) {
		throw pool.error('config-migrate', 'has no providers; name at least one.');
	}

	checkNames({section: pool, key: 'providers', names}, providers);
	return names;
};

const carryPools = (flat: Flat): void => {
	const {old, routing, providers, onExhausted} = flat;
	const stated = routing.stringList('chain') ?? [];
	const chain = stated.length === 0 ? (routing.table('pools')?.names() ?? []).toSorted() : stated;
	const [first, ...others] = chain;
	if (first === undefined) {
		throw routing.error('config-migrate', 'is "pool-fallback" and needs at least one pool.', 'policy');
	}

	// `stop` ends with the first pool; the others are read all the same, so that a fault in them is told.
	const used = onExhausted === 'stop' ? [first] : chain;
	const pools = chain.map(name => ({name, names: readPool(flat, name)}));
	if (onExhausted === 'stop' && others.length > 0) {
		noteAt(old, routing, ['on_exhausted', `ends with the pool ${first}; the others are left out.`]);
	}

	const taken = new Set([...providers.keys(), 'main']);
	const routes = pools
		.filter(({name}) => used.includes(name))
		.map(({name, names}) => ({name: routeName(name, taken), children: names}));
	const key = routing.has('chain') ? 'chain' : 'pools';
	checkNames({section: routing, key, names: routes.flatMap(({children}) => children)}, providers);
	addRoute(old, 'main', {strategy: 'ordered-failover', children: routes.map(({name}) => name)});
	for (const {name, children} of routes) {
		addRoute(old, name, {strategy: 'ordered-failover', children});
	}
};

const carriers = {
	'ordered-failover': carryOrdered,
	'manual-sticky': carrySticky,
	'tag-preferred': carryTagged,
	'pool-fallback': carryPools,
} as const;

/**
 * Turns a flat `[S.routing]` into the route `main`; beside routes the flat keys were without effect and are left out. Throws `ConfigError` with the
 * place of a policy or a name that does not exist.
 */
export const carryFlatRouting = (old: OldService): void => {
	const {service, section, editor} = old;
	const routing = section.table('routing');
	const found = flatKeys.filter(key => routing?.has(key) === true);
	const [first] = found;
	if (routing === undefined || first === undefined) {
		return;
	}

	for (const key of found) {
		editor.remove([service, 'routing', key]);
	}

	if ((routing.table('routes')?.names() ?? []).length > 0) {
		noteAt(old, routing, [first, 'stands beside routes, which decide; it is left out.']);
		return;
	}

	const providers = readProviders(old);
	const onExhausted = routing.choice('on_exhausted', ['continue', 'stop']) ?? 'continue';
	const policy = routing.choice('policy', policies) ?? 'ordered-failover';
	if (providers.size > 0) {
		carriers[policy]({old, routing, providers, onExhausted});
	}
};
