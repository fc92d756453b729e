import type {Pin} from '../../source/event/view.ts';
import {describe, expect, test} from 'vitest';
import type {Endpoint} from '../../source/config/config.ts';
import type {RouteGraph} from '../../source/config/graph.ts';
import type {PlanInputs, StateClaim} from '../../source/route/inputs.ts';
import {plan} from '../../source/route/plan.ts';
import {reasonText} from '../../source/route/reason-text.ts';
import type {RoutePlan} from '../../source/route/route-plan.ts';
import {endpoint} from '../support/endpoint.ts';
import {
	account,
	balanced,
	call,
	conditional,
	graphOf,
	inputsOf,
	nowMs,
	ordered,
	pool,
	stateless,
	tiedTo,
	type Illness,
} from '../support/graph.ts';

const [a, b, c] = [endpoint('a'), endpoint('b'), endpoint('c')];
const abc = graphOf(ordered('main', a, b, c));
const names = ({candidates}: RoutePlan) => candidates.map(({endpoint: {provider}}) => provider).join(' ');
const eligible = ({candidates}: RoutePlan) =>
	candidates
		.filter(candidate => candidate.eligible)
		.map(({endpoint: {provider}}) => provider)
		.join(' ');
const pinTo = (provider: string, fields: Partial<Pin> = {}): Pin => ({
	endpointKey: `codex/${provider}/default`,
	mode: 'only',
	setAtMs: nowMs,
	...fields,
});

const oneOf = (only: Endpoint, fields: Partial<PlanInputs> = {}, ill: Illness = {}) =>
	plan(inputsOf(graphOf(ordered('main', only)), fields, ill)).candidates[0];

describe('the skip code', () => {
	const open = {phase: 'open', untilMs: nowMs + 12_300, reason: 'answered 503', failures: 3} as const;
	test.for<[string, Endpoint, Partial<PlanInputs>, Illness, string]>([
		[
			'unsupported_model',
			endpoint('a', {supportedModels: new Map([['x', true]])}),
			{},
			{},
			'supported_models does not allow gpt-5.5',
		],
		['runtime_disabled', endpoint('a', {enabled: false}), {}, {}, 'disabled in the configuration'],
		['runtime_disabled', pool('a', account('k', {enabled: false})), {}, {}, 'its account k is disabled'],
		['cooldown', a, {}, {a: {...open, cause: 'limit', reason: 'limited'}}, 'limited, 13 s left'],
		['breaker_open', a, {}, {a: {...open, cause: 'hard'}}, 'answered 503, 13 s left'],
		['usage_exhausted', a, {}, {a: {exhausted: {untilMs: undefined, text: '0 dollars left'}}}, '0 dollars left'],
		['usage_exhausted', a, {}, {a: {...open, cause: 'quota', reason: 'quota spent'}}, 'quota spent, 13 s left'],
		['missing_auth', a, {}, {a: {missingCredential: 'A_KEY'}}, 'A_KEY is not set'],
		[
			'auth_failed',
			a,
			{},
			{a: {...open, untilMs: undefined, cause: 'auth', reason: 'answered 401'}},
			'answered 401; change the key or pin it to try again',
		],
		[
			'concurrency_saturated',
			a,
			{},
			{a: {active: 4, limit: 4, limitKey: 'codex/g'}},
			'4 of 4 requests run there (codex/g)',
		],
		['dialect_mismatch', endpoint('a', {dialect: 'messages'}), {}, {}, 'it speaks messages, the request responses'],
		[
			'probe_running',
			a,
			{},
			{a: {phase: 'half-open', isProbing: true}},
			'one probe is under way, the rest goes elsewhere',
		],
		['not_pinned', a, {pins: {session: undefined, global: pinTo('b')}}, {}, 'codex/b/default is pinned'],
		['account_paused', a, {}, {a: {isPaused: true}}, 'you paused default'],
	])('%s: %#', ([code, only, fields, ill, text]) => {
		const candidate = oneOf(only, fields, ill);
		expect(candidate?.eligible).toBe(false);
		expect(candidate?.skips.map(reason => [reason.code, reasonText(reason, nowMs)])).toEqual([[code, text]]);
		expect(candidate?.skips.every(reason => Object.isFrozen(reason))).toBe(true);
	});

	test('capability_missing is what was learned, and nothing learned never skips', () => {
		const health = {
			...inputsOf(abc).health,
			capability: (key: string) => (key === a.key ? {has: false, source: 'probe'} : undefined),
		};
		const made = plan(inputsOf(abc, {health, call: {...call, needs: new Set(['vision'])}}));
		expect(made.candidates.map(({skips}) => skips.map(({code}) => code))).toEqual([['capability_missing'], [], []]);
	});

	test('quota_group: an account that is out of quota takes its group along and leaves the others', () => {
		const keys = pool('a', account('x', {quotaGroup: 'org'}), account('y', {quotaGroup: 'org'}), account('z'));
		const made = plan(inputsOf(graphOf(ordered('main', keys)), {}, {'a#x': {...open, cause: 'limit'}}));
		const codes = Object.fromEntries(
			made.candidates.map(({account: {label}, skips}) => [label, skips.map(({code}) => code)]),
		);
		expect(codes).toEqual({x: ['cooldown'], y: ['quota_group'], z: []});
	});

	test('a fault that is no limit leaves the quota group alone', () => {
		const keys = pool('a', account('x', {quotaGroup: 'org'}), account('y', {quotaGroup: 'org'}));
		const made = plan(inputsOf(graphOf(ordered('main', keys)), {}, {'a#x': {...open, cause: 'hard'}}));
		expect(made.selected?.account.label).toBe('y');
	});

	test('state_bound: what only its issuer reads is not sent elsewhere', () => {
		const state: StateClaim = {...stateless, isBound: true, owner: 'codex/b'};
		const made = plan(inputsOf(abc, {call: {...call, state}}));
		expect(eligible(made)).toBe('b');
		expect(made.candidates.at(-1)?.skips.map(({code}) => code)).toEqual(['state_bound']);
	});

	test('condition_not_met: the branch that was not taken stands at the end', () => {
		const graph = graphOf(conditional('main', {model: 'gpt-*'}, [ordered('big', b, c), ordered('small', a, b)]));
		const made = plan(inputsOf(graph));
		expect(names(made)).toBe('b c a');
		expect(made.candidates.at(-1)?.skips.map(({code}) => code)).toEqual(['condition_not_met']);
		expect(made.conditions.map(({matched}) => matched)).toEqual([true]);
	});

	test('attempt_avoided: what broke off an answer of this turn comes last and stays eligible', () => {
		const made = plan(inputsOf(abc, {brokeOff: new Set([a.key])}));
		expect(names(made)).toBe('b c a');
		expect(made.candidates.at(-1)).toMatchObject({eligible: true, notes: ['attempt_avoided']});
	});

	test('a cooldown whose time has passed skips no more', () => {
		expect(plan(inputsOf(abc, {nowMs: nowMs + 20_000}, {a: open})).selected?.endpoint.provider).toBe('a');
	});

	test('a saturated endpoint with room in its queue is not skipped', () => {
		const made = plan(inputsOf(abc, {}, {a: {active: 4, limit: 4, hasQueueRoom: true}}));
		expect(made.selected?.endpoint.provider).toBe('a');
	});
});

const planWith = (session: Pin | undefined, global: Pin | undefined, graph: RouteGraph = abc) =>
	plan(inputsOf(graph, {pins: {session, global}}));

const notesOf = (fields: Partial<PlanInputs>): string =>
	plan(inputsOf(graphOf(ordered('main', a, b, c), {policy: 'fallback-sticky'}), fields))
		.candidates.map(({endpoint: {provider}, notes}) => `${provider}:${notes.join('+')}`)
		.join(' ');

describe('the note', () => {
	const state: StateClaim = {...stateless, isBound: true, isRepairable: true, owner: 'codex/b'};
	test.for<[string, Partial<PlanInputs>, string]>([
		['pinned', {pins: {session: undefined, global: pinTo('b', {mode: 'prefer'})}}, 'b:pinned a: c:'],
		['affinity', {affinity: tiedTo('b')}, 'b:affinity a: c:'],
		['state_home', {call: {...call, state}}, 'b:state_home a:needs_repair c:needs_repair'],
		[
			'needs_repair',
			{call: {...call, state}, affinity: tiedTo('b')},
			'b:state_home+affinity a:needs_repair c:needs_repair',
		],
	])('%s', ([, fields, wanted]) => expect(notesOf(fields)).toBe(wanted));
});

describe('a pin', () => {
	test('lets nobody else serve', () => expect(eligible(planWith(undefined, pinTo('b')))).toBe('b'));
	test('that prefers leaves the others behind it', () =>
		expect(names(planWith(undefined, pinTo('b', {mode: 'prefer'})))).toBe('b a c'));
	test('of the session beats the global one', () => {
		const made = planWith(pinTo('c'), pinTo('b'));
		expect([eligible(made), made.pin?.scope]).toEqual(['c', 'session']);
	});
	test('that has expired is as if it were not there', () => {
		const made = planWith(pinTo('c', {untilMs: nowMs}), pinTo('b', {untilMs: nowMs + 1}));
		expect([eligible(made), made.pin?.scope]).toEqual(['b', 'global']);
	});
	test('to something unknown leaves nothing eligible and says so', () => {
		const made = planWith(undefined, pinTo('gone'));
		expect([eligible(made), made.pin?.problem, made.selected]).toEqual(['', 'unknown', undefined]);
	});
	test('to something disabled leaves nothing eligible and says so', () => {
		const graph = graphOf(ordered('main', endpoint('a', {enabled: false}), b));
		const made = planWith(undefined, pinTo('a'), graph);
		expect([eligible(made), made.pin?.problem]).toEqual(['', 'disabled']);
	});
	test('reaches the branch of a condition that was not taken', () => {
		const graph = graphOf(conditional('main', {model: 'other'}, [a, b]));
		expect(eligible(planWith(undefined, pinTo('a'), graph))).toBe('a');
	});
	test('turns nothing', () => {
		const made = planWith(undefined, pinTo('b'), graphOf(balanced('weighted', [a, b])));
		expect(made.next.size).toBe(0);
	});
});
