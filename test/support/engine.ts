import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {onTestFinished} from 'vitest';
import type {LedgerRecord} from '../../source/event/view.ts';
import {root, scratchFolder} from './scratch.ts';
import {upstreamKey} from './upstream.ts';

/** The local token of all engines of the tests; no upstream may ever see it. */
export const localToken = 'e2e-local-token-0123456789-0123456789-012345';

/** Where a provider is: a scripted upstream, or an address where nothing listens. */
interface Far {
	readonly name: string;
	readonly url: string;
	/** Which key of the provider's table holds the credential; default `auth_token`. */
	readonly credential?: 'auth_token' | 'api_key';
	/** More keys of the provider's table. */
	readonly keys?: string;
}

/** What an engine is started with. */
export interface EngineSetup {
	/** Providers of the codex service in their order. */
	readonly codex?: readonly Far[];
	readonly claude?: readonly Far[];
	/** `[timeouts]`. */
	readonly timeouts?: Readonly<Record<string, number>>;
	/** Added to the file, for example a `[listen]`. */
	readonly extra?: string;
	/** Of an engine that was there before. */
	readonly home?: string;
	/** Where Codex's own configuration lies for `start` and `switch`. */
	readonly codexHome?: string;
}

/** One line of `control_trace.jsonl`, as far as tests look. */
interface TraceLine {
	readonly kind?: string;
	readonly type?: string;
	readonly [name: string]: unknown;
}

/** A running engine in a process of its own. */
export interface TestEngine {
	/** Without a path. */
	readonly url: string;
	readonly claudeUrl: string;
	readonly control: string;
	readonly home: string;
	readonly pid: number;
	/** Posts to the control plane with the token; throws where it does not answer 200. */
	readonly tell: (path: string, body: object) => Promise<void>;
	/** Reads a page of the control plane. */
	readonly look: (path: string) => Promise<unknown>;
	/** Stops it in order and reads what it logged. */
	readonly finish: () => Promise<{readonly ledger: readonly LedgerRecord[]; readonly trace: readonly TraceLine[]}>;
	/** Ends it at once, as a crash would. */
	readonly kill: () => Promise<void>;
}

const section = (service: string, fars: readonly Far[]): string =>
	[
		...fars.map(
			({name, url, credential = 'auth_token', keys = ''}) =>
				`[${service}.providers.${name}]\nbase_url = ${JSON.stringify(url)}\n${credential} = ${JSON.stringify(upstreamKey)}\n${keys}\n`,
		),
		`[${service}.routing]\nentry = "main"\n`,
		`[${service}.routing.routes.main]\nstrategy = "ordered-failover"\nchildren = ${JSON.stringify(fars.map(({name}) => name))}\n`,
	].join('\n');

/** The text of an engine's `config.toml`. */
const configText = ({codex = [], claude = [], timeouts = {}, extra = ''}: EngineSetup): string =>
	[
		'version = 5\n',
		extra,
		'[timeouts]',
		...Object.entries(timeouts).map(([name, value]) => `${name} = ${value}`),
		'',
		...(codex.length === 0 ? [] : [section('codex', codex)]),
		...(claude.length === 0 ? [] : [section('claude', claude)]),
	].join('\n');

/** Makes a home with a configuration and the token; returns its path. */
export const makeHome = (setup: EngineSetup): string => {
	const home = setup.home ?? path.join(scratchFolder('home'), 'codex-tui');
	mkdirSync(home, {recursive: true, mode: 0o700});
	writeFileSync(path.join(home, 'config.toml'), configText(setup), {mode: 0o600});
	writeFileSync(path.join(home, 'token'), `${localToken}\n`, {mode: 0o600});
	return home;
};

/** The command line of the built program. */
export const product = (...args: readonly string[]): readonly string[] => [
	process.execPath,
	path.join(root, 'dist/cli.js'),
	...args,
];

/** The environment of the built program. */
export const productEnv = (home: string, codexHome?: string): Readonly<Record<string, string>> => ({
	HOME: path.dirname(home),
	CODEX_TUI_HOME: home,
	...(codexHome === undefined ? {} : {CODEX_HOME: codexHome}),
});

/** The whole lines of a log and what follows the last of them (a half line, or nothing). */
export const readLines = (file: string): {readonly lines: readonly string[]; readonly rest: string} => {
	const lines = readFileSync(file, 'utf8').split('\n');
	return {lines: lines.slice(0, -1), rest: lines.at(-1) ?? ''};
};

const linesOf = (home: string, name: string): readonly string[] => readLines(path.join(home, 'logs', name)).lines;

/** One line of a log. In a home of an engine that was killed, a torn line is what its readers skip. */
const parseLine = <Line>(line: string, {home}: EngineSetup): Line[] => {
	try {
		return [JSON.parse(line)];
	} catch (error) {
		if (home === undefined) {
			throw error;
		}

		return [];
	}
};

/** What `serve --json` prints first. */
interface Listening {
	readonly url: string;
	readonly claude_url: string | null;
	readonly control: string;
	readonly pid: number;
}

/** Starts `serve --json --port 0` of the built program and waits until it listens; it is killed when the test ends. */
export const startEngine = async (setup: EngineSetup): Promise<TestEngine> => {
	const home = makeHome(setup);
	const [file = '', ...args] = product('serve', '--json', '--port', '0');
	const child = spawn(file, args, {
		cwd: path.dirname(home),
		env: {PATH: process.env['PATH'], ...productEnv(home, setup.codexHome)},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let stderr = '';
	child.stderr.setEncoding('utf8').on('data', text => (stderr += text));
	const closed = once(child, 'close');
	const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
		child.kill(signal);
		await closed;
	};
	onTestFinished(() => end('SIGKILL'));
	const first = await Promise.race([once(createInterface(child.stdout), 'line'), closed]);
	if (typeof first[0] !== 'string') {
		throw new Error(`The engine ended before it listened: ${stderr}`);
	}

	const {url, claude_url, control, pid}: Listening = JSON.parse(first[0]);
	return {
		url,
		claudeUrl: claude_url ?? url,
		control,
		home,
		pid,
		async tell(target, body) {
			const response = await fetch(`${control}${target}`, {
				method: 'POST',
				headers: {'content-type': 'application/json', 'x-codex-tui-token': localToken},
				body: JSON.stringify(body),
			});
			if (!response.ok) {
				throw new Error(`POST ${target} answered ${response.status}: ${await response.text()}`);
			}
		},
		async look(target) {
			const response = await fetch(`${control}${target}`, {headers: {'x-codex-tui-token': localToken}});
			if (!response.ok) {
				throw new Error(`GET ${target} answered ${response.status}: ${await response.text()}`);
			}

			return response.json();
		},
		async finish() {
			await end('SIGTERM');
			return {
				ledger: linesOf(home, 'requests.jsonl').flatMap((line): LedgerRecord[] => parseLine(line, setup)),
				trace: linesOf(home, 'control_trace.jsonl').flatMap((line): TraceLine[] => parseLine(line, setup)),
			};
		},
		kill: () => end('SIGKILL'),
	};
};
