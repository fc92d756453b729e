import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';

const run = async (
	...args: readonly string[]
): Promise<{readonly code: number; readonly stdout: string; readonly stderr: string}> => {
	const cli = new URL('../source/cli.ts', import.meta.url).pathname;
	const node = new URL('../node_modules/.bin/node', import.meta.url).pathname;
	try {
		return {code: 0, ...(await promisify(execFile)(node, [cli, ...args]))};
	} catch (error) {
		const {code, stdout, stderr} = Object(error);
		return {code, stdout, stderr};
	}
};

test.each(['nonsense', 'constructor', '__proto__', 'toString'])(
	'the unknown command %s is one sentence and exit code 2',
	async name => {
		const {code, stdout, stderr} = await run(name);
		expect(stderr).toMatch(new RegExp(`^codex-tui: there is no command "${name}"\\. Commands: start, .+\\n$`));
		expect([code, stdout]).toEqual([2, '']);
	},
);

test('an unknown flag of the default command is an error of usage', async () => {
	const {code, stderr} = await run('--nope');
	expect(stderr).toMatch(/^codex-tui: .*--nope.*\n$/);
	expect(code).toBe(2);
});

test.each([['--version'], ['-v'], ['version']])('%s prints the version', async flag => {
	expect(await run(flag)).toMatchObject({code: 0, stdout: expect.stringMatching(/\d+\.\d+\.\d+/)});
});
