import {existsSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {product, productEnv} from '../support/engine.ts';
import {openPty} from '../support/pty.ts';
import {scratchFolder} from '../support/scratch.ts';

/* The whole program in an empty home: live at once, and set up when the user wants it. */

test('an empty home shows the live demo with no question asked, and W, Enter … Enter starts with what was written', async () => {
	const folder = scratchFolder('first');
	const home = path.join(folder, 'codex-tui');
	const codexHome = path.join(folder, 'codex');
	mkdirSync(codexHome);
	const screen = openPty({
		command: product('start', '--port', '0'),
		env: {...productEnv(home, codexHome), DEEPSEEK_API_KEY: 'sk-of-this-test'},
		columns: 80,
		rows: 24,
	});
	onTestFinished(() => screen[Symbol.asyncDispose]());
	const liveMs = await screen.until(/DEMO .*\n[\s\S]*W sets up your providers/);
	await screen.until(/Requests ─+ follow ▲ +[1-9]/, 10_000 - liveMs);
	expect(existsSync(path.join(home, 'config.toml'))).toBe(false);
	screen.type('W');
	await screen.until('[1] deepseek');
	for (const [answer, next] of [
		['\r', 'Set up 2/5: Codex'],
		['j\r', 'Set up 3/5: theme'],
		['\u001B', 'Set up 4/5: language'],
		['\u001B', 'preset = "deepseek"'],
		['\r', 'Enter starts with it'],
	] as const) {
		screen.type(answer);
		await screen.until(next);
	}

	screen.type('\r');
	await screen.until(/codex-tui +● ok .*route deepseek/);
	expect(screen.text()).not.toContain('DEMO');
	expect(readFileSync(path.join(home, 'config.toml'), 'utf8')).toContain('auth_token_env = "DEEPSEEK_API_KEY"');
	expect(screen.bytes()).not.toContain('sk-of-this-test');
	expect(existsSync(path.join(codexHome, 'config.toml'))).toBe(false);
	screen.type('q');
	expect(await screen.ended).toEqual({exitCode: 0, signal: 0});
});
