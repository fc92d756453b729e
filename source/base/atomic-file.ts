import {createHash, randomBytes} from 'node:crypto';
import {constants, type Stats} from 'node:fs';
import {type FileHandle, link, lstat, open, readdir, readFile, realpath, rename, stat, unlink} from 'node:fs/promises';
import path from 'node:path';
import {codeOf, messageOf, RelayError} from './errors.ts';

/*
 * The only way in which this program replaces a file: whoever reads sees the old bytes or the new ones, whatever is killed
 * when (REL-37), and a link that somebody planted never leads the write to a place where it does not belong (SEC-15).
 */

/** How {@link replaceFile} may write. */
export interface ReplaceOptions {
	/** Mode bits of the new file. Without it an existing file keeps its mode, and a new one gets 0600. */
	readonly mode?: number;
	/**
	 * A link is followed only to a file below one of these folders; `owned`: to any file of the user's, for content that was read through
	 * the same link (give `expected`, too). None: links are refused.
	 */
	readonly roots?: readonly string[] | 'owned';
	/**
	 * The content on which the new one was built, undefined for "there was no file". When the file holds something else at
	 * the last moment nothing is written and the error has the code `file-changed`.
	 */
	readonly expected?: {readonly bytes: Uint8Array | undefined};
}

/** The bytes of a file, or undefined where there is none. Any other failure is thrown as it is. */
export const readIfThere = async (file: string): Promise<Buffer | undefined> => {
	try {
		return await readFile(file);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/** The SHA-256 of some bytes in hex. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const statIfThere = async (file: string): Promise<Stats | undefined> => {
	try {
		return await lstat(file);
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

type Roots = NonNullable<ReplaceOptions['roots']>;

const isInside = async (file: string, roots: Roots): Promise<boolean> => {
	if (roots === 'owned') {
		return true;
	}

	for (const root of roots) {
		const relative = path.relative(await realpath(root).catch(() => root), file);
		if (relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)) {
			return true;
		}
	}

	return false;
};

const isOurs = (found: Stats): boolean => process.getuid === undefined || found.uid === process.getuid();

const refuse = (file: string, why: string): RelayError =>
	new RelayError('file-refused', `${file} was not written: ${why}.`);

/** Where a write to `file` really goes. Throws `file-refused` for a link or owner that a write must not follow. */
const findTarget = async (file: string, roots: Roots): Promise<{target: string; found?: Stats}> => {
	const found = await statIfThere(file);
	if (found === undefined) {
		return {target: file};
	}

	if (!found.isSymbolicLink()) {
		if (!found.isFile()) {
			throw refuse(file, 'it is not a regular file, move it away first');
		}

		if (!isOurs(found)) {
			throw refuse(file, 'it belongs to another user');
		}

		return {target: file, found};
	}

	// Whatever keeps it from being followed, it leads to no file that could be replaced.
	const target = await realpath(file).catch(() => undefined);
	if (target === undefined) {
		throw refuse(file, 'it is a link that leads nowhere');
	}

	const behind = await stat(target);
	if (!isOurs(found) || !isOurs(behind) || !behind.isFile() || !(await isInside(target, roots))) {
		const where = roots === 'owned' ? '' : ' inside your home';
		throw refuse(file, `it is a link to ${target}, which is not a file of yours${where}`);
	}

	return {target, found: behind};
};

const temporaryName = (target: string): string =>
	path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`);

const isGone = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return false;
	} catch (error) {
		return codeOf(error) === 'ESRCH';
	}
};

/** Removes the temporary files beside `file` that killed processes left; they may hold the secrets of the file. */
export const removeLeftovers = async (file: string): Promise<void> => {
	const prefix = `.${path.basename(file)}.`;
	const folder = path.dirname(file);
	for (const name of await readdir(folder).catch(() => [])) {
		const pid = /^(\d+)\.[0-9a-f]{12}\.tmp$/.exec(name.slice(prefix.length))?.[1];
		if (name.startsWith(prefix) && pid !== undefined && isGone(Number(pid))) {
			// Another process may clean up at the same moment.
			await unlink(path.join(folder, name)).catch(() => undefined);
		}
	}
};

const createExclusively = async (file: string): Promise<FileHandle> =>
	await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);

const writeDurably = async (file: string, bytes: Uint8Array, mode: number): Promise<void> => {
	const handle = await createExclusively(file);
	try {
		// The mode given to open() is only narrowed by the umask; what stands in the file system is set here (SEC-14).
		await handle.chmod(mode);
		await handle.writeFile(bytes);
		await handle.sync();
	} finally {
		await handle.close();
	}
};

/** Makes a rename or removal in a folder durable. Some file systems cannot sync folders; there it stays with the rename. */
const syncFolder = async (folder: string): Promise<void> => {
	const handle = await open(folder, constants.O_RDONLY);
	try {
		await handle.sync();
	} catch (error) {
		if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(codeOf(error) ?? '')) {
			throw error;
		}
	} finally {
		await handle.close();
	}
};

const checkUnchanged = async (target: string, expected: ReplaceOptions['expected']): Promise<void> => {
	if (expected === undefined) {
		return;
	}

	const now = await readIfThere(target);
	const isSame =
		now === undefined || expected.bytes === undefined ? now === expected.bytes : now.equals(expected.bytes);
	if (!isSame) {
		throw new RelayError('file-changed', `${target} was changed by another program in the meantime; try again.`);
	}
};

/**
 * Replaces a file (or makes it): a new file in the same folder, fsync, rename, fsync of the folder.
 * Throws `RelayError` with `file-refused` (links, foreign owners), `file-changed` (see `expected`) or `file-unwritable`.
 */
export const replaceFile = async (
	file: string,
	content: Uint8Array | string,
	options: ReplaceOptions = {},
): Promise<void> => {
	const bytes = typeof content === 'string' ? Buffer.from(content) : content;
	const {target, found} = await findTarget(file, options.roots ?? []);
	const temporary = temporaryName(target);
	try {
		await writeDurably(temporary, bytes, options.mode ?? (found === undefined ? 0o600 : found.mode & 0o777));
		await checkUnchanged(target, options.expected);
		await rename(temporary, target);
	} catch (error) {
		// It may never have been made; what failed is the write, and that is told.
		await unlink(temporary).catch(() => undefined);
		throw error instanceof RelayError
			? error
			: new RelayError('file-unwritable', `${target} could not be written: ${messageOf(error)}.`, {cause: error});
	}

	await syncFolder(path.dirname(target));
	await removeLeftovers(target);
};

/**
 * Makes a file with mode 0600 only where there is none, whole from its first moment (two processes: exactly one gets `true`).
 * Throws what the file system throws.
 */
export const createFile = async (file: string, content: string): Promise<boolean> => {
	const temporary = temporaryName(file);
	await writeDurably(temporary, Buffer.from(content), 0o600);
	try {
		await link(temporary, file);
	} catch (error) {
		if (codeOf(error) === 'EEXIST') {
			return false;
		}

		throw error;
	} finally {
		await unlink(temporary);
	}

	await syncFolder(path.dirname(file));
	return true;
};

/** Removes a file durably, following a link as {@link replaceFile} does; a file that is not there is fine. */
export const removeFile = async (file: string, options: ReplaceOptions = {}): Promise<void> => {
	const {target, found} = await findTarget(file, options.roots ?? []);
	if (found === undefined) {
		return;
	}

	await checkUnchanged(target, options.expected);
	await unlink(target);
	await syncFolder(path.dirname(target));
};
