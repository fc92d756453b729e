import {spawn as spawnChild, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {spawn as spawnTerminal} from '@lydell/node-pty';
import {CommandError, exitCode} from '../../source/base/errors.ts';
import {undoAtExit} from './cleanup.ts';
import {endProcess} from './child.ts';
import {freePort, untilListening} from './port.ts';
import {requestPath, type RunningTarget, type Target} from './target.ts';

/* Ourselves, as a user runs us: the built command in a fresh home, once without and once with its screen. */

/** What is published. */
export const commandFile = new URL('../../dist/bundle/cli.js', import.meta.url).pathname;

/** Ink opens each frame with a synchronized update (DEC mode 2026). */
export const frameStart = '\u001B[?2026h';

const startPatienceMs = 15_000;

/** Why there is nothing to measure, if so. */
export const missing = (): string | undefined =>
	existsSync(commandFile) ? undefined : 'the command is not built (npm run build)';

const config = (mockPort: number, dialect: string): string => `version = 5
[codex.providers.mock]
base_url = "http://127.0.0.1:${mockPort}/v1"
auth_token = "bench"
dialect = "${dialect}"
`;

/** A fresh home with one provider, which is the mock; nothing of the user's own settings is read or written. */
export const createHome = async (mockPort: number, dialect = 'responses'): Promise<string> => {
	const home = await mkdtemp(path.join(tmpdir(), 'codex-tui-bench-home-'));
	await writeFile(path.join(home, 'config.toml'), config(mockPort, dialect), {mode: 0o600});
	return home;
};

/** What the program finds around it: its own home, a terminal, nothing of the user's. */
export const environment = (home: string): NodeJS.ProcessEnv => ({
	PATH: process.env['PATH'],
	HOME: home,
	CODEX_HOME: path.join(home, 'codex'),
	CODEX_TUI_HOME: home,
	TERM: 'xterm-256color',
	LANG: 'C.UTF-8',
});

const localHeaders = async (home: string): Promise<Record<string, string>> => ({
	'x-codex-tui-token': (await readFile(path.join(home, 'token'), 'utf8')).trim(),
});

/** The port in the first line of `serve --json` (product.md 5). Throws a CommandError where there is no such line. */
export const parseListening = (line: string): number => {
	const refuse = (): never => {
		throw new CommandError(exitCode.failed, 'not-listening', `The first line of serve is not "listening": ${line}`);
	};
	const said: unknown = line.startsWith('{') ? JSON.parse(line) : refuse();
	const url = typeof said === 'object' && said !== null && 'url' in said ? said.url : undefined;
	return typeof url === 'string' ? Number(new URL(url).port) : refuse();
};

const firstLine = async (child: ChildProcess): Promise<string> => {
	if (child.stdout === null) {
		return '';
	}

	const lines = createInterface({input: child.stdout});
	const [line] = await once(lines, 'line', {signal: AbortSignal.timeout(startPatienceMs)});
	lines.close();
	// The rest is read and dropped, so that the child never waits for its reader.
	child.stdout.resume();
	return String(line);
};

const startServe = async (mockPort: number, dialect?: string): Promise<RunningTarget> => {
	const home = await createHome(mockPort, dialect);
	const child = spawnChild(process.execPath, [commandFile, 'serve', '--json', '--port', '0'], {
		env: environment(home),
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const keep = undoAtExit(() => {
		child.kill('SIGKILL');
		rmSync(home, {recursive: true, force: true});
	});
	const port = parseListening(await firstLine(child));
	return {
		address: {port, path: requestPath, headers: await localHeaders(home)},
		pid: child.pid,
		async [Symbol.asyncDispose]() {
			await endProcess(child);
			keep();
			await rm(home, {recursive: true, force: true});
		},
	};
};

const startScreen = async (mockPort: number): Promise<RunningTarget> => {
	const home = await createHome(mockPort);
	const port = await freePort();
	const terminal = spawnTerminal(
		process.execPath,
		[commandFile, 'start', '--no-switch', '--fps', '30', '--port', String(port)],
		{
			name: 'xterm-256color',
			cols: 200,
			rows: 60,
			env: environment(home),
		},
	);
	const keep = undoAtExit(() => {
		terminal.kill('SIGKILL');
		rmSync(home, {recursive: true, force: true});
	});
	let drawnFrames = 0;
	let lastText = '';
	const gone = new Promise<void>(resolve => {
		terminal.onExit(() => {
			resolve();
		});
	});
	terminal.onData(text => {
		// A marker may lie across two reads; what is kept is shorter than one, so none counts twice.
		drawnFrames += `${lastText.slice(1 - frameStart.length)}${text}`.split(frameStart).length - 1;
		lastText = text;
	});
	const ended = gone.then(() => {
		throw new CommandError(exitCode.failed, 'screen-ended', `The app ended at once: ${lastText.trim().slice(-300)}`);
	});
	// Only the race below may report it; later the end of the app is our own doing.
	ended.catch(() => {});
	await Promise.race([untilListening(port, 'start'), ended]);
	return {
		address: {port, path: requestPath, headers: await localHeaders(home)},
		pid: terminal.pid,
		drawnFrames: () => drawnFrames,
		async [Symbol.asyncDispose]() {
			terminal.kill('SIGTERM');
			const timer = setTimeout(() => terminal.kill('SIGKILL'), 3000);
			await gone;
			clearTimeout(timer);
			keep();
			await rm(home, {recursive: true, force: true});
		},
	};
};

/** The engine without a screen. */
export const serve: Target = {name: 'codex-tui', missing, start: startServe};

/** The engine in front of a Chat Completions upstream: its clients still read Responses. */
export const translating: Target = {
	name: 'codex-tui from chat',
	missing,
	start: mockPort => startServe(mockPort, 'chat'),
};

/** The whole app in a pseudo-terminal of 200×60. */
export const screen: Target = {name: 'codex-tui with screen', missing, start: startScreen};
