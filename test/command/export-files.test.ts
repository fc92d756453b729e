import {mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import {exportsOf} from '../../source/command/export-files.ts';
import {homePaths} from '../../source/config/home.ts';

test('exports are private files below the home; a name that is taken is never written over, nor a link followed', async () => {
	const folder = await mkdtemp(path.join(tmpdir(), 'cxt-exports-'));
	try {
		const home = homePaths(folder);
		const write = exportsOf(home);
		const file = await write('requests-1.csv', 'a\n');
		expect(file).toBe(path.join(folder, 'exports', 'requests-1.csv'));
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect((await stat(home.exports)).mode & 0o777).toBe(0o700);
		const victim = path.join(folder, 'victim');
		await writeFile(victim, 'mine');
		await symlink(victim, path.join(home.exports, 'requests-1-2.csv'));
		expect(path.basename(await write('requests-1.csv', 'b\n'))).toBe('requests-1-3.csv');
		expect(await readFile(victim, 'utf8')).toBe('mine');
		expect(await readdir(home.exports)).toHaveLength(3);
		await expect(exportsOf({...home, exports: victim})('x.csv', '')).rejects.toMatchObject({code: 'export-failed'});
	} finally {
		await rm(folder, {recursive: true});
	}
});
