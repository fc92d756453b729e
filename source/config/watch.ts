import {realpath, stat} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {messageOf} from '../base/errors.ts';
import {ConfigError} from './config-error.ts';
import type {Config} from './config.ts';
import {loadConfig, type LoadOptions} from './load.ts';

/*
 * Applies changes of files within 500 ms, whatever way an editor saves (REL-33, REL-34). Folders are watched, not files: a file
 * that is renamed over, removed and made again, or swapped behind a link is then seen like any other change.
 */

/** A burst of changes is answered once, this long after its last one … */
const quietMs = 50;
/** … but not later than this after its first one. */
const burstMs = 150;
/** A broken file is probably half written: it counts as broken only when it did not change for this long … */
const restMs = 150;
/** … or when it was broken at this many looks in a row while it kept changing. */
const mostLooks = 10;
/** Catches what no watcher sees: network folders, a home that was removed and made again. */
const pollMs = 2000;

/** What {@link watchFolder} needs. */
export interface WatchFolderOptions {
	readonly folder: string;
	/** The name of the one file in it that counts; undefined: all do. */
	readonly only?: string | undefined;
	/** Called after each burst of changes in the folder (not below it). Calls never overlap. */
	readonly onChange: () => Promise<void> | void;
	/** The watcher's own trouble; it goes on. */
	readonly onError: (error: Error) => void;
	readonly signal: AbortSignal;
}

/** Runs `work` after bursts of calls, one run at a time; a call during a run leads to another run. */
const createBurst = (work: () => Promise<void>, signal: AbortSignal): (() => void) => {
	let firstAt: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	let running = false;
	let again = false;
	const run = async (): Promise<void> => {
		firstAt = undefined;
		if (running) {
			again = true;
			return;
		}

		running = true;
		try {
			await work();
		} finally {
			running = false;
		}

		if (again && !signal.aborted) {
			again = false;
			await run();
		}
	};

	signal.addEventListener('abort', () => clearTimeout(timer), {once: true});
	return () => {
		if (signal.aborted) {
			return;
		}

		const now = performance.now();
		firstAt ??= now;
		clearTimeout(timer);
		timer = setTimeout(() => void run(), Math.max(0, Math.min(quietMs, firstAt + burstMs - now)));
	};
};

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(messageOf(thrown)));

/**
 * Watches the files directly in a folder until the signal aborts; the folder may be missing and come later (its parent must be
 * there). Resolves when the watch is in place.
 */
export const watchFolder = async ({folder, only, onChange, onError, signal}: WatchFolderOptions): Promise<void> => {
	const burst = createBurst(async () => {
		try {
			await onChange();
		} catch (error) {
			onError(toError(error));
		}
	}, signal);
	const ignored = (file: string): boolean =>
		only !== undefined && path.dirname(file) === folder && path.basename(file) !== only;
	// Loaded here, since it would cost the first frame of the screen 20 ms.
	const {watch: watchPaths} = await import('chokidar');
	if (signal.aborted) {
		return;
	}

	const watcher = watchPaths(folder, {depth: 0, ignoreInitial: true, persistent: true, ignored});
	watcher.on('all', burst).on('error', error => onError(toError(error)));
	signal.addEventListener('abort', () => void watcher.close(), {once: true});
	await new Promise<void>(resolve => {
		watcher.once('ready', resolve);
		signal.addEventListener('abort', () => resolve(), {once: true});
	});
};

/** What {@link watchConfig} needs. */
export interface WatchConfigOptions extends LoadOptions {
	/** `Config.hash` of what was loaded before, so that a change in between is not missed. */
	readonly knownHash?: string | undefined;
	/** A changed file that is valid; also the old content again after a broken one. */
	readonly onConfig: (config: Config) => void;
	/** A file that cannot be used, once for each distinct fault; the last good configuration stays. */
	readonly onBroken: (error: ConfigError) => void;
	readonly signal: AbortSignal;
}

const loadOrError = async (options: LoadOptions): Promise<Config | ConfigError> => {
	try {
		return await loadConfig(options);
	} catch (error) {
		return error instanceof ConfigError
			? error
			: new ConfigError('config-unreadable', `this file cannot be used: ${messageOf(error)}`, {path: options.path});
	}
};

/** Changes with every write to a file. */
const stampOf = async (file: string): Promise<string> => {
	const found = await stat(file).catch(() => undefined);
	return found === undefined ? 'absent' : `${found.ino}/${found.size}/${found.mtimeMs}/${found.mode}`;
};

class ConfigReader {
	readonly #options: WatchConfigOptions;
	#goodHash: string | undefined;
	#fault: string | undefined;

	constructor(options: WatchConfigOptions) {
		this.#options = options;
		this.#goodHash = options.knownHash;
	}

	/** Reads the file and tells what is new. */
	async read(): Promise<void> {
		const {path: file, signal} = this.#options;
		for (let look = 1; !signal.aborted; look++) {
			const stamp = await stampOf(file);
			const result = await loadOrError(this.#options);
			if (result instanceof ConfigError) {
				await sleep(restMs);
				if (look < mostLooks && (await stampOf(file)) !== stamp) {
					continue;
				}
			}

			this.#tell(result);
			return;
		}
	}

	#tell(result: Config | ConfigError): void {
		if (this.#options.signal.aborted) {
			return;
		}

		if (result instanceof ConfigError) {
			if (this.#fault !== result.message) {
				this.#fault = result.message;
				this.#options.onBroken(result);
			}

			return;
		}

		if (this.#fault !== undefined || result.hash !== this.#goodHash) {
			this.#fault = undefined;
			this.#goodHash = result.hash;
			this.#options.onConfig(result);
		}
	}
}

/** Watches the folder behind a link as well: an edit of the real file changes nothing in the link's own folder. */
const createTargetWatch = (options: WatchConfigOptions, burst: () => void): (() => Promise<void>) => {
	const ownFolder = path.dirname(options.path);
	let watched: {folder: string; stop: AbortController} | undefined;
	return async () => {
		const target = await realpath(options.path).catch(() => undefined);
		const folder = target === undefined ? undefined : path.dirname(target);
		if (
			folder === undefined ||
			folder === watched?.folder ||
			folder === (await realpath(ownFolder).catch(() => ownFolder))
		) {
			return;
		}

		watched?.stop.abort();
		watched = {folder, stop: new AbortController()};
		const signal = AbortSignal.any([options.signal, watched.stop.signal]);
		await watchFolder({folder, onChange: burst, onError: burst, signal});
	};
};

const startPoll = (options: WatchConfigOptions, burst: () => void): void => {
	let stamp = '';
	const look = async (): Promise<void> => {
		const found = await stampOf(options.path);
		if (stamp !== '' && found !== stamp) {
			burst();
		}

		stamp = found;
	};
	void look();
	const timer = setInterval(() => void look(), pollMs);
	timer.unref();
	options.signal.addEventListener('abort', () => clearInterval(timer), {once: true});
};

/**
 * Tells of every change of a configuration file until the signal aborts, within 500 ms. Never throws for what stands in the file.
 * Resolves when the watch is in place and the file was looked at once more.
 */
export const watchConfig = async (options: WatchConfigOptions): Promise<void> => {
	const reader = new ConfigReader(options);
	const followTarget = createTargetWatch(options, () => burst());
	const burst = createBurst(async () => {
		await followTarget();
		await reader.read();
	}, options.signal);
	startPoll(options, burst);
	// A watcher in trouble is answered by looking at the file; the poll goes on in any case.
	await watchFolder({folder: path.dirname(options.path), onChange: burst, onError: burst, signal: options.signal});
	await followTarget();
	await reader.read();
};
