import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, rmSync} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {CommandError, exitCode} from '../../source/base/errors.ts';
import {undoAtExit} from './cleanup.ts';
import {endProcess} from './child.ts';
import {freePort, untilListening} from './port.ts';
import {requestPath, type RunningTarget, type Target} from './target.ts';

/*
 * Other programs that translate to Chat Completions. `.ci/run` installs them beside the real clients, from PyPI and npm; a machine that has not
 * done so gets a bench that names them as missing.
 */

const peersFolder = process.env['CODEX_TUI_PEERS'] ?? new URL('../output/peers', import.meta.url).pathname;

const relayFile = path.join(peersFolder, 'codex-relay/bin/codex-relay');
const routerFile = path.join(peersFolder, 'node_modules/@musistudio/claude-code-router/dist/cli.js');

interface Program {
	readonly name: string;
	readonly command: string;
	readonly flags: (port: number) => readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** What it needs in its home. */
	readonly prepare: (home: string, port: number) => Promise<void>;
}

const start = async (
	{name, command, flags, environment, prepare}: Program,
	address: Omit<RunningTarget['address'], 'port'>,
): Promise<RunningTarget> => {
	const home = await mkdtemp(path.join(tmpdir(), `codex-tui-bench-${name}-`));
	const port = await freePort();
	await prepare(home, port);
	const child = spawn(command, [...flags(port)], {
		cwd: home,
		env: {PATH: process.env['PATH'], HOME: home, ...environment},
		stdio: 'ignore',
	});
	await Promise.race([once(child, 'spawn'), once(child, 'error')]);
	if (child.pid === undefined) {
		throw new CommandError(exitCode.failed, 'peer-failed', `${name} did not start from ${command}.`);
	}

	const keep = undoAtExit(() => {
		child.kill('SIGKILL');
		rmSync(home, {recursive: true, force: true});
	});
	await untilListening(port, name);
	return {
		address: {port, ...address},
		pid: child.pid,
		async [Symbol.asyncDispose]() {
			await endProcess(child);
			keep();
			await rm(home, {recursive: true, force: true});
		},
	};
};

/** codex-relay (Rust): Responses in front, Chat Completions behind. */
export const codexRelay: Target = {
	name: 'codex-relay',
	// created, item added, item done, completed: it leaves the content part out.
	framing: 4,
	// It takes some 100 ms for 1 MB.
	warmUpRequests: 20,
	missing: () => (existsSync(relayFile) ? undefined : 'codex-relay is not installed (PyPI, see .ci/run)'),
	start: async mockPort =>
		start(
			{
				name: 'codex-relay',
				command: relayFile,
				flags: port => ['--port', String(port), '--upstream', `http://127.0.0.1:${mockPort}/v1`],
				environment: {CODEX_RELAY_API_KEY: 'bench', RUST_LOG: 'error'},
				prepare: async () => {},
			},
			{path: requestPath, headers: {}},
		),
};

/** claude-code-router: Messages in front, Chat Completions behind. */
export const claudeCodeRouter: Target = {
	name: 'claude-code-router',
	// message_start, content_block_start and _stop, message_delta, message_stop.
	framing: 5,
	// It takes some 200 ms for 1 MB.
	warmUpRequests: 20,
	missing: () =>
		existsSync(routerFile) ? undefined : '@musistudio/claude-code-router is not installed (npm, see .ci/run)',
	start: async mockPort =>
		start(
			{
				name: 'claude-code-router',
				command: process.execPath,
				flags: () => [routerFile, 'start'],
				environment: {},
				prepare: async (home, port) => {
					const folder = path.join(home, '.claude-code-router');
					await mkdir(folder);
					const provider = {
						name: 'mock',
						api_base_url: `http://127.0.0.1:${mockPort}/v1/chat/completions`,
						api_key: 'bench',
						models: ['gpt-5.5'],
					};
					await writeFile(
						path.join(folder, 'config.json'),
						JSON.stringify({
							...{PORT: port, HOST: '127.0.0.1', LOG: false, NON_INTERACTIVE_MODE: true},
							...{Providers: [provider], Router: {default: 'mock,gpt-5.5'}},
						}),
					);
				},
			},
			{path: '/v1/messages', headers: {'anthropic-version': '2023-06-01'}, body: 'messages'},
		),
};
