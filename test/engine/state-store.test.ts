import {existsSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, test} from 'vitest';
import {openStateStore} from '../../source/engine/state-store.ts';
import {fakeClock} from '../support/clock.ts';
import {temporaryFolder} from '../support/folder.ts';

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

test('a store that is closed loses what comes later and says so instead of throwing', () => {
	using folder = temporaryFolder();
	const {store, faults} = openAt(path.join(folder.path, 'state.db'));
	store.close();
	store.set('pin', 'codex', 1);
	expect(store.get('pin', 'codex')).toBeUndefined();
	expect(store.list('pin')).toEqual([]);
	expect(faults).toHaveLength(3);
});
