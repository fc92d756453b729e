import {describe, expect, test} from 'vitest';
import {chooseNext, chooseRival, statedReopeningMs} from '../../../source/engine/search/choose.ts';
import type {NoteCode, RoutePlan} from '../../../source/route/route-plan.ts';
import {nowMs} from '../../support/graph.ts';
import {candidate, planOf, skip} from '../../support/plans.ts';

const choose = (plan: RoutePlan, tried: readonly string[] = [], silentWaitMs = 5000) =>
	chooseNext(plan, {tried: new Set(tried.map(provider => `codex/${provider}/default#default`)), nowMs, silentWaitMs});

describe('who is tried', () => {
	test('the first that can serve, and the reason counts who was passed over', () => {
		const choice = choose(planOf(candidate('a', skip('runtime_disabled')), candidate('b'), candidate('c')));
		expect(choice).toMatchObject({
			kind: 'try',
			candidate: {endpoint: {provider: 'b'}},
			isForced: false,
			isLast: false,
			reason: 'first in the order that can serve (1 skipped)',
		});
	});

	test('the next one that was not tried, and it is the last when nobody is behind it', () => {
		expect(choose(planOf(candidate('a'), candidate('b')), ['a'])).toMatchObject({
			candidate: {endpoint: {provider: 'b'}},
			isLast: true,
			reason: 'the next that can serve',
		});
	});

	test('nobody where all were tried', () => {
		expect(choose(planOf(candidate('a'), candidate('b')), ['a', 'b'])).toEqual({kind: 'none'});
		expect(choose(planOf())).toEqual({kind: 'none'});
	});
});

describe('a silent wait', () => {
	test.each([
		['a cooldown that ends in time', [skip('cooldown', 4000)], true],
		['a breaker that reopens in time', [skip('breaker_open', 5000)], true],
		['a cooldown that ends too late', [skip('cooldown', 5001)], false],
		['a cooldown of an endpoint that is disabled as well', [skip('runtime_disabled'), skip('cooldown', 10)], false],
		['a refused key', [skip('auth_failed')], false],
		['a missing key', [skip('missing_auth')], false],
		['a model that it does not have', [skip('unsupported_model')], false],
	])('%s', (_, reasons, isWait) => {
		expect(choose(planOf(candidate('a', ...reasons)), ['b']).kind === 'wait').toBe(isWait);
	});

	test('is for a pinned endpoint too: that it is pinned does not speak against it', () => {
		const pinned = {...candidate('a', skip('cooldown', 4000)), notes: ['pinned'] satisfies NoteCode[]};
		expect(choose(planOf(pinned, candidate('b', skip('not_pinned')))).kind).toBe('wait');
	});

	test('is for the one that opens first', () => {
		const plan = planOf(candidate('a', skip('cooldown', 3000)), candidate('b', skip('breaker_open', 1000)));
		expect(choose(plan)).toEqual({kind: 'wait', key: 'codex/b/default#default', waitMs: 1000});
	});

	test('is not begun when the time for waiting is used up', () => {
		expect(choose(planOf(candidate('a', skip('cooldown', 3000))), ['a'], 2000)).toEqual({kind: 'none'});
	});
});

describe('the last resort', () => {
	test('is the broken endpoint that opens first, forced', () => {
		const plan = planOf(candidate('a', skip('breaker_open', 90_000)), candidate('b', skip('breaker_open', 60_000)));
		expect(choose(plan)).toMatchObject({
			kind: 'try',
			candidate: {endpoint: {provider: 'b'}},
			isForced: true,
			isLast: true,
		});
	});

	test('waits for a running probe, then goes beside it where there is nobody else: the rest must not fail because one request is a probe', () => {
		const plan = planOf(candidate('a', skip('breaker_open', 60_000)), candidate('b', skip('probe_running')));
		expect(choose(plan)).toMatchObject({kind: 'wait'});
		expect(chooseNext(plan, {tried: new Set(), nowMs, silentWaitMs: 0})).toMatchObject({
			kind: 'try',
			candidate: {endpoint: {provider: 'b'}},
			isForced: true,
		});
	});

	test.each(['cooldown', 'auth_failed', 'missing_auth', 'unsupported_model', 'not_pinned', 'state_bound'] as const)(
		'is never one that is skipped for %s',
		code => {
			expect(choose(planOf(candidate('a', skip(code, 60_000))))).toEqual({kind: 'none'});
		},
	);

	test('is not taken after another try', () => {
		expect(choose(planOf(candidate('a', skip('breaker_open', 60_000))), ['b'])).toEqual({kind: 'none'});
	});
});

describe('a full account', () => {
	const window = candidate('a', skip('concurrency_saturated', undefined, 'codex/a#default'));
	const stated = candidate('a', skip('concurrency_saturated', undefined, 'codex/a/default'));

	test('is waited for where only a window that we learned stands in the way and nobody else can serve', () => {
		expect(choose(planOf(window, candidate('b', skip('not_pinned'))))).toMatchObject({
			kind: 'try',
			candidate: {endpoint: {provider: 'a'}},
			isForced: false,
			isLast: true,
		});
	});

	test('is not waited for while another can serve, nor twice by one request, nor beside a silent try', () => {
		expect(choose(planOf(window, candidate('b')))).toMatchObject({candidate: {endpoint: {provider: 'b'}}});
		expect(choose(planOf(window), ['a'])).toEqual({kind: 'none'});
		expect(chooseRival(planOf(window), {tried: new Set(), nowMs})).toBeUndefined();
	});

	test('is not waited for where the user set the limit, or where something else forbids it', () => {
		expect(choose(planOf(stated))).toEqual({kind: 'none'});
		const paused = candidate('a', skip('account_paused'), ...window.skips);
		expect(choose(planOf(paused))).toEqual({kind: 'none'});
	});
});

test('the stated end of a limit counts only where nothing else keeps the endpoint from serving', () => {
	expect(
		statedReopeningMs(planOf(candidate('a', skip('cooldown', 30_000)), candidate('b', skip('cooldown', 20_000)))),
	).toBe(nowMs + 20_000);
	expect(statedReopeningMs(planOf(candidate('a', skip('not_pinned'), skip('cooldown', 20_000))))).toBeUndefined();
	expect(statedReopeningMs(planOf(candidate('a', skip('breaker_open', 20_000))))).toBeUndefined();
});
