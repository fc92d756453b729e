import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {acquireHomeLock, readHomeLock} from '../../source/config/home-lock.ts';
import {type Home, openHome, readOrCreateToken} from '../../source/config/home.ts';
import {withMutex} from '../../source/config/mutex.ts';
import {describePortInUse, findPortHolder} from '../../source/config/port-holder.ts';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-home-'));
});
afterEach(async () => {
	await rm(folder, {recursive: true, force: true});
});

const open = async (): Promise<Home> => await openHome({CODEX_TUI_HOME: path.join(folder, 'home')});
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

/** Runs a module text in a process of its own and gives its lines. */
const runChild = async (script: string): Promise<string> => {
	const child = spawn('node_modules/.bin/node', ['--input-type=module-typescript', '-e', script], {
		env: {...process.env, CODEX_TUI_HOME: path.join(folder, 'home')},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => {
		output += chunk.toString();
	});
	await once(child, 'close');
	return output.trim();
};

const module = (name: string): string => JSON.stringify(path.resolve(`source/config/${name}.ts`));

describe('the home', () => {
	test('has folders of mode 0700 whatever the umask, also when they were there with a looser one', async () => {
		await mkdir(path.join(folder, 'home', 'logs'), {recursive: true, mode: 0o777});
		const umask = process.umask(0);
		try {
			const home = await open();
			for (const place of [home.root, home.logs, home.switchFolder, home.themes]) {
				expect(await modeOf(place)).toBe(0o700);
			}
		} finally {
			process.umask(umask);
		}
	});

	test('is ~/.codex-tui where nothing else is said, and one sentence where it cannot be used', async () => {
		expect((await openHome({HOME: folder})).config).toBe(path.join(folder, '.codex-tui', 'config.toml'));
		await writeFile(path.join(folder, 'home'), 'a file');
		await expect(open()).rejects.toThrow(
			/^The home folder .* cannot be used: .*set CODEX_TUI_HOME to another folder\.$/,
		);
	});
});

describe('the local token', () => {
	test('is made once, 32 bytes long, and only ours to read', async () => {
		const home = await open();
		const token = await readOrCreateToken(home);
		expect(Buffer.from(token, 'base64url')).toHaveLength(32);
		expect(await readOrCreateToken(home)).toBe(token);
		expect(await modeOf(home.token)).toBe(0o600);
	});

	test('is the same for processes that start at the same time', async () => {
		await open();
		const script = `import {openHome, readOrCreateToken} from ${module('home')};
			console.log(await readOrCreateToken(await openHome(process.env)));`;
		const tokens = await Promise.all([runChild(script), runChild(script), runChild(script)]);
		expect(tokens[0]).toMatch(/^[\w-]{43}$/);
		expect(new Set(tokens).size).toBe(1);
	});

	test('is not read through a planted link, and not taken from a file that holds something else', async () => {
		const home = await open();
		await symlink('/etc/passwd', home.token);
		await expect(readOrCreateToken(home)).rejects.toMatchObject({code: 'token-unreadable'});
		await rm(home.token);
		await writeFile(home.token, '');
		await expect(readOrCreateToken(home)).rejects.toMatchObject({code: 'token-invalid'});
	});
});

describe('the lock of a home', () => {
	test('refuses a second instance with exit code 4, naming the pid and what to do', async () => {
		const home = await open();
		const lock = await acquireHomeLock(home, {command: 'serve'});
		await lock.update({url: 'http://127.0.0.1:3211'});
		const second = acquireHomeLock(home, {command: 'start'});
		await expect(second).rejects.toMatchObject({exitCode: 4, code: 'home-in-use'});
		await expect(second).rejects.toThrow(`pid ${process.pid} (serve at http://127.0.0.1:3211)`);
		await expect(second).rejects.toThrow(`kill ${process.pid}`);
		expect(await readHomeLock(home)).toMatchObject({pid: process.pid, url: 'http://127.0.0.1:3211', command: 'serve'});
		expect(await modeOf(home.lock)).toBe(0o600);
		lock.release();
		expect(await readHomeLock(home)).toBeUndefined();
		(await acquireHomeLock(home, {command: 'start'})).release();
	});

	test('left by a dead process, by an earlier process of this pid, or as garbage is broken', async () => {
		const home = await open();
		const leftovers = [
			JSON.stringify({pid: 4_194_303, startTime: 'x'}),
			JSON.stringify({pid: process.pid, startTime: 'another time'}),
			'{"pid":',
			'',
		];
		for (const left of leftovers) {
			await writeFile(home.lock, left);
			expect(await readHomeLock(home)).toBeUndefined();
			(await acquireHomeLock(home, {command: 'serve'})).release();
		}
	});

	test('goes to exactly one of several processes that find a stale one', async () => {
		const home = await open();
		await writeFile(home.lock, JSON.stringify({pid: 4_194_303, startTime: 'x'}));
		const script = `import {openHome} from ${module('home')};
			import {acquireHomeLock} from ${module('home-lock')};
			const home = await openHome(process.env);
			try { await acquireHomeLock(home, {command: 'serve'}); console.log('got'); await new Promise(done => setTimeout(done, 1500)); }
			catch (error) { console.log(error.code); }`;
		const outcomes = await Promise.all([runChild(script), runChild(script), runChild(script)]);
		expect(outcomes.toSorted()).toEqual(['got', 'home-in-use', 'home-in-use']);
	});

	test('is not released when another process holds it by now', async () => {
		const home = await open();
		const lock = await acquireHomeLock(home, {command: 'serve'});
		await writeFile(home.lock, JSON.stringify({pid: 1, startTime: 'init'}));
		lock.release();
		expect(await readFile(home.lock, 'utf8')).toContain('init');
	});
});

test('work under a mutex never overlaps, and a mutex left by a killed process is taken over', async () => {
	const file = path.join(folder, 'mutex');
	await writeFile(file, JSON.stringify({pid: 4_194_303, startTime: 'x'}));
	let running = 0;
	let most = 0;
	const work = async (): Promise<void> => {
		running++;
		most = Math.max(most, running);
		await new Promise(resolve => setTimeout(resolve, 5));
		running--;
	};
	await Promise.all(Array.from({length: 5}, async () => await withMutex(file, work)));
	expect(most).toBe(1);
	await expect(stat(file)).rejects.toThrow('ENOENT');
});

test('the sentence about a port in use names the process, without its arguments', async () => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	try {
		expect((await findPortHolder(port))?.pid).toBe(process.pid);
		expect(await describePortInUse(port)).toMatch(
			new RegExp(`^Port ${port} is in use by pid ${process.pid} \\(node[^)]*\\); stop it`),
		);
	} finally {
		server.close();
		await once(server, 'close');
	}

	expect(await findPortHolder(port)).toBeUndefined();
});
