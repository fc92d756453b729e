import {chmodSync, existsSync, renameSync} from 'node:fs';
import {DatabaseSync, type StatementSync} from 'node:sqlite';
import {messageOf} from '../../base/errors.ts';
import {parseJson} from '../../base/json.ts';
import type {StateLost} from '../../event/upkeep.ts';
import {UnwrittenRows, type RowChange} from './unwritten-rows.ts';

/*
 * `state.db`: what the engine must still know after a restart. Plain rows (kind, key, JSON value); the kinds are named by whoever
 * owns them. Written at once: a row costs 40 µs in WAL mode and is rare (performance.md 2.7).
 */

const keptMs = 7 * 24 * 3_600_000;
/** Kinds that grow with traffic and fade after a week. What the user chose (a pin) or the engine must not forget (a breaker) stays. */
const fadingKinds = "('issued', 'turn-state', 'affinity')";
const busyMs = 200;

/** What became of the state; the sentence is for people. */
export type OnStateFault = (sentence: string, problem: StateLost['problem']) => void;

/** Rows of state. */
export interface StateRows {
	/** The value under a key, parsed; undefined where there is none. */
	readonly get: (kind: string, key: string) => unknown;
	/** Stores a value that JSON can hold. */
	readonly set: (kind: string, key: string, value: unknown) => void;
	readonly delete: (kind: string, key: string) => void;
	/** All rows of a kind. */
	readonly list: (kind: string) => ReadonlyArray<readonly [key: string, value: unknown]>;
}

/** One open database. */
class Rows {
	readonly database: DatabaseSync;
	readonly read: StatementSync;
	readonly write: StatementSync;
	readonly remove: StatementSync;
	readonly list: StatementSync;

	constructor(database: DatabaseSync, nowMs: number) {
		this.database = database;
		database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
		database.exec(
			'CREATE TABLE IF NOT EXISTS state (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, updated_ms INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID',
		);
		const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
		if (found !== 'ok') {
			throw new DamagedError(String(found));
		}

		database.prepare(`DELETE FROM state WHERE kind IN ${fadingKinds} AND updated_ms < ?`).run(nowMs - keptMs);
		this.read = database.prepare('SELECT value FROM state WHERE kind = ? AND key = ?');
		this.write = database.prepare('INSERT OR REPLACE INTO state (kind, key, value, updated_ms) VALUES (?, ?, ?, ?)');
		this.remove = database.prepare('DELETE FROM state WHERE kind = ? AND key = ?');
		this.list = database.prepare('SELECT key, value FROM state WHERE kind = ?');
	}
}

class DamagedError extends Error {}

/**
 * Runtime state on disk. Never throws after it is open: what cannot be written counts all the same, traffic goes on, and it is written with
 * the next row that can be. A database that turns out to be damaged is set aside, and a new one is begun.
 */
export class StateStore implements StateRows {
	#rows: Rows;
	#patienceMs = busyMs;
	readonly #unwritten = new UnwrittenRows();
	readonly #reopen: () => Rows;
	readonly #now: () => number;
	readonly #onFault: OnStateFault;

	constructor(parts: {
		readonly rows: Rows;
		readonly reopen: () => Rows;
		readonly now: () => number;
		readonly onFault: OnStateFault;
	}) {
		this.#rows = parts.rows;
		this.#reopen = parts.reopen;
		this.#now = parts.now;
		this.#onFault = parts.onFault;
	}

	get(kind: string, key: string): unknown {
		const change = this.#unwritten.of(kind, key);
		if (change) {
			return change.json === undefined ? undefined : parseJson(change.json);
		}

		return this.#try(({read}) => {
			const value = read.get(kind, key)?.['value'];
			return typeof value === 'string' ? parseJson(value) : undefined;
		});
	}

	set(kind: string, key: string, value: unknown): void {
		this.#change({kind, key, json: JSON.stringify(value)});
	}

	delete(kind: string, key: string): void {
		this.#change({kind, key, json: undefined});
	}

	list(kind: string): ReadonlyArray<readonly [key: string, value: unknown]> {
		const written = this.#try(({list}) =>
			list.all(kind).map(row => [String(row['key']), parseJson(String(row['value']))] as const),
		);
		return this.#unwritten.over(kind, written ?? []);
	}

	close(): void {
		this.#unwritten.drain(change => this.#write(change));
		this.#try(({database}) => database.close());
	}

	#change(change: RowChange): void {
		if (!this.#write(change)) {
			this.#unwritten.add(change);
			return;
		}

		this.#unwritten.forget(change.kind, change.key);
		this.#unwritten.drain(waiting => this.#write(waiting));
	}

	/** False where it could not be written; that is told. */
	#write({kind, key, json}: RowChange): boolean {
		const isWritten = this.#try(({write, remove}) => {
			if (json === undefined) {
				remove.run(kind, key);
			} else {
				write.run(kind, key, json, this.#now());
			}

			this.#setPatience(busyMs);
			return true;
		});
		return isWritten ?? false;
	}

	#try<Value>(step: (rows: Rows) => Value): Value | undefined {
		try {
			return step(this.#rows);
		} catch (error) {
			// A wait stops every stream: whoever locks for longer than one is not waited for again until a row was written.
			this.#setPatience(0);
			if (isDamage(error) && this.#rows.database.isOpen) {
				return this.#rebuilt(step);
			}

			this.#lost(error);
			return undefined;
		}
	}

	#setPatience(patienceMs: number): void {
		const {database} = this.#rows;
		if (this.#patienceMs !== patienceMs && database.isOpen) {
			this.#patienceMs = patienceMs;
			database.exec(`PRAGMA busy_timeout = ${patienceMs}`);
		}
	}

	#rebuilt<Value>(step: (rows: Rows) => Value): Value | undefined {
		try {
			this.#rows.database.close();
			this.#rows = this.#reopen();
			this.#patienceMs = busyMs;
			return step(this.#rows);
		} catch (error) {
			this.#lost(error);
			return undefined;
		}
	}

	#lost(error: unknown): void {
		this.#onFault(
			`state.db: ${messageOf(error)}; what it should keep is written as soon as it can be, and lost if the engine ends before.`,
			'unwritten',
		);
	}
}

/** SQLite's codes of a file that is no database of ours: SQLITE_ERROR (other columns), SQLITE_CORRUPT, SQLITE_NOTADB. */
const damageCodes: ReadonlySet<unknown> = new Set([1, 11, 26]);

const isDamage = (error: unknown): boolean =>
	error instanceof DamagedError ||
	(error instanceof Error && 'errcode' in error && damageCodes.has(Number(error.errcode) & 0xff));

const openRows = (path: string, now: () => number): Rows => {
	const database = new DatabaseSync(path, {timeout: busyMs});
	try {
		if (path !== ':memory:') {
			chmodSync(path, 0o600);
		}

		return new Rows(database, now());
	} catch (error) {
		database.close();
		throw error;
	}
};

/**
 * Opens `state.db`. A damaged one is set aside as `state.db.bad-<ms>` and a new one is begun; one that cannot be opened (locked by
 * another program, no right, full disk) stays as it is, and this run keeps its state in memory. `onFault` gets a sentence for people.
 */
export const openStateStore = (path: string, now: () => number, onFault: OnStateFault): StateStore => {
	const open = (): Rows => {
		try {
			return openRows(path, now);
		} catch (error) {
			if (isDamage(error)) {
				return rebuild(messageOf(error));
			}

			onFault(`state.db cannot be opened (${messageOf(error)}); state of this run is kept in memory only.`, 'unusable');
			return openRows(':memory:', now);
		}
	};
	const rebuild = (why: string): Rows => {
		const aside = `${path}.bad-${now()}`;
		try {
			setAside(path, aside);
			onFault(`state.db was damaged (${why}); it was set aside as ${aside} and a new one was begun.`, 'damaged');
			return openRows(path, now);
		} catch (error) {
			onFault(
				`state.db is damaged (${why}) and cannot be set aside: ${messageOf(error)}; this run keeps its state in memory only.`,
				'unusable',
			);
			return openRows(':memory:', now);
		}
	};

	return new StateStore({rows: open(), reopen: () => rebuild('a page cannot be read'), now, onFault});
};

/**
 * The rows of a home's `state.db` for a command beside a running engine, or without one: read at the moment of each question, nothing is
 * ever written. Undefined where there is none or it cannot be read.
 */
export const readStateRows = (path: string): (StateRows & Disposable) | undefined => {
	try {
		const database = new DatabaseSync(path, {readOnly: true, timeout: busyMs});
		const all = database.prepare('SELECT key, value FROM state WHERE kind = ?');
		const list: StateRows['list'] = kind =>
			all.all(kind).map(row => [String(row['key']), parseJson(String(row['value']))] as const);
		return {
			list,
			get: (kind, key) => list(kind).find(([name]) => name === key)?.[1],
			set: () => undefined,
			delete: () => undefined,
			[Symbol.dispose]: () => database.close(),
		};
	} catch {
		// Before the first run there is no file; a damaged or locked one is the engine's to tell of.
		return undefined;
	}
};

const setAside = (path: string, aside: string): void => {
	for (const suffix of ['', '-wal', '-shm']) {
		if (existsSync(path + suffix)) {
			renameSync(path + suffix, aside + suffix);
		}
	}
};
