import {randomBytes} from 'node:crypto';
import {link, readFile, rename, unlink} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {createFile, readIfThere} from '../base/atomic-file.ts';
import {codeOf, RelayError} from '../base/errors.ts';
import {isAlive, readStartTime} from './process-life.ts';

/** A process as it stands in a lock file. */
export interface ProcessRecord {
	readonly pid: number;
	readonly startTime: string;
}

/** This process as a record for a lock file. */
export const recordSelf = async (): Promise<ProcessRecord> => ({
	pid: process.pid,
	startTime: (await readStartTime(process.pid)) ?? 'unknown',
});

/** The process in a lock file's text, or undefined where it is none: nobody ever sees a half-written one, so then it is garbage. */
export const readProcessRecord = (text: string): ProcessRecord | undefined => {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTime' in value)) {
			return undefined;
		}

		const {pid, startTime} = value;
		return Number.isSafeInteger(pid) && typeof pid === 'number' && pid > 0 && typeof startTime === 'string'
			? {pid, startTime}
			: undefined;
	} catch {
		return undefined;
	}
};

/** The text of a lock file whose process is dead, or undefined. */
const readStale = async (file: string): Promise<string | undefined> => {
	const text = (await readIfThere(file))?.toString();
	const holder = text === undefined ? undefined : readProcessRecord(text);
	return holder === undefined || !(await isAlive(holder)) ? text : undefined;
};

/** Moves a stale file away. Another process may have done so and taken the place meanwhile: then its file is put back. */
const breakStale = async (file: string, stale: string): Promise<void> => {
	const moved = `${file}.${randomBytes(6).toString('hex')}`;
	try {
		await rename(file, moved);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return;
		}

		throw error;
	}

	if ((await readFile(moved, 'utf8')) !== stale) {
		// Somebody who holds a newer one was moved away: it is put back, unless a third has taken the place by now.
		await link(moved, file).catch(() => undefined);
	}

	await unlink(moved);
};

const waitMs = 5000;
const pauseMs = 20;

/**
 * Runs `work` while no other process runs work under the same file; for steps of milliseconds. What a killed process left is
 * taken over. Throws `RelayError` `busy` after five seconds of waiting, and what `work` throws.
 */
export const withMutex = async <Result>(file: string, work: () => Promise<Result>): Promise<Result> => {
	const self = JSON.stringify(await recordSelf());
	const deadline = performance.now() + waitMs;
	while (!(await createFile(file, self))) {
		const stale = await readStale(file);
		if (stale !== undefined) {
			await breakStale(file, stale);
		} else if (performance.now() > deadline) {
			throw new RelayError('busy', `Another codex-tui is working on ${file} for ${waitMs / 1000} s; try again.`);
		} else {
			await sleep(pauseMs);
		}
	}

	try {
		return await work();
	} finally {
		await unlink(file);
	}
};
