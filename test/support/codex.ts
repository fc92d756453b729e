import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect} from 'vitest';
import {localToken} from './engine.ts';
import {clientProgram, runProgram, type Ended, type RunOptions} from './program.ts';
import {scratchFolder} from './scratch.ts';

/** One event of `codex exec --json`, as far as tests look (codex-wire.md 10). */
interface CodexEvent {
	readonly type: string;
	readonly message?: string;
	readonly error?: {readonly message: string};
	readonly item?: {
		readonly type: string;
		readonly text?: string;
		readonly command?: string;
		readonly aggregated_output?: string;
		readonly exit_code?: number;
		readonly tool?: string;
		readonly status?: string;
	};
}

/** A turn as Codex printed it. */
export interface CodexTurn extends Ended {
	readonly events: readonly CodexEvent[];
	/** The text of the last message. */
	readonly answer: string | undefined;
	/** All error texts: reconnects, and the turn's failure. */
	readonly errors: readonly string[];
	/** The commands that ran, with their output. */
	readonly commands: ReadonlyArray<{readonly output: string; readonly exitCode: number | undefined}>;
}

/** A Codex with a home and a working folder of its own. */
export interface TestCodex {
	/** `CODEX_HOME`. */
	readonly home: string;
	/** The working folder. */
	readonly folder: string;
	readonly env: Readonly<Record<string, string>>;
	readonly configFile: string;
	/** Points it at another engine. */
	readonly point: (url: string) => void;
	/** Runs `codex exec --json` with these arguments behind it (the prompt last). */
	readonly exec: (...args: readonly string[]) => Promise<CodexTurn>;
	readonly execWith: (options: Partial<RunOptions>, ...args: readonly string[]) => Promise<CodexTurn>;
}

/** What a Codex is configured with. */
export interface CodexSetup {
	/** The engine's address; undefined: no provider, `switch on` writes it. */
	readonly url: string | undefined;
	/** Default: the right one. */
	readonly token?: string;
	/** More keys of the provider's table. */
	readonly provider?: string;
	/** More keys of the file's top. */
	readonly top?: string;
}

const switches = `[analytics]
enabled = false

[features]
plugins = false
remote_plugin = false
apps = false
`;

/** Codex's file: as `switch on` leaves it, so without any retry knob, and silent towards its vendor. */
const configText = ({url, token = localToken, provider = '', top = ''}: CodexSetup): string => `model = "gpt-5.5"
${url === undefined ? '' : 'model_provider = "codex-tui"\n'}approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
${top}
${
	url === undefined
		? ''
		: `[model_providers.codex-tui]
name = "codex-tui"
base_url = "${url}/v1"
wire_api = "responses"
http_headers = { "x-codex-tui-token" = "${token}" }
${provider}
`
}${switches}`;

const readTurn = (ended: Ended): CodexTurn => {
	const events = ended.stdout
		.split('\n')
		.filter(line => line !== '')
		.map((line): CodexEvent => JSON.parse(line));
	const items = events.flatMap(({type, item}) => (type === 'item.completed' && item ? [item] : []));
	return {
		...ended,
		events,
		answer: items.findLast(({type}) => type === 'agent_message')?.text,
		errors: events.flatMap(({message, error}) => [message ?? error?.message ?? []].flat()),
		commands: items
			.filter(({type}) => type === 'command_execution')
			.map(item => ({output: item.aggregated_output ?? '', exitCode: item.exit_code})),
	};
};

/** Makes a home for the real Codex; nothing of the machine's own Codex is read. */
export const makeCodex = (setup: CodexSetup): TestCodex => {
	const scratch = scratchFolder('codex');
	const home = path.join(scratch, 'home');
	const folder = path.join(scratch, 'work');
	const configFile = path.join(home, 'config.toml');
	mkdirSync(home);
	mkdirSync(folder);
	writeFileSync(configFile, configText(setup));
	const env = {HOME: scratch, CODEX_HOME: home, TERM: 'dumb'};
	const execWith: TestCodex['execWith'] = async (options, ...args) => {
		const always = ['--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
		const command = [clientProgram('codex'), 'exec', ...always, ...args];
		return readTurn(await runProgram(command, {cwd: folder, env, ...options}));
	};
	const point = (url: string): void => writeFileSync(configFile, configText({...setup, url}));
	return {home, folder, env, configFile, point, execWith, exec: (...args) => execWith({}, ...args)};
};

/** The turn ended right and Codex noticed nothing: no error, no reconnect, no warning. */
export const expectUnnoticed = (turn: CodexTurn, answer: string): void => {
	expect({exitCode: turn.exitCode, errors: turn.errors, answer: turn.answer}, turn.stderr).toEqual({
		exitCode: 0,
		errors: [],
		answer,
	});
	expect(turn.stdout + turn.stderr).not.toMatch(/reconnect|warning: falling back/i);
};
