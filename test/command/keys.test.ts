import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import {homePaths} from '../../source/config/home.ts';
import {keySourceOf} from '../../source/command/key-files.ts';
import {poll} from '../support/poll.ts';

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'cxt-keys-'));
	try {
		await work(folder);
	} finally {
		await rm(folder, {recursive: true});
	}
};

const run = async (home: string, ...args: readonly string[]) =>
	new Promise<{code: number; stdout: string; stderr: string}>(resolve => {
		execFile(
			'node_modules/.bin/node',
			['dist/cli.js', 'keys', ...args],
			{env: {PATH: process.env['PATH'], HOME: home, CODEX_TUI_HOME: home, TERM: 'dumb'}},
			(error, stdout, stderr) => resolve({code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr}),
		);
	});

test('codex-tui keys prints the table with the changed keys, and says file and line of what it does not use', async () => {
	await inFolder(async folder => {
		const file = path.join(folder, 'keys.json');
		await writeFile(file, '{"theme.next": ["ctrl+t"],\n"rute.pin": ["x"]}');
		const table = await run(folder);
		expect(table.code).toBe(3);
		expect(table.stdout).toMatch(/│ Ctrl\+T +│ theme\.next +│ next theme +│ all +│ keys\.json +│/);
		expect(table.stdout).toMatch(/│ j Down +│ list\.next +│ down +│ all +│ default +│/);
		expect(table.stderr).toBe(`${file}:2: there is no command "rute.pin"; is it "route.pin"?\n`);
		const json: unknown = JSON.parse((await run(folder, '--json')).stdout);
		expect(json).toMatchObject({path: file, isThere: true, faults: [{line: 2}]});
		expect(json).toHaveProperty(
			'commands',
			expect.arrayContaining([
				expect.objectContaining({command: 'theme.next', keys: ['ctrl+t'], default: ['T'], isChanged: true}),
			]),
		);
	});
});

test('a changed key file is told within a moment, and other files of the home are not', async () => {
	await inFolder(async folder => {
		const source = keySourceOf(homePaths(folder));
		let changes = 0;
		const stop = source.onChange(() => changes++);
		try {
			expect(source.read()).toBeUndefined();
			await poll('the change', async () => {
				await writeFile(path.join(folder, 'state.db'), String(Math.random()));
				await writeFile(path.join(folder, 'keys.json'), '{"theme.next": ["ctrl+t"]}');
				return changes > 0 || undefined;
			});
			expect(source.read()).toContain('ctrl+t');
			expect(changes).toBe(1);
		} finally {
			stop();
		}
	});
});
