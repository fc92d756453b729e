import path from 'node:path';
import {expect, test} from 'vitest';
import {makeHome, product, productEnv} from '../support/engine.ts';
import {runProgram, type Ended} from '../support/program.ts';

const serve = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => {
	const home = makeHome({codex: [{name: 'a', url: 'http://127.0.0.1:9/v1'}]});
	const command = product('serve', '--json', '--port', '0', ...args);
	return runProgram([...command], {cwd: path.dirname(home), env: {...productEnv(home), ...env}});
};

test.each([
	[['--max-sessions', 'many'], {}, 'CODEX_TUI_MAX_SESSIONS is "many", but it takes a whole number from 1 to 1000000.'],
	[[], {CODEX_TUI_HISTORY_STORE: 'ram'}, 'CODEX_TUI_HISTORY_STORE is "ram", but it takes one of memory, disk, off.'],
	[
		['--history-dir', '/d', '--history-store', 'ram'],
		{CODEX_TUI_HISTORY_STORE: 'disk'},
		'CODEX_TUI_HISTORY_STORE is "ram", but it takes one of memory, disk, off.',
	],
])('serve %j with %j ends with exit code 2 and one sentence', async (args, env, sentence) => {
	const {exitCode, stdout, stderr} = await serve(args, env);
	expect([exitCode, stdout, stderr]).toEqual([2, '', `codex-tui: ${sentence}\n`]);
});
