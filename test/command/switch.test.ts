import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {acquireHomeLock} from '../../source/config/home-lock.ts';
import {openHome} from '../../source/config/home.ts';

let folder = '';
let file = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-command-'));
	file = path.join(folder, 'codex', 'config.toml');
	await mkdir(path.dirname(file));
	await writeFile(file, 'model = "gpt-5.5"\n');
});
afterEach(async () => {
	await rm(folder, {recursive: true});
});

interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the command in a process of its own, with an error's sentence and exit code as the command line gives them. */
const run = async (...args: readonly string[]): Promise<Ended> => {
	const script = `import {run} from ${JSON.stringify(path.resolve('source/command/switch.ts'))};
		try { process.exitCode = await run(process.argv.slice(1)); }
		catch (error) { console.error(error.code + ': ' + error.message); process.exitCode = error.exitCode ?? 1; }`;
	const env = {...process.env, CODEX_TUI_HOME: path.join(folder, 'home'), CODEX_HOME: path.join(folder, 'codex')};
	return await new Promise(resolve => {
		execFile(
			'node_modules/.bin/node',
			['--input-type=module-typescript', '-e', script, '--', ...args],
			{env},
			(error, stdout, stderr) => resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
		);
	});
};

test('on, status and off speak one sentence each, and off gives every byte back', async () => {
	expect(await run('on', '--port', '4555')).toMatchObject({
		code: 0,
		stdout: `${file} points at codex-tui on http://127.0.0.1:4555/v1.\n`,
		stderr: '',
	});
	expect((await run('status')).stdout).toBe(`${file} points at codex-tui on http://127.0.0.1:4555/v1.\n`);
	expect((await run('on', '--port', '4555')).stdout).toContain('Nothing to change');
	expect((await run('off')).stdout).toBe(`${file} is given back: our keys are out, everything else stayed.\n`);
	expect((await run('off')).stdout).toBe('Codex is not switched on.\n');
	expect(await readFile(file, 'utf8')).toBe('model = "gpt-5.5"\n');
});

test('with --json it prints one object, and never the token', async () => {
	const on = await run('on', '--json');
	expect(JSON.parse(on.stdout)).toMatchObject({
		action: 'on',
		client: 'codex',
		changed: true,
		status: {state: 'on', file, baseUrl: 'http://127.0.0.1:3211/v1'},
	});
	const token = (await readFile(path.join(folder, 'home', 'token'), 'utf8')).trim();
	expect(await readFile(file, 'utf8')).toContain(token);
	const all = [on, await run('status', '--json'), await run('heal', '--json')];
	expect(all.map(({stdout}) => stdout).join('')).not.toContain(token);
	expect(JSON.parse(all[2]?.stdout ?? '')).toMatchObject({action: 'heal', outcome: 'restored', isByteExact: true});
});

test('on takes the port of the running instance, else that of the configuration', async () => {
	const home = await openHome({CODEX_TUI_HOME: path.join(folder, 'home')});
	await writeFile(home.config, 'version = 5\n[listen]\nport = 4777\n');
	expect((await run('on')).stdout).toContain('http://127.0.0.1:4777/v1');
	const lock = await acquireHomeLock(home, {command: 'serve'});
	await lock.update({url: 'http://127.0.0.1:4888'});
	expect((await run('on')).stdout).toContain('http://127.0.0.1:4888/v1');
	expect((await run('heal')).stdout).toContain(`belongs to the running codex-tui with pid ${process.pid}`);
	lock.release();
	await writeFile(home.config, 'version = 5\n[listen]\nport = "x"\n');
	expect((await run('on')).stderr).toContain('config.toml:3:1: listen.port is a string');
});

test.each([
	[[], 'switch takes exactly one of on, off, status, heal.'],
	[['on', 'off'], 'switch takes exactly one of on, off, status, heal.'],
	[['on', '--port', '0'], '--port takes a number from 1 to 65535, not "0".'],
	[['on', '--claud'], "Unknown option '--claud'."],
])('wrong usage %j is exit code 2 and one sentence', async (args, sentence) => {
	const {code, stderr} = await run(...args);
	expect(code).toBe(2);
	expect(stderr).toBe(`usage: ${sentence} See \`codex-tui switch --help\`.\n`);
});

test('the help has an example', async () => {
	expect((await run('--help')).stdout).toMatch(/Example:\n {2}codex-tui switch on/);
});
