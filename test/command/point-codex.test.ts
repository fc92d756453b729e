import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {exitCode} from '../../source/base/errors.ts';
import {askToSwitch} from '../../source/command/point-codex.ts';

/** A question on a terminal of the test's own. */
const ask = () => {
	const input = new PassThrough();
	// Readline takes a stream that says so for a terminal, and echoes what is typed there.
	const output = Object.assign(new PassThrough({encoding: 'utf8'}), {isTTY: true, columns: 80, rows: 24});
	const ended = Promise.withResolvers<number>();
	const answer = askToSwitch('/home/me/.codex', ended, {input, output});
	return {input, output, ended, answer};
};

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

const readAll = (output: PassThrough): string => String(output.read() ?? '');

test.each([
	['n', false],
	['', true],
	['yes', true],
])('the answer %j to the question before the screen is %s, and no key after it is echoed', async (typed, isWanted) => {
	const {input, output, answer, ended} = ask();
	input.write(`${typed}\r`);
	expect(await answer).toBe(isWanted);
	expect(readAll(output)).toContain('Point Codex (/home/me/.codex/config.toml)');
	input.resume();
	input.write('j3/');
	await settle();
	expect(readAll(output)).toBe('');
	expect(await Promise.race([ended.promise, Promise.resolve('goes on')])).toBe('goes on');
});

test('who leaves instead of answering ends the start', async () => {
	const {input, answer, ended} = ask();
	input.write('\u0004');
	expect(await ended.promise).toBe(exitCode.cancelled);
	expect(await answer).toBeUndefined();
});
