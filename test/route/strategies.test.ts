import {describe, expect, test} from 'vitest';
import type {RouteGraph, RouteNode} from '../../source/config/graph.ts';
import type {PlanInputs} from '../../source/route/inputs.ts';
import {plan} from '../../source/route/plan.ts';
import {endpoint} from '../support/endpoint.ts';
import {
	account,
	balanced,
	childOf,
	conditional,
	graphOf,
	inputsOf,
	nowMs,
	ordered,
	pool,
	stateless,
	call,
	type Illness,
} from '../support/graph.ts';

const [a, b, c, d] = [endpoint('a'), endpoint('b'), endpoint('c'), endpoint('d')];
const draws = 10_000;
const down = {phase: 'open', cause: 'hard', untilMs: nowMs + 9000} as const;

const groupsOf = (entry: RouteNode, ill: Illness = {}, fields: Partial<PlanInputs> = {}) =>
	plan(inputsOf(graphOf(entry), fields, ill)).candidates.map(
		({endpoint: {provider}, preferenceGroup}) => provider + preferenceGroup,
	);

/** The shares that each account gets, where the road commits what turns; `sent` hears of every choice. */
const sharesOf = (
	graph: RouteGraph,
	ill: Illness,
	sent: (provider: string) => void = () => undefined,
): Record<string, number> => {
	const counts: Record<string, number> = {};
	const turns = new Map<string, readonly number[]>();
	for (let draw = 0; draw < draws; draw++) {
		const {selected, next} = plan(inputsOf(graph, {turns}, ill));
		const name = `${selected?.endpoint.provider}#${selected?.account.label}`;
		counts[name] = (counts[name] ?? 0) + 1 / draws;
		for (const [key, value] of next) {
			turns.set(key, value);
		}

		sent(selected?.endpoint.provider ?? '');
	}

	return counts;
};

const expectShares = (shares: Record<string, number>, wanted: Record<string, number>): void => {
	expect(Object.keys(shares).toSorted()).toEqual(Object.keys(wanted).toSorted());
	for (const [name, share] of Object.entries(wanted)) {
		expect(Math.abs((shares[name] ?? 0) - share), name).toBeLessThan(0.03);
	}
};

describe('the order of', () => {
	test('ordered-failover gives each child the next group, nested ones too', () =>
		expect(groupsOf(ordered('main', a, ordered('inner', b, c), d))).toEqual(['a0', 'b1', 'c2', 'd3']));
	const tagged = endpoint('b', {tags: {region: 'eu', tier: 'paid'}});
	const byTag = (onExhausted: 'continue' | 'stop'): RouteNode => ({
		name: 'main',
		location: undefined,
		hedgeAfterMs: undefined,
		strategy: 'tag-preferred',
		children: [a, tagged, c].map(childOf),
		preferTags: [
			new Map([['region', 'us']]),
			new Map([
				['region', 'eu'],
				['tier', 'paid'],
			]),
		],
		onExhausted,
	});
	test('tag-preferred puts a child that matches any filter first', () =>
		expect(groupsOf(byTag('continue'))).toEqual(['b0', 'a1', 'c2']));
	test('tag-preferred with stop leaves the others out', () => expect(groupsOf(byTag('stop'))).toEqual(['b0']));
	test('manual-sticky is only its target', () => {
		const sticky: RouteNode = {
			name: 'main',
			location: undefined,
			hedgeAfterMs: undefined,
			strategy: 'manual-sticky',
			target: childOf(b),
		};
		expect(groupsOf(sticky, {b: down})).toEqual(['b0']);
	});
	test('conditional follows the call', () => {
		const entry = conditional('main', {cwd: '/work/**', requestKind: 'turn'}, [a, b]);
		expect(groupsOf(entry, {}, {call: {...call, cwd: '/work/x/y'}})).toEqual(['a0', 'b1']);
		expect(groupsOf(entry, {}, {call: {...call, cwd: '/home'}})).toEqual(['b0', 'a1']);
	});
	test('a balanced route is one preference group', () =>
		expect(groupsOf(ordered('main', balanced('round-robin', [a, ordered('inner', b, c)]), d))).toEqual([
			'a0',
			'b0',
			'c0',
			'd1',
		]));
	test('cheapest is price times multiplier', () => {
		const [dear, cheap] = [endpoint('a', {priceMultiplier: 2}), endpoint('b', {priceMultiplier: 0.5})];
		const health = {...inputsOf(graphOf(ordered('x', a))).health, price: () => 3};
		expect(groupsOf(balanced('cheapest', [dear, cheap]), {}, {health})).toEqual(['b0', 'a0']);
	});
	test('fastest changes only for one that is faster by 15 %', () => {
		const entry = balanced('fastest', [a, b]);
		const turns = new Map([['node fastest', [0]]]);
		expect(groupsOf(entry, {a: {ttfbMs: 1000}, b: {ttfbMs: 860}}, {turns})).toEqual(['a0', 'b0']);
		expect(groupsOf(entry, {a: {ttfbMs: 1000}, b: {ttfbMs: 840}}, {turns})).toEqual(['b0', 'a0']);
		expect(groupsOf(entry, {a: {ttfbMs: 1000}, b: {ttfbMs: 860}})).toEqual(['b0', 'a0']);
	});
	test('quota-aware puts headroom first, what is to be avoided last, and stops', () => {
		const entry = balanced('quota-aware', [a, b, c, d], {avoidBelow: 0.8, stopBelow: 0.95});
		const ill = {a: {quotaUsed: 0.97}, b: {quotaUsed: 0.85}, c: {quotaUsed: 0.5}, d: {quotaUsed: 0.2}};
		expect(groupsOf(entry, ill)).toEqual(['d0', 'c0', 'b0', 'a0']);
		const stopped = plan(inputsOf(graphOf(entry), {}, ill)).candidates.at(-1);
		expect(stopped?.skips).toMatchObject([{code: 'usage_exhausted', count: 0.97, limit: 0.95}]);
	});
});

describe('over 10,000 draws', () => {
	test('weighted keeps to its weights', () =>
		expectShares(sharesOf(graphOf(balanced('weighted', [a, b, c], {weights: [5, 3, 2]})), {}), {
			'a#default': 0.5,
			'b#default': 0.3,
			'c#default': 0.2,
		}));
	test('weighted shares what a dead child cannot take by the weights of the others', () =>
		expectShares(sharesOf(graphOf(balanced('weighted', [a, b, c], {weights: [5, 3, 1]})), {a: down}), {
			'b#default': 0.75,
			'c#default': 0.25,
		}));
	test('round-robin takes turns', () =>
		expectShares(sharesOf(graphOf(balanced('round-robin', [a, b, c])), {}), {
			'a#default': 1 / 3,
			'b#default': 1 / 3,
			'c#default': 1 / 3,
		}));
	test('least-used evens out', () => {
		const used: Record<string, {recentTokens: number}> = {};
		for (const name of ['a', 'b', 'c', 'd']) {
			used[name] = {recentTokens: 0};
		}

		const shares = sharesOf(graphOf(balanced('least-used', [a, b, c, d])), used, provider => {
			used[provider] = {recentTokens: (used[provider]?.recentTokens ?? 0) + 700};
		});
		expectShares(shares, {'a#default': 0.25, 'b#default': 0.25, 'c#default': 0.25, 'd#default': 0.25});
	});
	test.for<['cheapest' | 'fastest' | 'quota-aware']>([['cheapest'], ['fastest'], ['quota-aware']])(
		'%s stays with the best while nothing changes',
		([strategy]) => {
			const [dear, cheap] = [endpoint('a', {priceMultiplier: 2}), endpoint('b')];
			const ill = {a: {ttfbMs: 900, quotaUsed: 0.6}, b: {ttfbMs: 400, quotaUsed: 0.1}};
			expectShares(sharesOf(graphOf(balanced(strategy, [dear, cheap])), ill), {'b#default': 1});
		},
	);
	test('the accounts of an endpoint share by weight, without those that are paused', () => {
		const keys = pool('a', account('x', {weight: 3}), account('y'), account('z', {weight: 9}));
		expectShares(sharesOf(graphOf(ordered('main', keys)), {'a#z': {isPaused: true}}), {'a#x': 0.75, 'a#y': 0.25});
	});
	test('nested routes turn each on their own', () => {
		const inner = balanced('weighted', [b, c], {weights: [3, 1]});
		expectShares(sharesOf(graphOf(balanced('round-robin', [a, inner])), {}), {
			'a#default': 0.5,
			'b#default': 0.375,
			'c#default': 0.125,
		});
	});
});

test('a hedge is the innermost route’s, and never for state-bound requests', () => {
	const inner = {...ordered('inner', a), hedgeAfterMs: 500};
	const graph = graphOf({...ordered('main', inner, b), hedgeAfterMs: 900});
	expect(plan(inputsOf(graph)).hedgeAfterMs).toBe(500);
	expect(plan(inputsOf(graph, {}, {a: down})).hedgeAfterMs).toBe(900);
	const bound = {...call, state: {...stateless, isBound: true}};
	expect(plan(inputsOf(graph, {call: bound})).hedgeAfterMs).toBeUndefined();
});
