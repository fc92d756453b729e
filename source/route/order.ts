import type {BalancedNode} from '../config/graph.ts';
import type {PlanInputs, Turns} from './inputs.ts';
import type {Judgement} from './judge.ts';
import type {Layout, LayoutBranch, LayoutLeaf, LayoutPart} from './layout.ts';
import {modelAt} from './model.ts';

/*
 * The order that the strategies of routing.md 2 give, before affinity, pins and state are heard. Nothing is drawn: the same state gives the
 * same order, and what turns comes back as new turns. Children that cannot serve stand behind and use up no turn.
 */

/** The turning order of items by smooth weighted round robin: open ones first, by their current weight. */
const turnOrder = (weights: readonly number[], current: readonly number[], isOpen: readonly boolean[]): number[] => {
	const scores = weights.map((weight, index) => (isOpen[index] === true ? -(current[index] ?? 0) - weight : shut));
	return sortedBy(undefined, scores);
};

/** The score of what cannot serve; finite, so that two of them are equal. */
const shut = Number.MAX_VALUE;

/** The current weights after `chosen` was taken. */
const turn = (weights: readonly number[], current: readonly number[], {isOpen, chosen}: Turned): readonly number[] => {
	let total = 0;
	for (const [index, weight] of weights.entries()) {
		total += isOpen[index] === true ? weight : 0;
	}

	return weights.map(
		(weight, index) => (current[index] ?? 0) + (isOpen[index] === true ? weight : 0) - (index === chosen ? total : 0),
	);
};

interface Turned {
	readonly isOpen: readonly boolean[];
	readonly chosen: number;
}

/** The indices below the lists' length by tier, then by score, then as they stand; less is better. */
const sortedBy = (tiers: readonly number[] | undefined, scores: readonly number[]): number[] => {
	const indices: number[] = [];
	for (let index = 0; index < scores.length; index++) {
		indices.push(index);
	}

	return tiers
		? indices.toSorted((one, other) => {
				const byTier = (tiers[one] ?? 0) - (tiers[other] ?? 0);
				return byTier === 0 ? (scores[one] ?? 0) - (scores[other] ?? 0) : byTier;
			})
		: indices.toSorted((one, other) => (scores[one] ?? 0) - (scores[other] ?? 0));
};

const nothingTurned: readonly number[] = Object.freeze([]);

const currentOf = (turns: Turns, key: string, count: number): readonly number[] => {
	const current = turns.get(key);
	// A reload may have changed the number of children: they start anew.
	return current?.length === count ? current : nothingTurned;
};

/** The candidates of a node's children in a row: those of child `n` stand from `bounds[n]` to `bounds[n + 1]`. */
interface Segments {
	readonly natural: readonly number[];
	readonly bounds: readonly number[];
}

/** A challenger of `fastest` must be faster by this share. */
const hysteresis = 0.15;

/** Candidates (indices of the layout) in the order of the graph. */
export class Order {
	readonly #inputs: PlanInputs;
	readonly #layout: Layout;
	readonly #judgement: Judgement;
	/** Of the accounts that are being ordered: one list for all endpoints. */
	readonly #scores: number[] = [];

	constructor(inputs: PlanInputs, layout: Layout, judgement: Judgement) {
		this.#inputs = inputs;
		this.#layout = layout;
		this.#judgement = judgement;
	}

	/** All candidates; those of branches that were not taken at the end. */
	indices(): number[] {
		const {isStatic, root, leaves, takenCount, candidateCount} = this.#layout;
		if (isStatic) {
			return Array.from({length: candidateCount}, (_, index) => index);
		}

		const order: number[] = [];
		this.#part(root, order);
		for (let index = takenCount; index < leaves.length; index++) {
			const leaf = leaves[index];
			if (leaf) {
				this.#leaf(leaf, order);
			}
		}

		return order;
	}

	/** What turns when this candidate is sent to. */
	next(leaf: LayoutLeaf, candidate: number): Turns {
		const {turns} = this.#inputs;
		const next = new Map<string, readonly number[]>();
		for (const {branch, child} of leaf.turns) {
			const {balanced, turnKey, children} = branch;
			if (balanced?.strategy === 'fastest') {
				next.set(turnKey, [child]);
			} else if (balanced && isTurning(balanced)) {
				const isOpen = children.map(part => this.#isPartOpen(part));
				const current = currentOf(turns, turnKey, children.length);
				next.set(turnKey, turn(weightsOf(balanced), current, {isOpen, chosen: child}));
			}
		}

		const {accounts} = leaf.endpoint;
		if (accounts.length > 1) {
			const isOpen = accounts.map((_, index) => this.#isOpen(leaf.firstCandidate + index));
			const current = currentOf(turns, leaf.turnKey, accounts.length);
			const weights = accounts.map(({weight}) => weight);
			next.set(leaf.turnKey, turn(weights, current, {isOpen, chosen: candidate - leaf.firstCandidate}));
		}

		return next;
	}

	#part(part: LayoutPart, order: number[]): void {
		if (part.kind === 'leaves') {
			for (const leaf of part.leaves) {
				this.#leaf(leaf, order);
			}
		} else if (part.balanced) {
			this.#balanced(part, part.balanced, order);
		} else {
			for (const child of part.children) {
				this.#part(child, order);
			}
		}
	}

	#leaf({endpoint: {accounts}, firstCandidate, turnKey}: LayoutLeaf, order: number[]): void {
		if (accounts.length === 1) {
			order.push(firstCandidate);
			return;
		}

		const current = currentOf(this.#inputs.turns, turnKey, accounts.length);
		const begin = order.length;
		const scores = this.#scores;
		for (let index = 0; index < accounts.length; index++) {
			const isOpen = this.#isOpen(firstCandidate + index);
			const score = isOpen ? (current[index] ?? 0) + (accounts[index]?.weight ?? 1) : -Infinity;
			scores[index] = score;
			let place = begin + index;
			for (
				let before = order[place - 1];
				place > begin && before !== undefined && score > (scores[before - firstCandidate] ?? 0);
				before = order[place - 1]
			) {
				order[place] = before;
				place--;
			}

			order[place] = firstCandidate + index;
		}
	}

	#balanced({children, turnKey}: LayoutBranch, node: BalancedNode, order: number[]): void {
		const begin = order.length;
		const bounds = [0];
		for (const child of children) {
			this.#part(child, order);
			bounds.push(order.length - begin);
		}

		const natural = order.slice(begin);
		let place = begin;
		for (const child of this.#childOrder(node, turnKey, {natural, bounds})) {
			const end = bounds[child + 1] ?? 0;
			for (let index = bounds[child] ?? 0; index < end; index++) {
				order[place++] = natural[index] ?? 0;
			}
		}
	}

	#childOrder(node: BalancedNode, turnKey: string, segments: Segments): readonly number[] {
		const {turns} = this.#inputs;
		const count = segments.bounds.length - 1;
		const firsts: Array<number | undefined> = [];
		for (let child = 0; child < count; child++) {
			firsts.push(this.#firstOpen(segments, child));
		}

		if (isTurning(node)) {
			const isOpen = firsts.map(first => first !== undefined);
			return turnOrder(weightsOf(node), currentOf(turns, turnKey, count), isOpen);
		}

		const inUse = turns.get(turnKey)?.[0];
		const tiers: number[] = [];
		const scores: number[] = [];
		for (let child = 0; child < count; child++) {
			const first = firsts[child];
			const [tier, score] =
				first === undefined
					? cannotServe
					: node.strategy === 'least-used'
						? [0, this.#tokens(segments, child)]
						: this.#measure(node, first);
			tiers.push(tier);
			scores.push(node.strategy === 'fastest' && child === inUse ? score * (1 - hysteresis) : score);
		}

		return sortedBy(tiers, scores);
	}

	/** Tier, then score; less is better. `first` is the candidate that the child would be asked for first. */
	#measure(node: BalancedNode, first: number): readonly [number, number] {
		const health = this.#judgement.healths[first];
		switch (node.strategy) {
			case 'cheapest': {
				return this.#price(first);
			}

			case 'fastest': {
				// One that nobody has measured is asked first: it would never be measured otherwise.
				return health?.ttfbMs === undefined ? [0, 0] : [1, health.ttfbMs];
			}

			default: {
				const used = health?.quotaUsed;
				const isAvoided = used !== undefined && node.avoidBelow !== undefined && used >= node.avoidBelow;
				return [isAvoided ? 2 : used === undefined ? 1 : 0, used ?? 0];
			}
		}
	}

	#tokens({natural, bounds}: Segments, child: number): number {
		const end = bounds[child + 1] ?? 0;
		let tokens = 0;
		for (let place = bounds[child] ?? 0; place < end; place++) {
			const index = natural[place] ?? 0;
			tokens += this.#isOpen(index) ? (this.#judgement.healths[index]?.recentTokens ?? 0) : 0;
		}

		return tokens;
	}

	#price(candidate: number): readonly [number, number] {
		const {call, health} = this.#inputs;
		const leaf = this.#layout.leafOf[candidate];
		if (!leaf) {
			return cannotServe;
		}

		const {endpoint} = leaf;
		const price = health.price(call.model === undefined ? undefined : modelAt(endpoint, call.model));
		// Without a list price the multipliers still compare with each other, but not with dollars.
		return price === undefined ? [1, endpoint.priceMultiplier] : [0, price * endpoint.priceMultiplier];
	}

	#firstOpen({natural, bounds}: Segments, child: number): number | undefined {
		const end = bounds[child + 1] ?? 0;
		for (let place = bounds[child] ?? 0; place < end; place++) {
			const index = natural[place] ?? 0;
			if (this.#isOpen(index)) {
				return index;
			}
		}

		return undefined;
	}

	#isOpen(candidate: number): boolean {
		return this.#judgement.skips[candidate]?.length === 0;
	}

	#isPartOpen(part: LayoutPart): boolean {
		return part.kind === 'branch'
			? part.children.some(child => this.#isPartOpen(child))
			: part.leaves.some(({endpoint, firstCandidate}) =>
					endpoint.accounts.some((_, index) => this.#isOpen(firstCandidate + index)),
				);
	}
}

const cannotServe: readonly [number, number] = [shut, 0];

const isTurning = ({strategy}: BalancedNode): boolean => strategy === 'weighted' || strategy === 'round-robin';

/** A round robin is weighted with equal weights. */
const weightsOf = ({strategy, weights, children}: BalancedNode): readonly number[] =>
	strategy === 'weighted' ? weights : children.map(() => 1);
