import type {Location} from '../config/config.ts';
import type {RouteChild} from '../config/graph.ts';
import type {CandidateHealth} from './inputs.ts';
import {blockedText, noteText, pinProblemText, reasonText} from './reason-text.ts';
import type {ConditionalEvaluation, RouteCandidate, RoutePlan, SkipCode, SkipReason} from './route-plan.ts';

/* A plan as the JSON of codex-helper.md 3.4 (its spelling), with config locations and plain sentences beside the stable codes. */

/** What explain says besides the plan. */
export interface ExplainContext {
	readonly runtimeLoadedAtMs: number;
}

/** The document of `routing explain --json`, of the API and of the Explain page. Never holds a header's value or a secret. */
export const explainPlan = (plan: RoutePlan, {runtimeLoadedAtMs}: ExplainContext) => {
	const {call, graph} = plan.inputs;
	return {
		api_version: 1,
		service_name: graph.service,
		runtime_loaded_at_ms: runtimeLoadedAtMs,
		request_model: call.model ?? null,
		session_id: call.sessionId ?? null,
		request_context: {
			model: call.model ?? null,
			service_tier: call.tier ?? null,
			reasoning_effort: call.effort ?? null,
			path: call.path,
			method: call.method,
			headers: Object.keys(call.headers).toSorted(),
			cwd: call.cwd ?? null,
			client: call.client ?? null,
			request_kind: call.kind ?? null,
			subagent: call.subagent ?? call.isSubagent,
		},
		selected_route: plan.selected ? selectedJson(plan, plan.selected) : null,
		candidates: plan.candidates.map(candidate => candidateJson(plan, candidate)),
		affinity_policy: graph.affinity.policy,
		affinity: affinityJson(plan),
		conditional_routes: plan.conditions.map(conditionJson),
		continuity: continuityJson(plan),
		pin: pinJson(plan),
	};
};

const selectedJson = ({hedgeAfterMs}: RoutePlan, {endpoint, account, preferenceGroup, routePath}: RouteCandidate) => ({
	provider_id: endpoint.provider,
	endpoint_id: endpoint.endpoint,
	provider_endpoint_key: endpoint.key,
	account: account.label,
	route_path: routePath,
	preference_group: preferenceGroup,
	hedge_after_ms: hedgeAfterMs ?? null,
});

const candidateJson = (plan: RoutePlan, candidate: RouteCandidate) => {
	const {endpoint, account, preferenceGroup, routePath, skips, notes, needsRepair, health} = candidate;
	const {nowMs} = plan.inputs;
	return {
		provider_id: endpoint.provider,
		provider_alias: endpoint.alias ?? null,
		endpoint_id: endpoint.endpoint,
		provider_endpoint_key: endpoint.key,
		account: account.label,
		route_path: routePath,
		preference_group: preferenceGroup,
		upstream_base_url: endpoint.baseUrl,
		location: locationJson(endpoint.location),
		capacity: capacityJson(candidate),
		availability: availabilityJson(health, skips, nowMs),
		selected: candidate === plan.selected,
		needs_repair: needsRepair,
		skip_reasons: skips.map(reason => skipJson(reason, nowMs)),
		notes: notes.map(code => ({code, text: noteText(code, plan.pin)})),
	};
};

const locationJson = (location: Location | undefined) =>
	location ? {path: location.path, line: location.line, column: location.column} : null;

const skipJson = (reason: SkipReason, nowMs: number) => ({
	code: reason.code,
	text: reasonText(reason, nowMs),
	location: locationJson(reason.location),
	until_ms: reason.untilMs ?? null,
	subject: reason.subject ?? null,
	count: reason.count ?? null,
	limit: reason.limit ?? null,
});

const capacityJson = ({endpoint: {limits}, health}: RouteCandidate) => ({
	configured_max: limits.maxConcurrentRequests ?? null,
	effective_max: health.limit ?? null,
	limit_group: limits.limitGroup ?? null,
	limit_key: health.limitKey ?? null,
	active: health.active,
	limit: health.limit ?? null,
	saturated: health.limit !== undefined && health.active >= health.limit,
	inherited_from_provider: limits.isInherited,
});

/** What a balance alone forbids, and what ends without the user doing anything. */
const usageCodes: ReadonlySet<SkipCode> = new Set(['usage_exhausted', 'quota_group']);
const passingCodes: ReadonlySet<SkipCode> = new Set([
	'cooldown',
	'breaker_open',
	'probe_running',
	'concurrency_saturated',
	'usage_exhausted',
	'quota_group',
]);

const availabilityJson = (health: CandidateHealth, skips: readonly SkipReason[], nowMs: number) => {
	const has = (code: SkipCode): boolean => skips.some(reason => reason.code === code);
	const cooling = skips.find(({code}) => code === 'cooldown' || code === 'breaker_open');
	return {
		available: skips.length === 0,
		runtime_available: !has('runtime_disabled') && !has('account_paused'),
		routable_except_usage: skips.every(({code}) => usageCodes.has(code)),
		hard_unavailable: skips.some(({code}) => !passingCodes.has(code)),
		dominant_reason: skips[0]?.code ?? null,
		runtime_disabled: has('runtime_disabled'),
		cooldown_active: cooling !== undefined,
		cooldown_remaining_secs:
			cooling?.untilMs === undefined ? null : Math.ceil(Math.max(0, cooling.untilMs - nowMs) / 1000),
		breaker_open: has('breaker_open'),
		failure_count: health.failures,
		usage_exhausted: has('usage_exhausted'),
		missing_auth: has('missing_auth'),
		concurrency_saturated: has('concurrency_saturated'),
		concurrency_active: health.active,
		concurrency_limit: health.limit ?? null,
	};
};

const affinityJson = ({affinity, inputs}: RoutePlan) => ({
	mode: affinity.config.policy,
	provider_endpoint_key: inputs.affinity?.endpointKey ?? null,
	account: inputs.affinity?.account ?? null,
	last_selected_at_ms: inputs.affinity?.lastSelectedAtMs ?? null,
	last_changed_at_ms: inputs.affinity?.lastChangedAtMs ?? null,
	change_reason: inputs.affinity?.changeReason ?? null,
	fallback_ttl_ms: affinity.config.fallbackTtlMs ?? null,
	reprobe_preferred_after_ms: affinity.config.reprobePreferredAfterMs ?? null,
	known: affinity.isKnown,
	applied: affinity.applies,
	reason: affinity.reason,
	from_other_graph: affinity.isFromOtherGraph,
});

const childName = (child: RouteChild): string => (child.kind === 'node' ? child.node.name : child.name);

const branches = ['then', 'default'] as const;

const conditionJson = ({node, matched}: ConditionalEvaluation) => ({
	route_name: node.name,
	condition: {...node.when, headers: [...node.when.headers.keys()]},
	matched,
	selected_branch: matched ? 'then' : 'default',
	selected_target: childName(matched ? node.then : node.default),
	...Object.fromEntries(branches.map(branch => [branch, childName(node[branch])])),
	location: locationJson(node.location),
});

const continuityJson = ({continuity, inputs}: RoutePlan) => ({
	continuity_class: continuity.class,
	affinity: {
		policy: continuity.policy,
		source: continuity.source,
		provider_endpoint_key: continuity.endpointKey ?? null,
		selected_matches_affinity: continuity.selectedMatchesAffinity ?? null,
	},
	binding: inputs.call.state.binding,
	provider_failover_allowed: continuity.failoverAllowed,
	provider_failover_blocked_reason: continuity.blockedReason ?? null,
	provider_failover_blocked_text: continuity.blockedReason === undefined ? null : blockedText(continuity.blockedReason),
	balance_signal_authoritative: continuity.balanceSignalAuthoritative,
});

const pinJson = ({pin}: RoutePlan) =>
	pin
		? {
				provider_endpoint_key: pin.pin.endpointKey,
				mode: pin.pin.mode,
				scope: pin.scope,
				until_ms: pin.pin.untilMs ?? null,
				problem: pinProblemText(pin) ?? null,
			}
		: null;
