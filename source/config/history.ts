import path from 'node:path';
import {CommandError, exitCode} from '../base/errors.ts';
import type {Section} from './section.ts';

/** What the bridge remembers of conversations (translation.md 6.1), and where. */
export interface HistoryConfig {
	/** `off`: nothing is kept, and an earlier response cannot be named. */
	readonly store: 'memory' | 'disk' | 'off';
	/** Absolute; undefined: `history/` in the home. Only for `disk`. */
	readonly dir: string | undefined;
	/** Unused for so long, a conversation is forgotten. */
	readonly ttlMs: number;
	/** Responses. */
	readonly count: number;
	readonly memoryBytes: number;
	readonly diskBytes: number;
}

const hourMs = 3_600_000;
const mebibyte = 1024 * 1024;

/** The values of a file that says nothing (translation.md 6.1). */
export const defaultHistory: HistoryConfig = {
	store: 'memory',
	dir: undefined,
	ttlMs: 168 * hourMs,
	count: 2048,
	memoryBytes: 512 * mebibyte,
	diskBytes: 2048 * mebibyte,
};

/** The environment's names; each is also a flag of `start` and `serve`, which the commands put in their place. */
export const historyNames = {
	store: 'CODEX_TUI_HISTORY_STORE',
	dir: 'CODEX_TUI_HISTORY_DIR',
	ttl: 'CODEX_TUI_SESSION_TTL_HOURS',
	count: 'CODEX_TUI_MAX_SESSIONS',
	memory: 'CODEX_TUI_MAX_SESSION_MEMORY_MB',
} as const;

/** The words of `history.store`. */
export const historyStores = ['memory', 'disk', 'off'] as const satisfies ReadonlyArray<HistoryConfig['store']>;

const ranges = {ttl: [1, 87_600], count: [1, 1_000_000], memory: [1, 65_536], disk: [1, 1_048_576]} as const;

type Environment = Readonly<Record<string, string | undefined>>;

const wrong = (name: string, text: string, takes: string): CommandError =>
	new CommandError(exitCode.usage, 'config-value', `${name} is ${JSON.stringify(text)}, but it takes ${takes}.`);

/** An empty variable is as good as none: that is how scripts unset one. */
const textOf = (env: Environment, name: string): string | undefined => env[name] || undefined;

const wholeNumber = (env: Environment, name: string, [least, most]: readonly [number, number]): number | undefined => {
	const text = textOf(env, name);
	const number = text === undefined || !/^\d{1,7}$/.test(text) ? Number.NaN : Number(text);
	if (text !== undefined && !(number >= least && number <= most)) {
		throw wrong(name, text, `a whole number from ${least} to ${most}`);
	}

	return text === undefined ? undefined : number;
};

const storeIn = (env: Environment): HistoryConfig['store'] | undefined => {
	const text = textOf(env, historyNames.store);
	const found = historyStores.find(store => store === text);
	if (text !== undefined && found === undefined) {
		throw wrong(historyNames.store, text, `one of ${historyStores.join(', ')}`);
	}

	return found;
};

const folderIn = (env: Environment): string | undefined => {
	const text = textOf(env, historyNames.dir);
	if (text !== undefined && !path.isAbsolute(text)) {
		throw wrong(historyNames.dir, text, 'an absolute path');
	}

	return text;
};

const folderOf = (section: Section | undefined): string | undefined => {
	const text = section?.string('dir');
	if (text !== undefined && section && !path.isAbsolute(text)) {
		throw section.error('config-value', 'takes an absolute path.', 'dir');
	}

	return text;
};

/**
 * The table `[history]`; the environment wins over the file. Throws `ConfigError`, or `CommandError` `config-value` (exit code 2) for a
 * variable, or the flag that stands for it, that does not fit.
 */
export const readHistory = (section: Section | undefined, env: Environment): HistoryConfig => {
	const {ttl, count, memory, disk} = ranges;
	const hours = wholeNumber(env, historyNames.ttl, ttl) ?? section?.integer('session_ttl_hours', ttl);
	const megabytes = wholeNumber(env, historyNames.memory, memory) ?? section?.integer('max_session_memory_mb', memory);
	const diskMegabytes = section?.integer('max_session_disk_mb', disk);
	return {
		store: storeIn(env) ?? section?.choice('store', historyStores) ?? defaultHistory.store,
		dir: folderIn(env) ?? folderOf(section),
		ttlMs: hours === undefined ? defaultHistory.ttlMs : hours * hourMs,
		count:
			wholeNumber(env, historyNames.count, count) ?? section?.integer('max_sessions', count) ?? defaultHistory.count,
		memoryBytes: megabytes === undefined ? defaultHistory.memoryBytes : megabytes * mebibyte,
		diskBytes: diskMegabytes === undefined ? defaultHistory.diskBytes : diskMegabytes * mebibyte,
	};
};
