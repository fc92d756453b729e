import type {KnownAffinity, Tie} from './continuity.ts';
import type {PlanInputs} from './inputs.ts';
import type {AffinityEvaluation, PinEvaluation} from './route-plan.ts';

/** What the graph would do without the affinity. */
export interface AffinityContext {
	readonly inputs: PlanInputs;
	readonly known: KnownAffinity | undefined;
	readonly tie: Tie;
	readonly pin: PinEvaluation | undefined;
	/** Some account of the affinity's endpoint may serve. */
	readonly isAvailable: boolean;
	/** The lowest preference group in which somebody may serve. */
	readonly bestGroup: number;
}

/** Whether the session's endpoint goes first, by the five policies (codex-helper.md 1.5; routing.md 3). */
export const evaluateAffinity = (context: AffinityContext): AffinityEvaluation => {
	const {inputs, known} = context;
	const reason = reasonOf(context);
	return {
		config: inputs.graph.affinity,
		isKnown: known !== undefined,
		applies: applying.has(reason),
		reason,
		isFromOtherGraph: inputs.affinity !== undefined && inputs.affinity.graphKey !== inputs.graph.key,
	};
};

const applying: ReadonlySet<AffinityEvaluation['reason']> = new Set(['sticky', 'compact', 'hard', 'state']);

const reasonOf = (context: AffinityContext): AffinityEvaluation['reason'] => {
	const {inputs, known, tie, pin, isAvailable} = context;
	if (!known || !inputs.affinity) {
		return inputs.affinity ? 'endpoint_gone' : 'none';
	}

	if (pin?.pin.mode === 'only' && pin.pin.endpointKey !== known.leaf.endpoint.key) {
		return 'pinned_elsewhere';
	}

	if (!isAvailable) {
		return 'unavailable';
	}

	const {policy} = inputs.graph.affinity;
	const isCompact = inputs.call.state.kind !== 'ordinary';
	if (policy === 'hard' || (policy === 'hard-compact' && isCompact)) {
		return 'hard';
	}

	if (isCompact) {
		return 'compact';
	}

	return tie.isBound && tie.owner === undefined ? 'state' : ordinaryReason(context, known);
};

const ordinaryReason = ({inputs, bestGroup}: AffinityContext, known: KnownAffinity): AffinityEvaluation['reason'] => {
	const {policy, fallbackTtlMs, reprobePreferredAfterMs} = inputs.graph.affinity;
	if (policy === 'off') {
		return 'policy_off';
	}

	const isBetterGroup = bestGroup < known.leaf.preferenceGroup;
	if (policy === 'preferred-group') {
		return isBetterGroup ? 'other_group_is_better' : 'sticky';
	}

	const ageMs = inputs.nowMs - (inputs.affinity?.lastChangedAtMs ?? inputs.nowMs);
	if (isBetterGroup && hasElapsed(fallbackTtlMs, ageMs)) {
		return 'fallback_ttl_elapsed';
	}

	return isBetterGroup && hasElapsed(reprobePreferredAfterMs, ageMs) ? 'reprobe_preferred' : 'sticky';
};

const hasElapsed = (windowMs: number | undefined, ageMs: number): boolean =>
	// A window of 0 has always elapsed, also where the clock was set back.
	windowMs !== undefined && (windowMs === 0 || ageMs >= windowMs);
