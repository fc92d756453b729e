import {RelayError} from '../base/errors.ts';
import type {RouteChild, RouteNode} from './graph.ts';
import {childrenOf} from './route-walk.ts';
import type {Section} from './section.ts';

/** Endpoint key → the child that brought it in. */
type Seen = Map<string, string>;

const keyOf = (node: RouteNode, child: RouteChild): string => {
	if (node.strategy === 'conditional') {
		return node.then === child ? 'then' : 'default';
	}

	return node.strategy === 'manual-sticky' ? 'target' : 'children';
};

class DuplicateSearch {
	readonly #routes: ReadonlyMap<string, Section>;

	constructor(routes: ReadonlyMap<string, Section>) {
		this.#routes = routes;
	}

	node(node: RouteNode, seen: Seen): void {
		if (node.strategy !== 'conditional') {
			for (const child of childrenOf(node)) {
				this.#child(child, node, seen);
			}

			return;
		}

		// A call takes one branch only, so both may lead to the same endpoint.
		const branches = [node.then, node.default].map(child => {
			const inside = new Map(seen);
			this.#child(child, node, inside);
			return inside;
		});
		for (const [key, child] of branches.flatMap(branch => [...branch])) {
			seen.set(key, child);
		}
	}

	#child(child: RouteChild, node: RouteNode, seen: Seen): void {
		if (child.kind === 'node') {
			this.node(child.node, seen);
			return;
		}

		for (const {key} of child.endpoints) {
			const before = seen.get(key);
			if (before !== undefined) {
				const {name} = child;
				const both = before === name ? `${name} twice` : `${before} and ${name}, which share ${key}`;
				throw this.#error(node, child, both);
			}

			seen.set(key, child.name);
		}
	}

	#error(node: RouteNode, child: RouteChild, both: string): Error {
		const sentence = `would try one endpoint a second time: it lists ${both}.`;
		const route = this.#routes.get(node.name);
		return route === undefined
			? new RelayError('config-route', sentence)
			: route.error('config-route', sentence, keyOf(node, child));
	}
}

/**
 * Throws `ConfigError` where one call could be led to an endpoint twice: the same provider, the same endpoint, or a provider and one of its
 * endpoints (codex-helper.md 1.4).
 */
export const checkDuplicates = (entry: RouteNode, routes: ReadonlyMap<string, Section>): void => {
	new DuplicateSearch(routes).node(entry, new Map());
};
