import {mkdirSync} from 'node:fs';
import path from 'node:path';
import {localToken} from './engine.ts';
import {clientProgram, runProgram, type Ended} from './program.ts';
import {scratchFolder} from './scratch.ts';

/** A turn as Claude Code printed it. */
export interface ClaudeTurn extends Ended {
	/** The answer, or the sentence that it shows where it failed. */
	readonly text: string;
	readonly isError: boolean;
}

/** What a Claude Code is run with. */
export interface ClaudeSetup {
	/** The engine's address. */
	readonly url: string;
	/** Default: the right one; null: none. */
	readonly token?: string | null;
	readonly args?: readonly string[];
	/** A folder of `scratchFolder` that several runs share, as one user's does; default: one of its own. */
	readonly home?: string;
	/** It is killed after this time; default 60 s. */
	readonly patienceMs?: number;
}

/** What `claude -p --output-format json` prints, as far as tests look. */
interface Printed {
	readonly result?: string;
	readonly is_error?: boolean;
}

/** Runs the real `claude -p` with a home of its own, isolated from its vendor (claude-wire.md 7). */
export const runClaude = async (prompt: string, setup: ClaudeSetup): Promise<ClaudeTurn> => {
	const scratch = setup.home ?? scratchFolder('claude');
	const folder = path.join(scratch, 'work');
	mkdirSync(folder, {recursive: true});
	const token = setup.token === undefined ? localToken : setup.token;
	const command = [clientProgram('claude'), '-p', prompt, '--output-format', 'json', ...(setup.args ?? [])];
	const ended = await runProgram(command, {
		cwd: folder,
		env: {
			HOME: scratch,
			CLAUDE_CONFIG_DIR: path.join(scratch, '.claude'),
			ANTHROPIC_BASE_URL: setup.url,
			...(token === null ? {} : {ANTHROPIC_AUTH_TOKEN: token}),
			DISABLE_TELEMETRY: '1',
			DISABLE_ERROR_REPORTING: '1',
			DISABLE_AUTOUPDATER: '1',
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
		},
		...(setup.patienceMs === undefined ? {} : {patienceMs: setup.patienceMs}),
	});
	const printed: Printed = ended.stdout.startsWith('{') ? JSON.parse(ended.stdout) : {};
	return {...ended, text: printed.result ?? ended.stdout, isError: printed.is_error ?? true};
};
