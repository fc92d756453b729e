import {closeSync, existsSync, openSync, readdirSync, statSync, writeFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, test} from 'vitest';
import {openStateStore, readStateRows, type StateStore} from '../../../source/engine/brain/state-store.ts';
import {UnwrittenRows} from '../../../source/engine/brain/unwritten-rows.ts';
import {VersionedRows} from '../../../source/engine/brain/versioned-rows.ts';
import {fakeClock} from '../../support/clock.ts';
import {temporaryFolder} from '../../support/folder.ts';

const openAt = (file: string, clock = fakeClock()) => {
	const faults: string[] = [];
	return {faults, clock, store: openStateStore(file, clock.now, sentence => faults.push(sentence))};
};

test('values survive a reopen, overwritten and removed ones too, and the file is the owner’s alone', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	const first = openAt(file).store;
	first.set('pin', 'codex', {endpointKey: 'a', list: [1, null, 'ä']});
	first.set('pin', 'claude', 1);
	first.set('pin', 'claude', 2);
	first.set('pin', 'gone', 3);
	first.delete('pin', 'gone');
	first.set('breaker', 'codex', 'other kind');
	first.close();
	const {store, faults} = openAt(file);
	expect(store.get('pin', 'codex')).toEqual({endpointKey: 'a', list: [1, null, 'ä']});
	expect(store.list('pin')).toEqual([
		['claude', 2],
		['codex', {endpointKey: 'a', list: [1, null, 'ä']}],
	]);
	expect(store.get('pin', 'gone')).toBeUndefined();
	expect(statSync(file).mode & 0o777).toBe(0o600);
	expect(faults).toEqual([]);
	store.close();
});

test.each([
	[
		'no database',
		(file: string) => writeFileSync(file, 'this is no database, but it is long enough to be read as one'),
	],
	[
		'a table of other columns',
		(file: string) => {
			const database = new DatabaseSync(file);
			database.exec('CREATE TABLE state (id INTEGER)');
			database.close();
		},
	],
])('a file that holds %s is set aside and told', (_, damage) => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	damage(file);
	const {size} = statSync(file);
	const {store, faults, clock} = openAt(file);
	store.set('pin', 'codex', 1);
	expect(store.get('pin', 'codex')).toBe(1);
	expect(statSync(`${file}.bad-${clock.now()}`).size).toBe(size);
	expect(faults).toEqual([
		expect.stringMatching(/^state\.db was damaged \(.+\); it was set aside as .+ and a new one was begun\.$/),
	]);
	store.close();
});

test('a file that another program has locked stays where it is, and this run works without it', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	const first = openAt(file).store;
	first.set('pin', 'codex', 'kept');
	first.close();
	const other = new DatabaseSync(file);
	other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
	const {store, faults} = openAt(file);
	store.set('pin', 'codex', 'of this run');
	expect(store.get('pin', 'codex')).toBe('of this run');
	expect(faults).toEqual([expect.stringContaining('kept in memory only')]);
	expect(readdirSync(folder.path).filter(name => name.includes('.bad-'))).toEqual([]);
	store.close();
	other.close();
	const again = openAt(file).store;
	expect(again.get('pin', 'codex')).toBe('kept');
	again.close();
});

test('a file that is locked while it is in use is waited for once, not with every row, and written again later', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	const {store, faults} = openAt(file);
	const other = new DatabaseSync(file);
	other.exec('BEGIN IMMEDIATE');
	const startedMs = performance.now();
	for (let row = 0; row < 20; row++) {
		store.set('pin', `codex ${row}`, row);
		store.get('pin', 'codex');
	}

	expect(performance.now() - startedMs).toBeLessThan(1000);
	expect(faults).toHaveLength(20);
	other.exec('ROLLBACK');
	other.close();
	store.set('pin', 'codex', 'later');
	expect(store.list('pin')).toHaveLength(21);
	store.close();
});

/** A store with two rows whose file another program locks; what is done meanwhile cannot be written. */
const changedWhileLocked = (file: string, change: (store: StateStore) => void): StateStore => {
	const {store} = openAt(file);
	store.set('pin', 'codex', 'first');
	store.set('pin', 'claude', 'first');
	const other = new DatabaseSync(file);
	other.exec('BEGIN IMMEDIATE');
	change(store);
	other.exec('ROLLBACK');
	other.close();
	return store;
};

test('what could not be written counts all the same, and is written with the next row that can be', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	const store = changedWhileLocked(file, locked => {
		locked.set('pin', 'codex', 'second');
		locked.delete('pin', 'claude');
		locked.set('breaker', 'key', 'third');
		locked.set('breaker', 'key', 'fourth');
		expect(locked.get('pin', 'codex')).toBe('second');
		expect(locked.get('pin', 'claude')).toBeUndefined();
		expect(locked.list('pin')).toEqual([['codex', 'second']]);
		expect(locked.list('breaker')).toEqual([['key', 'fourth']]);
	});
	store.set('breaker', 'key', 'fifth');
	// Killed here: nobody closes it.
	const again = openAt(file).store;
	expect([again.list('pin'), again.list('breaker')]).toEqual([[['codex', 'second']], [['key', 'fifth']]]);
	again.close();
	store.close();
});

test('what could not be written is written at the end where that is the next chance', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	changedWhileLocked(file, locked => locked.set('pin', 'codex', 'second')).close();
	const again = openAt(file).store;
	expect(again.get('pin', 'codex')).toBe('second');
	again.close();
});

test('of what cannot be written the newest ten thousand rows are kept', () => {
	const rows = new UnwrittenRows();
	for (let row = 0; row < 10_050; row++) {
		rows.add({kind: 'issued', key: `key-${row}`, json: '1'});
	}

	expect(rows.over('issued', [])).toHaveLength(10_000);
	expect(rows.of('issued', 'key-49')).toBeUndefined();
	const taken: string[] = [];
	rows.drain(({key}) => taken.push(key) < 3);
	expect(taken).toEqual(['key-50', 'key-51', 'key-52']);
	expect(rows.of('issued', 'key-51')).toBeUndefined();
	expect(rows.of('issued', 'key-52')).toMatchObject({json: '1'});
});

test('a folder that is not there costs the state, not the engine', () => {
	using folder = temporaryFolder();
	const {store, faults} = openAt(path.join(folder.path, 'missing', 'state.db'));
	store.set('pin', 'codex', 1);
	expect(store.get('pin', 'codex')).toBe(1);
	expect(faults).toHaveLength(1);
	expect(existsSync(path.join(folder.path, 'missing'))).toBe(false);
});

test('after a week what came with traffic is forgotten, what the user chose is not', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	const {store, clock} = openAt(file);
	for (const kind of ['issued', 'turn-state', 'pin', 'breaker', 'refused']) {
		store.set(kind, 'key', 1);
	}

	store.close();
	clock.advance(8 * 86_400_000);
	const again = openAt(file, clock).store;
	const left = ['issued', 'turn-state', 'pin', 'breaker', 'refused'].filter(kind => again.get(kind, 'key') === 1);
	expect(left).toEqual(['pin', 'breaker', 'refused']);
	again.close();
});

test('a store that is closed cannot write what comes later and says so instead of throwing', () => {
	using folder = temporaryFolder();
	const {store, faults} = openAt(path.join(folder.path, 'state.db'));
	store.close();
	store.set('pin', 'codex', 1);
	expect(store.get('pin', 'codex')).toBe(1);
	expect(store.list('breaker')).toEqual([]);
	expect(faults).toHaveLength(2);
});

/** A store with rows on many pages, one of which is then overwritten on the disk. */
const damagePage = (file: string): void => {
	const {size} = statSync(file);
	const handle = openSync(file, 'r+');
	writeSync(handle, Buffer.alloc(2048, 0xa5), 0, 2048, Math.floor(size / 2 / 4096) * 4096);
	closeSync(handle);
};

const fill = (file: string): void => {
	const {store} = openAt(file);
	for (let row = 0; row < 400; row++) {
		store.set('affinity', `session-${row}`, {text: 'x'.repeat(300)});
	}

	store.close();
};

test('a file that is damaged in its middle is found at the start, set aside and told', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	fill(file);
	damagePage(file);
	const problems: string[] = [];
	const {now} = fakeClock();
	const store = openStateStore(file, now, (_sentence, problem) => problems.push(problem));
	expect(problems).toEqual(['damaged']);
	expect(store.list('affinity')).toEqual([]);
	store.set('pin', 'codex', 1);
	expect(store.get('pin', 'codex')).toBe(1);
	expect(readdirSync(folder.path).some(name => name.includes('.bad-'))).toBe(true);
	store.close();
});

test('a file that is damaged while the engine runs is set aside, and the work goes on with a new one', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	fill(file);
	const problems: string[] = [];
	const {now} = fakeClock();
	const store = openStateStore(file, now, (_sentence, problem) => problems.push(problem));
	const other = new DatabaseSync(file);
	other.exec('DROP TABLE state');
	other.close();
	store.set('pin', 'codex', 'kept');
	expect(store.get('pin', 'codex')).toBe('kept');
	expect(problems).toEqual(['damaged']);
	store.close();
	expect(openAt(file).store.get('pin', 'codex')).toBe('kept');
});

const isText = (value: unknown): value is string => typeof value === 'string';

test('rows that another version wrote, or that are not of the kind, are ignored', () => {
	using folder = temporaryFolder();
	const {store} = openAt(path.join(folder.path, 'state.db'));
	const rows = new VersionedRows(store, {kind: 'affinity', version: 2, isValue: isText});
	rows.save('kept', 'a');
	store.set('affinity', 'older', {version: 1, value: 'a'});
	store.set('affinity', 'bare', 'a');
	store.set('affinity', 'other', {version: 2, value: 7});
	expect([...rows.load()]).toEqual([['kept', 'a']]);
	rows.remove('kept');
	expect(rows.load().size).toBe(0);
	store.close();
});

test('rows can be read beside a running engine without a change, and where there is no file there are none', () => {
	using folder = temporaryFolder();
	const file = path.join(folder.path, 'state.db');
	expect(readStateRows(file)).toBeUndefined();
	const {store} = openAt(file);
	store.set('pin', 'codex', {endpointKey: 'a'});
	using rows = readStateRows(file);
	expect(rows?.get('pin', 'codex')).toEqual({endpointKey: 'a'});
	rows?.set('pin', 'codex', 'changed');
	rows?.delete('pin', 'codex');
	expect(store.get('pin', 'codex')).toEqual({endpointKey: 'a'});
	store.close();
});
