import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {JumpWatch} from '../../../source/attempt/jump-watch.ts';
import {Pins} from '../../../source/engine/brain/pins.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import type {EngineEvent} from '../../../source/event/catalogue.ts';
import {fakeClock} from '../../support/clock.ts';
import {temporaryFolder} from '../../support/folder.ts';
import {memoryState} from '../../support/memory-state.ts';

test('a pin is announced, survives a restart, and ends when it is cleared', () => {
	using folder = temporaryFolder();
	const clock = fakeClock();
	const events: EngineEvent[] = [];
	const store = openStateStore(path.join(folder.path, 'state.db'), clock.now, () => undefined);
	const create = (): Pins => new Pins(store, event => events.push(event), {now: clock.now});
	const pin = {endpointKey: 'codex/a/default', mode: 'prefer', setAtMs: clock.now()};
	create().set('codex', 'codex/a/default', 'prefer');
	expect(events).toEqual([{type: 'pin-changed', atMs: clock.now(), service: 'codex', pin}]);
	const second = create();
	expect([second.of('codex'), second.of('claude')]).toEqual([pin, undefined]);
	second.announceAll();
	expect(events).toHaveLength(2);
	second.clear('codex');
	expect(events.at(-1)).toMatchObject({pin: undefined});
	expect(create().of('codex')).toBeUndefined();
	store.set('pin', 'codex', {endpointKey: 7});
	expect(create().of('codex')).toBeUndefined();
	store.close();
});

const createPins = (store = memoryState(), clock = fakeClock()) => {
	const events: EngineEvent[] = [];
	const jumps = new JumpWatch({now: clock.now, monotonic: clock.monotonic, uptime: clock.monotonic});
	return {store, clock, events, pins: new Pins(store, event => events.push(event), {now: clock.now, jumps})};
};

test('a session follows its own pin, every other one that of the service', () => {
	const {pins, events, clock} = createPins();
	pins.set('codex', 'codex/a/default', 'only');
	pins.pin('codex', {endpointKey: 'codex/b/default', mode: 'prefer', sessionId: 's1', account: 'work'});
	expect(pins.pinFor('codex', 's1')).toEqual({
		endpointKey: 'codex/b/default',
		mode: 'prefer',
		account: 'work',
		setAtMs: clock.now(),
	});
	expect(pins.pinFor('codex', 's2')?.endpointKey).toBe('codex/a/default');
	expect(pins.pinFor('codex', undefined)?.endpointKey).toBe('codex/a/default');
	expect(pins.pinFor('claude', 's1')).toBeUndefined();
	expect(events.at(-1)).toMatchObject({type: 'pin-changed', service: 'codex', sessionId: 's1'});
	pins.clear('codex', 's1');
	expect(pins.pinFor('codex', 's1')?.endpointKey).toBe('codex/a/default');
	expect(events.at(-1)).toMatchObject({sessionId: 's1', pin: undefined});
});

test('a pin with an end holds until then, over a restart too, and tells that it is over', () => {
	const first = createPins();
	first.pins.pin('codex', {
		endpointKey: 'codex/a/default',
		mode: 'only',
		sessionId: 's1',
		untilMs: first.clock.now() + 60_000,
	});
	const second = createPins(first.store, first.clock);
	second.clock.advance(59_999);
	expect(second.pins.pinFor('codex', 's1')?.endpointKey).toBe('codex/a/default');
	second.clock.advance(1);
	expect(second.pins.pinFor('codex', 's1')).toBeUndefined();
	expect(second.events).toEqual([
		{
			type: 'pin-changed',
			atMs: second.clock.now(),
			service: 'codex',
			sessionId: 's1',
			pin: undefined,
			hasExpired: true,
		},
	]);
	expect(createPins(first.store, first.clock).pins.list()).toEqual([]);
});

test('a pin whose end was reached while nobody ran is gone at the start, and told', () => {
	const first = createPins();
	first.pins.pin('claude', {endpointKey: 'claude/a/default', mode: 'only', untilMs: first.clock.now() + 1000});
	first.clock.advance(5000);
	const second = createPins(first.store, first.clock);
	expect(second.pins.of('claude')).toBeUndefined();
	expect(second.events).toMatchObject([{service: 'claude', pin: undefined, hasExpired: true}]);
});

test('a pin cannot end in the past', () => {
	const {pins, clock, events} = createPins();
	expect(() => pins.pin('codex', {endpointKey: 'codex/a/default', mode: 'only', untilMs: clock.now()})).toThrow(
		/end in the future/,
	);
	expect(() => pins.pin('codex', {endpointKey: 'codex/a/default', mode: 'only', untilMs: Number.NaN})).toThrow(
		/end in the future/,
	);
	expect(events).toEqual([]);
});

test('of more than a thousand sessions the one that was pinned first is forgotten', () => {
	const {pins, store} = createPins();
	pins.set('codex', 'codex/a/default', 'only');
	for (let index = 0; index < 1002; index++) {
		pins.pin('codex', {endpointKey: 'codex/b/default', mode: 'only', sessionId: `s${index}`});
	}

	expect(pins.pinFor('codex', 's0')?.endpointKey).toBe('codex/a/default');
	expect(pins.pinFor('codex', 's1001')?.endpointKey).toBe('codex/b/default');
	expect(store.list('pin').length).toBeLessThanOrEqual(1003);
});

describe('a clock that jumps', () => {
	const minute = 60_000;

	test.each([-365 * 86_400_000, -3_600_000, 3_600_000, 365 * 86_400_000])(
		'by %d ms neither ends a pin at once nor lets it live for longer than it was made for',
		jumpMs => {
			const {pins, clock, events, store} = createPins();
			const from = {setAtMs: clock.now(), untilMs: clock.now() + 60 * minute};
			pins.pin('codex', {endpointKey: 'codex/a/default', mode: 'only', untilMs: from.untilMs});
			clock.advance(20 * minute);
			clock.setWall(clock.now() + jumpMs);
			const moved = {setAtMs: from.setAtMs + jumpMs, untilMs: from.untilMs + jumpMs};
			expect(pins.of('codex')).toMatchObject(moved);
			// Screens count down to its end, and a restart goes on with it.
			expect(events.at(-1)).toMatchObject({type: 'pin-changed', pin: moved});
			expect(store.get('pin', 'codex')).toMatchObject(moved);
			clock.advance(40 * minute - 1);
			expect(pins.pinFor('codex', 's1')?.endpointKey).toBe('codex/a/default');
			clock.advance(1);
			expect(pins.of('codex')).toBeUndefined();
			expect(events.at(-1)).toMatchObject({pin: undefined, hasExpired: true});
		},
	);

	test('that was set back while nobody ran leaves a pin its own time and no more', () => {
		const first = createPins();
		first.pins.pin('codex', {endpointKey: 'codex/a/default', mode: 'only', untilMs: first.clock.now() + 60 * minute});
		first.clock.setWall(first.clock.now() - 365 * 86_400_000);
		const second = createPins(first.store, first.clock);
		expect(second.pins.of('codex')).toMatchObject({
			...{setAtMs: first.clock.now(), untilMs: first.clock.now() + 60 * minute},
		});
		first.clock.advance(60 * minute);
		expect(second.pins.of('codex')).toBeUndefined();
	});

	test('before a pin is made has nothing to do with it, and one without an end stays as it is', () => {
		const {pins, clock, events} = createPins();
		pins.set('codex', 'codex/a/default', 'prefer');
		const setAtMs = clock.now();
		clock.setWall(clock.now() + 86_400_000);
		pins.pin('codex', {endpointKey: 'codex/b/default', mode: 'only', sessionId: 's1', untilMs: clock.now() + minute});
		expect(pins.pinFor('codex', 's1')?.untilMs).toBe(clock.now() + minute);
		expect(pins.of('codex')).toMatchObject({setAtMs});
		expect(events).toHaveLength(2);
		clock.advance(minute);
		expect(pins.pinFor('codex', 's1')?.endpointKey).toBe('codex/a/default');
	});

	test('while the machine slept is no jump: the time of a pin passes asleep too', () => {
		const clock = fakeClock();
		let sleptMs = 0;
		const uptime = (): number => clock.monotonic() + sleptMs;
		const jumps = new JumpWatch({now: clock.now, monotonic: clock.monotonic, uptime});
		const pins = new Pins(memoryState(), () => undefined, {now: clock.now, jumps});
		pins.pin('codex', {endpointKey: 'codex/a/default', mode: 'only', untilMs: clock.now() + 60 * minute});
		sleptMs = 61 * minute;
		clock.setWall(clock.now() + sleptMs);
		expect(pins.of('codex')).toBeUndefined();
	});
});
