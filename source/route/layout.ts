import type {Endpoint} from '../config/config.ts';
import type {
	BalancedNode,
	ConditionalNode,
	RouteChild,
	RouteGraph,
	RouteNode,
	TagPreferredNode,
} from '../config/graph.ts';

/*
 * The graph flattened once per combination of its conditions: leaves in the file's order with their groups and paths, and the tree of routes
 * over them for the strategies that order anew for each plan. Kept beside the graph, so that a plan allocates none of it.
 */

/** One endpoint of the graph. */
export interface LayoutLeaf {
	readonly endpoint: Endpoint;
	readonly index: number;
	/** The key of its accounts' turns. */
	readonly turnKey: string;
	/** Its accounts are the candidates from here on. */
	readonly firstCandidate: number;
	readonly preferenceGroup: number;
	readonly routePath: readonly string[];
	readonly nodes: readonly RouteNode[];
	/** The balanced routes above it, each with the child that leads here. */
	readonly turns: ReadonlyArray<{readonly branch: LayoutBranch; readonly child: number}>;
	/** Of the innermost route above that names it. */
	readonly hedgeAfterMs: number | undefined;
	/** The lowest `stop_below` of the quota-aware routes above it. */
	readonly stopBelow: number | undefined;
	/** The conditional route whose other branch was taken. */
	readonly notTaken: ConditionalNode | undefined;
}

/** A route over leaves and other routes. */
export interface LayoutBranch {
	readonly kind: 'branch';
	/** Undefined: its children stay in the file's order. */
	readonly balanced: BalancedNode | undefined;
	readonly turnKey: string;
	readonly children: readonly LayoutPart[];
}

/** A part of the tree. */
export type LayoutPart = LayoutBranch | {readonly kind: 'leaves'; readonly leaves: readonly LayoutLeaf[]};

/** A flattened graph. */
export interface Layout {
	readonly root: LayoutPart;
	/** In the file's order; those of branches that were not taken at the end. */
	readonly leaves: readonly LayoutLeaf[];
	/** How many of them may be tried. */
	readonly takenCount: number;
	readonly candidateCount: number;
	/** The leaf of each candidate. */
	readonly leafOf: readonly LayoutLeaf[];
	/** No route balances and no endpoint has several accounts: the order is always the file's. */
	readonly isStatic: boolean;
}

interface Above {
	readonly path: readonly string[];
	readonly nodes: readonly RouteNode[];
	readonly turns: LayoutLeaf['turns'];
	readonly hedgeAfterMs: number | undefined;
	readonly stopBelow: number | undefined;
	/** Everything below a balanced route is one preference group. */
	readonly isInGroup: boolean;
	readonly notTaken: ConditionalNode | undefined;
}

const nothingAbove: Above = {
	path: [],
	nodes: [],
	turns: [],
	hedgeAfterMs: undefined,
	stopBelow: undefined,
	isInGroup: false,
	notTaken: undefined,
};

const maxKept = 64;
const kept = new WeakMap<RouteGraph, Map<string, Layout>>();

/** The flattened graph for these decisions of its conditional routes. */
export const layoutOf = (graph: RouteGraph, decisions: ReadonlyMap<ConditionalNode, boolean>): Layout => {
	const layouts = kept.get(graph) ?? new Map<string, Layout>();
	kept.set(graph, layouts);
	const key = decisions.size === 0 ? '' : [...decisions.values()].map(Number).join('');
	const known = layouts.get(key);
	if (known) {
		return known;
	}

	if (layouts.size >= maxKept) {
		layouts.clear();
	}

	const made = new LayoutBuilder(decisions).build(graph.entry);
	layouts.set(key, made);
	return made;
};

class LayoutBuilder {
	readonly #decisions: ReadonlyMap<ConditionalNode, boolean>;
	readonly #leaves: LayoutLeaf[] = [];
	readonly #seen = new Set<string>();
	readonly #leftOut: Array<{readonly child: RouteChild; readonly above: Above}> = [];
	#group = 0;
	#candidates = 0;
	#isStatic = true;

	constructor(decisions: ReadonlyMap<ConditionalNode, boolean>) {
		this.#decisions = decisions;
	}

	build(entry: RouteNode): Layout {
		const root = this.#node(entry, nothingAbove);
		const takenCount = this.#leaves.length;
		// The list grows while it is walked: a branch left out may hold conditional routes of its own.
		for (const {child, above} of this.#leftOut) {
			this.#child(child, above);
		}

		const leaves = this.#leaves;
		const leafOf = leaves.flatMap(leaf => leaf.endpoint.accounts.map(() => leaf));
		return {root, leaves, takenCount, leafOf, candidateCount: this.#candidates, isStatic: this.#isStatic};
	}

	#node(node: RouteNode, above: Above): LayoutPart {
		const inside: Above = {
			...above,
			path: [...above.path, node.name],
			nodes: [...above.nodes, node],
			hedgeAfterMs: node.hedgeAfterMs ?? above.hedgeAfterMs,
		};
		switch (node.strategy) {
			case 'ordered-failover': {
				return this.#ordered(node.children, inside);
			}

			case 'tag-preferred': {
				return this.#ordered(preferred(node), inside);
			}

			case 'manual-sticky': {
				return this.#child(node.target, inside);
			}

			case 'conditional': {
				const isMet = this.#decisions.get(node) ?? false;
				this.#leftOut.push({
					child: isMet ? node.default : node.then,
					above: {...inside, notTaken: inside.notTaken ?? node},
				});
				return this.#child(isMet ? node.then : node.default, inside);
			}

			default: {
				return this.#balanced(node, inside);
			}
		}
	}

	#ordered(children: readonly RouteChild[], above: Above): LayoutPart {
		return {
			kind: 'branch',
			balanced: undefined,
			turnKey: '',
			children: children.map(child => this.#child(child, above)),
		};
	}

	#balanced(node: BalancedNode, above: Above): LayoutPart {
		const children: LayoutPart[] = [];
		const branch: LayoutBranch = {kind: 'branch', balanced: node, turnKey: `node ${node.name}`, children};
		const stopBelow =
			node.strategy === 'quota-aware' && node.stopBelow !== undefined
				? Math.min(node.stopBelow, above.stopBelow ?? Infinity)
				: above.stopBelow;
		this.#isStatic = false;
		for (const [index, child] of node.children.entries()) {
			const turns = [...above.turns, {branch, child: index}];
			children.push(this.#child(child, {...above, turns, stopBelow, isInGroup: true}));
		}

		this.#group += above.isInGroup ? 0 : 1;
		return branch;
	}

	#child(child: RouteChild, above: Above): LayoutPart {
		if (child.kind === 'node') {
			return this.#node(child.node, above);
		}

		const leaves = child.endpoints.flatMap(endpoint => this.#leaf(endpoint, above));
		this.#group += above.isInGroup ? 0 : 1;
		return {kind: 'leaves', leaves};
	}

	#leaf(endpoint: Endpoint, {path, nodes, turns, hedgeAfterMs, stopBelow, notTaken}: Above): readonly LayoutLeaf[] {
		// The branches of a condition may share endpoints: the one that is taken stands first.
		if (this.#seen.has(endpoint.key)) {
			return [];
		}

		this.#seen.add(endpoint.key);
		const leaf: LayoutLeaf = {
			endpoint,
			index: this.#leaves.length,
			turnKey: `accounts ${endpoint.key}`,
			firstCandidate: this.#candidates,
			preferenceGroup: this.#group,
			routePath: path,
			nodes,
			turns,
			hedgeAfterMs,
			stopBelow,
			notTaken,
		};
		this.#leaves.push(leaf);
		this.#candidates += endpoint.accounts.length;
		this.#isStatic &&= endpoint.accounts.length === 1;
		return [leaf];
	}
}

const preferred = ({children, preferTags, onExhausted}: TagPreferredNode): readonly RouteChild[] => {
	const isPreferred = (child: RouteChild): boolean =>
		endpointsOf(child).some(({tags}) =>
			preferTags.some(wanted => [...wanted].every(([name, value]) => tags[name] === value)),
		);
	const first = children.filter(isPreferred);
	return onExhausted === 'stop' ? first : [...first, ...children.filter(child => !isPreferred(child))];
};

/** Everything below a child, both branches of a condition included. */
const endpointsOf = (child: RouteChild): readonly Endpoint[] =>
	child.kind === 'endpoints' ? child.endpoints : childrenOf(child.node).flatMap(endpointsOf);

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
