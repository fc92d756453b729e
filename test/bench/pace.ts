import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {firstInLine} from '../support/first-in-line.ts';
import {poll} from '../support/poll.ts';
import {openPty, type PtyProgram} from '../support/pty.ts';
import {endProcess} from './child.ts';
import {parseResidentBytes, parseSchedstat} from './proc.ts';
import type {Scenario} from './scenarios.ts';
import {median, percentile} from './statistics.ts';
import {commandFile, createHome, environment, missing} from './subject.ts';

/*
 * The screen under a thousand events a second (issue 5, A5): the published program at 200x60 in front of an upstream and a client in
 * processes of their own. A request of theirs is eight events.
 */

const requestsPerSecond = 125;
const eventsPerRequest = 8;
const size = {columns: 200, rows: 60};
const key = 'bench';
const token = 'bench-local-token-0123456789-0123456789-0123';
/** Until then the compiler and the first filling of the rings take what they take. */
const settleMs = {whole: 20_000, quick: 3000} as const;
const watchMs = {whole: 40_000, quick: 5000} as const;
/** A whole page drawn anew is the most that a key can ask for: the page, and what stands on it alone. */
const pages: ReadonlyArray<readonly [key: string, shows: RegExp]> = [
	['1', /─ mock/],
	['0', /─ Incidents ─/],
	['3', /─ Transcript/],
	['0', /─ Incidents ─/],
];

const [shell, ...shellArguments] = firstInLine;
const children = new URL('../drive/child/', import.meta.url).pathname;

const startChild = (file: string, args: readonly string[]): ChildProcess =>
	spawn(shell, [...shellArguments, process.execPath, path.join(children, file), ...args], {
		stdio: ['pipe', 'pipe', 'inherit'],
		detached: true,
	});

const firstLine = async ({stdout}: ChildProcess): Promise<string> => {
	const [line] = stdout === null ? [''] : await once(createInterface({input: stdout}), 'line');
	return String(line);
};

interface Running {
	readonly screen: PtyProgram;
	readonly url: string;
	readonly controlUrl: string;
}

const startScreen = async (home: string): Promise<Running> => {
	const screen = openPty({
		command: [...firstInLine, process.execPath, commandFile, 'start', '--no-switch', '--port', '0'],
		env: {
			HOME: home,
			...Object.fromEntries(Object.entries(environment(home)).map(([name, value]) => [name, value ?? ''])),
		},
		...size,
	});
	await screen.until(/codex-tui +● ok/);
	const {url = '', controlUrl = ''} = await poll('the addresses', () => {
		const lock: {readonly url?: string; readonly controlUrl?: string} = JSON.parse(
			readFileSync(path.join(home, 'lock.json'), 'utf8'),
		);
		return lock.url === undefined ? undefined : lock;
	});
	return {screen, url, controlUrl};
};

const threadCpuMs = (pid: number): number =>
	parseSchedstat(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8')) / 1e6;

const residentMb = (pid: number): number =>
	parseResidentBytes(readFileSync(`/proc/${pid}/status`, 'utf8')) / 1024 / 1024;

const loopP99 = async (controlUrl: string): Promise<number> => {
	const response = await fetch(`${controlUrl}/health`, {headers: {'x-codex-tui-token': token}});
	const health: {readonly loop_p99_ms: number} = JSON.parse(await response.text());
	return health.loop_p99_ms;
};

interface Watched {
	readonly cpuPercent: number;
	readonly keyMs: readonly number[];
	/** What of it the thread worked, which does not depend on who else wants the core. */
	readonly keyCpuMs: readonly number[];
	readonly residentMb: readonly number[];
	readonly loopP99Ms: readonly number[];
	readonly framesPerSecond: number;
}

const framesIn = (text: string): number => text.split('\u001B[?2026h').length - 1;

/** One round a second: a key with its answer, and what the machine says of the process. */
const watch = async ({screen, controlUrl}: Running, forMs: number): Promise<Watched> => {
	const {pid} = screen;
	const startedAt = performance.now();
	const cpuBefore = threadCpuMs(pid);
	const bytesBefore = screen.bytes().length;
	const keyMs: number[] = [];
	const keyCpuMs: number[] = [];
	const resident: number[] = [];
	const loops: number[] = [];
	for (let turn = 0; performance.now() - startedAt < forMs; turn++) {
		const [page = '0', shows = /./] = pages[turn % pages.length] ?? [];
		const cpuAtKey = threadCpuMs(pid);
		screen.type(page);
		keyMs.push(await screen.until(shows));
		keyCpuMs.push(threadCpuMs(pid) - cpuAtKey);
		await sleep(230);
		if (turn % 4 === 3) {
			resident.push(residentMb(pid));
			loops.push(await loopP99(controlUrl));
		}
	}

	const tookMs = performance.now() - startedAt;
	return {
		cpuPercent: ((threadCpuMs(pid) - cpuBefore) / tookMs) * 100,
		keyMs,
		keyCpuMs,
		residentMb: resident,
		loopP99Ms: loops,
		framesPerSecond: framesIn(screen.bytes().slice(bytesBefore)) / (tookMs / 1000),
	};
};

const half = (values: readonly number[], which: 'first' | 'last'): readonly number[] =>
	which === 'first' ? values.slice(0, values.length / 2) : values.slice(values.length / 2);

const run = async (pace: 'whole' | 'quick'): Promise<Watched> => {
	const upstream = startChild('far-end.ts', ['small', key]);
	const {url: upstreamUrl}: {readonly url: string} = JSON.parse(await firstLine(upstream));
	const home = await createHome(Number(new URL(upstreamUrl).port));
	await writeFile(path.join(home, 'token'), `${token}\n`, {mode: 0o600});
	await using running = new AsyncDisposableStack();
	running.defer(() => rm(home, {recursive: true, force: true}));
	running.defer(() => endProcess(upstream));
	const screen = await startScreen(home);
	running.use(screen.screen);
	const seconds = (settleMs[pace] + watchMs[pace]) / 1000 + 2;
	const client = startChild('load.ts', [screen.url, token, String(requestsPerSecond), String(seconds)]);
	client.stdout?.resume();
	running.defer(() => endProcess(client));
	await sleep(settleMs[pace]);
	return await watch(screen, watchMs[pace]);
};

/** Watches the screen while the engine serves 125 requests a second. */
export const pace: Scenario = {
	name: 'pace of the screen',
	rows: ['UI-CPU', 'UI-KEY', 'UI-MEM', 'UI-LOOP'],
	async run({subject, screen, effort}) {
		const reason = screen === undefined ? `${subject.name} has no screen` : missing();
		if (reason !== undefined) {
			return {measured: pace.rows.map(row => ({row, against: 'itself', missing: reason})), absolutes: []};
		}

		const seen = await run(effort.instances > 1 ? 'whole' : 'quick');
		const note = `${seen.framesPerSecond.toFixed(0)} frames/s, ${requestsPerSecond * eventsPerRequest} events/s`;
		const growth = median(half(seen.residentMb, 'last')) - median(half(seen.residentMb, 'first'));
		const absolute = {scenario: 'pace', target: screen?.name ?? ''};
		return {
			measured: [
				{row: 'UI-CPU', against: 'itself', values: [seen.cpuPercent], note},
				{row: 'UI-KEY', against: 'itself', values: [percentile(seen.keyMs, 0.95)], note: `${seen.keyMs.length} keys`},
				{row: 'UI-MEM', against: 'itself', values: [growth], note: `${median(seen.residentMb).toFixed(0)} MB in all`},
				{row: 'UI-LOOP', against: 'itself', values: [median(seen.loopP99Ms)], note: 'median of its seconds'},
			],
			absolutes: [
				{...absolute, what: 'key to frame, ms', values: seen.keyMs},
				{...absolute, what: 'key to frame, CPU ms of its thread', values: seen.keyCpuMs},
				{...absolute, what: 'resident, MB', values: seen.residentMb},
				{...absolute, what: 'loop p99, ms', values: seen.loopP99Ms},
			],
		};
	},
};
