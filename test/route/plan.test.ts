import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Endpoint} from '../../source/config/config.ts';
import {chooseNext} from '../../source/engine/choose.ts';
import type {Pin} from '../../source/event/view.ts';
import {planRoute, stateOwner, type EndpointHealth, type PlanInput, type RouteCall} from '../../source/route/plan.ts';
import {endpoint, leavesOf} from '../support/endpoint.ts';

const nowMs = 1_700_000_000_000;
const healthy: EndpointHealth = {
	phase: 'closed',
	untilMs: undefined,
	isProbing: false,
	cause: undefined,
	reason: undefined,
	missingCredential: undefined,
};
const call: RouteCall = {service: 'codex', dialect: 'responses', model: 'gpt-5.5', boundTo: undefined};

const planOf = (endpoints: readonly Endpoint[], fields: Partial<PlanInput> = {}) =>
	planRoute({
		call,
		leaves: leavesOf(...endpoints),
		healthOf: () => healthy,
		pin: undefined,
		brokeOff: new Set(),
		nowMs,
		...fields,
	});

const reasonOf = (only: Endpoint, fields: Partial<PlanInput> = {}) => planOf([only], fields).candidates[0]?.reasons;

describe('the reason of a skip', () => {
	const open = (fields: Partial<EndpointHealth>): Partial<PlanInput> => ({
		healthOf: () => ({
			...healthy,
			phase: 'open',
			untilMs: nowMs + 12_300,
			cause: 'hard',
			reason: 'answered 503',
			...fields,
		}),
	});
	test.for<[string, Endpoint, Partial<PlanInput>, object]>([
		[
			'a disabled endpoint',
			endpoint('a', {enabled: false}),
			{},
			{code: 'runtime_disabled', text: 'disabled in the configuration'},
		],
		[
			'another dialect',
			endpoint('a', {dialect: 'messages'}),
			{},
			{code: 'dialect_mismatch', text: 'it speaks messages, the request responses'},
		],
		[
			'a model that is not on its list',
			endpoint('a', {supportedModels: new Map([['gpt-6', true]])}),
			{},
			{code: 'unsupported_model', text: 'supported_models does not allow gpt-5.5'},
		],
		[
			'state that only another provider can read',
			endpoint('a'),
			{call: {...call, boundTo: 'codex/b'}},
			{code: 'state_bound', text: "the session's compacted state can only be read by codex/b"},
		],
		[
			'a pin on another endpoint',
			endpoint('a'),
			{pin: {endpointKey: 'codex/b/default', mode: 'only', setAtMs: 0}},
			{code: 'not_pinned', text: 'codex/b/default is pinned'},
		],
		[
			'a key that is not set',
			endpoint('a'),
			{healthOf: () => ({...healthy, missingCredential: 'RELAY_A_KEY'})},
			{code: 'missing_auth', text: 'RELAY_A_KEY is not set'},
		],
		[
			'an open breaker',
			endpoint('a'),
			open({}),
			{code: 'breaker_open', text: 'answered 503, 13 s left', untilMs: nowMs + 12_300},
		],
		[
			'a stated limit',
			endpoint('a'),
			open({cause: 'limit', reason: 'answered 429'}),
			{code: 'cooldown', text: 'answered 429, 13 s left', untilMs: nowMs + 12_300},
		],
		[
			'a refused key',
			endpoint('a'),
			open({cause: 'auth', untilMs: undefined, reason: 'answered 401: it refused the key'}),
			{code: 'auth_failed', text: 'answered 401: it refused the key; change the key or pin it to try again'},
		],
		[
			'a running probe',
			endpoint('a'),
			{healthOf: () => ({...healthy, phase: 'half-open', isProbing: true})},
			{code: 'probe_running', text: 'one probe is under way, the rest goes elsewhere'},
		],
	])('%s', ([, only, fields, reason]) => {
		expect(reasonOf(only, fields)).toEqual([reason]);
		expect(planOf([only], fields).candidates[0]?.eligible).toBe(false);
	});

	test('is one of several where several hold', () => {
		const codes = reasonOf(endpoint('a', {enabled: false, dialect: 'chat'}), open({}))?.map(({code}) => code);
		expect(codes).toEqual(['runtime_disabled', 'dialect_mismatch', 'breaker_open']);
	});

	test('never shows a time below zero', () => {
		expect(reasonOf(endpoint('a'), open({untilMs: nowMs - 5000}))?.[0]?.text).toBe('answered 503, 0 s left');
	});
});

describe('what does not keep an endpoint from serving', () => {
	test.each<[string, Endpoint, Partial<PlanInput>]>([
		['half-open without a probe', endpoint('a'), {healthOf: () => ({...healthy, phase: 'half-open'})}],
		['a call without a dialect', endpoint('a', {dialect: 'chat'}), {call: {...call, dialect: undefined}}],
		['a chat call at a Responses endpoint', endpoint('a'), {call: {...call, dialect: 'chat'}}],
		[
			'a call without a model',
			endpoint('a', {supportedModels: new Map([['x', true]])}),
			{call: {...call, model: undefined}},
		],
		['state of its own provider', endpoint('a'), {call: {...call, boundTo: 'codex/a'}}],
		[
			'state of its continuity domain',
			endpoint('a', {continuityDomain: 'team'}),
			{call: {...call, boundTo: 'domain team'}},
		],
		['a preference for another', endpoint('a'), {pin: {endpointKey: 'codex/b/default', mode: 'prefer', setAtMs: 0}}],
	])('%s', (_, only, fields) => {
		expect(planOf([only], fields).candidates[0]).toMatchObject({eligible: true, reasons: []});
	});
});

test('a pinned endpoint comes first and says so', () => {
	const pin: Pin = {endpointKey: 'codex/c/default', mode: 'prefer', setAtMs: 0};
	const plan = planOf([endpoint('a'), endpoint('b'), endpoint('c')], {pin});
	expect(plan.candidates.map(candidate => candidate.endpoint.provider)).toEqual(['c', 'a', 'b']);
	expect(plan.candidates[0]).toMatchObject({eligible: true, reasons: [{code: 'pinned', text: 'you prefer it'}]});
});

test('state belongs to the continuity domain where there is one, else to the provider with all its endpoints', () => {
	expect(stateOwner(endpoint('a'))).toBe('codex/a');
	expect(stateOwner(endpoint('a', {key: 'codex/a/eu', endpoint: 'eu'}))).toBe('codex/a');
	expect(stateOwner(endpoint('a', {continuityDomain: 'team'}))).toBe('domain team');
});

const providers = ['a', 'b', 'c', 'd'] as const;
const healthArbitrary: fc.Arbitrary<EndpointHealth> = fc.record({
	phase: fc.constantFrom('closed', 'open', 'half-open'),
	untilMs: fc.option(fc.integer({min: nowMs - 10_000, max: nowMs + 700_000}), {nil: undefined}),
	isProbing: fc.boolean(),
	cause: fc.constantFrom('hard', 'limit', 'auth', undefined),
	reason: fc.constantFrom('answered 503', undefined),
	missingCredential: fc.constantFrom('KEY', undefined, undefined, undefined),
});
const endpointArbitrary = fc.record({
	enabled: fc.boolean(),
	dialect: fc.constantFrom('responses', 'chat', 'messages' as const),
	supportedModels: fc.constantFrom(new Map(), new Map([['gpt-*', true]]), new Map([['gpt-5.5', false]])),
	continuityDomain: fc.constantFrom(undefined, 'team'),
});
const inputArbitrary = fc
	.record({
		fields: fc.array(endpointArbitrary, {maxLength: 4}),
		health: fc.array(healthArbitrary, {minLength: 4, maxLength: 4}),
		call: fc.record({
			service: fc.constant('codex' as const),
			dialect: fc.constantFrom('responses', 'chat', undefined),
			model: fc.constantFrom('gpt-5.5', 'o9', undefined),
			boundTo: fc.constantFrom(undefined, undefined, 'codex/a', 'domain team'),
		}),
		brokeOff: fc.subarray(providers.map(provider => `codex/${provider}/default`)).map(broken => new Set(broken)),
		pin: fc.option(
			fc.record({
				endpointKey: fc.constantFrom(...providers.map(provider => `codex/${provider}/default`)),
				mode: fc.constantFrom('only', 'prefer' as const),
				setAtMs: fc.constant(0),
			}),
			{nil: undefined},
		),
	})
	.map(({fields, health, ...rest}): PlanInput => {
		const endpoints = fields.map((field, index) => endpoint(providers[index] ?? 'x', field));
		return {
			...rest,
			nowMs,
			leaves: leavesOf(...endpoints),
			healthOf: ({provider}) => health[providers.findIndex(name => name === provider)] ?? healthy,
		};
	});

const keys = (list: ReadonlyArray<{readonly endpoint: Endpoint}>) => list.map(entry => entry.endpoint.key).toSorted();

test('any plan is repeatable, complete and explained, and what it names first is what is tried', () => {
	fc.assert(
		fc.property(inputArbitrary, input => {
			const plan = planRoute(input);
			expect(planRoute(input)).toEqual(plan);
			expect(keys(plan.candidates)).toEqual(keys(input.leaves));
			for (const {
				eligible,
				reasons,
				endpoint: {key},
			} of plan.candidates) {
				const skips = reasons.filter(({code}) => code !== 'pinned' && code !== 'attempt_avoided');
				expect(eligible).toBe(skips.length === 0);
				expect(reasons.some(({code}) => code === 'pinned')).toBe(input.pin?.endpointKey === key);
				expect(reasons.every(({text}) => text.length > 0)).toBe(true);
				expect(eligible && input.pin?.mode === 'only' && input.pin.endpointKey !== key).toBe(false);
			}

			const choice = chooseNext(plan, {tried: new Set(), nowMs, silentWaitMs: 5000});
			const first = plan.candidates.find(({eligible}) => eligible);
			expect(choice.kind === 'try' && !choice.isForced ? choice.candidate : undefined).toBe(first);
		}),
		{numRuns: 3000},
	);
});

test('what broke off an answer of this turn is tried last, even where it is preferred', () => {
	const plan = planOf([endpoint('a'), endpoint('b')], {brokeOff: new Set(['codex/a/default'])});
	expect(plan.candidates.map(candidate => candidate.endpoint.provider)).toEqual(['b', 'a']);
	expect(plan.candidates[1]).toMatchObject({eligible: true, reasons: [{code: 'attempt_avoided'}]});
});
