import {spawn as spawnChild} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {spawn as spawnTerminal} from '@lydell/node-pty';
import {CommandError, exitCode} from '../../source/base/errors.ts';
import {parseSchedstat} from './proc.ts';
import type {Scenario} from './scenarios.ts';
import {commandFile, createHome, environment, missing} from './subject.ts';

/* How long a user waits (P16): each start is a process of its own, in a fresh home, with the code compiled by an earlier start. */

const startsInAll = 10;
const startsInHaste = 5;
const size = {columns: 200, rows: 60};
const frameEnd = '\u001B[?2026l';
/** Nobody listens there: no request is sent. */
const deadPort = 9;

/** One start with a screen. */
export interface FirstFrame {
	/** From the start of the process to the end of its first frame in the terminal, milliseconds. */
	readonly wallMs: number;
	/** What the thread that draws had of a core until then: this does not depend on who else wants it. */
	readonly cpuMs: number;
	/** Until the engine's state stood on the screen. */
	readonly readyMs: number;
}

/** Starts the program in a terminal, and ends it when the engine's state is on the screen. */
export const firstFrame = async (): Promise<FirstFrame> => {
	const home = await createHome(deadPort);
	const startedAt = performance.now();
	const terminal = spawnTerminal(process.execPath, [commandFile, 'start', '--no-switch', '--port', '0'], {
		name: 'xterm-256color',
		cols: size.columns,
		rows: size.rows,
		env: environment(home),
	});
	const gone = new Promise<void>(resolve => {
		terminal.onExit(() => resolve());
	});
	let written = '';
	let first: Pick<FirstFrame, 'wallMs' | 'cpuMs'> | undefined;
	const ready = Promise.withResolvers<number>();
	terminal.onData(text => {
		written += text;
		if (first === undefined && written.includes(frameEnd)) {
			const thread = readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/schedstat`, 'utf8');
			first = {wallMs: performance.now() - startedAt, cpuMs: parseSchedstat(thread) / 1e6};
		}

		if (written.includes('● ok')) {
			ready.resolve(performance.now() - startedAt);
		}
	});
	const ended = gone.then(() => {
		throw new CommandError(exitCode.failed, 'screen-ended', `The app ended at once: ${written.trim().slice(-300)}`);
	});
	// Only the race below may report it; later the end of the app is our own doing.
	ended.catch(() => {});
	try {
		const readyMs = await Promise.race([ready.promise, ended]);
		return {wallMs: Number.NaN, cpuMs: Number.NaN, ...first, readyMs};
	} finally {
		terminal.kill('SIGTERM');
		await gone;
		await rm(home, {recursive: true, force: true});
	}
};

/** The wall time of `--version`, milliseconds. */
export const versionMs = async (): Promise<number> => {
	const startedAt = performance.now();
	const child = spawnChild(process.execPath, [commandFile, '--version'], {stdio: 'ignore'});
	await once(child, 'exit');
	return performance.now() - startedAt;
};

const inTurn = async <Value>(count: number, work: () => Promise<Value>): Promise<readonly Value[]> => {
	// The first one fills the cache of compiled code, as a user's first start does.
	await work();
	const values: Value[] = [];
	for (let turn = 0; turn < count; turn++) {
		values.push(await work());
	}

	return values;
};

/** Starts the program again and again, with its screen and for its version. */
export const starts: Scenario = {
	name: 'start',
	rows: ['P16', 'P16V'],
	async run({subject, screen, effort}) {
		const reason = screen === undefined ? `${subject.name} has no screen` : missing();
		if (reason !== undefined) {
			const none = {against: 'itself', missing: reason} as const;
			return {
				measured: [
					{row: 'P16', ...none},
					{row: 'P16V', ...none},
				],
				absolutes: [],
			};
		}

		const count = effort.instances > 1 ? startsInAll : startsInHaste;
		const frames = await inTurn(count, firstFrame);
		const absolute = {scenario: 'start', target: subject.name};
		return {
			measured: [
				{row: 'P16', against: 'itself', values: frames.map(({wallMs}) => wallMs)},
				{row: 'P16V', against: 'itself', values: await inTurn(count, versionMs)},
			],
			absolutes: [
				{...absolute, what: 'first frame, CPU ms of its thread', values: frames.map(({cpuMs}) => cpuMs)},
				{...absolute, what: 'engine ready, ms', values: frames.map(({readyMs}) => readyMs)},
			],
		};
	},
};
