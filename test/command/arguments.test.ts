import {expect, test} from 'vitest';
import {readFlags, readLanguage, readPort} from '../../source/command/arguments.ts';

test('flags are read with their values', () => {
	const options = {port: {type: 'string'}, demo: {type: 'boolean'}} as const;
	expect(readFlags('start', ['--demo', '--port', '3300'], options)).toEqual({demo: true, port: '3300'});
	expect(readFlags('start', ['--port=1'], options)).toEqual({port: '1'});
});

test.each([[['--nope']], [['word']], [['--port']]])('%j is an error of usage that points at the help', args => {
	expect(() => readFlags('serve', args, {port: {type: 'string'}})).toThrow(
		expect.objectContaining({
			code: 'usage',
			exitCode: 2,
			message: expect.stringMatching(/See `codex-tui serve --help`\.$/),
		}),
	);
});

test('a port is a plain number that leaves room for the control port', () => {
	expect([undefined, '0', '3211', '64535'].map(text => readPort(text))).toEqual([undefined, 0, 3211, 64_535]);
});

test.each(['', ' 80', '-1', '64536', '1e3', '0x50', '80.5', 'abc', '999999'])('%j is no port', text => {
	expect(() => readPort(text)).toThrow(expect.objectContaining({code: 'usage', exitCode: 2}));
});

test('--lang takes a language that the screen speaks, by its tag or as a locale', () => {
	expect(['en', 'zh', 'zh-CN', 'zh_CN.UTF-8', undefined].map(readLanguage)).toEqual([
		'en',
		'zh-CN',
		'zh-CN',
		'zh-CN',
		undefined,
	]);
	for (const text of ['de', '']) {
		expect(() => readLanguage(text)).toThrow(
			expect.objectContaining({exitCode: 2, message: `--lang takes en or zh, not "${text}".`}),
		);
	}
});
