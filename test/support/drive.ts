import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {onTestFinished} from 'vitest';
import {localToken, makeHome, product, productEnv} from './engine.ts';
import {firstInLine} from './first-in-line.ts';
import {poll} from './poll.ts';
import {openPty, type PtyProgram} from './pty.ts';
import {root} from './scratch.ts';
import {upstreamKey} from './upstream.ts';

/* The whole program in a terminal, with an upstream and a client in processes of their own. */

const children = path.join(root, 'test/drive/child');

const startChild = (file: string, args: readonly string[]): ChildProcess => {
	const [shell, ...shellArgs] = firstInLine;
	const command = [...shellArgs, process.execPath, path.join(children, file), ...args];
	const child = spawn(shell, command, {stdio: ['pipe', 'pipe', 'inherit'], detached: true});
	onTestFinished(() => void child.kill('SIGKILL'));
	return child;
};

const linesOf = (child: ChildProcess) => {
	if (child.stdout === null) {
		throw new Error('A child without stdout.');
	}

	return createInterface(child.stdout);
};

const startFarEnd = async (script: 'small' | 'long'): Promise<string> => {
	const child = startChild('far-end.ts', [script, upstreamKey]);
	const [line] = await once(linesOf(child), 'line');
	const {url}: {readonly url: string} = JSON.parse(String(line));
	return url;
};

/** One finished request of the load. */
export interface LoadSample {
	/** Epoch, milliseconds. */
	readonly sentAtMs: number;
	readonly ttfbMs: number;
	/** 0: no answer. */
	readonly status: number;
	readonly error?: string;
}

/** The program in a terminal, in front of one scripted upstream. */
export interface Drive {
	readonly screen: PtyProgram;
	/** `CODEX_TUI_HOME`. */
	readonly home: string;
	/** The data port's origin. */
	readonly url: string;
	/** `loop_p99_ms` of the engine's last whole second. */
	readonly readLoopP99Ms: () => Promise<number>;
	/** Sends `rate` requests a second for so long from another process; resolves when the last is answered. */
	readonly load: (rate: number, seconds: number) => Promise<readonly LoadSample[]>;
}

/** What is driven. */
export interface DriveSetup {
	readonly script: 'small' | 'long';
	readonly columns: number;
	readonly rows: number;
	/** More arguments for `start`. */
	readonly args?: readonly string[];
}

/** Starts the built program with a screen on a pseudo-terminal; all is gone when the test ends. */
export const startDrive = async ({script, columns, rows, args = []}: DriveSetup): Promise<Drive> => {
	const upstreamUrl = await startFarEnd(script);
	const home = makeHome({codex: [{name: 'upstream', url: upstreamUrl}]});
	const screen = openPty({
		command: [...firstInLine, ...product('start', '--no-switch', '--port', '0', ...args)],
		env: productEnv(home),
		columns,
		rows,
	});
	onTestFinished(() => screen[Symbol.asyncDispose]());
	await screen.until(/codex-tui +● ok/);
	const {url, controlUrl}: {readonly url: string; readonly controlUrl: string} = await poll('the addresses', () => {
		const lock: {readonly url?: string; readonly controlUrl?: string} = JSON.parse(
			readFileSync(path.join(home, 'lock.json'), 'utf8'),
		);
		return lock.url !== undefined && lock.controlUrl !== undefined
			? {url: lock.url, controlUrl: lock.controlUrl}
			: undefined;
	});
	return {
		screen,
		home,
		url,
		async readLoopP99Ms() {
			const response = await fetch(`${controlUrl}/health`, {headers: {'x-codex-tui-token': localToken}});
			const health: {readonly loop_p99_ms: number} = JSON.parse(await response.text());
			return health.loop_p99_ms;
		},
		async load(rate, seconds) {
			const child = startChild('load.ts', [url, localToken, String(rate), String(seconds)]);
			const samples: LoadSample[] = [];
			for await (const line of linesOf(child)) {
				samples.push(JSON.parse(line));
			}

			return samples;
		},
	};
};

/** The value that `share` (0 to 1) of the values do not exceed. */
export const percentile = (values: readonly number[], share: number): number => {
	const sorted = values.toSorted((left, right) => left - right);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
