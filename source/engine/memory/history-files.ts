import {mkdir, open, readdir, readFile, rename, stat, unlink, utimes, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {readIfThere, replaceFile} from '../../base/atomic-file.ts';
import {codeOf, messageOf, RelayError} from '../../base/errors.ts';
import {readProcessRecord, recordSelf, withMutex} from '../../config/mutex.ts';
import {isAlive} from '../../config/process-life.ts';

/*
 * The files of the response store (translation.md 6.1): one JSON file per response, call and turn, for people to look into. Written one
 * after the other behind the requests' backs, each whole or not at all, mode 0600 in folders of mode 0700.
 */

/** The folders below the store's own. */
export const historyFolders = ['sessions', 'reasoning', 'turns'] as const;

/** One of {@link historyFolders}. */
export type HistoryFolder = (typeof historyFolders)[number];

/** A file as it was found. */
export interface HistoryFile {
	/** Without the ending. */
	readonly name: string;
	readonly bytes: number;
	/** Its time of change, which is moved with every use. */
	readonly usedAtMs: number;
}

/** What waits to be written may not grow without end where a disk is slower than the traffic. */
const mostWaitingBytes = 64 * 1024 * 1024;
const headBytes = 4096;
const ending = '.json';

const ifThere = async <Value>(step: Promise<Value>): Promise<Value | undefined> => {
	try {
		return await step;
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/** One process writes into a folder: a second one would not see what the first has thrown away. */
const lockFolder = async (root: string): Promise<void> => {
	const file = path.join(root, 'lock.json');
	await withMutex(`${file}.mutex`, async () => {
		const text = (await readIfThere(file))?.toString();
		const holder = text === undefined ? undefined : readProcessRecord(text);
		if (holder && holder.pid !== process.pid && (await isAlive(holder))) {
			throw new RelayError(
				'history-in-use',
				`${root} is in use by pid ${holder.pid}; give this codex-tui another folder (CODEX_TUI_HISTORY_DIR).`,
			);
		}

		await replaceFile(file, JSON.stringify(await recordSelf()), {mode: 0o600});
	});
};

/** The open store's folder. Nothing here rejects once it is open, but {@link HistoryFiles.read}. */
export class HistoryFiles {
	readonly #root: string;
	readonly #onFault: (sentence: string) => void;
	/** Texts that are not on disk yet. */
	readonly #waiting = new Map<string, string>();
	readonly #jobs: Array<() => Promise<unknown>> = [];
	#waitingBytes = 0;
	#running: Promise<void> | undefined;
	#isFaulty = false;

	private constructor(root: string, onFault: (sentence: string) => void) {
		this.#root = root;
		this.#onFault = onFault;
	}

	/**
	 * Makes the folders and takes the lock; `onFault` gets a sentence when writing begins to fail. Rejects with RelayError `history-in-use`
	 * or what the file system says.
	 */
	static async open(root: string, onFault: (sentence: string) => void): Promise<HistoryFiles> {
		await mkdir(root, {recursive: true, mode: 0o700});
		await lockFolder(root);
		for (const folder of historyFolders) {
			const place = path.join(root, folder);
			await mkdir(place, {recursive: true, mode: 0o700});
			for (const name of await readdir(place)) {
				if (name.endsWith('.tmp')) {
					await unlink(path.join(place, name));
				}
			}
		}

		return new HistoryFiles(root, onFault);
	}

	/** Writes a file soon. False where too much is waiting already: then it is not written at all. */
	write(folder: HistoryFolder, name: string, text: string): boolean {
		const file = this.#file(folder, name);
		if (this.#waitingBytes + text.length > mostWaitingBytes) {
			this.#fault(`${this.#root}: the disk is too slow for what should be kept; some of it is not.`);
			return false;
		}

		this.#waitingBytes += text.length;
		this.#waiting.set(file, text);
		this.#enqueue(async () => {
			try {
				// Else it was removed again, or written anew, before it was its turn.
				if (this.#waiting.get(file) === text) {
					await this.#writeWhole(file, text);
				}
			} finally {
				this.#waitingBytes -= text.length;
			}
		});
		return true;
	}

	/** Removes a file soon. */
	remove(folder: HistoryFolder, name: string): void {
		const file = this.#file(folder, name);
		this.#waiting.delete(file);
		this.#enqueue(() => ifThere(unlink(file)));
	}

	/** Notes that a file was used; soon. */
	touch(folder: HistoryFolder, name: string, atMs: number): void {
		const file = this.#file(folder, name);
		this.#enqueue(() => ifThere(utimes(file, atMs / 1000, atMs / 1000)));
	}

	/** Sets a damaged file aside, for people; soon. */
	setAside(folder: HistoryFolder, name: string): void {
		const file = this.#file(folder, name);
		this.#onFault(`${file} is damaged; it was set aside as ${file}.bad.`);
		this.#enqueue(() => ifThere(rename(file, `${file}.bad`)));
	}

	/** A file's text, also one that is still to be written; undefined where there is none. Rejects where it cannot be read. */
	async read(folder: HistoryFolder, name: string): Promise<string | undefined> {
		const file = this.#file(folder, name);
		return this.#waiting.get(file) ?? (await ifThere(readFile(file, 'utf8')));
	}

	/** The first bytes of a file, which hold its head. */
	async readHead(folder: HistoryFolder, name: string): Promise<string> {
		const handle = await open(this.#file(folder, name));
		try {
			const {bytesRead, buffer} = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
			return buffer.toString('utf8', 0, bytesRead);
		} finally {
			await handle.close();
		}
	}

	/** The files of a folder, the one that was unused for longest first. */
	async list(folder: HistoryFolder): Promise<readonly HistoryFile[]> {
		const found: HistoryFile[] = [];
		for (const name of await readdir(path.join(this.#root, folder))) {
			const stats = name.endsWith(ending) ? await ifThere(stat(path.join(this.#root, folder, name))) : undefined;
			if (stats?.isFile() === true) {
				found.push({name: name.slice(0, -ending.length), bytes: stats.size, usedAtMs: stats.mtimeMs});
			}
		}

		return found.toSorted((left, right) => left.usedAtMs - right.usedAtMs);
	}

	/** Resolves when all that waits is written; gives the folder back. */
	async close(): Promise<void> {
		await this.settled();
		await ifThere(unlink(path.join(this.#root, 'lock.json')));
	}

	/** Resolves when all that waits now is written. */
	async settled(): Promise<void> {
		while (this.#running) {
			await this.#running;
		}
	}

	#file(folder: HistoryFolder, name: string): string {
		return path.join(this.#root, folder, name + ending);
	}

	#enqueue(job: () => Promise<unknown>): void {
		this.#jobs.push(job);
		this.#running ??= this.#drain();
	}

	async #drain(): Promise<void> {
		for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
			try {
				await job();
			} catch (error) {
				this.#fault(
					`${this.#root} cannot be written: ${messageOf(error)}; conversations may be lost at the next restart.`,
				);
			}
		}

		this.#running = undefined;
	}

	async #writeWhole(file: string, text: string): Promise<void> {
		const temporary = `${file}.tmp`;
		try {
			await ifThere(unlink(temporary));
			await writeFile(temporary, text, {flag: 'wx', mode: 0o600});
			await rename(temporary, file);
			this.#isFaulty = false;
		} finally {
			if (this.#waiting.get(file) === text) {
				this.#waiting.delete(file);
			}
		}
	}

	/** Told once, and again after it was well. */
	#fault(sentence: string): void {
		if (!this.#isFaulty) {
			this.#isFaulty = true;
			this.#onFault(sentence);
		}
	}
}
