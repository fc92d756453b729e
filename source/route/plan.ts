import type {Pin} from '../event/view.ts';
import type {ConditionalNode, RouteGraph} from '../config/graph.ts';
import {evaluateAffinity} from './affinity.ts';
import {isConditionMet} from './condition.ts';
import {decideTie, findKnown, isHome, type KnownAffinity, type Tie} from './continuity.ts';
import type {PlanInputs, Turns} from './inputs.ts';
import {judge, type Judgement} from './judge.ts';
import {layoutOf, type Layout, type LayoutLeaf} from './layout.ts';
import {Order} from './order.ts';
import type {
	AffinityEvaluation,
	ConditionalEvaluation,
	Continuity,
	NoteCode,
	PinEvaluation,
	RouteCandidate,
	RoutePlan,
} from './route-plan.ts';

/*
 * Call, graph, health, session's ties and time → every endpoint and account in order, each eligible or with its reasons. Pure: routing takes
 * the first eligible one, explain prints the list, what-if changes the inputs (routing.md 1 and 16). No clock, no draw, no memory.
 */

/** Orders and judges every candidate of the graph. */
export const plan = (inputs: PlanInputs): RoutePlan => {
	const decisions = decideConditions(inputs);
	const layout = layoutOf(inputs.graph, decisions);
	const pin = evaluatePin(inputs, layout);
	const found = findKnown(inputs.affinity, layout.leaves);
	const isElsewhere = pin?.pin.mode === 'only' && found?.leaf.endpoint.key !== pin.pin.endpointKey;
	const endpointCount = pin?.pin.mode === 'only' ? 1 : layout.takenCount;
	const tie = decideTie({inputs, known: isElsewhere ? undefined : found, endpointCount});
	const judgement = judge({inputs, layout, tie, pin});
	const order = new Order(inputs, layout, judgement);
	const natural = order.indices();
	const affinity = evaluateAffinity({inputs, known: found, tie, pin, ...availability(layout, judgement, found)});
	const ranking: Ranking = {inputs, tie, pin, known: affinity.applies ? found : undefined};
	const {candidates, selected} = arrange({layout, judgement, natural, ranking});
	return {
		inputs,
		candidates,
		selected: selected?.candidate,
		pin,
		affinity,
		continuity: continuityOf({inputs, tie, affinity, found, selected}),
		conditions: decisions.size === 0 ? noConditions : evaluationsOf(decisions),
		hedgeAfterMs: tie.isBound || inputs.call.state.kind !== 'ordinary' ? undefined : selected?.leaf.hedgeAfterMs,
		next: selected && !selected.isChosen ? order.next(selected.leaf, selected.index) : noTurns,
	};
};

const noConditions: readonly ConditionalEvaluation[] = Object.freeze([]);
const noDecisions: ReadonlyMap<ConditionalNode, boolean> = new Map();
const noTurns: Turns = new Map();

const decideConditions = ({call, graph, nowMs}: PlanInputs): ReadonlyMap<ConditionalNode, boolean> => {
	let decisions: Map<ConditionalNode, boolean> | undefined;
	for (const node of conditionalsOf(graph)) {
		decisions ??= new Map();
		decisions.set(node, isConditionMet(node.when, call, nowMs));
	}

	return decisions ?? noDecisions;
};

const conditionals = new WeakMap<RouteGraph, readonly ConditionalNode[]>();

const conditionalsOf = (graph: RouteGraph): readonly ConditionalNode[] => {
	const known = conditionals.get(graph);
	if (known) {
		return known;
	}

	const found = graph.nodes.filter(node => node.strategy === 'conditional');
	conditionals.set(graph, found);
	return found;
};

const evaluationsOf = (decisions: ReadonlyMap<ConditionalNode, boolean>): readonly ConditionalEvaluation[] =>
	Array.from(decisions, ([node, matched]) => ({node, matched}));

const evaluatePin = ({pins, nowMs}: PlanInputs, {leaves}: Layout): PinEvaluation | undefined => {
	const session = holding(pins.session, nowMs);
	const pin = session ?? holding(pins.global, nowMs);
	if (!pin) {
		return undefined;
	}

	const leaf = leaves.find(({endpoint}) => endpoint.key === pin.endpointKey);
	const problem = leaf ? (leaf.endpoint.enabled ? undefined : 'disabled') : 'unknown';
	return {pin, scope: session ? 'session' : 'global', problem};
};

const holding = (pin: Pin | undefined, nowMs: number): Pin | undefined =>
	pin?.untilMs !== undefined && pin.untilMs <= nowMs ? undefined : pin;

interface Availability {
	readonly isAvailable: boolean;
	readonly bestGroup: number;
}

const availability = ({leaves}: Layout, {skips}: Judgement, found: KnownAffinity | undefined): Availability => {
	let bestGroup = Infinity;
	let isAvailable = false;
	for (const leaf of leaves) {
		if (leaf.preferenceGroup >= bestGroup && leaf !== found?.leaf) {
			continue;
		}

		for (let index = 0; index < leaf.endpoint.accounts.length; index++) {
			if (skips[leaf.firstCandidate + index]?.length === 0) {
				bestGroup = Math.min(bestGroup, leaf.preferenceGroup);
				isAvailable ||= leaf === found?.leaf;
			}
		}
	}

	return {isAvailable, bestGroup};
};

interface Ranking {
	readonly inputs: PlanInputs;
	readonly tie: Tie;
	readonly pin: PinEvaluation | undefined;
	/** Only where the affinity applies. */
	readonly known: KnownAffinity | undefined;
}

interface Arrangement {
	readonly layout: Layout;
	readonly judgement: Judgement;
	readonly natural: readonly number[];
	readonly ranking: Ranking;
}

interface Selected {
	readonly candidate: RouteCandidate;
	readonly leaf: LayoutLeaf;
	readonly index: number;
	/** Affinity, a pin or state chose it, not its turn. */
	readonly isChosen: boolean;
}

const ranks = {home: 0, homeRest: 1, pinned: 2, affinity: 3, affinityRest: 4, ordinary: 5, brokeOff: 6};
const rankCount = 7;

const arrange = ({layout, judgement, natural, ranking}: Arrangement) => {
	const {inputs, tie, pin, known} = ranking;
	const isRanked = inputs.brokeOff.size > 0 || tie.hasHome || pin !== undefined || known !== undefined;
	const buckets: RouteCandidate[][] = isRanked ? Array.from({length: rankCount}, () => []) : [];
	const plain: RouteCandidate[] = [];
	let best: Selected | undefined;
	let bestRank = Infinity;
	for (const index of natural) {
		const leaf = layout.leafOf[index];
		const health = judgement.healths[index];
		const account = leaf?.endpoint.accounts[index - leaf.firstCandidate];
		if (!leaf || !health || !account) {
			continue;
		}

		const skips = judgement.skips[index] ?? [];
		const isAtHome = tie.hasHome && isHome(tie, leaf, account);
		const rank = isRanked ? rankOf(ranking, {leaf, account: account.label, isAtHome}) : ranks.ordinary;
		const needsRepair = tie.repairsElsewhere && !isAtHome;
		const candidate: RouteCandidate = {
			endpoint: leaf.endpoint,
			account,
			preferenceGroup: leaf.preferenceGroup,
			routePath: leaf.routePath,
			eligible: skips.length === 0,
			skips,
			notes: isRanked ? notesOf(ranking, {leaf, isAtHome, needsRepair}) : noNotes,
			needsRepair,
			health,
		};
		// Asking an empty list for its sixth element leaves the fast path of the engine below us.
		(isRanked ? (buckets[rank] ?? plain) : plain).push(candidate);
		if (candidate.eligible && rank < bestRank) {
			best = {candidate, leaf, index, isChosen: rank < ranks.ordinary};
			bestRank = rank;
		}
	}

	return {candidates: isRanked ? buckets.flat() : plain, selected: best};
};

interface Placed {
	readonly leaf: LayoutLeaf;
	readonly account: string;
	readonly isAtHome: boolean;
}

const rankOf = ({inputs, pin, known, tie}: Ranking, {leaf, account, isAtHome}: Placed): number => {
	if (inputs.brokeOff.has(leaf.endpoint.key)) {
		return ranks.brokeOff;
	}

	const isAffinity = leaf === (known ?? tie.known)?.leaf;
	const isSame = isAffinity && account === (known ?? tie.known)?.account;
	// A compact request follows its affinity, an ordinary one whoever can read its state (routing.md 4).
	if (isAtHome) {
		return isSame ? ranks.home : ranks.homeRest;
	}

	if (pin?.pin.endpointKey === leaf.endpoint.key) {
		return ranks.pinned;
	}

	return known && isAffinity ? (isSame ? ranks.affinity : ranks.affinityRest) : ranks.ordinary;
};

const noNotes: readonly NoteCode[] = Object.freeze([]);

const notesOf = (
	{inputs, pin, known}: Ranking,
	{leaf, isAtHome, needsRepair}: {readonly leaf: LayoutLeaf; readonly isAtHome: boolean; readonly needsRepair: boolean},
): readonly NoteCode[] => {
	let notes: NoteCode[] | undefined;
	const add = (note: NoteCode): void => {
		(notes ??= []).push(note);
	};
	if (pin?.pin.endpointKey === leaf.endpoint.key) {
		add('pinned');
	}

	if (isAtHome) {
		add('state_home');
	}

	if (leaf === known?.leaf) {
		add('affinity');
	}

	if (needsRepair) {
		add('needs_repair');
	}

	if (inputs.brokeOff.has(leaf.endpoint.key)) {
		add('attempt_avoided');
	}

	return notes ?? noNotes;
};

interface ContinuityContext {
	readonly inputs: PlanInputs;
	readonly tie: Tie;
	readonly affinity: AffinityEvaluation;
	readonly found: KnownAffinity | undefined;
	readonly selected: Selected | undefined;
}

const continuityOf = ({inputs, tie, affinity, found, selected}: ContinuityContext): Continuity => ({
	class: tie.class,
	policy: affinity.config.policy,
	source: found ? 'session_route_affinity' : 'none',
	endpointKey: found && inputs.affinity?.endpointKey,
	selectedMatchesAffinity: found && selected && selected.leaf === found.leaf,
	failoverAllowed: tie.failoverAllowed,
	blockedReason: tie.blockedReason,
	balanceSignalAuthoritative: false,
});
