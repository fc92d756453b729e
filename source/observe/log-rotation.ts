import {createReadStream, createWriteStream} from 'node:fs';
import {chmod, open, readdir, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {pipeline} from 'node:stream/promises';
import {createGzip} from 'node:zlib';

/** What becomes of rotated files. */
export interface RotationRules {
	readonly compress: boolean;
	/** Rotated files beyond this number are deleted, oldest first. */
	readonly keepFiles: number;
	/** Rotated files beyond this sum of sizes are deleted, oldest first. */
	readonly keepBytes: number;
	/** Rotated files whose last line is older than this are deleted. */
	readonly keepMs: number;
	/** Wall clock, milliseconds since the epoch. */
	readonly now: () => number;
}

/** Compresses beside the original and then replaces it, so that a kill at any instant leaves one whole file. */
const compress = async (file: string): Promise<void> => {
	const unfinished = `${file}.gz.tmp`;
	const {mtime} = await stat(file);
	await pipeline(createReadStream(file), createGzip(), createWriteStream(unfinished, {mode: 0o600}));
	await chmod(unfinished, 0o600);
	const handle = await open(unfinished, 'r+');
	try {
		await handle.utimes(mtime, mtime);
	} finally {
		await handle.close();
	}

	await rename(unfinished, `${file}.gz`);
	await rm(file);
};

/** Names of the rotated files of a log, oldest first: `requests.2026-11-21T11-00-00-000Z.jsonl` and the same with `.gz`. */
export const rotatedNamesOf = async (logPath: string): Promise<readonly string[]> => {
	const names = await namesBeside(logPath);
	return names.filter(file => !file.endsWith('.tmp'));
};

/** The same with what an unfinished compression left (`.gz.tmp`). */
const namesBeside = async (logPath: string): Promise<readonly string[]> => {
	const {dir, name, ext} = path.parse(logPath);
	const names = await readdir(dir);
	const isRotated = (file: string): boolean =>
		file.startsWith(`${name}.2`) && /^\.\d{4}-\d\d-\d\dT[\d-]+Z$/.test(file.slice(name.length, file.lastIndexOf(ext)));
	return names.filter(isRotated).toSorted();
};

const rotatedFilesOf = async (logPath: string): Promise<readonly string[]> =>
	(await namesBeside(logPath)).map(file => path.join(path.dirname(logPath), file));

/**
 * Compresses what was rotated, also what an earlier process left, and deletes what the rules no longer keep.
 * Rejects with the file system's error where a file cannot be read or deleted; the next rotation tries again.
 */
export const tidyRotatedFiles = async (logPath: string, rules: RotationRules): Promise<void> => {
	for (const file of await rotatedFilesOf(logPath)) {
		if (file.endsWith('.tmp')) {
			await rm(file);
		} else if (rules.compress && !file.endsWith('.gz')) {
			await compress(file);
		}
	}

	let keptFiles = 0;
	let keptBytes = 0;
	for (const file of (await rotatedFilesOf(logPath)).toReversed()) {
		const {size, mtimeMs} = await stat(file);
		keptFiles++;
		keptBytes += size;
		if (keptFiles > rules.keepFiles || keptBytes > rules.keepBytes || rules.now() - mtimeMs > rules.keepMs) {
			await rm(file);
		}
	}
};
