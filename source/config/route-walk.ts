import type {Endpoint, RouteLeaf} from './config.ts';
import type {RouteChild, RouteGraph, RouteNode, TagPreferredNode} from './graph.ts';

/* Walks through a compiled graph. */

/** The children of a route in the file's order; both branches of a condition. */
export const childrenOf = (node: RouteNode): readonly RouteChild[] => {
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

/** Every enabled endpoint below a child, both branches of its conditions included. */
export const enabledEndpoints = (child: RouteChild): readonly Endpoint[] =>
	child.kind === 'endpoints'
		? child.endpoints.filter(({enabled}) => enabled)
		: childrenOf(child.node).flatMap(enabledEndpoints);

/** The routes from the entry on, each once, in the order of the walk. */
export const nodesOf = (entry: RouteNode): readonly RouteNode[] => {
	const found = new Set<RouteNode>();
	const visit = (node: RouteNode): void => {
		if (found.has(node)) {
			return;
		}

		found.add(node);
		for (const child of childrenOf(node)) {
			if (child.kind === 'node') {
				visit(child.node);
			}
		}
	};

	visit(entry);
	return [...found];
};

const preferred = ({children, preferTags, onExhausted}: TagPreferredNode): readonly RouteChild[] => {
	const isPreferred = (child: RouteChild): boolean =>
		enabledEndpoints(child).some(({tags}) =>
			preferTags.some(filter => [...filter].every(([name, value]) => tags[name] === value)),
		);
	const first = children.filter(isPreferred);
	return onExhausted === 'stop' ? first : [...first, ...children.filter(child => !isPreferred(child))];
};

class LeafWalk {
	readonly leaves: RouteLeaf[] = [];
	#group = 0;

	node(node: RouteNode, above: {readonly path: readonly string[]; readonly isInGroup: boolean}): void {
		// The route that stands for "no routing table" is in no file, so it is in no path either.
		const path = node.location === undefined ? above.path : [...above.path, node.name];
		switch (node.strategy) {
			case 'ordered-failover':
			case 'manual-sticky': {
				this.#children(childrenOf(node), {...above, path});
				return;
			}

			case 'tag-preferred': {
				this.#children(preferred(node), {...above, path});
				return;
			}

			case 'conditional': {
				this.#children([node.default], {...above, path});
				return;
			}

			default: {
				this.#children(node.children, {path, isInGroup: true});
				this.#group += above.isInGroup ? 0 : 1;
			}
		}
	}

	#children(
		children: readonly RouteChild[],
		above: {readonly path: readonly string[]; readonly isInGroup: boolean},
	): void {
		for (const child of children) {
			if (child.kind === 'node') {
				this.node(child.node, above);
				continue;
			}

			for (const endpoint of child.endpoints.filter(({enabled}) => enabled)) {
				this.leaves.push({endpoint, preferenceGroup: this.#group, routePath: above.path});
			}

			this.#group += above.isInGroup ? 0 : 1;
		}
	}
}

/** The order for a call that meets no condition, without health and draws: enabled endpoints only; disabled ones keep their group. */
export const staticLeaves = ({entry}: Pick<RouteGraph, 'entry'>): readonly RouteLeaf[] => {
	const walk = new LeafWalk();
	walk.node(entry, {path: [], isInGroup: false});
	return walk.leaves;
};
