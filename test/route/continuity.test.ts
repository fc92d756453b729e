import {describe, expect, test} from 'vitest';
import type {AffinityConfig} from '../../source/config/graph.ts';
import type {Affinity, StateClaim} from '../../source/route/inputs.ts';
import {plan} from '../../source/route/plan.ts';
import {endpoint} from '../support/endpoint.ts';
import {call, graphOf, inputsOf, nowMs, ordered, stateless, tiedTo, type Illness} from '../support/graph.ts';

/* Every row of codex-helper.md 2.9, and routing.md 4 for ordinary turns. */

const shared = {continuityDomain: 'team'};
const plain = ['a', 'b', 'c'].map(name => endpoint(name));
const domain = [endpoint('a'), endpoint('b', shared), endpoint('c', shared)];
const compact: StateClaim = {...stateless, kind: 'compact-v1'};
const bound: StateClaim = {...compact, isBound: true, binding: ['previous_response_id']};
const v2: StateClaim = {...stateless, kind: 'compact-v2'};
const soft: ReadonlyArray<AffinityConfig['policy']> = ['off', 'preferred-group', 'fallback-sticky'];
const hard: ReadonlyArray<AffinityConfig['policy']> = ['hard', 'hard-compact'];
const dead = (name: string): Illness => ({[name]: {phase: 'open', cause: 'hard', untilMs: nowMs + 9000}});

interface Asked {
	readonly policy: AffinityConfig['policy'];
	readonly state: StateClaim;
	readonly affinity?: Affinity;
	readonly endpoints?: readonly ReturnType<typeof endpoint>[];
	readonly ill?: Illness;
}

const ask = ({policy, state, affinity, endpoints = plain, ill = {}}: Asked) => {
	const graph = graphOf(ordered('main', ...endpoints), {policy});
	const made = plan(inputsOf(graph, {affinity, call: {...call, state}}, ill));
	return {
		...made.continuity,
		order: made.candidates
			.filter(({eligible}) => eligible)
			.map(({endpoint: {provider}, needsRepair}) => provider + (needsRepair ? '!' : ''))
			.join(' '),
	};
};

describe.for(soft)('%s', policy => {
	test('ordinary: through the graph, failover allowed', () =>
		expect(ask({policy, state: stateless})).toMatchObject({
			order: 'a b c',
			failoverAllowed: true,
			class: 'stateless_or_session_preferred',
		}));
	test('compact, not state-bound, affinity known: it first, then the graph', () =>
		expect(ask({policy, state: compact, affinity: tiedTo('b')})).toMatchObject({
			order: 'b a c',
			failoverAllowed: true,
			source: 'session_route_affinity',
			selectedMatchesAffinity: true,
		}));
	test('compact, not state-bound, no affinity: graph order, failover allowed', () =>
		expect(ask({policy, state: compact})).toMatchObject({order: 'a b c', failoverAllowed: true, source: 'none'}));
	test.for([bound, v2])('state-bound, affinity known: it first, then the graph as it is: %#', state => {
		expect(ask({policy, state, affinity: tiedTo('b')})).toMatchObject({
			order: 'b a c',
			failoverAllowed: true,
			class: 'provider_state_bound',
		});
		expect(ask({policy, state, affinity: tiedTo('b'), ill: dead('b')}).order).toBe('a c');
	});
	test('state-bound, no affinity: allowed, a bootstrap through the graph', () =>
		expect(ask({policy, state: bound})).toMatchObject({order: 'a b c', failoverAllowed: true}));
});

describe.for(hard)('%s', policy => {
	const affinity = tiedTo('b');
	test('compact, not state-bound, affinity known, no shared domain: only that endpoint', () => {
		expect(ask({policy, state: compact, affinity})).toMatchObject({
			order: 'b',
			failoverAllowed: false,
			blockedReason: 'hard_affinity',
		});
		expect(ask({policy, state: compact, affinity, ill: dead('b')}).order).toBe('');
	});
	test('compact, not state-bound, affinity known, shared domain: that endpoint, then its domain', () =>
		expect(ask({policy, state: compact, affinity: tiedTo('c'), endpoints: domain})).toMatchObject({
			order: 'c b',
			failoverAllowed: true,
		}));
	test('compact, not state-bound, no affinity: the first candidate, no failover from the first attempt', () =>
		expect(ask({policy, state: compact})).toMatchObject({
			order: 'a b c',
			failoverAllowed: false,
			blockedReason: 'hard_first_attempt',
		}));
	test.for([bound, v2])('state-bound, affinity known, no shared domain: only that endpoint: %#', state =>
		expect(ask({policy, state, affinity})).toMatchObject({
			order: 'b',
			failoverAllowed: false,
			blockedReason: 'provider_state_bound',
		}),
	);
	test('state-bound, affinity known, shared domain: failover inside the domain only', () => {
		expect(ask({policy, state: bound, affinity, endpoints: domain}).order).toBe('b c');
		expect(ask({policy, state: bound, affinity, endpoints: domain, ill: dead('b')}).order).toBe('c');
	});
	test('state-bound, no affinity, one endpoint: allowed', () =>
		expect(ask({policy, state: bound, endpoints: plain.slice(0, 1)})).toMatchObject({
			order: 'a',
			blockedReason: undefined,
		}));
	test('state-bound, no affinity, several endpoints: blocked', () =>
		expect(ask({policy, state: bound})).toMatchObject({
			order: '',
			failoverAllowed: false,
			blockedReason: 'state_bound_compact_missing_affinity',
			balanceSignalAuthoritative: false,
		}));
});

describe('an ordinary turn with foreign encrypted content', () => {
	const state: StateClaim = {...stateless, isBound: true, isRepairable: true, binding: ['encrypted reasoning']};
	test.for(soft)('under %s goes to its affinity first, elsewhere only repaired', policy =>
		expect(ask({policy, state, affinity: tiedTo('b')}).order).toBe('b a! c!'),
	);
	test('goes to the continuity domain of its affinity next', () =>
		expect(ask({policy: 'off', state, affinity: tiedTo('c'), endpoints: domain}).order).toBe('c b a!'));
	test('goes to whoever issued the state, where that is known', () =>
		expect(ask({policy: 'off', state: {...state, owner: 'codex/c'}}).order).toBe('c a! b!'));
	test('of nobody known goes as it is: its issuer may be any of them', () =>
		expect(ask({policy: 'off', state}).order).toBe('a b c'));
	test('never infers a domain from the host', () => {
		const twins = [endpoint('a', {baseUrl: 'https://one.example'}), endpoint('b', {baseUrl: 'https://one.example'})];
		const affinity = tiedTo('b', {baseUrl: 'https://one.example'});
		expect(ask({policy: 'off', state, affinity, endpoints: twins}).order).toBe('b a!');
	});
	test('that cannot be repaired stays with its issuer', () =>
		expect(ask({policy: 'off', state: {...state, isRepairable: false}, affinity: tiedTo('b')}).order).toBe('b'));
});
