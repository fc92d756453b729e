import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {cooldownBaseMs, type BreakerOutcome} from '../../source/attempt/breaker.ts';
import type {HealthTarget, SendTicket, StoredSlot} from '../../source/attempt/breaker-slot.ts';
import {Health} from '../../source/attempt/health.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {fakeClock} from '../support/clock.ts';
import {propertyRuns} from '../support/property-runs.ts';

const key: HealthTarget = {
	key: 'codex/relay-a/default#default',
	endpointKey: 'codex/relay-a/default',
	account: 'default',
};
const hard: BreakerOutcome = {outcome: 'hard', reason: 'answered 503', baseMs: cooldownBaseMs.status5xx};
const success: BreakerOutcome = {outcome: 'success', reason: 'complete', baseMs: 0};

const createHealth = (saved = new Map<string, StoredSlot>()) => {
	const clock = fakeClock();
	const events: EngineEvent[] = [];
	const actions: EngineEvent[] = [];
	const health = new Health({
		now: clock.now,
		random: () => 0.5,
		announce: event => (event.type === 'breaker-changed' ? events : actions).push(event),
		store: {
			load: () => new Map(saved),
			save: (id, slot) => saved.set(id, slot),
			remove: id => saved.delete(id),
		},
	});
	return {actions, clock, events, health, saved};
};

const failThrice = (health: Health): void => {
	for (let failure = 0; failure < 3; failure++) {
		health.end(health.begin(key, false), hard);
	}
};

test('a breaker that opens is announced once with its end and is saved', () => {
	const {clock, events, health, saved} = createHealth();
	failThrice(health);
	expect(events.map(event => event.type === 'breaker-changed' && [event.phase, event.failures, event.untilMs])).toEqual(
		[
			['closed', 1, undefined],
			['closed', 2, undefined],
			['open', 3, clock.now() + 30_000],
		],
	);
	expect([...saved.values()]).toMatchObject([{scope: 'account', breaker: {phase: 'open'}}]);
});

test('successes of a healthy endpoint neither write nor announce anything', () => {
	const {events, health, saved} = createHealth();
	for (let request = 0; request < 5; request++) {
		health.end(health.begin(key, false), success);
	}

	expect(events).toEqual([]);
	expect(saved.size).toBe(0);
});

test('of a hundred requests at the end of a cooldown one is the probe', () => {
	const {clock, health} = createHealth();
	failThrice(health);
	clock.advance(30_001);
	const probes = Array.from({length: 100}, () => health.begin(key, false)).filter(({isProbe}) => isProbe);
	expect(probes).toHaveLength(1);
	expect(health.breaker(key)).toMatchObject({phase: 'half-open', isProbing: true});
});

test('a last resort beside a running probe does not end that probe', () => {
	const {clock, health} = createHealth();
	failThrice(health);
	clock.advance(30_001);
	const probe = health.begin(key, false);
	health.end(health.begin(key, true), {...hard, outcome: 'cancelled'});
	expect(health.breaker(key)).toMatchObject({phase: 'half-open', isProbing: true});
	health.end(probe, success);
	expect(health.breaker(key)).toMatchObject({phase: 'half-open', isProbing: false, successes: 1});
});

test('a dismissed breaker is closed at once and says why', () => {
	const {events, health} = createHealth();
	failThrice(health);
	health.dismiss(key, 'you pinned it');
	expect(health.breaker(key)).toMatchObject({phase: 'closed', failures: 0});
	expect(events.at(-1)).toMatchObject({type: 'breaker-changed', phase: 'closed', reason: 'you pinned it'});
	health.dismiss(key, 'again');
	expect(events).toHaveLength(4);
});

test('an open breaker survives a restart, a probe of the dead process does not', () => {
	const first = createHealth();
	failThrice(first.health);
	const second = createHealth(first.saved);
	expect(second.health.breaker(key).phase).toBe('open');
	second.clock.advance(30_001);
	second.health.begin(key, false);
	const third = createHealth(second.saved);
	expect(third.health.breaker(key)).toMatchObject({phase: 'half-open', isProbing: false});
});

type Move =
	| {readonly kind: 'begin'; readonly isForced: boolean}
	| {readonly kind: 'end'; readonly which: number; readonly outcome: BreakerOutcome['outcome']}
	| {readonly kind: 'wait'; readonly ms: number};

const moves = fc.array(
	fc.oneof(
		fc.record({kind: fc.constant('begin' as const), isForced: fc.boolean()}),
		fc.record({
			kind: fc.constant('end' as const),
			which: fc.nat(20),
			outcome: fc.constantFrom('success', 'hard', 'soft', 'neutral', 'cancelled' as const),
		}),
		fc.record({kind: fc.constant('wait' as const), ms: fc.nat(700_000)}),
	) as fc.Arbitrary<Move>,
	{maxLength: 60},
);

test('however requests overlap, a half-open endpoint never has two probes, and it can always be closed again', () => {
	fc.assert(
		fc.property(moves, sequence => {
			const {clock, health} = createHealth();
			const running: SendTicket[] = [];
			for (const move of sequence) {
				if (move.kind === 'begin') {
					running.push(health.begin(key, move.isForced));
				} else if (move.kind === 'end') {
					const [ended] = running.splice(move.which % Math.max(1, running.length), 1);
					if (ended) {
						health.end(ended, {...hard, outcome: move.outcome});
					}
				} else {
					clock.advance(move.ms);
				}

				expect(running.filter(({isProbe}) => isProbe).length).toBeLessThanOrEqual(1);
			}

			for (const ticket of running) {
				health.end(ticket, {...hard, outcome: 'cancelled'});
			}

			for (let round = 0; round < 3; round++) {
				clock.advance(5_000_000);
				health.end(health.begin(key, false), success);
			}

			expect(health.breaker(key).phase).toBe('closed');
		}),
		propertyRuns(1000),
	);
});
