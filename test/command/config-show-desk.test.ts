import {mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {demoText, SettingsFileDesk} from '../../source/command/config-show-desk.ts';
import type {StartedWith} from '../../source/command/config-show-read.ts';
import {openSettings} from '../../source/command/settings.ts';
import {homePaths, type Home} from '../../source/config/home.ts';

let home: Home = homePaths('/nowhere');
beforeEach(async () => {
	home = homePaths(await mkdtemp(path.join(tmpdir(), 'cxt-settings-')));
});
afterEach(async () => {
	await rm(home.root, {recursive: true});
});

const original = 'version = 5 # mine\n[listen]\nport = 3300 # keep\n';

const openDesk = async (started: Partial<StartedWith> = {}, insteadText?: string): Promise<SettingsFileDesk> =>
	new SettingsFileDesk({
		home,
		memory: await openSettings(home),
		themes: () => ['midnight', 'paper'],
		started: {env: {}, ...started},
		insteadText,
	});

const written = (): Promise<string> => readFile(home.config, 'utf8');

describe('the settings of a running app', () => {
	test('a change is shown in one line, written with comments kept, and taken back to the byte', async () => {
		await writeFile(home.config, original, {mode: 0o600});
		const desk = await openDesk();
		await expect(desk.plan('listen.port', '4000')).resolves.toBe('listen.port: 3300 -> 4000 (config.toml:3).');
		expect(await written()).toBe(original);
		await expect(desk.apply()).resolves.toContain('counts at the next start; u takes it back');
		expect(await written()).toBe(original.replace('3300', '4000'));
		expect((await stat(home.config)).mode & 0o777).toBe(0o600);
		await expect(desk.undo()).resolves.toBe('Taken back: listen.port = 4000 is written.');
		expect(await written()).toBe(original);
		await expect(desk.undo()).rejects.toThrow(`There is no edit of ${home.config} to take back.`);
	});

	test('a change that somebody else wrote over stays theirs', async () => {
		await writeFile(home.config, original);
		const desk = await openDesk();
		await desk.plan('timeouts.connect_ms', '500');
		await desk.apply();
		await writeFile(home.config, 'version = 5\n');
		await expect(desk.undo()).rejects.toThrow(
			'was changed after the last edit (timeouts.connect_ms = 500 is written.)',
		);
		expect(await written()).toBe('version = 5\n');
		await desk.plan('timeouts.connect_ms', '700');
		await writeFile(home.config, original);
		await expect(desk.apply()).rejects.toThrow('was changed by another program');
		expect(await written()).toBe(original);
	});

	test('a value that the reader refuses is refused with its sentence, and nothing is written', async () => {
		await writeFile(home.config, original);
		const desk = await openDesk();
		await expect(desk.plan('listen.port', '70000')).rejects.toThrow('it takes a whole number from 0 to 65535');
		await expect(desk.plan('ui.usage_forecast.rate_window_minutes', '1')).rejects.toThrow('from 5 to 1440');
		await expect(desk.plan('listen.auth', 'maybe')).rejects.toThrow('takes one of token, none');
		await expect(desk.plan('listen.port', '3300')).rejects.toThrow('is 3300 already');
		await expect(desk.plan('app.fps', '20')).rejects.toThrow('app.fps is not changed here');
		await expect(desk.apply()).rejects.toThrow('There is no change to write');
		expect(await written()).toBe(original);
	});

	test('what the app remembers is changed and forgotten again', async () => {
		await writeFile(home.config, original);
		const desk = await openDesk();
		const rowOf = async (key: string) => (await desk.read()).settings.find(row => row.key === key);
		await desk.plan('app.theme', 'paper');
		await desk.apply();
		expect(await rowOf('app.theme')).toMatchObject({value: 'paper', origin: {kind: 'memory'}});
		await desk.undo();
		expect(await rowOf('app.theme')).toMatchObject({value: 'auto', origin: {kind: 'default'}});
		await expect(desk.plan('app.language', 'de')).rejects.toThrow('takes one of en, zh-CN');
		await desk.plan('app.language', 'zh-CN');
		await desk.apply();
		expect(await rowOf('app.language')).toMatchObject({value: 'zh-CN', origin: {kind: 'memory'}});
		await desk.undo();
		expect(await rowOf('app.language')).toMatchObject({value: 'en', origin: {kind: 'default'}});
		await expect(desk.plan('app.switches_codex', 'perhaps')).rejects.toThrow('takes true or false');
		await desk.plan('app.switches_codex', 'false');
		await desk.apply();
		expect(await rowOf('app.switches_codex')).toMatchObject({value: 'false'});
	});

	test('a broken file keeps the last good values and says the line; mended, it counts', async () => {
		await writeFile(home.config, original);
		const desk = await openDesk({listen: {port: 3300, controlPort: 4300}});
		expect((await desk.read()).fault).toBeUndefined();
		await writeFile(home.config, 'version = 5\n[listen]\nport = "x"\n');
		const broken = await desk.read();
		expect(broken.fault).toContain('config.toml:3:1: listen.port is a string');
		expect(broken.settings.find(({key}) => key === 'listen.port')?.value).toBe('3300');
		await rm(home.config);
		expect((await desk.read()).fault).toContain('is gone; the engine keeps what it has read');
		await writeFile(home.config, original.replace('3300', '3500'));
		const mended = await desk.read();
		expect(mended.fault).toBeUndefined();
		expect(mended.settings.find(({key}) => key === 'listen.port')?.stated).toBe('3500');
	});

	test('the running ports count until the next start, whatever the file says by now', async () => {
		await writeFile(home.config, original.replace('3300', '3900'));
		const desk = await openDesk({listen: {port: 3300, controlPort: 4300}});
		const row = (await desk.read()).settings.find(({key}) => key === 'listen.port');
		expect(row).toMatchObject({value: '3300', stated: '3900', origin: {kind: 'file', line: 3}});
	});

	test('the demo has no file, and nothing of a file is written for it', async () => {
		const desk = await openDesk({instead: '--demo', listen: {port: 0}}, demoText);
		const view = await desk.read();
		expect(view).toMatchObject({path: undefined, fault: undefined});
		expect(view.note).toContain('demo');
		expect(view.settings.find(({key}) => key === 'listen.port')?.origin).toEqual({kind: 'flag', name: '--demo'});
		await expect(desk.plan('timeouts.connect_ms', '500')).rejects.toThrow('There is no config.toml in use');
	});

	test('a variable that wins over the file is named, and the file stays', async () => {
		await writeFile(home.config, original);
		const desk = await openDesk({env: {CODEX_TUI_HISTORY_STORE: 'off'}});
		await expect(desk.plan('history.store', 'memory')).rejects.toThrow(
			'env CODEX_TUI_HISTORY_STORE wins over the file',
		);
		expect(await written()).toBe(original);
	});
});
