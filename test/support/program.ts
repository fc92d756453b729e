import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';

/** The exact versions that the wire files were measured with; `.ci/run` installs them. */
const clients = {codex: '@openai/codex', claude: '@anthropic-ai/claude-code'} as const;

/** The path of a real client. Throws with one sentence where `.ci/run` has not installed it: these tests are never skipped. */
export const clientProgram = (name: keyof typeof clients): string => {
	const folder = process.env['CODEX_TUI_CLIENTS'];
	const file = folder === undefined ? undefined : path.join(folder, 'node_modules', '.bin', name);
	if (file === undefined || !existsSync(file)) {
		throw new Error(
			`The real client ${clients[name]} is missing: run .ci/run, or set CODEX_TUI_CLIENTS to a folder with it (now ${folder ?? 'unset'}).`,
		);
	}

	return file;
};

/** How a program ended. */
export interface Ended {
	/** Null where a signal ended it. */
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly tookMs: number;
}

/** What a program is run with. */
export interface RunOptions {
	readonly cwd: string;
	/** The whole environment; nothing is inherited but `PATH`. */
	readonly env: Readonly<Record<string, string>>;
	/** It is killed after this time; default 60 s. */
	readonly patienceMs?: number;
	/** Kills it, as a test that wants it to die in the middle does. */
	readonly signal?: AbortSignal;
}

/** Runs a program with closed stdin to its end; resolves also where it fails. */
export const runProgram = async (command: readonly string[], options: RunOptions): Promise<Ended> => {
	const [file = '', ...args] = command;
	const startedMs = performance.now();
	const {promise, resolve, reject} = Promise.withResolvers<number | null>();
	const child = spawn(file, args, {
		cwd: options.cwd,
		env: {PATH: process.env['PATH'] ?? '', ...options.env},
		stdio: ['ignore', 'pipe', 'pipe'],
		timeout: options.patienceMs ?? 60_000,
		killSignal: 'SIGKILL',
	});
	const texts = {stdout: '', stderr: ''};
	child.stdout.setEncoding('utf8').on('data', text => (texts.stdout += text));
	child.stderr.setEncoding('utf8').on('data', text => (texts.stderr += text));
	options.signal?.addEventListener('abort', () => child.kill('SIGKILL'));
	child.once('error', reject);
	child.once('close', resolve);
	return {exitCode: await promise, ...texts, tookMs: performance.now() - startedMs};
};
