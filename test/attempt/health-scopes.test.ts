import {describe, expect, test} from 'vitest';
import type {HealthTarget, StoredSlot} from '../../source/attempt/breaker-slot.ts';
import {cooldownBaseMs, type BreakerOutcome} from '../../source/attempt/breaker.ts';
import {Health} from '../../source/attempt/health.ts';
import type {Signal} from '../../source/attempt/policy-action.ts';
import type {EngineEvent} from '../../source/event/catalogue.ts';
import {fakeClock} from '../support/clock.ts';

const hard: BreakerOutcome = {outcome: 'hard', reason: 'answered 503', baseMs: cooldownBaseMs.status5xx};
const success: BreakerOutcome = {outcome: 'success', reason: 'complete', baseMs: 0};
const limited: BreakerOutcome = {outcome: 'soft', reason: 'answered 429', baseMs: cooldownBaseMs.rateLimit};
const spent: BreakerOutcome = {...limited, reason: 'no quota left', baseMs: cooldownBaseMs.quota, isQuota: true};
const refused: BreakerOutcome = {outcome: 'auth', reason: 'answered 401', baseMs: cooldownBaseMs.status5xx};

const target = (account: string, fields: Partial<HealthTarget> = {}): HealthTarget => {
	const endpointKey = fields.endpointKey ?? 'codex/team/default';
	return {key: `${endpointKey}#${account}`, endpointKey, account, quotaKey: `codex/team ${account}`, ...fields};
};

const createHealth = (saved = new Map<string, StoredSlot>(), clock = fakeClock()) => {
	const events: EngineEvent[] = [];
	const health = new Health({
		now: clock.now,
		monotonic: clock.monotonic,
		random: () => 0.5,
		announce: event => events.push(event),
		store: {
			load: () => new Map(saved),
			save: (id, slot) => saved.set(id, slot),
			remove: id => saved.delete(id),
		},
	});
	const send = (to: HealthTarget, ...outcomes: readonly BreakerOutcome[]): void => {
		for (const outcome of outcomes) {
			health.end(health.begin(to, false), outcome);
		}
	};

	return {clock, events, health, saved, send, phase: (to: HealthTarget) => health.breaker(to).phase};
};

describe('a limit or a refused key', () => {
	test.each([limited, refused, spent])('pauses the account, not the endpoint: $reason', outcome => {
		const {phase, send} = createHealth();
		send(target('work'), outcome);
		expect(phase(target('work'))).toBe('open');
		expect(phase(target('spare'))).toBe('closed');
	});

	test('is told with the name of the account', () => {
		const {events, send} = createHealth();
		send(target('work'), limited);
		expect(events).toMatchObject([
			{type: 'breaker-changed', endpointKey: 'codex/team/default', account: 'work', phase: 'open'},
			{type: 'policy-action-changed', account: 'work', scope: 'account', change: 'created', cause: 'limit'},
		]);
	});
});

describe('a spent quota', () => {
	const work = target('work', {quotaKey: 'codex/team group org-1'});
	const spare = target('spare', {quotaKey: 'codex/team group org-1'});
	const other = target('other');

	test('marks every account of its group, and nobody else', () => {
		const {health, phase, send} = createHealth();
		for (const one of [work, spare, other]) {
			health.member(one);
		}

		send(work, spent);
		expect([work, spare, other].map(phase)).toEqual(['open', 'open', 'closed']);
		expect(health.breaker(spare)).toMatchObject({cause: 'quota', reason: 'no quota left'});
	});

	test('is told of each of them', () => {
		const {events, health, send} = createHealth();
		health.member(spare);
		send(work, spent);
		const told = events.flatMap(event => (event.type === 'breaker-changed' ? [event.account] : []));
		expect(new Set(told)).toEqual(new Set(['spare', 'work']));
	});

	test('is probed once for the whole group when its time is over, and two successes open it for all', () => {
		const {clock, health, phase, send} = createHealth();
		health.member(spare);
		send(work, spent);
		clock.advance(3_600_001);
		const tickets = Array.from({length: 100}, (_, index) => health.begin(index % 2 === 0 ? work : spare, false));
		expect(tickets.filter(({isProbe}) => isProbe)).toHaveLength(1);
		for (const ticket of tickets) {
			health.end(ticket, success);
		}

		send(spare, success);
		expect([work, spare].map(phase)).toEqual(['closed', 'closed']);
	});

	test('survives a restart for all of them', () => {
		const first = createHealth();
		first.send(work, spent);
		const second = createHealth(first.saved, first.clock);
		expect(second.phase(spare)).toBe('open');
	});
});

describe('an error about one model', () => {
	const aboutModel: BreakerOutcome = {...limited, isAboutModel: true};
	const big = {...target('work'), model: 'big'};
	const small = {...target('work'), model: 'small'};

	test('holds back that model alone', () => {
		const {phase, send} = createHealth();
		send(big, aboutModel);
		expect([big, small, target('work')].map(phase)).toEqual(['open', 'closed', 'closed']);
	});

	test('is kept over a restart and dismissed with its candidate', () => {
		const first = createHealth();
		first.send(big, aboutModel);
		const second = createHealth(first.saved, first.clock);
		expect([big, small].map(second.phase)).toEqual(['open', 'closed']);
		second.health.dismiss(target('work'), 'you pinned it');
		expect(second.phase(big)).toBe('closed');
	});

	test('of ever new models does not fill the memory', () => {
		const {clock, health, saved, send} = createHealth();
		for (let index = 0; index < 300; index++) {
			const model = {...target('work'), model: `m${index}`};
			send(model, aboutModel);
			clock.advance(15_001);
			send(model, success, success);
		}

		expect(health.member(target('work')).models.size).toBeLessThanOrEqual(64);
		expect([...saved.keys()].filter(id => id.startsWith('model')).length).toBeLessThanOrEqual(64);
	});
});

describe('the actions', () => {
	test('list what holds now, with generation, and prune what has ended', () => {
		const {clock, health, send} = createHealth();
		send(target('work'), limited);
		send(target('spare'), hard, hard, hard);
		expect(health.actions()).toMatchObject([
			{kind: 'cooldown', scope: 'account', account: 'work', cause: 'limit', generation: 1, isExtended: false},
			{account: 'spare', cause: 'hard', expiresAtMs: clock.now() + 30_000},
		]);
		clock.advance(15_001);
		expect(health.actions()).toHaveLength(1);
	});

	test('can be dismissed one by one', () => {
		const {events, health, phase, send} = createHealth();
		send(target('work'), limited);
		health.dismissAction(health.actions()[0]?.id ?? '', 'you dismissed it');
		expect(phase(target('work'))).toBe('closed');
		expect(events.at(-1)).toMatchObject({change: 'dismissed', reason: 'you dismissed it'});
		expect(() => health.dismissAction('account nobody', 'x')).toThrow(/no cooldown account nobody now/);
	});

	test('can be extended, over a restart too, but not into the past', () => {
		const first = createHealth();
		first.send(target('work'), limited);
		const [action] = first.health.actions();
		const untilMs = first.clock.now() + 7_200_000;
		first.health.extendAction(action?.id ?? '', untilMs);
		expect(first.events.at(-1)).toMatchObject({change: 'extended', untilMs});
		expect(() => first.health.extendAction(action?.id ?? '', first.clock.now())).toThrow(/in the future/);
		const second = createHealth(first.saved, first.clock);
		second.clock.advance(7_199_000);
		expect(second.phase(target('work'))).toBe('open');
		second.clock.advance(1000);
		expect(second.phase(target('work'))).toBe('half-open');
	});

	test('of more than a day ago are pruned at load', () => {
		const first = createHealth();
		first.send(target('work'), hard, hard, hard);
		first.clock.advance(25 * 3_600_000);
		const second = createHealth(first.saved, first.clock);
		expect(second.phase(target('work'))).toBe('closed');
		expect(first.saved.size).toBe(0);
	});

	test('are cleared by a success before their time, where a last resort has it', () => {
		const {events, health, phase, send} = createHealth();
		send(target('work'), limited);
		health.end(health.begin(target('work'), true), success);
		expect(phase(target('work'))).toBe('closed');
		expect(events.at(-1)).toMatchObject({type: 'policy-action-changed', change: 'ended'});
	});
});

describe('a signal', () => {
	const signal: Signal = {
		kind: 'rate_limit',
		source: 'response_headers',
		code: 'window-spent',
		confidence: 'high',
		isRouteFacing: true,
		reason: 'its headers say that the window is spent',
		resetAfterMs: 90_000,
		baseMs: cooldownBaseMs.rateLimit,
	};

	test('of high confidence about routing with a horizon becomes a cooldown of that length', () => {
		const {clock, health} = createHealth();
		expect(health.signal(target('work'), signal)).toBe(true);
		expect(health.actions()).toMatchObject([{cause: 'limit', expiresAtMs: clock.now() + 90_000}]);
	});

	test.each([
		['low confidence', {confidence: 'low'}],
		['medium confidence', {confidence: 'medium'}],
		['no word about routing', {isRouteFacing: false}],
		['no horizon', {resetAfterMs: undefined}],
	] as const)('with %s changes nothing', (_, fields) => {
		const {events, health, phase} = createHealth();
		expect(health.signal(target('work'), {...signal, ...fields})).toBe(false);
		expect(phase(target('work'))).toBe('closed');
		expect(events).toEqual([]);
	});

	test.each(['capacity', 'transport'] as const)('about %s may use the default cooldown', kind => {
		const {clock, health} = createHealth();
		health.signal(target('work'), {...signal, kind, resetAfterMs: undefined, baseMs: 30_000});
		expect(health.actions()).toMatchObject([{expiresAtMs: clock.now() + 30_000}]);
	});

	test.each(['quota', 'balance'] as const)('about a %s marks the quota', kind => {
		const {health} = createHealth();
		health.signal(target('work'), {...signal, kind});
		expect(health.actions()).toMatchObject([{scope: 'quota', cause: 'quota'}]);
	});
});

describe('a clock that jumps while the engine runs', () => {
	test.each([-3_600_000, 3_600_000])('by %d ms neither blocks for ever nor reopens early', jumpMs => {
		const {clock, health, phase, send} = createHealth();
		send(target('work'), hard, hard, hard);
		clock.advance(10_000);
		clock.setWall(clock.now() + jumpMs);
		expect(phase(target('work'))).toBe('open');
		expect(health.actions()[0]?.expiresAtMs).toBe(clock.now() + 20_000);
		clock.advance(19_999);
		expect(phase(target('work'))).toBe('open');
		clock.advance(1);
		expect(phase(target('work'))).toBe('half-open');
	});
});

test('cooldowns of an earlier run are told once to the screens of this one', () => {
	const first = createHealth();
	first.send(target('work'), limited);
	const second = createHealth(first.saved, first.clock);
	second.health.member(target('work'));
	second.health.tellAll();
	second.health.tellAll();
	expect(second.events).toMatchObject([{type: 'breaker-changed', phase: 'open', account: 'work'}]);
});
