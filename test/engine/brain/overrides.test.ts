import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {Overrides} from '../../../source/engine/brain/overrides.ts';
import {askOf, SessionProfiles} from '../../../source/engine/brain/session-profile.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {JumpWatch} from '../../../source/attempt/jump-watch.ts';
import {fakeClock} from '../../support/clock.ts';
import {memoryState} from '../../support/memory-state.ts';
import {temporaryFolder} from '../../support/folder.ts';

const minute = 60_000;
const open = (folder: string, clock = fakeClock()) => {
	const store = openStateStore(path.join(folder, 'state.db'), clock.now, () => undefined);
	return {overrides: new Overrides(store, clock.now), profiles: new SessionProfiles(store), clock, store};
};

describe('a session’s override', () => {
	test('is kept over a restart, per service and session', () => {
		using folder = temporaryFolder();
		const first = open(folder.path);
		first.overrides.set('codex', 's1', {model: 'big', effort: '', tier: undefined});
		first.store.close();
		const {overrides, store} = open(folder.path, first.clock);
		expect(overrides.of('codex', 's1')).toMatchObject({model: 'big', effort: undefined, tier: undefined});
		expect(overrides.of('codex', 's2')).toBeUndefined();
		expect(overrides.of('claude', 's1')).toBeUndefined();
		expect(overrides.of('codex', undefined)).toBeUndefined();
		store.close();
	});

	test('ends after half an hour without a request of the session, and each request begins it anew', () => {
		using folder = temporaryFolder();
		const {overrides, clock, store} = open(folder.path);
		overrides.set('codex', 's1', {tier: 'flex'});
		clock.advance(29 * minute);
		expect(overrides.use('codex', 's1')).toMatchObject({tier: 'flex'});
		store.close();
		const next = open(folder.path, clock);
		clock.advance(29 * minute);
		expect(next.overrides.of('codex', 's1')).toMatchObject({tier: 'flex'});
		clock.advance(2 * minute);
		expect(next.overrides.use('codex', 's1')).toBeUndefined();
		expect(next.overrides.list()).toEqual([]);
		expect(next.store.list('override')).toEqual([]);
		next.store.close();
	});

	test.for([3 * 3_600_000, -3 * 3_600_000])(
		'is not ended and not kept for longer by a clock that is set by %d ms',
		jumpMs => {
			const clock = fakeClock();
			const store = memoryState();
			const jumps = new JumpWatch({now: clock.now, monotonic: clock.monotonic, uptime: clock.monotonic});
			const overrides = new Overrides(store, clock.now, jumps);
			overrides.set('codex', 's1', {tier: 'flex'});
			clock.advance(10 * minute);
			clock.setWall(clock.now() + jumpMs);
			expect(overrides.of('codex', 's1')).toMatchObject({tier: 'flex'});
			expect(new Overrides(store, clock.now).of('codex', 's1')).toMatchObject({tier: 'flex'});
			clock.advance(19 * minute);
			expect(overrides.list()).toHaveLength(1);
			clock.advance(2 * minute);
			expect(overrides.list()).toEqual([]);
		},
	);

	test('is not kept for longer by a clock that was set back while nobody ran', () => {
		const clock = fakeClock();
		const store = memoryState();
		new Overrides(store, clock.now).set('codex', 's1', {tier: 'flex'});
		clock.setWall(clock.now() - 365 * 86_400_000);
		const next = new Overrides(store, clock.now);
		expect(next.of('codex', 's1')).toMatchObject({tier: 'flex', usedAtMs: clock.now()});
		clock.advance(30 * minute + 1);
		expect(next.of('codex', 's1')).toBeUndefined();
	});

	test('is gone when it is cleared or when nothing is left of it', () => {
		using folder = temporaryFolder();
		const {overrides, store} = open(folder.path);
		overrides.set('codex', 's1', {model: 'a'});
		overrides.set('codex', 's2', {model: 'a'});
		overrides.clear('codex', 's1');
		expect(overrides.set('codex', 's2', {model: ''})).toBeUndefined();
		expect(overrides.list()).toEqual([]);
		expect(store.list('override')).toEqual([]);
		store.close();
	});

	test('that nobody can read is dropped at the start', () => {
		using folder = temporaryFolder();
		const {store, clock} = open(folder.path);
		store.set('override', 'codex s1', {model: 'a'});
		store.set('override', 'gemini s1', {model: 'a', setAtMs: clock.now(), usedAtMs: clock.now()});
		store.close();
		const next = open(folder.path, clock);
		expect(next.overrides.list()).toEqual([]);
		expect(next.store.list('override')).toEqual([]);
		next.store.close();
	});
});

describe('the precedence (routing.md 9)', () => {
	const request = {model: 'asked', effort: 'low', tier: 'priority'};
	const manual = {name: 'deep', mode: 'manual'} as const;
	const profile = {model: 'profiled', effort: 'high', tier: 'fast'};

	test('session override before a profile applied by hand before the request, field by field', () => {
		expect(askOf({request, override: {model: 'mine'}, binding: manual, profile: {effort: 'high'}})).toEqual({
			model: {value: 'mine', source: 'session_override'},
			effort: {value: 'high', source: 'profile'},
			tier: {value: 'priority', source: 'request'},
			profile: manual,
		});
	});

	test('an automatic default profile changes no field, service_tier "priority" stays', () => {
		const binding = {name: 'standard', mode: 'default'} as const;
		expect(askOf({request, override: undefined, binding, profile: {...profile, tier: 'flex'}})).toEqual({
			model: {value: 'asked', source: 'request'},
			effort: {value: 'low', source: 'request'},
			tier: {value: 'priority', source: 'request'},
			profile: binding,
		});
	});

	test.each([
		['fast', 'priority', 'profile'],
		['flex', 'flex', 'profile'],
		['auto', 'priority', 'request'],
		['', 'priority', 'request'],
	])('a profile’s tier %j asks for %s', (tier, value, source) => {
		expect(askOf({request, override: undefined, binding: manual, profile: {tier}}).tier).toEqual({value, source});
	});

	test('a profile applied by hand is kept over a restart and beats the default one until it is cleared', () => {
		using folder = temporaryFolder();
		const first = open(folder.path);
		first.profiles.apply('codex', 's1', 'deep');
		first.store.close();
		const {profiles, store} = open(folder.path);
		expect(profiles.of('codex', 's1', 'standard')).toEqual(manual);
		expect(profiles.of('codex', 's2', 'standard')).toEqual({name: 'standard', mode: 'default'});
		expect(profiles.of('codex', undefined, 'standard')).toBeUndefined();
		expect(profiles.of('codex', 's2', undefined)).toBeUndefined();
		profiles.clear('codex', 's1');
		expect(profiles.of('codex', 's1', 'standard')).toMatchObject({mode: 'default'});
		store.close();
	});
});
