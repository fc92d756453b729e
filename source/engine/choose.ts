import type {PlanReason} from '../event/view.ts';
import type {RouteCandidate, RoutePlan} from '../route/route-plan.ts';

/** A candidate that is due. */
export interface Chosen {
	readonly kind: 'try';
	readonly candidate: RouteCandidate;
	readonly isForced: boolean;
	/** Nobody is left behind it. */
	readonly isLast: boolean;
	readonly reason: string;
}

/** What the road does next. */
export type Choice =
	| Chosen
	/** Nothing can serve now, but soon: wait silently. */
	| {readonly kind: 'wait'; readonly endpointKey: string; readonly waitMs: number}
	| {readonly kind: 'none'};

/** What a choice depends on besides the plan. */
export interface ChoiceState {
	/** Endpoints that this request was sent to already. */
	readonly tried: ReadonlySet<string>;
	readonly nowMs: number;
	/** How long the request may wait for an endpoint to reopen. */
	readonly silentWaitMs: number;
}

/** The plan's first eligible candidate that was not tried; else a short wait; else one last resort; else nothing (routing.md 5). */
export const chooseNext = (plan: RoutePlan, state: ChoiceState): Choice => {
	const {tried, nowMs, silentWaitMs} = state;
	const open = plan.candidates.filter(({eligible, endpoint}) => eligible && !tried.has(endpoint.key));
	const first = open[0];
	if (first) {
		return {
			kind: 'try',
			candidate: first,
			isForced: false,
			isLast: open.length === 1,
			reason: reasonFor(first, plan, tried.size),
		};
	}

	const next = reopening(plan);
	if (next && next.untilMs - nowMs <= silentWaitMs) {
		return {kind: 'wait', endpointKey: next.candidate.endpoint.key, waitMs: Math.max(0, next.untilMs - nowMs)};
	}

	// A probe tells soon whether its endpoint serves again: the others look now and then (REL-27).
	const probed = plan.candidates.find(candidate => onlySkip(candidate)?.code === 'probe_running');
	if (probed && silentWaitMs >= probeLookMs) {
		return {kind: 'wait', endpointKey: probed.endpoint.key, waitMs: probeLookMs};
	}

	const last = tried.size === 0 ? lastResort(plan) : undefined;
	return last
		? {
				kind: 'try',
				candidate: last,
				isForced: true,
				isLast: true,
				reason: 'nothing else can serve: one last try before its cooldown ends',
			}
		: {kind: 'none'};
};

/** The first eligible candidate that was not tried: it runs beside a silent one, or takes its place. */
export const chooseRival = (
	plan: RoutePlan,
	{tried, nowMs}: Pick<ChoiceState, 'tried' | 'nowMs'>,
): Chosen | undefined => {
	const choice = chooseNext(plan, {tried, nowMs, silentWaitMs: -1});
	return choice.kind === 'try' && !choice.isForced
		? {...choice, reason: 'beside the one that says nothing'}
		: undefined;
};

/** The candidate that the user moved a request to, as long as it can serve. */
export const chooseWanted = (plan: RoutePlan, wanted: string, tried: ReadonlySet<string>): Chosen | undefined => {
	const open = plan.candidates.filter(({eligible, endpoint}) => eligible && endpoint.key === wanted);
	const others = plan.candidates.filter(({eligible, endpoint: {key}}) => eligible && key !== wanted && !tried.has(key));
	return (
		open[0] && {
			kind: 'try',
			candidate: open[0],
			isForced: false,
			isLast: others.length === 0,
			reason: 'you moved the request to it',
		}
	);
};

const reasonFor = (candidate: RouteCandidate, plan: RoutePlan, triedCount: number): string => {
	if (triedCount > 0) {
		return 'the next that can serve';
	}

	const skipped = plan.candidates.slice(0, plan.candidates.indexOf(candidate));
	const isPinned = plan.pin?.endpointKey === candidate.endpoint.key;
	return isPinned
		? 'you pinned it'
		: skipped.length === 0
			? 'first in the order'
			: `first in the order that can serve (${skipped.length} skipped)`;
};

interface Reopening {
	readonly candidate: RouteCandidate;
	readonly untilMs: number;
}

const probeLookMs = 50;

/** What alone keeps a candidate from serving. */
const onlySkip = ({reasons}: RouteCandidate): PlanReason | undefined => {
	const skips = reasons.filter(({code}) => code !== 'pinned');
	return skips.length === 1 ? skips[0] : undefined;
};

/** Whether a probe is under way whose end may open an endpoint for everybody. */
export const isProbed = (plan: RoutePlan): boolean =>
	plan.candidates.some(candidate => onlySkip(candidate)?.code === 'probe_running');

/** The candidate that is skipped for nothing but a cooldown and opens first. */
const reopening = (plan: RoutePlan): Reopening | undefined =>
	plan.candidates
		.flatMap((candidate): readonly Reopening[] => {
			const only = onlySkip(candidate);
			return only?.untilMs === undefined ? [] : [{candidate, untilMs: only.untilMs}];
		})
		.toSorted((one, other) => one.untilMs - other.untilMs)[0];

/**
 * Only a breaker that opened on failures is tried early: a stated limit or a spent quota would just burn a request. One that is
 * being probed comes first, its cooldown is over: a probe may think for minutes, and without another upstream the rest must not
 * fail meanwhile.
 */
const lastResort = (plan: RoutePlan): RouteCandidate | undefined => {
	const broken = plan.candidates.filter(candidate => {
		const code = onlySkip(candidate)?.code;
		return code === 'breaker_open' || code === 'probe_running';
	});
	return broken.toSorted((one, other) => untilOf(one) - untilOf(other))[0];
};

const untilOf = (candidate: RouteCandidate): number => onlySkip(candidate)?.untilMs ?? 0;

/** When the earliest stated limit of a plan ends that alone keeps a candidate from serving; undefined where there is none. */
export const statedReopeningMs = (plan: RoutePlan): number | undefined => {
	const times = plan.candidates.flatMap(candidate => {
		const skip = onlySkip(candidate);
		return skip?.code === 'cooldown' && skip.untilMs !== undefined ? [skip.untilMs] : [];
	});
	return times.length === 0 ? undefined : Math.min(...times);
};
