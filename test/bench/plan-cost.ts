import type {RouteNode} from '../../source/config/graph.ts';
import {plan} from '../../source/route/plan.ts';
import {account, balanced, graphOf, healthy, inputsOf, ordered, pool} from '../support/graph.ts';
import {eachInstance} from './comparison.ts';
import type {Scenario} from './scenarios.ts';
import {median} from './statistics.ts';

const providers = 50;
const warmUp = 3000;
const plans = 5000;

const endpoints = Array.from({length: providers}, (_, index) =>
	pool(`relay-${index}`, account('a'), account('b'), account('c'), account('d')),
);

const entries: readonly RouteNode[] = [
	ordered('main', ...endpoints),
	...(['weighted', 'round-robin', 'least-used', 'cheapest', 'fastest', 'quota-aware'] as const).map(strategy =>
		balanced(strategy, endpoints),
	),
];

/** The median time of one plan in microseconds, all candidates healthy, each with figures of its own. */
const medianUs = (entry: RouteNode): number => {
	const states = new Map(
		endpoints.map(({key, accounts}, index) => [
			key,
			new Map(
				accounts.map(({label}, order) => [
					label,
					{...healthy, recentTokens: (index * 37) % 101, ttfbMs: 300 + ((index * 53) % 97) + order},
				]),
			),
		]),
	);
	const health = {
		of: (key: string, label: string) => states.get(key)?.get(label) ?? healthy,
		capability: () => undefined,
		price: () => 1.25,
	};
	const inputs = inputsOf(graphOf(entry), {health});
	const times: number[] = [];
	for (let index = 0; index < warmUp + plans; index++) {
		const startedAt = performance.now();
		plan(inputs);
		if (index >= warmUp) {
			times.push((performance.now() - startedAt) * 1000);
		}
	}

	return median(times);
};

/** What the routing brain costs per request (issue 3): needs no upstream and no proxy. */
export const planCost: Scenario = {
	name: 'plan',
	rows: ['PLAN'],
	async run({effort}) {
		const values: number[] = [];
		await eachInstance(effort, async () => {
			values.push(Math.max(...entries.map(entry => medianUs(entry))));
		});
		return {measured: [{row: 'PLAN', against: 'itself', values}], absolutes: []};
	},
};
