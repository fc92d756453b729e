import {mkdir, mkdtemp, readFile, rm, rmdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {openSettings} from '../../source/command/settings.ts';
import {homePaths} from '../../source/config/home.ts';

test('a change that could not be kept is told once, also where a later one went well', async () => {
	const root = await mkdtemp(path.join(tmpdir(), 'cxt-settings-'));
	onTestFinished(() => rm(root, {recursive: true}));
	const home = homePaths(root);
	const settings = await openSettings(home);
	await mkdir(home.settings);
	settings.set({theme: 'paper'});
	// It is in use although it is not kept.
	expect(settings.get('theme')).toBe('paper');
	await expect(settings.saved()).rejects.toThrow(/EISDIR|directory/);
	settings.set({theme: 'mono'});
	await new Promise(resolve => {
		setTimeout(resolve, 50);
	});
	await rmdir(home.settings);
	settings.set({language: 'zh-CN'});
	await expect(settings.saved()).rejects.toThrow(/EISDIR|directory/);
	await settings.saved();
	expect(JSON.parse(await readFile(home.settings, 'utf8'))).toMatchObject({language: 'zh-CN'});
});
