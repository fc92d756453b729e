import {describe, expect, test} from 'vitest';
import type {RouteGraph} from '../../source/config/graph.ts';
import type {PlanInputs} from '../../source/route/inputs.ts';
import {plan} from '../../source/route/plan.ts';
import {chooseFirst} from '../../source/route/route-plan.ts';
import {endpoint} from '../support/endpoint.ts';
import {account, balanced, graphOf, inputsOf, nowMs, ordered, pool, tiedTo, type Illness} from '../support/graph.ts';

const [a, b, c] = [endpoint('a'), endpoint('b'), endpoint('c')];
const down: Illness = {a: {phase: 'open', cause: 'hard', untilMs: nowMs + 1000}};

const firstOf = (graph: RouteGraph, fields: Partial<PlanInputs>, ill: Illness = {}) => {
	const made = plan(inputsOf(graph, fields, ill));
	return [chooseFirst(made)?.endpoint.provider, made.affinity.reason];
};

const withPolicy = (policy: RouteGraph['affinity']['policy'], windows: Partial<RouteGraph['affinity']> = {}) =>
	graphOf(ordered('main', a, b, c), {policy, ...windows});

const aged = (ageMs: number) => ({affinity: tiedTo('b', {lastChangedAtMs: nowMs - ageMs})});

describe('affinity', () => {
	const affinity = tiedTo('b');
	test('off is really off for an ordinary turn', () =>
		expect(firstOf(withPolicy('off'), {affinity})).toEqual(['a', 'policy_off']));
	test('preferred-group leaves a worse group for a better one', () =>
		expect(firstOf(withPolicy('preferred-group'), {affinity})).toEqual(['a', 'other_group_is_better']));
	test('preferred-group stays where its group is the best available', () =>
		expect(firstOf(withPolicy('preferred-group'), {affinity}, down)).toEqual(['b', 'sticky']));
	test('fallback-sticky stays even in a worse group', () =>
		expect(firstOf(withPolicy('fallback-sticky'), {affinity})).toEqual(['b', 'sticky']));
	test('fallback-sticky leaves what is not available', () =>
		expect(firstOf(withPolicy('fallback-sticky'), {affinity: tiedTo('a')}, down)).toEqual(['b', 'unavailable']));
	test.for<['fallbackTtlMs' | 'reprobePreferredAfterMs', string]>([
		['fallbackTtlMs', 'fallback_ttl_elapsed'],
		['reprobePreferredAfterMs', 'reprobe_preferred'],
	])('%s counts from the last change', ([window, reason]) => {
		const graph = withPolicy('fallback-sticky', {[window]: 5000});
		expect(firstOf(graph, aged(4999))).toEqual(['b', 'sticky']);
		expect(firstOf(graph, aged(5000))).toEqual(['a', reason]);
		expect(firstOf(graph, aged(5000), down)).toEqual(['b', 'sticky']);
		expect(firstOf(withPolicy('fallback-sticky', {[window]: 0}), aged(-9))).toEqual(['a', reason]);
	});
	test('hard is hard for every turn', () => {
		const made = plan(inputsOf(withPolicy('hard'), {affinity: tiedTo('a')}, down));
		expect([made.selected, made.continuity.failoverAllowed]).toEqual([undefined, false]);
	});
	test('hard-compact is sticky for ordinary turns', () =>
		expect(firstOf(withPolicy('hard-compact'), {affinity: tiedTo('a')}, down)).toEqual(['b', 'unavailable']));
	test('survives a graph change that keeps the endpoint with its base URL', () =>
		expect(firstOf(withPolicy('fallback-sticky'), {affinity: tiedTo('b', {graphKey: 'old'})})).toEqual([
			'b',
			'sticky',
		]));
	test('ends with the base URL', () =>
		expect(firstOf(withPolicy('fallback-sticky'), {affinity: tiedTo('b', {baseUrl: 'https://new'})})).toEqual([
			'a',
			'endpoint_gone',
		]));
	test('keeps the session on its account', () => {
		const keys = pool('a', account('x'), account('y'), account('z'));
		const graph = graphOf(ordered('main', keys), {policy: 'fallback-sticky'});
		const made = plan(inputsOf(graph, {affinity: tiedTo('a', {account: 'z'})}));
		expect([made.selected?.account.label, made.next.size]).toEqual(['z', 0]);
	});
	test('beats the turn of a balanced route', () =>
		expect(firstOf(graphOf(balanced('round-robin', [a, b]), {policy: 'fallback-sticky'}), {affinity})[0]).toBe('b'));
});
