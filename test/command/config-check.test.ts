import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-check-'));
});
afterEach(async () => {
	await rm(folder, {recursive: true});
});

const run = async (
	text: string,
	...args: readonly string[]
): Promise<{code: number; stdout: string; stderr: string}> => {
	const file = path.join(folder, 'config.toml');
	await writeFile(file, text, {mode: 0o600});
	return await new Promise(resolve => {
		execFile(
			'node_modules/.bin/node',
			['dist/cli.js', 'config', 'check', file, ...args],
			{env: {...process.env, CODEX_HOME: folder, HOME: folder, CHECK_KEY: 'sk-canary'}},
			(error, stdout, stderr) => resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
		);
	});
};

const provider = (name: string, key: string): string =>
	`[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\nauth_token_env = "${key}"\n`;

test('a good file is shown as the engine will use it, without a key', async () => {
	const {code, stdout} = await run(
		`version = 5\n${provider('a', 'CHECK_KEY')}${provider('b', 'NONE')}enabled = false\n`,
	);
	expect(code).toBe(0);
	expect(stdout).toMatch(/│ 1 +│ codex\/a\/default │ https:\/\/a\.example\/v1 │ responses │ env CHECK_KEY +│/);
	expect(stdout).toMatch(/│ disabled │ codex\/b\/default/);
	expect(stdout).not.toContain('canary');
});

test('a missing credential is exit code 5 and named, in both forms', async () => {
	const {code, stdout} = await run(`version = 5\ntypo = 1\n${provider('a', 'NOT_SET_ANYWHERE')}`);
	expect(code).toBe(5);
	expect(stdout).toContain('missing: codex/a/default wants the variable NOT_SET_ANYWHERE, which is not set.');
	expect(stdout).toContain('config.toml:2: the key typo is not known, it is ignored.');
	const json = await run(`version = 5\n${provider('a', 'NOT_SET_ANYWHERE')}`, '--json');
	expect(json.code).toBe(5);
	expect(JSON.parse(json.stdout)).toMatchObject({
		endpoints: [{order: 1, missingVariable: 'NOT_SET_ANYWHERE'}],
		warnings: [],
	});
});

test('a broken file is its sentence', async () => {
	const {code, stderr} = await run('version = 5\n[codex.providers.a]\nbase_url = 7\n');
	expect(code).toBe(3);
	expect(stderr).toContain('config.toml:3:1: codex.providers.a.base_url is a number, but it takes a string.');
});
