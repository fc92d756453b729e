import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {switchStatus} from '../../../source/client/codex/switch-status.ts';
import {healSwitch, switchOff, switchOn, type SwitchOnResult} from '../../../source/client/codex/switch.ts';
import {acquireHomeLock} from '../../../source/config/home-lock.ts';
import {type Home, openHome} from '../../../source/config/home.ts';

const token = 'test-token_0123456789abcdefghijklmnop';
const original =
	'# mine\nmodel = "gpt-5.5"\nmodel_provider = "openai" # plan\n\n[projects."/w"]\ntrust_level = "trusted"\n';

let folder = '';
let codexHome = '';
let file = '';
let home: Home;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'cxt-switch-'));
	codexHome = path.join(folder, 'codex');
	file = path.join(codexHome, 'config.toml');
	home = await openHome({CODEX_TUI_HOME: path.join(folder, 'home')});
	await mkdir(codexHome);
	await writeFile(file, original, {mode: 0o640});
});
afterEach(async () => {
	await rm(folder, {recursive: true, force: true});
});

const on = async (
	more: {url?: string; takeOver?: boolean; home?: Home; token?: string} = {},
): Promise<SwitchOnResult> =>
	await switchOn({home, codexHome, url: 'http://127.0.0.1:3211', token, takeOver: false, ...more});
const off = async () => await switchOff({home});
const text = async (): Promise<string> => await readFile(file, 'utf8');
const state = async (): Promise<string> => (await switchStatus({home, codexHome})).state;

describe('on and off', () => {
	test('give every byte and the mode back when nobody else wrote, and leave no file behind', async () => {
		const result = await on();
		expect(result).toMatchObject({
			changed: true,
			tookOver: false,
			status: {state: 'on', baseUrl: 'http://127.0.0.1:3211/v1'},
		});
		expect(await text()).toContain('model_provider = "codex-tui" # plan');
		expect(await state()).toBe('on');
		expect(await off()).toMatchObject({outcome: 'restored', isByteExact: true, file});
		expect(await text()).toBe(original);
		expect((await stat(file)).mode & 0o777).toBe(0o640);
		expect(await state()).toBe('off');
		expect(await readdir(home.switchFolder)).toEqual([]);
		expect(await readdir(codexHome)).toEqual(['config.toml']);
	});

	test('keep what Codex itself wrote while it ran', async () => {
		await on();
		const rewritten = (await text())
			.replace('model = "gpt-5.5"', 'model = "gpt-6-sol"')
			.concat('\n[notice.model_migrations]\n"gpt-5.5" = "gpt-6-sol"\n\n[projects."/new"]\ntrust_level = "trusted"\n');
		await writeFile(file, rewritten);
		expect(await state()).toBe('on');
		expect(await off()).toMatchObject({outcome: 'restored', isByteExact: false});
		expect(await text()).toBe(
			`${original.replace('gpt-5.5', 'gpt-6-sol')}\n[notice.model_migrations]\n"gpt-5.5" = "gpt-6-sol"\n\n[projects."/new"]\ntrust_level = "trusted"\n`,
		);
	});

	test('are idempotent: a second on changes nothing, a second off has nothing to do', async () => {
		await on();
		const first = await text();
		expect(await on()).toMatchObject({changed: false});
		expect(await text()).toBe(first);
		await off();
		expect(await off()).toMatchObject({outcome: 'nothing'});
		expect(await text()).toBe(original);
	});

	test('survive a new port and a new token in between: our own values never become the original', async () => {
		await on();
		await writeFile(file, `${await text()}[tui]\ntheme = "dark"\n`);
		expect(await on({url: 'http://127.0.0.1:4000', token: `${token}-new`})).toMatchObject({
			changed: true,
			tookOver: false,
		});
		expect(await text()).not.toContain('3211');
		expect(await readFile(path.join(home.switchFolder, 'codex.json'), 'utf8')).not.toContain(token);
		await off();
		expect(await text()).toBe(`${original}[tui]\ntheme = "dark"\n`);
	});

	test('make the file and the folder where there was none, 0600, and take both away again', async () => {
		await rm(codexHome, {recursive: true});
		await on();
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect(await off()).toMatchObject({outcome: 'restored', isByteExact: true});
		await expect(stat(codexHome)).rejects.toThrow('ENOENT');
	});

	test('delete a file that was not there before also when Codex wrote and removed a key meanwhile, but keep what is left otherwise', async () => {
		await rm(file);
		await on();
		await writeFile(file, `${await text()}\n`);
		await off();
		await expect(stat(file)).rejects.toThrow('ENOENT');
		await on();
		await writeFile(file, `${await text()}[tui]\ntheme = "dark"\n`);
		await off();
		expect(await text()).toContain('theme = "dark"');
		expect(await text()).not.toContain('codex-tui');
	});

	test('leave a provider that the user chose meanwhile', async () => {
		await on();
		await writeFile(file, (await text()).replace('"codex-tui" # plan', '"other" # plan'));
		expect(await switchStatus({home, codexHome})).toMatchObject({state: 'elsewhere', modelProvider: 'other'});
		await off();
		expect(await text()).toBe(original.replace('"openai"', '"other"'));
	});

	test('work on the file behind a link of the user, and refuse one that leads out of the homes', async () => {
		const dotfiles = path.join(codexHome, 'dotfiles.toml');
		await writeFile(dotfiles, original);
		await rm(file);
		await symlink(dotfiles, file);
		await on();
		expect(await readFile(dotfiles, 'utf8')).toContain('codex-tui');
		await off();
		expect(await readFile(dotfiles, 'utf8')).toBe(original);
		const victim = path.join(folder, 'victim.toml');
		await writeFile(victim, original);
		await rm(file);
		await symlink(victim, file);
		await expect(on()).rejects.toMatchObject({code: 'file-refused'});
		expect(await readFile(victim, 'utf8')).toBe(original);
		expect(await readdir(home.switchFolder)).toEqual([]);
	});
});

describe('a file that cannot be used', () => {
	test('is refused with its line when it does not parse, and nothing is written', async () => {
		await writeFile(file, 'model = "x"\nbroken = \n');
		await expect(on()).rejects.toMatchObject({code: 'config-syntax', line: 2});
		expect(await text()).toBe('model = "x"\nbroken = \n');
		expect(await readdir(home.switchFolder)).toEqual([]);
		expect(await state()).toBe('broken');
	});

	test('keeps its journal when it was broken while switched on, so that off works once it is mended', async () => {
		await on();
		const good = await text();
		await writeFile(file, `${good}[x]\nbroken = \n`);
		await expect(off()).rejects.toMatchObject({code: 'config-syntax'});
		await writeFile(file, `${good}[x]\nfine = 1\n`);
		await off();
		expect(await text()).toBe(`${original}[x]\nfine = 1\n`);
	});

	test('is refused when model_provider is no string or our id is the user’s own', async () => {
		await writeFile(file, 'model_provider = 7\n');
		await expect(on()).rejects.toMatchObject({code: 'switch-edit'});
		await writeFile(file, '[model_providers.codex-tui]\nbase_url = "https://mine.example/v1"\n');
		await expect(on({takeOver: true})).rejects.toMatchObject({code: 'switch-id-taken'});
	});
});

describe('another codex-tui', () => {
	test('is not overwritten without being asked; taken over, its values are no original', async () => {
		const other = await openHome({CODEX_TUI_HOME: path.join(folder, 'other')});
		await on({home: other, url: 'http://127.0.0.1:5000', token: `${token}-other`});
		const before = await text();
		expect(await switchStatus({home, codexHome})).toMatchObject({
			state: 'elsewhere',
			baseUrl: 'http://127.0.0.1:5000/v1',
		});
		await expect(on()).rejects.toMatchObject({code: 'switch-elsewhere'});
		expect(await text()).toBe(before);
		expect(await on({takeOver: true})).toMatchObject({tookOver: true, status: {state: 'on'}});
		expect(await switchOff({home: other})).toMatchObject({outcome: 'left'});
		await off();
		expect(await text()).not.toContain('codex-tui');
		expect(await text()).toContain('trust_level = "trusted"');
	});
});

describe('heal', () => {
	test('gives back what a killed process left, once, and holds still while an instance lives', async () => {
		const lock = await acquireHomeLock(home, {command: 'serve'});
		await on();
		expect(await healSwitch({home})).toMatchObject({outcome: 'held'});
		lock.release();
		expect(await healSwitch({home})).toMatchObject({outcome: 'restored', isByteExact: true});
		expect(await healSwitch({home})).toMatchObject({outcome: 'nothing'});
		expect(await text()).toBe(original);
	});

	test('knows that nothing was written when the process died after the journal', async () => {
		await on();
		await writeFile(file, original);
		expect(await healSwitch({home})).toMatchObject({outcome: 'nothing', isByteExact: true});
		expect(await text()).toBe(original);
		expect(await readdir(home.switchFolder)).toEqual([]);
	});

	test('after kill -9 at random moments of switching on and off the file is as it was', async () => {
		const script = `import {openHome} from ${JSON.stringify(path.resolve('source/config/home.ts'))};
			import {switchOff, switchOn} from ${JSON.stringify(path.resolve('source/client/codex/switch.ts'))};
			const home = await openHome(process.env);
			console.log('go');
			for (let port = 4000; ; port++) {
				await switchOn({home, codexHome: process.env.CODEX_HOME, url: 'http://127.0.0.1:' + port, token: '${token}', takeOver: false});
				if (port % 3 === 0) await switchOff({home});
			}`;
		for (let run = 0; run < 8; run++) {
			const child = spawn('node_modules/.bin/node', ['--input-type=module-typescript', '-e', script], {
				env: {...process.env, CODEX_TUI_HOME: home.root, CODEX_HOME: codexHome},
				stdio: ['ignore', 'pipe', 'inherit'],
				detached: true,
			});
			await once(child.stdout, 'data');
			await sleep(Math.random() * 80);
			// The whole group: the launcher in node_modules/.bin is a process of its own on some installs.
			process.kill(-(child.pid ?? 0), 'SIGKILL');
			await once(child, 'close');
			await healSwitch({home});
			expect(await text()).toBe(original);
			expect(await readdir(codexHome)).toEqual(['config.toml']);
			expect((await readdir(home.switchFolder)).filter(name => name === 'codex.json')).toEqual([]);
		}
	});
});

test('the status tells of a profile whose own provider wins over ours', async () => {
	await writeFile(file, 'profile = "work"\n[profiles.work]\nmodel_provider = "azure"\n');
	const {status} = await on();
	expect(status).toMatchObject({state: 'on', profileOverride: {profile: 'work', modelProvider: 'azure'}});
	expect(status.detail).toContain('but its profile work uses azure instead');
});

test('a folder without write permission loses nothing and leaves no journal', async () => {
	if (process.getuid?.() === 0) {
		await rm(file);
		await mkdir(file);
		await expect(on()).rejects.toThrow('EISDIR');
	} else {
		await chmod(codexHome, 0o500);
		await expect(on()).rejects.toMatchObject({code: 'file-unwritable'});
		await chmod(codexHome, 0o700);
		expect(await text()).toBe(original);
	}

	expect(await readdir(home.switchFolder)).toEqual([]);
});
