import {expect, test} from 'vitest';
import {RequestCosts, type CostOf} from '../../../source/tui/store/request-costs.ts';
import {sampleRequests} from '../../support/sample-requests.ts';
import {sampleNowMs} from '../../support/sample-screen.ts';

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

const both = sampleRequests(sampleNowMs, 2);
const answered = both.filter(({usage}) => usage !== undefined);
const running = both.filter(({usage}) => usage === undefined);

/** Prices that a test changes; counts what it is asked. */
const start = (prices: {costOf: CostOf}) => {
	const counts = {loads: 0, changes: 0};
	const load = async (): Promise<CostOf> => {
		counts.loads++;
		return prices.costOf;
	};
	const costs = new RequestCosts(load, () => {
		counts.changes++;
	});
	return {costs, counts};
};

test('prices are loaded with the first answer, and an answered request is priced once', async () => {
	const asked: unknown[] = [];
	const costOf: CostOf = ({usage}) => {
		asked.push(usage);
		return {nanoUsd: 31_000_000, isPartial: false};
	};
	const {costs, counts} = start({costOf});
	expect(costs.rows(running, 0)).toEqual(running);
	await settle();
	expect(counts).toEqual({loads: 0, changes: 0});
	expect(costs.rows(answered, 0)).toEqual(answered);
	await settle();
	expect(counts).toEqual({loads: 1, changes: 1});
	const [first, second] = [costs.rows([...running, ...answered], 10), costs.rows([...running, ...answered], 20)];
	expect(first).toEqual([
		...running,
		...answered.map(row => ({...row, cost: {nanoUsd: 31_000_000, isPartial: false}})),
	]);
	expect(second[1]).toBe(first[1]);
	expect(asked).toEqual(answered.map(({usage}) => usage));
});

test('what nobody knows the price of has no cost, nor has anything where prices are not known', async () => {
	const {costs} = start({costOf: () => undefined});
	costs.rows(answered, 0);
	await settle();
	expect(costs.rows(answered, 10)).toEqual(answered);
	const without = new RequestCosts(undefined, () => undefined);
	without.rows(answered, 0);
	await settle();
	expect(without.rows(answered, 10)).toEqual(answered);
});

test('a changed price is seen within half a minute, and an unreadable one leaves the last', async () => {
	const prices = {costOf: (() => ({nanoUsd: 1, isPartial: false})) as CostOf};
	const {costs, counts} = start(prices);
	costs.rows(answered, 0);
	await settle();
	prices.costOf = () => ({nanoUsd: 2, isPartial: false});
	const nanos = (nowMs: number) => costs.rows(answered, nowMs).map(({cost}) => cost?.nanoUsd);
	expect(nanos(29_000)).toEqual([1]);
	await settle();
	expect(counts.loads).toBe(1);
	nanos(30_000);
	await settle();
	expect(nanos(30_010)).toEqual([2]);
	const failing = new RequestCosts(
		async () => Promise.reject(new Error('gone')),
		() => undefined,
	);
	failing.rows(answered, 0);
	await settle();
	expect(failing.rows(answered, 10)).toEqual(answered);
});
