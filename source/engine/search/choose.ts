import type {NoteCode, RouteCandidate, RoutePlan, SkipCode, SkipReason} from '../../route/route-plan.ts';
import {accountKey} from '../brain/accounts.ts';
import {candidateKey} from '../brain/candidate-entry.ts';

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
	| {readonly kind: 'wait'; readonly key: string; readonly waitMs: number}
	| {readonly kind: 'none'};

/** What a choice depends on besides the plan. */
export interface ChoiceState {
	/** Candidates that this request was sent to already, by {@link keyOf}. */
	readonly tried: ReadonlySet<string>;
	readonly nowMs: number;
	/** How long the request may wait for an endpoint to reopen. */
	readonly silentWaitMs: number;
}

/** By what a request knows that it was sent to a candidate. */
export const keyOf = ({endpoint, account}: RouteCandidate): string => candidateKey(endpoint.key, account.label);

/** The plan's first eligible candidate that was not tried; else a short wait; else one last resort; else nothing (routing.md 5). */
export const chooseNext = (plan: RoutePlan, state: ChoiceState): Choice => {
	const {tried, nowMs, silentWaitMs} = state;
	const open = plan.candidates.filter(candidate => candidate.eligible && !tried.has(keyOf(candidate)));
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
		return {kind: 'wait', key: keyOf(next.candidate), waitMs: Math.max(0, next.untilMs - nowMs)};
	}

	const crowded = plan.candidates.find(candidate => isCrowded(candidate) && !tried.has(keyOf(candidate)));
	if (crowded) {
		const reason = 'nobody else can serve: it waits for a place at this account';
		return {kind: 'try', candidate: crowded, isForced: false, isLast: true, reason};
	}

	// A probe tells soon whether its endpoint serves again: the others look now and then (REL-27).
	const probed = plan.candidates.find(candidate => onlySkip(candidate)?.code === 'probe_running');
	if (probed && silentWaitMs >= probeLookMs) {
		return {kind: 'wait', key: keyOf(probed), waitMs: probeLookMs};
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
	return choice.kind === 'try' && choice.candidate.eligible
		? {...choice, reason: 'beside the one that says nothing'}
		: undefined;
};

/** The candidate that the user moved a request to, as long as it can serve. */
export const chooseWanted = (plan: RoutePlan, wanted: string, tried: ReadonlySet<string>): Chosen | undefined => {
	const open = plan.candidates.filter(({eligible, endpoint}) => eligible && endpoint.key === wanted);
	const others = plan.candidates.filter(
		candidate => candidate.eligible && candidate.endpoint.key !== wanted && !tried.has(keyOf(candidate)),
	);
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

const chosenFor: Readonly<Partial<Record<NoteCode, string>>> = {
	pinned: 'you pinned it',
	state_home: "it can read the session's state",
	affinity: 'the session stays with it',
};

const reasonFor = (candidate: RouteCandidate, plan: RoutePlan, triedCount: number): string => {
	if (triedCount > 0) {
		return 'the next that can serve';
	}

	const skipped = plan.candidates.slice(0, plan.candidates.indexOf(candidate));
	const because = candidate.notes.flatMap(note => chosenFor[note] ?? [])[0];
	return because !== undefined
		? because
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
const onlySkip = ({skips}: RouteCandidate): SkipReason | undefined => (skips.length === 1 ? skips[0] : undefined);

/** What the user limits is final; a window that we learned from refusals is a guess, and waiting beats failing (watchdog.md 4). */
const isCrowded = (candidate: RouteCandidate): boolean => {
	const {endpoint, account} = candidate;
	const only = onlySkip(candidate);
	return (
		only?.code === 'concurrency_saturated' &&
		only.subject === accountKey(endpoint.service, endpoint.provider, account.label)
	);
};

/** The candidates before the chosen one that only lack a place; all of them where none was chosen. */
export const saturatedBefore = (
	{candidates}: RoutePlan,
	chosen: RouteCandidate | undefined,
	tried: ReadonlySet<string>,
): readonly RouteCandidate[] => {
	const before = chosen === undefined ? candidates : candidates.slice(0, Math.max(0, candidates.indexOf(chosen)));
	return before.filter(
		candidate => onlySkip(candidate)?.code === 'concurrency_saturated' && !tried.has(keyOf(candidate)),
	);
};

/** Whether some candidate is only full: a place gets free by itself. */
export const isSaturated = (plan: RoutePlan): boolean =>
	plan.candidates.some(candidate => onlySkip(candidate)?.code === 'concurrency_saturated');

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
	if (plan.inputs.graph.lastResort === 'first') {
		return plan.candidates.find(({skips}) => skips.every(({code}) => firstMaySkip.has(code)));
	}

	const broken = plan.candidates.filter(candidate => {
		const code = onlySkip(candidate)?.code;
		return code === 'breaker_open' || code === 'probe_running';
	});
	return broken.toSorted((one, other) => untilOf(one) - untilOf(other))[0];
};

/** What an imported version 1 file never let stand in the way of its first upstream (codex-helper.md 1.1). */
const firstMaySkip: ReadonlySet<SkipCode> = new Set(['breaker_open', 'cooldown', 'probe_running', 'usage_exhausted']);

const untilOf = (candidate: RouteCandidate): number => onlySkip(candidate)?.untilMs ?? 0;

/** When the earliest stated limit of a plan ends that alone keeps a candidate from serving; undefined where there is none. */
export const statedReopeningMs = (plan: RoutePlan): number | undefined => {
	const times = plan.candidates.flatMap(candidate => {
		const skip = onlySkip(candidate);
		return skip?.code === 'cooldown' && skip.untilMs !== undefined ? [skip.untilMs] : [];
	});
	return times.length === 0 ? undefined : Math.min(...times);
};
