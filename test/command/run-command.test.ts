import {afterEach, beforeEach, expect, test, vi, type MockInstance} from 'vitest';
import {CommandError, exitCode, RelayError} from '../../source/base/errors.ts';
import {ConfigError} from '../../source/config/config-error.ts';
import {runCommand} from '../../source/command/run-command.ts';

let written: string[] = [];
let spy: MockInstance;

beforeEach(() => {
	written = [];
	spy = vi.spyOn(process.stderr, 'write').mockImplementation(text => {
		written.push(String(text));
		return true;
	});
});

afterEach(() => spy.mockRestore());

const runWith = (run: (args: readonly string[]) => Promise<number>) =>
	runCommand({name: 'start', names: ['start'], args: ['--demo'], command: () => Promise.resolve({run})});

test('a command gets its arguments and gives its exit code', async () => {
	expect(await runWith(args => Promise.resolve(args[0] === '--demo' ? 5 : 1))).toBe(5);
	expect(written).toEqual([]);
});

test.for<[string, Error, number]>([
	['an error of usage', new CommandError(exitCode.usage, 'usage', 'No such flag.'), 2],
	['an address in use', new CommandError(exitCode.inUse, 'in-use', 'Port 3211 is taken.'), 4],
	['a broken configuration', new ConfigError('config-url', 'base_url is no URL.', {path: 'config.toml'}), 3],
	['any other refusal', new RelayError('demo-config', 'The demo has no file.'), 1],
	['a fault of ours', new TypeError('x is not a function'), 1],
])('%s is one sentence and its exit code', async ([, error, code]) => {
	expect(await runWith(() => Promise.reject(error))).toBe(code);
	expect(written).toEqual([`codex-tui: ${error.message}\n`]);
});

test('a name that is none is cut before it is repeated', async () => {
	const code = await runCommand({name: 'x'.repeat(500), names: ['start', 'serve'], args: [], command: undefined});
	expect([code, written]).toEqual([
		2,
		[`codex-tui: there is no command "${'x'.repeat(40)}". Commands: start, serve.\n`],
	]);
});
