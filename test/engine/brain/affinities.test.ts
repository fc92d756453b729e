import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {JumpWatch} from '../../../source/attempt/jump-watch.ts';
import {Affinities, type AffinitySuccess} from '../../../source/engine/brain/affinities.ts';
import {openStateStore} from '../../../source/engine/brain/state-store.ts';
import {fakeClock} from '../../support/clock.ts';
import {endpoint} from '../../support/endpoint.ts';
import {temporaryFolder} from '../../support/folder.ts';

const day = 24 * 3_600_000;

const open = (folder: string, {clock = fakeClock(), maxEntries = 10_000} = {}) => {
	const store = openStateStore(path.join(folder, 'state.db'), clock.now, () => undefined);
	const faults: string[] = [];
	const jumps = new JumpWatch({now: clock.now, monotonic: clock.monotonic, uptime: clock.monotonic});
	const options = {store, now: clock.now, jumps, onFault: (sentence: string) => faults.push(sentence), maxEntries};
	return {affinities: new Affinities(options), clock, faults, store};
};

const success = (sessionId: string | undefined, provider = 'a', more: Partial<AffinitySuccess> = {}) => ({
	service: 'codex' as const,
	sessionId,
	identitySource: 'header',
	endpoint: endpoint(provider),
	account: 'default',
	graphKey: 'graph-1',
	routePath: ['main', provider],
	failedBefore: undefined,
	...more,
});

test('the first success ties a session, later ones at the same endpoint only refresh it', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	const startMs = clock.now();
	affinities.recordSuccess(success('s1'));
	clock.advance(5000);
	affinities.recordSuccess(success('s1'));
	expect(affinities.affinityOf('codex', 's1')).toEqual({
		endpointKey: 'codex/a/default',
		account: 'default',
		baseUrl: 'https://a.example/v1',
		graphKey: 'graph-1',
		lastSelectedAtMs: startMs + 5000,
		lastChangedAtMs: startMs,
		changeReason: 'first_success',
		identitySource: 'header',
		routePath: ['main', 'a'],
	});
	expect(affinities.affinityOf('claude', 's1')).toBeUndefined();
	store.close();
});

test('tied sessions are counted by endpoint, without those whose tie is too old', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	affinities.recordSuccess(success('old', 'a'));
	clock.advance(8 * day);
	affinities.recordSuccess(success('s1', 'a'));
	affinities.recordSuccess(success('s2', 'b'));
	affinities.recordSuccess(success('s3', 'b'));
	expect(Object.fromEntries(affinities.tiedByEndpoint())).toEqual({'codex/a/default': 1, 'codex/b/default': 2});
	store.close();
});

test.each([
	['target_changed', undefined],
	['failover_after_status_503', {code: 'status-503', status: 503}],
	['failover_after_status_429', {code: 'quota-exhausted', status: 429}],
	['failover_after_stream_cut', {code: 'stream-cut', status: 200}],
	['failover_after_connection_refused', {code: 'connection-refused', status: undefined}],
])('a move says why: %s', (reason, failedBefore) => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	affinities.recordSuccess(success('s1'));
	clock.advance(1000);
	affinities.recordSuccess(success('s1', 'b', {failedBefore}));
	expect(affinities.affinityOf('codex', 's1')).toMatchObject({
		endpointKey: 'codex/b/default',
		changeReason: reason,
		lastChangedAtMs: clock.now(),
	});
	store.close();
});

test('a new address under the old name is another target, another account is not', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	const startMs = clock.now();
	affinities.recordSuccess(success('s1'));
	clock.advance(1000);
	affinities.recordSuccess(success('s1', 'a', {account: 'second'}));
	expect(affinities.affinityOf('codex', 's1')).toMatchObject({account: 'second', lastChangedAtMs: startMs});
	affinities.recordSuccess(success('s1', 'a', {endpoint: endpoint('a', {baseUrl: 'https://new.example'})}));
	expect(affinities.affinityOf('codex', 's1')).toMatchObject({changeReason: 'target_changed'});
	store.close();
});

test('a thread without a session is not stored', () => {
	using folder = temporaryFolder();
	const {affinities, store} = open(folder.path);
	affinities.recordSuccess(success(undefined));
	expect(affinities.size).toBe(0);
	expect(affinities.affinityOf('codex', undefined)).toBeUndefined();
	expect(store.list('affinity')).toEqual([]);
	store.close();
});

test('a restart and an edit of the routes keep it', () => {
	using folder = temporaryFolder();
	const first = open(folder.path);
	first.affinities.recordSuccess(success('s1'));
	first.store.close();
	const next = open(folder.path, {clock: first.clock});
	expect(next.affinities.affinityOf('codex', 's1')).toMatchObject({
		endpointKey: 'codex/a/default',
		graphKey: 'graph-1',
	});
	next.affinities.recordSuccess(success('s1', 'a', {graphKey: 'graph-2'}));
	expect(next.affinities.affinityOf('codex', 's1')).toMatchObject({graphKey: 'graph-2', changeReason: 'first_success'});
	expect(next.faults).toEqual([]);
	next.store.close();
});

test('seven days without a request end it, also on disk', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	affinities.recordSuccess(success('old'));
	clock.advance(7 * day + 1);
	expect(affinities.affinityOf('codex', 'old')).toBeUndefined();
	affinities.recordSuccess(success('new'));
	expect(affinities.size).toBe(1);
	expect(store.list('affinity').map(([key]) => key)).toEqual(['codex new']);
	store.close();
});

test('beyond the limit the least recently used go first, over a restart as well', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path, {maxEntries: 3});
	for (const id of ['s1', 's2', 's3', 's1', 's4']) {
		clock.advance(61_000);
		affinities.recordSuccess(success(id));
	}

	expect(['s1', 's2', 's3', 's4'].map(id => affinities.affinityOf('codex', id) !== undefined)).toEqual([
		true,
		false,
		true,
		true,
	]);
	store.close();
	const next = open(folder.path, {clock, maxEntries: 2});
	expect(['s1', 's3', 's4'].map(id => next.affinities.affinityOf('codex', id) !== undefined)).toEqual([
		true,
		false,
		true,
	]);
	next.store.close();
});

test('affinities of another version are left alone and told in one sentence', () => {
	using folder = temporaryFolder();
	const {clock, store} = open(folder.path);
	const foreign = {schema: 2, target: 'somewhere'};
	store.set('affinity', 'codex s1', foreign);
	store.set('affinity', 'codex s2', 'nonsense');
	store.close();
	const next = open(folder.path, {clock});
	expect(next.affinities.size).toBe(0);
	expect(next.faults).toEqual([expect.stringMatching(/2 session affinities of another version/)]);
	expect(next.store.get('affinity', 'codex s1')).toEqual(foreign);
	next.affinities.recordSuccess(success('s1'));
	expect(next.affinities.affinityOf('codex', 's1')).toMatchObject({changeReason: 'first_success'});
	next.store.close();
});

test('a session that is used all the time is written once a minute', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	const stored = () => store.get('affinity', 'codex s1');
	affinities.recordSuccess(success('s1'));
	const first = stored();
	clock.advance(59_000);
	affinities.recordSuccess(success('s1'));
	expect(stored()).toEqual(first);
	clock.advance(1000);
	affinities.recordSuccess(success('s1'));
	expect(stored()).toMatchObject({lastSelectedAtMs: clock.now()});
	store.close();
});

test('it can be forgotten, and a clock that jumps back loses none', () => {
	using folder = temporaryFolder();
	const {affinities, clock, store} = open(folder.path);
	affinities.recordSuccess(success('s1'));
	affinities.recordSuccess(success('s2'));
	clock.setWall(clock.now() - 30 * day);
	expect(affinities.affinityOf('codex', 's1')).toBeDefined();
	affinities.forget('codex', 's1');
	expect(affinities.affinityOf('codex', 's1')).toBeUndefined();
	expect(affinities.affinityOf('codex', 's2')).toBeDefined();
	store.close();
});

describe('a clock that jumps', () => {
	test.each([-30 * day, 30 * day])('by %d ms neither unties a session nor keeps it tied for longer', jumpMs => {
		using folder = temporaryFolder();
		const {affinities, clock, store} = open(folder.path);
		affinities.recordSuccess(success('s1'));
		clock.advance(day);
		clock.setWall(clock.now() + jumpMs);
		const lastSelectedAtMs = clock.now() - day;
		expect(affinities.affinityOf('codex', 's1')).toMatchObject({lastSelectedAtMs, lastChangedAtMs: lastSelectedAtMs});
		affinities.recordSuccess(success('s2'));
		expect([affinities.size, affinities.newest(9).length, affinities.tiedByEndpoint().size]).toEqual([2, 2, 1]);
		clock.advance(6 * day);
		expect(affinities.affinityOf('codex', 's1')).toBeDefined();
		clock.advance(1);
		expect(affinities.affinityOf('codex', 's1')).toBeUndefined();
		expect(affinities.affinityOf('codex', 's2')).toBeDefined();
		store.close();
	});

	test('is written with the next success, so that a restart has the new times', () => {
		using folder = temporaryFolder();
		const first = open(folder.path);
		first.affinities.recordSuccess(success('s1'));
		first.clock.setWall(first.clock.now() + 30 * day);
		first.affinities.recordSuccess(success('s1'));
		first.store.close();
		const second = open(folder.path, {clock: first.clock});
		expect(second.affinities.affinityOf('codex', 's1')).toMatchObject({lastSelectedAtMs: first.clock.now()});
		second.store.close();
	});

	test('that was set back while nobody ran keeps no tie for longer than seven days', () => {
		using folder = temporaryFolder();
		const first = open(folder.path);
		first.affinities.recordSuccess(success('s1'));
		first.store.close();
		first.clock.setWall(first.clock.now() - 365 * day);
		const second = open(folder.path, {clock: first.clock});
		expect(second.affinities.affinityOf('codex', 's1')).toMatchObject({lastSelectedAtMs: first.clock.now()});
		first.clock.advance(7 * day + 1);
		expect(second.affinities.affinityOf('codex', 's1')).toBeUndefined();
		second.store.close();
	});
});
