import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-show-'));
});
afterEach(async () => {
	await rm(folder, {recursive: true});
});

const run = async (...args: readonly string[]): Promise<{code: number; stdout: string; stderr: string}> =>
	new Promise(resolve => {
		execFile(
			'node_modules/.bin/node',
			['dist/cli.js', 'config', 'show', ...args],
			{env: {PATH: process.env['PATH'], HOME: folder, CODEX_TUI_HOME: folder, CODEX_TUI_PORT: '3333', TERM: 'dumb'}},
			(error, stdout, stderr) => resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
		);
	});

const write = (text: string): Promise<void> => writeFile(path.join(folder, 'config.toml'), text, {mode: 0o600});

test('config show prints every value with its source, and no key', async () => {
	await write(
		'version = 5\n[timeouts]\nconnect_ms = 700\n[codex.providers.a]\nbase_url = "https://a.example"\nauth_token = "sk-canary-canary-canary"\n',
	);
	const {code, stdout} = await run();
	expect(code).toBe(0);
	expect(stdout).toMatch(/│ timeouts\.connect_ms +│ 700 +│ 10000 +│ config\.toml:3 +│/);
	expect(stdout).toMatch(/│ listen\.port +│ 3333 +│ 3211 +│ env CODEX_TUI_PORT +│/);
	expect(stdout).toMatch(/│ codex\.providers\.a\.auth +│ token in the file +│ +│ config\.toml:6 +│/);
	expect(stdout).not.toContain('canary');
	const set = await run('--set');
	expect(set.stdout).toContain('timeouts.connect_ms');
	expect(set.stdout).not.toContain('timeouts.heartbeat_ms');
});

test('config show --json is one object with keys, values, defaults and sources', async () => {
	await write('version = 5\n[timeouts]\nconnect_ms = 700\n');
	const {stdout} = await run('--json');
	const answer: unknown = JSON.parse(stdout);
	expect(answer).toMatchObject({path: path.join(folder, 'config.toml')});
	expect(answer).toHaveProperty(
		'settings',
		expect.arrayContaining([
			{key: 'timeouts.connect_ms', value: '700', default: '10000', from: {kind: 'file', line: 3}},
			{key: 'timeouts.heartbeat_ms', value: '15000', default: '15000', from: {kind: 'default'}},
		]),
	);
});

test('without a file the defaults are shown; a broken file is its sentence and exit code 3', async () => {
	expect((await run()).stdout).toContain('these are the defaults');
	await write('version = 5\n[timeouts]\nconnect_ms = "x"\n');
	const {code, stderr} = await run();
	expect(code).toBe(3);
	expect(stderr).toContain('config.toml:3:1: timeouts.connect_ms is a string');
	expect((await run('--wrong')).code).toBe(2);
});
