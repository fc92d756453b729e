import type {CandidateView, PlanReason, PlanView} from '../../event/plan-view.ts';
import {noteSaying, skipSaying} from '../../route/reason-text.ts';
import type {RouteCandidate, RoutePlan} from '../../route/route-plan.ts';

/** A plan as it is announced, stored and shown; `clean` takes secrets and control characters out, since a reason may quote an upstream. */
export const planView = (
	plan: RoutePlan,
	clean: (text: string) => string,
): Pick<PlanView, 'pin' | 'candidates' | 'continuity' | 'affinity'> => {
	const {continuity, affinity, inputs} = plan;
	return {
		pin: plan.pin?.pin,
		candidates: plan.candidates.map(candidate => candidateView(candidate, plan, clean)),
		continuity: {
			continuity_class: continuity.class,
			provider_failover_allowed: continuity.failoverAllowed,
			provider_failover_blocked_reason: continuity.blockedReason,
			balance_signal_authoritative: continuity.balanceSignalAuthoritative,
			binding: inputs.call.state.binding,
		},
		affinity: {
			policy: continuity.policy,
			source: continuity.source,
			provider_endpoint_key: continuity.endpointKey,
			selected_matches_affinity: continuity.selectedMatchesAffinity,
			reason: affinity.reason,
		},
	};
};

const noReasons: readonly PlanReason[] = [];

const candidateView = (
	{endpoint, account, preferenceGroup, routePath, eligible, skips, notes}: RouteCandidate,
	{pin, inputs}: RoutePlan,
	clean: (text: string) => string,
): CandidateView => ({
	endpointKey: endpoint.key,
	...(endpoint.accounts.length > 1 ? {account: account.label} : {}),
	...{preferenceGroup, routePath, eligible},
	reasons:
		skips.length + notes.length === 0
			? noReasons
			: [
					...notes.map(code => noteSaying(code, pin)),
					...skips.map(skip => ({
						...skipSaying(skip, inputs.nowMs, clean),
						...(skip.untilMs === undefined ? {} : {untilMs: skip.untilMs}),
						...(skip.location === undefined ? {} : {location: `${skip.location.path}:${skip.location.line}`}),
					})),
				],
});
