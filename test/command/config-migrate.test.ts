import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';

let folder = '';
let config = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-migrate-'));
	config = path.join(folder, '.codex-tui', 'config.toml');
	await mkdir(path.dirname(config), {mode: 0o700});
});
afterEach(async () => {
	await rm(folder, {recursive: true});
});

const run = async (...args: readonly string[]): Promise<{code: number; stdout: string; stderr: string}> =>
	await new Promise(resolve => {
		const env = {...process.env, HOME: folder, CODEX_TUI_HOME: path.dirname(config)};
		execFile('node_modules/.bin/node', ['source/cli.ts', 'config', ...args], {env}, (error, stdout, stderr) => {
			resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr});
		});
	});

const json = JSON.stringify({
	codex: {active: 'a', configs: {a: {upstreams: [{base_url: 'https://a.example', auth: {auth_token: 'canary-1'}}]}}},
});

test('import shows the change with keys masked and writes nothing, then writes it with mode 0600', async () => {
	await mkdir(path.join(folder, '.codex-helper'));
	await writeFile(path.join(folder, '.codex-helper', 'config.json'), json);
	const preview = await run('import');
	expect(preview).toMatchObject({code: 0, stderr: ''});
	expect(preview.stdout).toContain('+ auth_token = "[redacted]"');
	expect(preview.stdout).toContain('Nothing is written; add --write to do it.');
	await expect(stat(config)).rejects.toThrow('ENOENT');
	const written = await run('import', '--write', '--json');
	expect(JSON.parse(written.stdout)).toMatchObject({target: config, isWritten: true, notes: []});
	expect(preview.stdout + written.stdout).not.toContain('canary');
	expect(await readFile(config, 'utf8')).toContain('auth_token = "canary-1"');
	expect((await stat(config)).mode & 0o777).toBe(0o600);
	expect((await run('import')).stdout).toContain('is up to date.');
});

test('migrate changes one line of an old file and keeps the file before it as a backup', async () => {
	const old = 'version = 4\n# mine\n[codex.providers.a]\nbase_url = "https://a.example"\nauth_token = "canary-2"\n';
	await writeFile(config, old);
	const preview = await run('migrate');
	expect(preview.stdout).toMatch(/^- version = 4\n\+ version = 5\nNothing is written/);
	const {stdout} = await run('migrate', '--write');
	expect(stdout).toContain(`${config} is written; the old one is ${config}.bak.`);
	expect(await readFile(config, 'utf8')).toBe(old.replace('4', '5'));
	expect(await readFile(`${config}.bak`, 'utf8')).toBe(old);
	expect((await stat(`${config}.bak`)).mode & 0o777).toBe(0o600);
});

test('an old file that cannot be carried over is exit code 3, and stays', async () => {
	const old = 'version = 2\n[codex.groups.a]\nx = 1\n';
	await writeFile(config, old);
	expect(await run('migrate', '--write')).toMatchObject({code: 3, stderr: expect.stringContaining('codex.groups')});
	expect(await readFile(config, 'utf8')).toBe(old);
	expect(await run('import', path.join(folder, 'none.json'))).toMatchObject({code: 3});
});

test.each([['import', 'a', 'b'], ['migrate', 'a'], ['migrate', '--wrong'], ['convert']])(
	'config %s %s is wrong usage',
	async (...args) => {
		expect(await run(...args)).toMatchObject({code: 2, stdout: ''});
	},
);

test.each(['.', '/dev/zero'])('import of %s, which is no file, says so at once', async file => {
	const {code, stderr} = await run('import', file);
	expect([code, stderr]).toEqual([3, expect.stringContaining('is no file; name the file itself.')]);
});

test('both have a help with flags and an example', async () => {
	expect(await run('import', '--help')).toMatchObject({code: 0, stdout: expect.stringContaining('--write')});
	expect(await run('migrate', '--help')).toMatchObject({code: 0, stdout: expect.stringContaining('Example:')});
});
