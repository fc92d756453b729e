import {readFileSync, unlinkSync} from 'node:fs';
import {readIfThere, replaceFile} from '../base/atomic-file.ts';
import {CommandError, exitCode} from '../base/errors.ts';
import type {Home} from './home.ts';
import {type ProcessRecord, readProcessRecord, recordSelf, withMutex} from './mutex.ts';
import {isAlive} from './process-life.ts';

/*
 * One instance for one home (REL-39). The lock file names its process by pid and start time, so that a lock left by a killed
 * process is known as such, and holds the addresses that `attach` and `switch on` need.
 */

/** What the holder of a home tells the others. */
export interface LockDetails {
	/** The command that runs, for example `start` or `serve`. */
	readonly command: string;
	readonly url?: string | undefined;
	readonly claudeUrl?: string | undefined;
	readonly controlUrl?: string | undefined;
}

/** The content of a lock file. */
export interface HomeLockInfo extends ProcessRecord, LockDetails {
	readonly startedAtMs: number;
}

/** A held lock. */
export interface HomeLock {
	/** Adds addresses once they are known. */
	readonly update: (details: Partial<LockDetails>) => Promise<void>;
	/** Gives the home back. Synchronous, so that it also works in an exit handler; does nothing when it is not ours any more. */
	readonly release: () => void;
}

const textOf = (value: unknown, name: keyof LockDetails): string | undefined => {
	const member =
		typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
	return typeof member === 'string' ? member : undefined;
};

const parseLock = (text: string): HomeLockInfo | undefined => {
	const record = readProcessRecord(text);
	if (record === undefined) {
		return undefined;
	}

	const value: unknown = JSON.parse(text);
	const startedAt: unknown =
		typeof value === 'object' && value !== null && 'startedAtMs' in value ? value.startedAtMs : 0;
	return {
		...record,
		command: textOf(value, 'command') ?? 'codex-tui',
		url: textOf(value, 'url'),
		claudeUrl: textOf(value, 'claudeUrl'),
		controlUrl: textOf(value, 'controlUrl'),
		startedAtMs: typeof startedAt === 'number' ? startedAt : 0,
	};
};

/** The living instance that holds a home, or undefined. */
export const readHomeLock = async (home: Home): Promise<HomeLockInfo | undefined> => {
	const text = await readIfThere(home.lock);
	const lock = text === undefined ? undefined : parseLock(text.toString());
	return lock !== undefined && (await isAlive(lock)) ? lock : undefined;
};

const inUse = (home: Home, {pid, command, url}: HomeLockInfo): CommandError => {
	const where = url === undefined ? '' : ` at ${url}`;
	return new CommandError(
		exitCode.inUse,
		'home-in-use',
		`The home ${home.root} is in use by pid ${pid} (${command}${where}); look at it with "codex-tui attach", stop it with "kill ${pid}", or set CODEX_TUI_HOME to another folder.`,
	);
};

const removeIfOurs = (file: string, self: ProcessRecord): void => {
	try {
		const holder = readProcessRecord(readFileSync(file, 'utf8'));
		if (holder?.pid === self.pid && holder.startTime === self.startTime) {
			unlinkSync(file);
		}
	} catch {
		// Gone already, or unreadable: in both cases there is nothing of ours to remove, and an exit must not fail for it.
	}
};

/**
 * Takes the home for this process. Locks of dead processes are broken; of several processes that try at once exactly one gets it.
 * Throws `CommandError` `home-in-use` (exit code 4) that names the holder's pid and how to stop it.
 */
export const acquireHomeLock = async (home: Home, details: LockDetails): Promise<HomeLock> => {
	const self = await recordSelf();
	let info: HomeLockInfo = {...self, ...details, startedAtMs: Date.now()};
	await withMutex(`${home.lock}.mutex`, async () => {
		const holder = await readHomeLock(home);
		if (holder !== undefined) {
			throw inUse(home, holder);
		}

		await replaceFile(home.lock, JSON.stringify(info), {mode: 0o600});
	});
	return {
		update: async more => {
			info = {...info, ...more};
			await replaceFile(home.lock, JSON.stringify(info), {mode: 0o600});
		},
		release: () => removeIfOurs(home.lock, self),
	};
};
