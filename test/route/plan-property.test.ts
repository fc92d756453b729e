import type {Pin} from '../../source/event/view.ts';
import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import type {AffinityConfig, RouteNode} from '../../source/config/graph.ts';
import {explainPlan} from '../../source/route/explain.ts';
import type {CandidateHealth, PlanInputs} from '../../source/route/inputs.ts';
import {plan} from '../../source/route/plan.ts';
import {chooseFirst} from '../../source/route/route-plan.ts';
import {endpoint} from '../support/endpoint.ts';
import {
	account,
	balanced,
	call,
	childOf,
	conditional,
	graphOf,
	inputsOf,
	nowMs,
	ordered,
	tiedTo,
} from '../support/graph.ts';
import {propertyRuns} from '../support/property-runs.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const strategies = ['weighted', 'round-robin', 'least-used', 'cheapest', 'fastest', 'quota-aware'] as const;

const anyEndpoint = (name: string) =>
	fc
		.record({
			enabled: fc.boolean(),
			continuityDomain: fc.option(fc.constantFrom('x', 'y'), {nil: undefined}),
			labels: fc.uniqueArray(fc.constantFrom('default', 'k', 'l'), {minLength: 1, maxLength: 3}),
			quotaGroup: fc.option(fc.constant('org'), {nil: undefined}),
			weight: fc.integer({min: 1, max: 5}),
			tags: fc.constantFrom<Record<string, string>>({}, {tier: 'paid'}),
			supportedModels: fc.constantFrom(new Map<string, boolean>(), new Map([['gpt-*', true]]), new Map([['x', true]])),
		})
		.map(({labels, quotaGroup, weight, ...fields}) => {
			const [first = account('default'), ...rest] = labels.map(label => account(label, {quotaGroup, weight}));
			return endpoint(name, {...fields, accounts: [first, ...rest]});
		});

type Kind = 'ordered' | 'sticky' | 'conditional' | 'tags' | (typeof strategies)[number];

/** A tree over these endpoints: each cut is one route of a kind. */
const grow = (leaves: ReadonlyArray<ReturnType<typeof endpoint>>, kinds: readonly Kind[], depth = 0): RouteNode => {
	const kind = kinds[depth % kinds.length] ?? 'ordered';
	const name = `node-${depth}`;
	const middle = Math.ceil(leaves.length / 2);
	const [head = endpoint('a')] = leaves;
	const rest = leaves.slice(middle);
	const below = leaves.length > 2 && depth < 4 ? [grow(rest, kinds, depth + 1)] : rest;
	const children = [...leaves.slice(0, middle), ...below];
	const base = {name, location: undefined, hedgeAfterMs: depth * 100};
	switch (kind) {
		case 'ordered': {
			return ordered(name, ...children);
		}

		case 'sticky': {
			return {...base, strategy: 'manual-sticky', target: childOf(below[0] ?? head)};
		}

		case 'conditional': {
			return conditional(name, {model: 'gpt-*'}, [head, below[0] ?? head]);
		}

		case 'tags': {
			const preferTags = [new Map([['tier', 'paid']])];
			return {...base, strategy: 'tag-preferred', children: children.map(childOf), preferTags, onExhausted: 'continue'};
		}

		default: {
			return balanced(kind, children, {name, avoidBelow: 0.5, stopBelow: 0.9});
		}
	}
};

const sometimes = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, {nil: undefined, freq: 1});

const anyHealth: fc.Arbitrary<Partial<CandidateHealth>> = fc.oneof(
	fc.constant({}),
	fc.record({
		phase: fc.constantFrom('closed', 'open', 'half-open'),
		untilMs: sometimes(fc.integer({min: nowMs - 9000, max: nowMs + 9000})),
		isProbing: fc.boolean(),
		cause: fc.constantFrom('hard', 'limit', 'quota', 'auth'),
		missingCredential: sometimes(fc.constant('KEY')),
		isPaused: fc.boolean(),
		active: fc.integer({min: 0, max: 3}),
		limit: sometimes(fc.integer({min: 1, max: 3})),
		hasQueueRoom: fc.boolean(),
	}),
	fc.record({
		recentTokens: fc.nat(1000),
		ttfbMs: sometimes(fc.nat(1000)),
		quotaUsed: sometimes(fc.double({min: 0, max: 1, noNaN: true})),
	}),
);

const anyPin: fc.Arbitrary<Pin> = fc.record({
	endpointKey: fc.constantFrom(...names, 'gone').map(name => `codex/${name}/default`),
	mode: fc.constantFrom('only', 'prefer'),
	setAtMs: fc.constant(nowMs),
	untilMs: sometimes(fc.integer({min: nowMs - 9000, max: nowMs + 9000})),
});

const anyState = fc.record({
	kind: fc.constantFrom('ordinary', 'compact-v1', 'compact-v2'),
	isBound: fc.boolean(),
	binding: fc.constant([]),
	owner: sometimes(fc.constantFrom('codex/a', 'codex/b', 'domain x')),
	isRepairable: fc.boolean(),
});

const anyAffinity: fc.Arbitrary<AffinityConfig> = fc.record({
	policy: fc.constantFrom('off', 'preferred-group', 'fallback-sticky', 'hard', 'hard-compact'),
	fallbackTtlMs: sometimes(fc.constantFrom(0, 5000)),
	reprobePreferredAfterMs: sometimes(fc.constantFrom(0, 5000)),
});

const anyInputs: fc.Arbitrary<PlanInputs> = fc
	.record({
		endpoints: fc.tuple(...names.map(name => anyEndpoint(name))),
		count: fc.integer({min: 1, max: names.length}),
		kinds: fc.array(fc.constantFrom<Kind>('ordered', 'sticky', 'conditional', 'tags', ...strategies), {
			minLength: 1,
			maxLength: 4,
		}),
		affinity: anyAffinity,
		tie: sometimes(fc.constantFrom(...names, 'gone')),
		label: fc.constantFrom('default', 'k'),
		ill: fc.dictionary(fc.constantFrom(...names, 'a#k', 'b#l', 'c#default'), anyHealth, {maxKeys: 5}),
		state: anyState,
		model: fc.constantFrom('gpt-5.5', 'x', undefined),
		session: sometimes(anyPin),
		global: sometimes(anyPin),
		brokeOff: fc.uniqueArray(fc.constantFrom(...names), {maxLength: 2}),
		turn: fc.array(fc.integer({min: -5, max: 5}), {maxLength: 4}),
		nowMs: fc.integer({min: nowMs - 20_000, max: nowMs + 20_000}),
	})
	.map(made => {
		const graph = graphOf(grow(made.endpoints.slice(0, made.count), made.kinds), made.affinity);
		const turns = new Map([0, 1, 2, 3].map(depth => [`node node-${depth}`, made.turn]));
		const fields: Partial<PlanInputs> = {
			call: {...call, model: made.model, state: made.state},
			affinity: made.tie === undefined ? undefined : tiedTo(made.tie, {account: made.label}),
			pins: {session: made.session, global: made.global},
			brokeOff: new Set(made.brokeOff.map(name => `codex/${name}/default`)),
			turns,
			nowMs: made.nowMs,
		};
		return inputsOf(graph, fields, made.ill);
	});

test(
	'any plan is total and repeatable, judges by its reasons, and explain names what is hit',
	{timeout: 120_000},
	() => {
		let eligibleCases = 0;
		const property = fc.property(anyInputs, inputs => {
			const made = plan(inputs);
			const again = plan(inputs);
			expect(again.candidates).toEqual(made.candidates);
			expect(again.next).toEqual(made.next);
			const keys = made.candidates.map(({endpoint: {key}, account: {label}}) => `${key}#${label}`);
			expect(new Set(keys).size).toBe(keys.length);
			const accounts = new Set(made.candidates.map(({endpoint: upstream}) => upstream));
			expect(keys.length).toBe([...accounts].reduce((sum, upstream) => sum + upstream.accounts.length, 0));
			expect(made.candidates.every(({eligible, skips}) => eligible === (skips.length === 0))).toBe(true);
			const first = chooseFirst(made);
			expect(made.selected).toBe(first);
			const explained = explainPlan(made, {runtimeLoadedAtMs: 0});
			expect(explained.selected_route?.provider_endpoint_key).toBe(first?.endpoint.key);
			expect(explained.selected_route?.account).toBe(first?.account.label);
			expect(explained.candidates.findIndex(({selected}) => selected)).toBe(
				first ? made.candidates.indexOf(first) : -1,
			);
			eligibleCases += first ? 1 : 0;
		});
		fc.assert(property, propertyRuns(10_000));
		// A property over plans in which nothing ever serves would prove little.
		expect(eligibleCases).toBeGreaterThan(3000);
	},
);
