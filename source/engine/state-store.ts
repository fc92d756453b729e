import {chmodSync, existsSync, renameSync} from 'node:fs';
import {DatabaseSync, type StatementSync} from 'node:sqlite';
import {messageOf} from '../base/errors.ts';

/*
 * `state.db`: what the engine must still know after a restart. Plain rows (kind, key, JSON value); the kinds are named by whoever
 * owns them. Written at once: a row costs 40 µs in WAL mode and is rare (performance.md 2.7).
 */

const keptMs = 7 * 24 * 3_600_000;
/** Kinds that grow with traffic and fade after a week. What the user chose (a pin) or the engine must not forget (a breaker) stays. */
const fadingKinds = "('issued', 'turn-state')";
const busyMs = 200;

/** Runtime state on disk. Never throws after it is open: state that cannot be written is lost at a restart, traffic goes on. */
export class StateStore {
	readonly #database: DatabaseSync;
	readonly #read: StatementSync;
	readonly #write: StatementSync;
	readonly #remove: StatementSync;
	readonly #list: StatementSync;
	readonly #now: () => number;
	readonly #onFault: (sentence: string) => void;

	constructor(database: DatabaseSync, now: () => number, onFault: (sentence: string) => void) {
		this.#database = database;
		this.#now = now;
		this.#onFault = onFault;
		database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
		database.exec(
			'CREATE TABLE IF NOT EXISTS state (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, updated_ms INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID',
		);
		database.prepare(`DELETE FROM state WHERE kind IN ${fadingKinds} AND updated_ms < ?`).run(now() - keptMs);
		this.#read = database.prepare('SELECT value FROM state WHERE kind = ? AND key = ?');
		this.#write = database.prepare('INSERT OR REPLACE INTO state (kind, key, value, updated_ms) VALUES (?, ?, ?, ?)');
		this.#remove = database.prepare('DELETE FROM state WHERE kind = ? AND key = ?');
		this.#list = database.prepare('SELECT key, value FROM state WHERE kind = ?');
	}

	/** The value under a key, parsed; undefined where there is none. */
	get(kind: string, key: string): unknown {
		return this.#try(() => {
			const value = this.#read.get(kind, key)?.['value'];
			return typeof value === 'string' ? JSON.parse(value) : undefined;
		});
	}

	/** Stores a value that JSON can hold. */
	set(kind: string, key: string, value: unknown): void {
		this.#try(() => this.#write.run(kind, key, JSON.stringify(value), this.#now()));
	}

	delete(kind: string, key: string): void {
		this.#try(() => this.#remove.run(kind, key));
	}

	/** All rows of a kind. */
	list(kind: string): ReadonlyArray<readonly [key: string, value: unknown]> {
		return (
			this.#try(() =>
				this.#list.all(kind).map(row => [String(row['key']), JSON.parse(String(row['value'])) as unknown] as const),
			) ?? []
		);
	}

	close(): void {
		this.#try(() => this.#database.close());
	}

	#try<Value>(step: () => Value): Value | undefined {
		try {
			return step();
		} catch (error) {
			this.#onFault(`state.db: ${messageOf(error)}; what it should keep is lost at the next restart.`);
			return undefined;
		}
	}
}

/** SQLite's codes of a file that is no database of ours: SQLITE_ERROR (other columns), SQLITE_CORRUPT, SQLITE_NOTADB. */
const damageCodes: ReadonlySet<unknown> = new Set([1, 11, 26]);

const isDamage = (error: unknown): boolean =>
	error instanceof Error && 'errcode' in error && damageCodes.has(error.errcode);

/**
 * Opens `state.db`. A damaged one is set aside as `state.db.bad-<ms>` and a new one is begun; one that cannot be opened (locked by
 * another program, no right, full disk) stays as it is, and this run keeps its state in memory. `onFault` gets a sentence for people.
 */
export const openStateStore = (path: string, now: () => number, onFault: (sentence: string) => void): StateStore => {
	const open = (file: string): StateStore => {
		const database = new DatabaseSync(file, {timeout: busyMs});
		try {
			if (file === path) {
				chmodSync(path, 0o600);
			}

			return new StateStore(database, now, onFault);
		} catch (error) {
			database.close();
			throw error;
		}
	};

	try {
		return open(path);
	} catch (error) {
		if (!isDamage(error)) {
			onFault(`state.db cannot be opened (${messageOf(error)}); state of this run is kept in memory only.`);
			return open(':memory:');
		}

		const aside = `${path}.bad-${now()}`;
		setAside(path, aside);
		onFault(`state.db was damaged (${messageOf(error)}); it was set aside as ${aside} and a new one was begun.`);
		return open(path);
	}
};

const setAside = (path: string, aside: string): void => {
	for (const suffix of ['', '-wal', '-shm']) {
		if (existsSync(path + suffix)) {
			renameSync(path + suffix, aside + suffix);
		}
	}
};
