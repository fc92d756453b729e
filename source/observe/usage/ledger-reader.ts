import {createReadStream} from 'node:fs';
import {open, stat, type FileHandle} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {createGunzip} from 'node:zlib';
import {codeOf} from '../../base/errors.ts';
import {parseJson} from '../../base/json.ts';
import {rotatedNamesOf} from '../log-rotation.ts';
import {LineCutter} from './line-cutter.ts';

/** What a {@link LedgerReader} needs. */
export interface LedgerReaderOptions {
	/** `logs/requests.jsonl`; what was rotated stands beside it. */
	readonly path: string;
	/** Takes one parsed line; false: it is no record of a request. */
	readonly take: (record: unknown) => boolean;
}

const blockBytes = 64 * 1024;
const openTries = 5;

/** `requests.2026-11-21T11-00-00-000Z.jsonl` with or without `.gz`: what the file is called once and for all. */
const plainName = (name: string): string => name.replace(/\.gz$/, '');

/** When a rotated file was closed: its requests began before. NaN where the name has no such time. */
const closedAtMs = (name: string): number => {
	const stamp = /\.(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)\./.exec(name);
	return stamp === null ? Number.NaN : Date.parse(`${stamp[1]}:${stamp[2]}:${stamp[3]}.${stamp[4]}`);
};

/**
 * Reads the ledger from outside: rotated files once, the newest first and only as far back as is asked for, then the active file as it
 * grows. The writer is not asked and not slowed: nothing is locked. Each line is taken once, also when the file is rotated meanwhile.
 */
export class LedgerReader {
	readonly #options: LedgerReaderOptions;
	readonly #unreadable: string[] = [];
	/** Rotated files that were seen, by plain name; true: read, or the one that was open. */
	readonly #rotated = new Map<string, boolean>();
	#handle: FileHandle | undefined;
	#inode = 0;
	#position = 0;
	#cutter: LineCutter;
	#brokenLines = 0;
	#isReading = false;
	#isClosed = false;

	constructor(options: LedgerReaderOptions) {
		this.#options = options;
		this.#cutter = this.#newCutter();
	}

	/** Lines that are no record of a request, empty ones aside. */
	get brokenLines(): number {
		return this.#brokenLines;
	}

	/** Names of rotated files that could not be read to their end. */
	get unreadableFiles(): readonly string[] {
		return this.#unreadable;
	}

	/** Rotated files that hold requests since a moment and were not read yet. */
	filesLeft(sinceMs: number): number {
		return this.#missing(sinceMs).length;
	}

	/**
	 * Takes in what is new, and rotated files that may hold requests since a moment. Resolves when all is read; a second call
	 * meanwhile does nothing. Rejects with the file system's error where the active file or its folder cannot be read.
	 */
	async read(sinceMs: number): Promise<void> {
		if (this.#isReading || this.#isClosed) {
			return;
		}

		this.#isReading = true;
		try {
			await this.#readActive();
			for (const name of this.#missing(sinceMs)) {
				if (this.#isClosed) {
					return;
				}

				this.#rotated.set(name, true);
				await this.#readRotated(name);
			}
		} finally {
			this.#isReading = false;
			if (this.#isClosed) {
				await this.close();
			}
		}
	}

	/** Nothing is read afterwards. */
	async close(): Promise<void> {
		this.#isClosed = true;
		if (!this.#isReading) {
			const handle = this.#handle;
			this.#handle = undefined;
			await handle?.close();
		}
	}

	#missing(sinceMs: number): readonly string[] {
		return [...this.#rotated]
			.filter(([name, isRead]) => !isRead && !(closedAtMs(name) < sinceMs))
			.map(([name]) => name)
			.toSorted()
			.toReversed();
	}

	#newCutter(): LineCutter {
		return new LineCutter({
			onLine: line => {
				if (!this.#options.take(parseJson(line))) {
					this.#brokenLines++;
				}
			},
			onTooLong: () => this.#brokenLines++,
		});
	}

	async #readActive(): Promise<void> {
		if (this.#handle === undefined && !(await this.#openActive(true))) {
			return;
		}

		await this.#drain();
		const found = await this.#statActive();
		if (found?.ino === this.#inode && found.size >= this.#position) {
			return;
		}

		// It was rotated: the writer opened the new one after the last line of the old one.
		await this.#drain();
		this.#cutter.end();
		await this.#handle?.close();
		this.#handle = undefined;
		// Cut short in place, it is a new file under the old name.
		if (await this.#openActive(found?.ino === this.#inode)) {
			await this.#drain();
		}
	}

	/** Opens the active file and notes what was rotated, as they are at one moment. False: there is no active file. */
	async #openActive(isFirst: boolean): Promise<boolean> {
		const {path: logPath} = this.#options;
		for (let tries = 0; tries < openTries; tries++) {
			const handle = await openOrMissing(logPath);
			const names = await rotatedNamesOf(logPath).catch(nothingMissing);
			const [own, found] = [await handle?.stat(), await this.#statActive()];
			if (own?.ino !== found?.ino) {
				await handle?.close();
				continue;
			}

			this.#note(names, isFirst);
			this.#handle = handle;
			this.#inode = own?.ino ?? 0;
			this.#position = 0;
			this.#cutter = this.#newCutter();
			return handle !== undefined;
		}

		return false;
	}

	/** The first file that has appeared since is the one that was open until now. */
	#note(names: readonly string[], isFirst: boolean): void {
		const added = [...new Set(names.map(plainName))].filter(name => !this.#rotated.has(name)).toSorted();
		for (const [index, name] of added.entries()) {
			this.#rotated.set(name, !isFirst && index === 0);
		}
	}

	async #statActive() {
		try {
			return await stat(this.#options.path);
		} catch (error) {
			if (codeOf(error) === 'ENOENT') {
				return undefined;
			}

			throw error;
		}
	}

	async #drain(): Promise<void> {
		for (;;) {
			// Each block waits for the disk, so whoever else lives on this thread gets its turn.
			const block = Buffer.allocUnsafeSlow(blockBytes);
			const bytesRead = this.#isClosed
				? 0
				: ((await this.#handle?.read(block, 0, blockBytes, this.#position))?.bytesRead ?? 0);
			if (bytesRead === 0) {
				return;
			}

			this.#position += bytesRead;
			this.#cutter.push(block.subarray(0, bytesRead));
		}
	}

	/** It may be compressed at any moment, and deleted when it is too old. */
	async #readRotated(name: string): Promise<void> {
		const file = path.join(path.dirname(this.#options.path), name);
		const cutter = this.#newCutter();
		const take = async (blocks: AsyncIterable<Buffer>): Promise<void> => {
			for await (const block of blocks) {
				cutter.push(block);
			}
		};
		try {
			await pipeline(createReadStream(file, {highWaterMark: blockBytes}), take).catch(async (error: unknown) => {
				if (codeOf(error) !== 'ENOENT') {
					throw error;
				}

				await pipeline(createReadStream(`${file}.gz`), createGunzip({chunkSize: blockBytes}), take);
			});
			cutter.end();
		} catch (error) {
			if (codeOf(error) !== 'ENOENT') {
				this.#unreadable.push(name);
			}
		}
	}
}

/** There is no folder either. */
const nothingMissing = (error: unknown): readonly string[] => {
	if (codeOf(error) === 'ENOENT') {
		return [];
	}

	throw error;
};

const openOrMissing = async (file: string): Promise<FileHandle | undefined> => {
	try {
		return await open(file, 'r');
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};
