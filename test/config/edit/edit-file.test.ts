import {spawn} from 'node:child_process';
import {
	chmodSync,
	chownSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {emptyConfig, type ConfigEdit} from '../../../source/config/edit/config-edit.ts';
import {pastEdits, planEdit, planUndo, undoEdit, writeEdit} from '../../../source/config/edit/edit-file.ts';
import {rememberedEdits} from '../../../source/config/edit/edit-history.ts';
import {homePaths} from '../../../source/config/home.ts';
import {temporaryFolder} from '../../support/folder.ts';

const file = 'version = 5 # mine\n[codex.providers.a]\nbase_url = "https://a.example"\nauth_token = "plain-words-1"\n';

const newHome = (text?: string) => {
	const folder = temporaryFolder();
	onTestFinished(() => folder[Symbol.dispose]());
	const home = homePaths(folder.path);
	if (text !== undefined) {
		writeFileSync(home.config, text);
	}

	return home;
};

const alias = (value: string | undefined): ConfigEdit => ({
	kind: 'edit',
	name: {service: 'codex', provider: 'a'},
	fields: [{field: 'alias', value}],
});

const edit = async (home: ReturnType<typeof newHome>, change: ConfigEdit): Promise<void> =>
	await writeEdit(home, await planEdit(home, change, {}), 1000);

describe('config.toml is edited', () => {
	test('edits are taken back one after the other, to the byte, the mode kept', async () => {
		const home = newHome(file);
		chmodSync(home.config, 0o640);
		await edit(home, alias('One'));
		const once = readFileSync(home.config, 'utf8');
		await edit(home, alias('Two'));
		expect(readFileSync(home.config, 'utf8')).toContain('alias = "Two"');
		expect((await undoEdit(home)).what).toBe('codex/a: alias is changed.');
		expect(readFileSync(home.config, 'utf8')).toBe(once);
		await undoEdit(home);
		expect(readFileSync(home.config, 'utf8')).toBe(file);
		expect(statSync(home.config).mode & 0o777).toBe(0o640);
		await expect(undoEdit(home)).rejects.toThrow(`There is no edit of ${home.config} to take back.`);
	});

	test('a file that there was not is made private, and is gone after its undo', async () => {
		const home = newHome();
		const fields = [{field: 'preset', value: 'ollama'}];
		const planned = await planEdit(
			home,
			{kind: 'add', name: {service: 'codex', provider: 'o'}, fields, placement: 'none'},
			{},
		);
		expect(planned.diff).toContain(`+${emptyConfig.trim()}`);
		await writeEdit(home, planned, 1);
		expect(statSync(home.config).mode & 0o777).toBe(0o600);
		expect(statSync(home.configEdits).mode & 0o777).toBe(0o600);
		await undoEdit(home);
		expect(() => statSync(home.config)).toThrow('ENOENT');
	});

	test('what somebody else writes between reading and writing stays, and so it does when an edit is taken back', async () => {
		const home = newHome(file);
		const planned = await planEdit(home, alias('One'), {});
		writeFileSync(home.config, `${file}# theirs\n`);
		await expect(writeEdit(home, planned, 1)).rejects.toThrow(
			'was changed by another program in the meantime; try again.',
		);
		expect(await pastEdits(home)).toEqual([]);
		await edit(home, alias('One'));
		writeFileSync(home.config, file);
		await expect(planUndo(home)).rejects.toThrow(
			`${home.config} was changed after the last edit (codex/a: alias is changed.), so it is not taken back; change it by hand.`,
		);
		await expect(undoEdit(home)).rejects.toThrow('was changed after the last edit');
		expect(readFileSync(home.config, 'utf8')).toBe(file);
	});

	test('only so many edits are remembered, and of each only what it took away', async () => {
		const home = newHome(file);
		for (let round = 0; round <= rememberedEdits; round++) {
			await edit(home, alias(`Name ${round}`));
		}

		expect(await pastEdits(home)).toHaveLength(rememberedEdits);
		expect(readFileSync(home.configEdits, 'utf8')).not.toContain('plain-words');
		expect(Buffer.from((await pastEdits(home)).at(-1)?.removed ?? '', 'base64').length).toBeLessThan(5);
	});

	test('a history that somebody broke is none', async () => {
		const home = newHome(file);
		writeFileSync(home.configEdits, '{"edits":[{"atMs":1},7');
		await expect(undoEdit(home)).rejects.toThrow('There is no edit');
		writeFileSync(home.configEdits, '{"edits":[{"atMs":1},7]}');
		await expect(undoEdit(home)).rejects.toThrow('There is no edit');
	});
});

/** The home is a folder of its own, the file stands in another one. */
const linked = (text: string | undefined) => {
	const {config: around} = newHome();
	const folder = path.dirname(around);
	const behind = path.join(folder, 'dotfiles', 'relay.toml');
	const home = homePaths(path.join(folder, 'home'));
	mkdirSync(path.dirname(behind));
	mkdirSync(path.dirname(home.config));
	if (text !== undefined) {
		writeFileSync(behind, text, {mode: 0o644});
		chmodSync(behind, 0o644);
	}

	symlinkSync('../dotfiles/relay.toml', home.config);
	return {home, behind};
};

describe('config.toml that is a link, as people with dotfiles have it', () => {
	test('is edited where it stands: the link stays, so does the mode, and the edit is taken back there', async () => {
		const {home, behind} = linked(file);
		await edit(home, alias('One'));
		expect(readFileSync(behind, 'utf8')).toContain('alias = "One"');
		expect(readlinkSync(home.config)).toBe('../dotfiles/relay.toml');
		expect(statSync(behind).mode & 0o777).toBe(0o644);
		await undoEdit(home);
		expect(readFileSync(behind, 'utf8')).toBe(file);
		expect(readlinkSync(home.config)).toBe('../dotfiles/relay.toml');
		expect(readdirSync(path.dirname(behind))).toEqual(['relay.toml']);
	});

	test('is refused in one sentence where it leads nowhere, and stays as it is', async () => {
		const {home, behind} = linked(undefined);
		const fields = [{field: 'preset', value: 'ollama'}];
		const add = {kind: 'add', name: {service: 'codex', provider: 'o'}, fields, placement: 'none'} as const;
		await expect(edit(home, add)).rejects.toThrow(`${home.config} was not written: it is a link that leads nowhere.`);
		expect(readdirSync(path.dirname(behind))).toEqual([]);
		expect(await pastEdits(home)).toEqual([]);
	});

	test.skipIf(process.getuid?.() !== 0)('is refused where the file belongs to somebody else', async () => {
		const {home, behind} = linked(file);
		chownSync(behind, 12_345, 12_345);
		await expect(edit(home, alias('One'))).rejects.toThrow(
			`${home.config} was not written: it is a link to ${behind}, which is not a file of yours.`,
		);
		expect(readFileSync(behind, 'utf8')).toBe(file);
	});
});

const sourceOf = (name: string): string => JSON.stringify(path.resolve('source/config', name));

/** Edits the config.toml of a home, or takes its last edit back, and is killed right before one of its renames. */
const killed = async (root: string, what: 'edit' | 'undo', lastRename: number): Promise<NodeJS.Signals | null> => {
	const script = `
		import fs from 'node:fs';
		import {syncBuiltinESMExports} from 'node:module';
		const {rename} = fs.promises;
		let made = 0;
		fs.promises.rename = async (...names) => {
			if (++made === ${lastRename}) process.kill(process.pid, 'SIGKILL');
			await rename(...names);
		};
		syncBuiltinESMExports();
		const {planEdit, undoEdit, writeEdit} = await import(${sourceOf('edit/edit-file.ts')});
		const {homePaths} = await import(${sourceOf('home.ts')});
		const home = homePaths(${JSON.stringify(root)});
		const change = ${JSON.stringify(alias('Two'))};
		await (${what === 'undo'} ? undoEdit(home) : writeEdit(home, await planEdit(home, change, {}), 2000));`;
	const {promise, resolve} = Promise.withResolvers<NodeJS.Signals | null>();
	spawn(process.execPath, ['--input-type=module', '-e', script]).once('exit', (_code, signal) => resolve(signal));
	return await promise;
};

describe('a process that is killed', () => {
	test.each([
		['an edit before it wrote the file', 'edit', {rename: 2, count: 1}],
		['an edit after it wrote the file', 'edit', {rename: 3, count: 2}],
		['an undo before it wrote the file', 'undo', {rename: 2, count: 2}],
		['an undo after it wrote the file', 'undo', {rename: 3, count: 1}],
	] as const)('in %s leaves a file whose edits can all be taken back', async (_, what, {rename, count}) => {
		const home = newHome(file);
		await edit(home, alias('One'));
		const once = readFileSync(home.config, 'utf8');
		if (what === 'undo') {
			await edit(home, alias('Two'));
		}

		expect(await killed(path.dirname(home.config), what, rename)).toBe('SIGKILL');
		expect(readFileSync(home.config, 'utf8') === once).toBe(count === 1);
		expect(await pastEdits(home)).toHaveLength(count);
		for (let left = count; left > 0; left--) {
			await undoEdit(home);
		}

		expect(readFileSync(home.config, 'utf8')).toBe(file);
	});
});
