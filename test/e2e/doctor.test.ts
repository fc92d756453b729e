import {readFileSync} from 'node:fs';
import {expect, onTestFinished, test} from 'vitest';
import {makeCodex} from '../support/codex.ts';
import {makeHome, product, productEnv} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {openPty} from '../support/pty.ts';
import {runProgram} from '../support/program.ts';
import {codexText} from '../upstreams/codex-text.ts';

/* The doctor of the whole program, in a terminal and beside a running engine. */

test('an alert of the start points Codex at the engine with one key, and the end gives every byte back', async () => {
	const upstream = await startFar('upstream', codexText);
	const home = makeHome({codex: [upstream]});
	const codex = makeCodex({url: undefined, top: '# a comment of the user\n'});
	const before = readFileSync(codex.configFile);
	const env = productEnv(home, codex.home);
	const screen = openPty({
		command: product('start', '--no-switch', '--port', '0'),
		env,
		columns: 100,
		rows: 30,
	});
	onTestFinished(() => screen[Symbol.asyncDispose]());
	await screen.until(/! Codex is not pointed at codex-tui.*F fixes/);
	screen.type('F');
	await screen.until(/Point Codex at http:\/\/127\.0\.0\.1:\d+\? y yes/);
	screen.type('y');
	await screen.until(/codex on/);
	expect(readFileSync(codex.configFile, 'utf8')).toContain('model_provider = "codex-tui"');

	screen.type('8');
	await screen.until(/Doctor ─[^\n]*\d+ ok {2}ran /);
	const beside = await runProgram(product('doctor', 'engine', 'client', '--json'), {cwd: codex.folder, env});
	expect(JSON.parse(beside.stdout)).toMatchObject({
		fail: 0,
		checks: expect.arrayContaining([
			expect.objectContaining({id: 'port', state: 'ok'}),
			expect.objectContaining({id: 'token', state: 'ok', what: 'The engine takes the local token.'}),
			expect.objectContaining({id: 'client.codex', state: 'ok'}),
		]),
	});
	expect(beside.exitCode).toBe(0);

	screen.type('q');
	expect(await screen.ended).toMatchObject({exitCode: 0});
	expect(readFileSync(codex.configFile).equals(before)).toBe(true);
});
