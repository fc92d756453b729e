import {expect, test} from 'vitest';
import {explainPlan} from '../../source/route/explain.ts';
import {plan} from '../../source/route/plan.ts';
import {whatIf} from '../../source/route/what-if.ts';
import {endpoint} from '../support/endpoint.ts';
import {
	account,
	call,
	conditional,
	graphOf,
	inputsOf,
	nowMs,
	ordered,
	pool,
	stateless,
	tiedTo,
} from '../support/graph.ts';

const [a, b] = [endpoint('a'), endpoint('b')];
const location = {path: 'config.toml', line: 12, column: 1};
const cooling = {phase: 'open', cause: 'limit', reason: 'limited', untilMs: nowMs + 4200, failures: 2} as const;

test('explain has the fields of routing explain, the place in the file, and words beside the codes', () => {
	const named = endpoint('a', {location, supportedModels: new Map([['other', true]])});
	const graph = graphOf(ordered('main', named, b), {policy: 'fallback-sticky'});
	const explained = explainPlan(plan(inputsOf(graph, {affinity: tiedTo('b')}, {a: cooling})), {runtimeLoadedAtMs: 7});
	expect(explained).toMatchObject({
		api_version: 1,
		service_name: 'codex',
		runtime_loaded_at_ms: 7,
		request_model: 'gpt-5.5',
		session_id: 'session-1',
		selected_route: {provider_endpoint_key: 'codex/b/default', route_path: ['main'], preference_group: 1},
		affinity_policy: 'fallback-sticky',
		affinity: {mode: 'fallback-sticky', provider_endpoint_key: 'codex/b/default', applied: true, reason: 'sticky'},
		continuity: {
			continuity_class: 'stateless_or_session_preferred',
			affinity: {source: 'session_route_affinity', selected_matches_affinity: true},
			balance_signal_authoritative: false,
		},
	});
	const skipped = explained.candidates.find(candidate => candidate.provider_id === 'a');
	expect(skipped).toMatchObject({
		selected: false,
		location,
		availability: {available: false, cooldown_active: true, cooldown_remaining_secs: 5, failure_count: 2},
		skip_reasons: [
			{code: 'unsupported_model', text: 'supported_models does not allow gpt-5.5', location},
			{code: 'cooldown', text: 'limited, 5 s left'},
		],
	});
});

test('explain names headers without their values', () => {
	const headers = {'x-secret': 'hunter2'};
	const graph = graphOf(conditional('main', {headers: new Map([['x-secret', 'hunter2']])}, [a, b]));
	const text = JSON.stringify(explainPlan(plan(inputsOf(graph, {call: {...call, headers}})), {runtimeLoadedAtMs: 0}));
	expect(text).toContain('x-secret');
	expect(text).not.toContain('hunter2');
	expect(JSON.parse(text)).toMatchObject({
		conditional_routes: [
			{route_name: 'main', matched: true, selected_branch: 'then', selected_target: 'a', default: 'b'},
		],
	});
});

test('explain says why a compaction is blocked and why a pin serves nobody', () => {
	const state = {...stateless, kind: 'compact-v2' as const};
	const blocked = plan(inputsOf(graphOf(ordered('main', a, b), {policy: 'hard'}), {call: {...call, state}}));
	expect(explainPlan(blocked, {runtimeLoadedAtMs: 0})).toMatchObject({
		selected_route: null,
		continuity: {
			provider_failover_blocked_reason: 'state_bound_compact_missing_affinity',
			provider_failover_blocked_text: 'state-bound compact request requires existing route affinity',
		},
	});
	const pin = {endpointKey: 'codex/gone/default', mode: 'only', setAtMs: 0} as const;
	const pinned = plan(inputsOf(graphOf(ordered('main', a)), {pins: {session: undefined, global: pin}}));
	expect(explainPlan(pinned, {runtimeLoadedAtMs: 0}).pin?.problem).toBe(
		'the pin names codex/gone/default, which no route reaches. Take the pin back or add it to a route.',
	);
});

const first = (made: ReturnType<typeof plan>): string =>
	`${made.selected?.endpoint.provider}#${made.selected?.account.label}`;

test('what-if plans with an endpoint down, an account paused, another model, or later', () => {
	const keys = pool('c', account('x'), account('y'));
	const graph = graphOf(ordered('main', endpoint('a', {supportedModels: new Map([['gpt-5.5', true]])}), keys, b));
	const inputs = inputsOf(graph);
	expect(first(plan(inputs))).toBe('a#default');
	expect(first(whatIf(inputs, {down: new Set([a.key])}))).toBe('c#x');
	const paused = [{endpointKey: keys.key, account: 'x'}];
	expect(first(whatIf(inputs, {down: new Set([a.key]), paused}))).toBe('c#y');
	expect(first(whatIf(inputs, {model: 'o9'}))).toBe('c#x');
	const ill = inputsOf(graph, {}, {a: cooling});
	expect([first(plan(ill)), first(whatIf(ill, {laterMs: 5000}))]).toEqual(['c#x', 'a#default']);
	expect(first(whatIf(ill, {up: new Set([a.key])}))).toBe('a#default');
	expect(first(plan(inputs))).toBe('a#default');
});
