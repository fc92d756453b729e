import {describe, expect, test} from 'vitest';
import {carryFile} from '../../source/config/legacy/carry.ts';
import {parseConfig} from '../../source/config/load.ts';
import {explainPlan} from '../../source/route/explain.ts';
import type {PlanInputs, RouteCall, StateClaim} from '../../source/route/inputs.ts';
import {plan} from '../../source/route/plan.ts';
import {call, inputsOf, nowMs, stateless, type Illness} from '../support/graph.ts';

/* The configurations of codex-helper.md 1 as files: each loads, routes and explains as it is described there. */

const path = '/h/config.toml';
const load = (text: string) => parseConfig(`version = 5\n${text}`, {path, env: {}});
const graphOf = (text: string) => load(text).services.codex.graph;
const planOf = (text: string, fields: Partial<PlanInputs> = {}, ill: Illness = {}) =>
	plan(inputsOf(graphOf(text), fields, ill));
const explain = (...asked: Parameters<typeof planOf>) => explainPlan(planOf(...asked), {runtimeLoadedAtMs: 0});

/** `provider.endpoint` and group of whom is tried, in order; behind a bar who is skipped, with the first reason. */
const routed = (...asked: Parameters<typeof planOf>): string => {
	const {candidates} = explain(...asked);
	const named = candidates.map(
		({provider_id: provider, endpoint_id: endpoint, preference_group: group, skip_reasons}) => ({
			name: `${provider}${endpoint === 'default' ? '' : `.${endpoint}`}`,
			group,
			code: skip_reasons[0]?.code,
		}),
	);
	const tried = named.filter(({code}) => code === undefined).map(({name, group}) => name + group);
	const skipped = named.filter(({code}) => code !== undefined).map(({name, code}) => `${name} ${code}`);
	return [tried.join(' '), ...skipped].join(' | ');
};

const provider = (name: string, rest = ''): string =>
	`[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\n${rest}\n`;
const abc = ['a', 'b', 'c']
	.map(name => provider(name, `tags = { billing = "${name === 'b' ? 'monthly' : 'paygo'}" }`))
	.join('');
const main = (text: string): string => `${abc}[codex.routing.routes.main]\n${text}\n`;
const asks = (fields: Partial<RouteCall>): Partial<PlanInputs> => ({call: {...call, ...fields}});

/** The session was served by `b` for so long. */
const tied = (ageMs: number): Partial<PlanInputs> => ({
	affinity: {
		...{endpointKey: 'codex/b/default', account: 'default', baseUrl: 'https://b.example/v1', graphKey: 'g'},
		...{lastSelectedAtMs: nowMs, lastChangedAtMs: nowMs - ageMs, changeReason: 'failover_after_status_503'},
	},
});

describe('1.3 providers and endpoints', () => {
	const endpoints = `[codex.providers.p]
continuity_domain = "team"
tags = { billing = "monthly" }
[codex.providers.p.limits]
max_concurrent_requests = 4
limit_group = "g"
[codex.providers.p.endpoints.late]
base_url = "https://late.example"
priority = 7
[codex.providers.p.endpoints.b]
base_url = "https://b.example"
continuity_domain = "own"
[codex.providers.p.endpoints.a]
base_url = "https://a.example"
limits = { max_concurrent_requests = 2 }
[codex.providers.p.endpoints.off]
base_url = "https://off.example"
enabled = false
`;
	test('endpoints are tried by priority, then name; a disabled one says so', () =>
		expect(routed(endpoints)).toBe('p.a0 p.b0 p.late0 | p.off runtime_disabled'));
	test('limits are overridden field by field, and explain says which are the provider’s', () => {
		const {candidates} = explain(endpoints);
		expect(
			candidates.map(({capacity}) => [capacity.configured_max, capacity.limit_group, capacity.inherited_from_provider]),
		).toEqual([
			[2, 'g', false],
			[4, 'g', true],
			[4, 'g', true],
			[4, 'g', true],
		]);
	});
	test('the endpoint’s continuity domain overrides the provider’s', () =>
		expect(load(endpoints).services.codex.endpoints.map(({continuityDomain}) => continuityDomain)).toEqual([
			...['team', 'own', 'team', 'team'],
		]));
	test('supported_models is an allow-list with one star, and a mapping’s keys count as supported', () => {
		const models = `${provider('a', 'supported_models = { "o*" = true }')}${provider('b', 'model_mapping = { "gpt-5*" = "x*" }')}${provider('c')}`;
		expect(routed(models, asks({model: 'gpt-5.5'}))).toBe('b1 c2 | a unsupported_model');
		expect(routed(models, asks({model: 'o3'}))).toBe('a0 c2 | b unsupported_model');
	});
	test('a variable that is not set is missing_auth, which codex-helper only promises', () =>
		expect(routed(abc, {}, {a: {missingCredential: 'A_KEY'}})).toBe('b1 c2 | a missing_auth'));
});

describe('1.4 routes', () => {
	test('without a table all providers are tried in the order of their names', () =>
		expect(routed(abc)).toBe('a0 b1 c2'));
	test('ordered-failover, nested, gives each child the next groups', () => {
		const nested = `${main('children = ["inner", "b"]')}[codex.routing.routes.inner]\nchildren = ["c", "a"]`;
		expect(routed(nested)).toBe('c0 a1 b2');
		expect(explain(nested).candidates.map(({route_path: names}) => names.join('>'))).toEqual([
			'main>inner',
			'main>inner',
			'main',
		]);
	});
	const tagged = 'strategy = "tag-preferred"\nprefer_tags = [{ billing = "monthly" }]\nchildren = ["a", "b", "c"]';
	test('tag-preferred puts what matches first; stop drops the rest', () => {
		expect(routed(main(tagged))).toBe('b0 a1 c2');
		expect(routed(main(`${tagged}\non_exhausted = "stop"`))).toBe('b0');
	});
	test('manual-sticky is only its target, never silently another', () => {
		expect(routed(main('strategy = "manual-sticky"\ntarget = "b"'))).toBe('b0');
		expect(routed(main('strategy = "manual-sticky"\nchildren = ["c", "a"]'))).toBe('c0');
		const ill = {b: {phase: 'open', cause: 'hard', untilMs: nowMs + 1}} as const;
		expect(routed(main('strategy = "manual-sticky"\ntarget = "b"'), {}, ill)).toBe(' | b breaker_open');
	});
	test.for<[string, Partial<RouteCall>]>([
		['model = "gpt-5.5"', {model: 'o3'}],
		['path = "/responses"', {path: '/Responses'}],
		['service_tier = "priority"', {tier: 'flex'}],
		['reasoning_effort = "high"', {effort: 'low'}],
		['method = "post"', {method: 'GET'}],
		['headers = { x-team = "blue" }', {headers: {'x-team': 'Blue'}}],
	])('conditional on %s takes then or default, and explain says which', ([when, others]) => {
		const text = main(`strategy = "conditional"\nwhen = { ${when} }\nthen = "c"\ndefault = "a"`);
		const fits = {tier: 'priority', effort: 'high', headers: {'x-team': 'blue'}} as const;
		expect(routed(text, asks(fits))).toBe('c0 | a condition_not_met');
		expect(routed(text, asks({...fits, ...others}))).toBe('a0 | c condition_not_met');
		expect(explain(text, asks(fits)).conditional_routes).toMatchObject([
			{route_name: 'main', matched: true, selected_branch: 'then', selected_target: 'c', location: {line: 11}},
		]);
	});
});

describe('1.5 affinity, as the file says it', () => {
	test.for<[string, string]>([
		['affinity_policy = "off"', 'a0 b1 c2'],
		['affinity_policy = "preferred-group"', 'a0 b1 c2'],
		['affinity_policy = "fallback-sticky"', 'b1 a0 c2'],
		['', 'b1 a0 c2'],
		['fallback_ttl_ms = 5000', 'a0 b1 c2'],
		['reprobe_preferred_after_ms = 5000', 'a0 b1 c2'],
		['affinity_policy = "hard"', 'b1 a0 c2'],
		['affinity_policy = "hard"\n[listen]', 'b1 | a state_bound | c state_bound'],
	])('%s', ([text, wanted]) => {
		expect(routed(`${abc}[codex.routing]\n${text}\n`, tied(6000))).toBe(wanted);
		expect(explain(`${abc}[codex.routing]\n${text}\n`, tied(6000)).affinity).toMatchObject({
			provider_endpoint_key: 'codex/b/default',
			change_reason: 'failover_after_status_503',
		});
	});
});

describe('1.6 profiles', () => {
	test('extend each other; a default one is bound and leaves the fields to the client', () => {
		const {profiles} = load(
			`${abc}[codex]\ndefault_profile = "deep"\n[codex.profiles.base]\nmodel = "m"\n[codex.profiles.deep]\nextends = "base"\nreasoning_effort = "high"\n`,
		).services.codex;
		expect(profiles.defaultProfile).toBe('deep');
		expect(profiles.byName.get('deep')).toEqual({model: 'm', effort: 'high', tier: undefined});
	});
});

const guard = (isEnabled: boolean): readonly string[] =>
	load(`${abc}[retry.reasoning_guard]\nenabled = ${isEnabled}\nreasoning_equals = [516]\naction = "retry"\n`).warnings;

describe('1.7 retry', () => {
	test('the reasoning guard is read, and that nobody guards is told where the file counts on it', () => {
		expect(guard(false)).toEqual([]);
		expect(guard(true)).toEqual([
			'/h/config.toml:12: retry.reasoning_guard does nothing here: no answer is judged by its reasoning tokens.',
		]);
	});
});

const forecast = (text: string) => load(`[ui.usage_forecast]\n${text}\n`).resetClock;

describe('1.9 the reset clock', () => {
	test('of daily quotas is what the file says, 00:00 at +08:00 where it says nothing', () => {
		expect(load('').resetClock).toEqual({minuteOfDay: 0, offsetMinutes: 480});
		expect(forecast('enabled = false')).toEqual({minuteOfDay: 0, offsetMinutes: 480});
		expect(forecast('reset_time = "05:30"\nreset_utc_offset = "-03:30"')).toEqual({
			minuteOfDay: 330,
			offsetMinutes: -210,
		});
	});
	test.for([
		['reset_time = "25:00"', 'config.toml:3:1: ui.usage_forecast.reset_time takes a time of day'],
		[
			'reset_time = "1:00"\nreset_utc_offset = "east"',
			'config.toml:4:1: ui.usage_forecast.reset_utc_offset takes a distance',
		],
		['reset_time = 0', 'config.toml:3:1: ui.usage_forecast.reset_time is a number'],
	] as const)('%s is refused with its place', ([text, sentence]) => expect(() => forecast(text)).toThrow(sentence));
});

describe('1.1 a config.json of the first format', () => {
	const upstreams = ['z', 'a'].map(name => ({base_url: `https://${name}.example/v1`, auth: {auth_token: 'x'}}));
	const {text} = carryFile(
		'/h/config.json',
		JSON.stringify({codex: {active: 'team', configs: {team: {upstreams}}}}),
		{},
	);
	const imported = text.replace(/^version = 5\n/, '');

	test('tries its upstreams in their order, and the first one anyway when none is left', () => {
		expect(routed(imported)).toBe('team.u10 team.u21');
		expect(graphOf(imported).lastResort).toBe('first');
	});
	test('is as strict with hidden state as it always was', () => {
		const bound: StateClaim = {...stateless, kind: 'compact-v1', isBound: true};
		expect(explain(imported, asks({state: bound})).continuity).toMatchObject({
			provider_failover_allowed: false,
			provider_failover_blocked_reason: 'state_bound_compact_missing_affinity',
		});
	});
});
