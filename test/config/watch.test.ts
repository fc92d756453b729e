import {chmod, mkdir, mkdtemp, open, rename, rm, symlink, unlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, onTestFinished, test} from 'vitest';
import {replaceFile} from '../../source/base/atomic-file.ts';
import type {ConfigError} from '../../source/config/config-error.ts';
import type {Config} from '../../source/config/config.ts';
import {loadConfig} from '../../source/config/load.ts';
import {watchConfig, watchFolder} from '../../source/config/watch.ts';

const content = (port: number): string =>
	`version = 5\n[listen]\nport = ${port}\n[codex.providers.a]\nbase_url = "https://a.example/v1"\n`;

let folder = '';
let file = '';
let stop = new AbortController();
let configs: Config[] = [];
let faults: ConfigError[] = [];

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-watch-'));
	file = path.join(folder, 'config.toml');
	stop = new AbortController();
	configs = [];
	faults = [];
	await writeFile(file, content(4000));
});
afterEach(async () => {
	stop.abort();
	await rm(folder, {recursive: true, force: true});
});

const start = async (): Promise<void> => {
	const {hash} = await loadConfig({path: file, env: {}});
	await watchConfig({
		path: file,
		env: {},
		knownHash: hash,
		onConfig: config => configs.push(config),
		onBroken: error => faults.push(error),
		signal: stop.signal,
	});
	expect([configs, faults]).toEqual([[], []]);
};

const until = async (isDone: () => boolean): Promise<number> => {
	const begin = performance.now();
	while (!isDone()) {
		if (performance.now() - begin > 5000) {
			throw new Error('nothing came within 5 s');
		}

		await sleep(5);
	}

	return performance.now() - begin;
};

const hasPort = (port: number) => (): boolean => configs.at(-1)?.listen.port === port;

const slowly = async (text: string): Promise<void> => {
	const handle = await open(file, 'w');
	for (const part of text.match(/[^]{1,20}/g) ?? []) {
		await handle.write(part);
		await sleep(10);
	}

	await handle.close();
};

const saves: ReadonlyArray<readonly [string, (text: string) => Promise<void>]> = [
	['truncates and writes', async text => await writeFile(file, text)],
	['truncates and writes slowly in pieces', slowly],
	[
		'renames a new file over it',
		async text => await writeFile(`${file}.new`, text).then(async () => await rename(`${file}.new`, file)),
	],
	['removes it and makes it again', async text => await unlink(file).then(async () => await writeFile(file, text))],
	[
		'moves it to a backup first, as vim does',
		async text => {
			await rename(file, `${file}~`);
			await writeFile(file, text);
			await unlink(`${file}~`);
		},
	],
	['replaces it atomically', async text => await replaceFile(file, text)],
];

describe('an editor that', () => {
	test.each(saves)('%s is followed within 500 ms, again and again, and never seen half-way', async (_, save) => {
		await start();
		for (const port of [4001, 4002, 4003]) {
			await save(content(port));
			expect(await until(hasPort(port))).toBeLessThan(500);
		}

		expect(faults).toEqual([]);
	});
});

test('a broken file is told once, with its line, and the next good save applies', async () => {
	await start();
	await writeFile(file, `${content(4001)}broken = \n`);
	expect(await until(() => faults.length > 0)).toBeLessThan(500);
	expect(faults[0]).toMatchObject({code: 'config-syntax', line: 6});
	await writeFile(file, `${content(4001)}broken = \n`);
	await sleep(400);
	expect(faults).toHaveLength(1);
	expect(configs).toEqual([]);
	await writeFile(file, content(4001));
	expect(await until(hasPort(4001))).toBeLessThan(500);
});

test('the old content again after a broken file is told too, so that the problem can be closed', async () => {
	await start();
	await writeFile(file, 'version = ');
	await until(() => faults.length > 0);
	await writeFile(file, content(4000));
	await until(hasPort(4000));
});

test('a file that is deleted, then a folder in its place, then a file again', async () => {
	await start();
	await unlink(file);
	await until(() => faults.at(-1)?.code === 'config-missing');
	await mkdir(file);
	await until(() => faults.at(-1)?.code === 'config-unreadable');
	await rm(file, {recursive: true});
	await writeFile(file, content(4001));
	expect(await until(hasPort(4001))).toBeLessThan(500);
});

test.skipIf(process.getuid?.() === 0)(
	'an unreadable file keeps the last good one until it may be read again',
	async () => {
		await start();
		await chmod(file, 0);
		await until(() => faults.at(-1)?.code === 'config-unreadable');
		await chmod(file, 0o600);
		await until(hasPort(4000));
	},
);

test('a link is followed: edits of the file behind it, and another target', async () => {
	const behind = path.join(folder, 'dotfiles');
	await mkdir(behind);
	await writeFile(path.join(behind, 'one.toml'), content(4001));
	await writeFile(path.join(behind, 'two.toml'), content(4005));
	await rm(file);
	await symlink(path.join(behind, 'one.toml'), file);
	await start();
	await writeFile(path.join(behind, 'one.toml'), content(4002));
	expect(await until(hasPort(4002))).toBeLessThan(500);
	await replaceFile(path.join(behind, 'one.toml'), content(4003));
	expect(await until(hasPort(4003))).toBeLessThan(500);
	await symlink(path.join(behind, 'two.toml'), `${file}.new`);
	await rename(`${file}.new`, file);
	expect(await until(hasPort(4005))).toBeLessThan(500);
});

test('a link that led nowhere is followed once the folder behind it is there, where no watcher can see that', async () => {
	await rm(file);
	const elsewhere = await mkdtemp(path.join(tmpdir(), 'cxt-late-'));
	onTestFinished(async () => await rm(elsewhere, {recursive: true}));
	await symlink(path.join(elsewhere, 'late', 'relay.toml'), file);
	const {signal} = stop;
	const told = {
		onConfig: (config: Config) => configs.push(config),
		onBroken: (error: ConfigError) => faults.push(error),
	};
	await watchConfig({path: file, env: {}, ...told, signal});
	expect(faults.map(({code}) => code)).toEqual(['config-missing']);
	await sleep(100);
	await mkdir(path.join(elsewhere, 'late'));
	await writeFile(path.join(elsewhere, 'late', 'relay.toml'), content(4001));
	await until(hasPort(4001));
});

test('a hundred quick saves, truncated ones among them, end with the last one', async () => {
	await start();
	for (let round = 1; round <= 50; round++) {
		await writeFile(file, content(4000 + round).slice(0, 40));
		await writeFile(file, content(4000 + round));
	}

	expect(await until(hasPort(4050))).toBeLessThan(500);
	expect(faults).toEqual([]);
});

test('nothing is told after the signal', async () => {
	await start();
	stop.abort();
	await writeFile(file, content(4001));
	await sleep(300);
	expect(configs).toEqual([]);
});

test('a folder of themes is followed: a new, a changed and a removed file each call back', async () => {
	const themes = path.join(folder, 'themes');
	await mkdir(themes);
	let calls = 0;
	await watchFolder({
		folder: themes,
		onChange: () => {
			calls++;
		},
		onError: error => {
			throw error;
		},
		signal: stop.signal,
	});
	for (const change of [
		async () => await writeFile(path.join(themes, 'a.json'), '{}'),
		async () => await writeFile(path.join(themes, 'a.json'), '{"a": 1}'),
		async () => await unlink(path.join(themes, 'a.json')),
	]) {
		const before = calls;
		await change();
		expect(await until(() => calls > before)).toBeLessThan(500);
		await sleep(200);
	}
});
