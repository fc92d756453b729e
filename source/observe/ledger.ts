import {open} from 'node:fs/promises';
import type {FileHandle} from 'node:fs/promises';
import type {LedgerRecord} from '../event/view.ts';
import {limits} from '../wire/limits.ts';
import {LogFile} from './log-file.ts';
import type {LogFileOptions} from './log-file.ts';

/** Everything that {@link Ledger} needs; `now` is the wall clock, `maxBytes` is for tests. */
export interface LedgerOptions extends Pick<LogFileOptions, 'path' | 'onHealth'> {
	readonly now: () => number;
	readonly maxBytes?: number | undefined;
}

const dayMs = 24 * 60 * 60_000;
const keptBytes = 2 * 1024 * 1024 * 1024;

/** Writes `requests.jsonl`: one line for each client request, written when the request ends (architecture.md, State). */
export class Ledger {
	readonly #file: LogFile;

	constructor({path, onHealth, now, maxBytes = limits.requestsLogBytes}: LedgerOptions) {
		this.#file = new LogFile({
			path,
			maxBytes,
			onHealth,
			rotation: {compress: true, keepFiles: Number.POSITIVE_INFINITY, keepBytes: keptBytes, keepMs: 400 * dayMs, now},
		});
	}

	/** Never throws; a line that cannot be written is counted and told to `onHealth`. */
	append(record: LedgerRecord): void {
		this.#file.write(`${JSON.stringify(record)}\n`);
	}

	async close(): Promise<void> {
		await this.#file.close();
	}
}

const blockBytes = 64 * 1024;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only what readers rely on is checked: fields are only ever added. */
const isLedgerRecord = (value: unknown): value is LedgerRecord =>
	isObject(value) &&
	typeof value['request_id'] === 'string' &&
	typeof value['timestamp_ms'] === 'number' &&
	typeof value['status_code'] === 'number';

const parseLine = (line: string): readonly LedgerRecord[] => {
	try {
		const value: unknown = JSON.parse(line);
		return isLedgerRecord(value) ? [value] : [];
	} catch {
		// The line that a kill tore; the log promises that there may be one.
		return [];
	}
};

/** Blocks of a file from its end to its start. */
async function* blocksFromEnd(handle: FileHandle, maxBytes: number): AsyncGenerator<Buffer> {
	const {size} = await handle.stat();
	const stopAt = Math.max(0, size - maxBytes);
	for (let end = size; end > stopAt;) {
		const start = Math.max(stopAt, end - blockBytes);
		const block = Buffer.alloc(end - start);
		const {bytesRead} = await handle.read(block, 0, block.length, start);
		yield block.subarray(0, bytesRead);
		end = start;
	}
}

/**
 * The newest records of the active ledger file, oldest first; torn and foreign lines are skipped. It reads the file from
 * its end, at most `maxBytes` of it (default 16 MiB), never the whole. A missing file has no records; rejects with the file
 * system's error otherwise.
 */
export const readLedger = async (
	path: string,
	{tail, maxBytes = 16 * 1024 * 1024}: {readonly tail: number; readonly maxBytes?: number},
): Promise<readonly LedgerRecord[]> => {
	let handle: FileHandle;
	try {
		handle = await open(path, 'r');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			return [];
		}

		throw error;
	}

	try {
		const newestFirst: LedgerRecord[] = [];
		let rest: Buffer[] = [];
		for await (const block of blocksFromEnd(handle, maxBytes)) {
			const firstBreak = block.indexOf(0x0a);
			if (firstBreak === -1) {
				rest.unshift(block);
				continue;
			}

			const lines = Buffer.concat([block.subarray(firstBreak + 1), ...rest])
				.toString()
				.split('\n');
			newestFirst.push(...lines.toReversed().flatMap(parseLine));
			rest = [block.subarray(0, firstBreak)];
			if (newestFirst.length >= tail) {
				break;
			}
		}

		if (newestFirst.length < tail) {
			newestFirst.push(...parseLine(Buffer.concat(rest).toString()));
		}

		return newestFirst.slice(0, tail).toReversed();
	} finally {
		await handle.close();
	}
};
