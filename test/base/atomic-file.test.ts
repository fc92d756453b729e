import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmod, link, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createFile, removeFile, replaceFile} from '../../source/base/atomic-file.ts';

let folder = '';
let inside = '';
let file = '';
beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-atomic-'));
	inside = path.join(folder, 'home');
	file = path.join(inside, 'file.toml');
	await mkdir(inside);
});
afterEach(async () => {
	await rm(folder, {recursive: true, force: true});
});

const modeOf = async (name: string): Promise<number> => (await stat(name)).mode & 0o777;
const contentOf = async (name: string): Promise<string> => await readFile(name, 'utf8');

describe('the mode', () => {
	test('is 0600 for a new file whatever the umask, kept for an old one, and what is asked for otherwise', async () => {
		const umask = process.umask(0);
		try {
			await replaceFile(file, 'a');
			expect(await modeOf(file)).toBe(0o600);
			await chmod(file, 0o664);
			await replaceFile(file, 'b');
			expect(await modeOf(file)).toBe(0o664);
			await replaceFile(file, 'c', {mode: 0o600});
			expect(await modeOf(file)).toBe(0o600);
			process.umask(0o777);
			await chmod(file, 0o640);
			await replaceFile(file, 'd');
			expect(await modeOf(file)).toBe(0o640);
		} finally {
			process.umask(umask);
		}
	});
});

describe('links', () => {
	test('a link into the home is followed and stays a link; the file behind it is replaced', async () => {
		const target = path.join(inside, 'dotfiles.toml');
		await writeFile(target, 'old', {mode: 0o640});
		await symlink('dotfiles.toml', file);
		await replaceFile(file, 'new', {roots: [inside]});
		expect(await readlink(file)).toBe('dotfiles.toml');
		expect(await contentOf(target)).toBe('new');
		expect(await modeOf(target)).toBe(0o640);
	});

	test.each([
		['out of the home', 'victim', ['home']],
		['where no folder is allowed', 'home/other', []],
		['that leads nowhere', 'home/absent', ['home']],
		['to a folder', 'home/folder', ['home']],
		['into a folder whose name only begins like the home', 'home-evil/victim', ['home']],
	])('a link %s is refused and nothing is touched', async (_, target, roots) => {
		await mkdir(path.join(inside, 'folder'));
		await mkdir(path.join(folder, 'home-evil'));
		for (const name of ['victim', 'home/other', 'home-evil/victim']) {
			await writeFile(path.join(folder, name), 'theirs');
		}

		await symlink(path.join(folder, target), file);
		const options = {roots: roots.map(name => path.join(folder, name))};
		const before = await readdir(inside);
		await expect(replaceFile(file, 'ours', options)).rejects.toMatchObject({code: 'file-refused'});
		await expect(removeFile(file, options)).rejects.toMatchObject({code: 'file-refused'});
		expect(await readdir(inside)).toEqual(before);
		for (const name of ['victim', 'home/other', 'home-evil/victim']) {
			expect(await contentOf(path.join(folder, name))).toBe('theirs');
		}
	});

	test('a hard link to a victim is cut, not written through', async () => {
		const victim = path.join(folder, 'victim');
		await writeFile(victim, 'theirs');
		await link(victim, file);
		await replaceFile(file, 'ours');
		expect(await contentOf(victim)).toBe('theirs');
		expect(await contentOf(file)).toBe('ours');
	});

	test('a link that is planted again and again never leads a write out of the home', async () => {
		const victim = path.join(folder, 'victim');
		await writeFile(victim, 'theirs');
		const stop = new AbortController();
		const attack = async (): Promise<void> => {
			while (!stop.signal.aborted) {
				await rm(file, {force: true});
				await symlink(victim, file).catch(() => undefined);
				await sleep(0);
			}
		};
		const attacker = attack();
		for (let round = 0; round < 100; round++) {
			await replaceFile(file, 'ours', {roots: [inside]}).catch(() => undefined);
		}

		stop.abort();
		await attacker;
		expect(await contentOf(victim)).toBe('theirs');
	});
});

describe('what was expected', () => {
	test('is compared at the last moment: a file that another program changed is left alone', async () => {
		await writeFile(file, 'theirs');
		for (const bytes of [Buffer.from('old'), undefined]) {
			await expect(replaceFile(file, 'ours', {expected: {bytes}})).rejects.toMatchObject({code: 'file-changed'});
			await expect(removeFile(file, {expected: {bytes}})).rejects.toMatchObject({code: 'file-changed'});
		}

		expect(await contentOf(file)).toBe('theirs');
		expect(await readdir(inside)).toEqual(['file.toml']);
		await replaceFile(file, 'ours', {expected: {bytes: Buffer.from('theirs')}});
		expect(await contentOf(file)).toBe('ours');
	});
});

test('a folder in the place of the file, or no folder around it, is one sentence', async () => {
	await mkdir(file);
	await expect(replaceFile(file, 'x')).rejects.toThrow(`${file} was not written: it is not a regular file`);
	await expect(replaceFile(path.join(folder, 'no', 'x'), 'x')).rejects.toMatchObject({code: 'file-unwritable'});
});

test('of many that create one file exactly one does, and its content is whole', async () => {
	const results = await Promise.all(
		Array.from({length: 10}, async (_, index) => await createFile(file, `by ${index}`)),
	);
	expect(results.filter(Boolean)).toHaveLength(1);
	expect(await contentOf(file)).toBe(`by ${results.indexOf(true)}`);
	expect(await readdir(inside)).toEqual(['file.toml']);
	await removeFile(file);
	await removeFile(file);
	expect(await readdir(inside)).toEqual([]);
});

test('after kill -9 at random moments the file is an old or a new one, never a torn one', async () => {
	const script = `import {replaceFile} from ${JSON.stringify(path.resolve('source/base/atomic-file.ts'))};
		console.log('go');
		for (let i = 0; ; i++) await replaceFile(${JSON.stringify(file)}, (String(i % 10)).repeat(200_000) + '\\n');`;
	await writeFile(file, `${'x'.repeat(200_000)}\n`);
	for (let run = 0; run < 10; run++) {
		const child = spawn('node_modules/.bin/node', ['--input-type=module-typescript', '-e', script], {
			stdio: ['ignore', 'pipe', 'inherit'],
			detached: true,
		});
		await once(child.stdout, 'data');
		await sleep(Math.random() * 40);
		process.kill(-(child.pid ?? 0), 'SIGKILL');
		await once(child, 'close');
		expect(await contentOf(file)).toMatch(/^(.)\1{199999}\n$/);
	}

	await replaceFile(file, 'last');
	expect(await readdir(inside), 'what the killed ones left is swept by the next write').toEqual(['file.toml']);
});
