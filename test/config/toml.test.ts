import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../source/config/config-error.ts';
import {decodeToml, formatKeyPath, parseToml} from '../../source/config/toml.ts';

const errorOf = (text: string): ConfigError => {
	try {
		parseToml('/home/me/config.toml', text);
	} catch (error) {
		if (error instanceof ConfigError) {
			return error;
		}

		throw error;
	}

	throw new Error('it parsed');
};

describe('a located parse', () => {
	test('finds keys, elements, inline members and tables by line and column', () => {
		const document = parseToml('c', 'a = 1\r\n[x."y z"]\r\nlist = [\r\n  "one",\r\n  "two"]\r\nt = {in = 2}\r\n');
		expect(document.locate(['a'])).toEqual({path: 'c', line: 1, column: 1});
		expect(document.locate(['x', 'y z'])).toMatchObject({line: 2, column: 1});
		expect(document.locate(['x', 'y z', 'list', 1])).toMatchObject({line: 5, column: 3});
		expect(document.locate(['x', 'y z', 't', 'in'])).toMatchObject({line: 6, column: 6});
		expect(document.locate(['x', 'absent'])).toBeUndefined();
	});

	test('leaves a byte order mark out, so that columns are those an editor shows', () => {
		expect(parseToml('c', '\uFEFFa = 1').locate(['a'])).toMatchObject({line: 1, column: 1});
	});

	test('knows where a header ends, whatever blanks and comments stand around', () => {
		const {text, headers} = parseToml('c', '[ a . b ] # x\n[[ c ]]\nk=1\n[d]');
		expect(headers.map(({range}) => text.slice(...range))).toEqual(['[ a . b ]', '[[ c ]]', '[d]']);
	});

	test.each([
		['a = 1\nb = \nc = 2', 2],
		['[x\n', 1],
		['a = 1\na = 2', 2],
		['big = 1\nt = {a = 1', 2],
		['ok = 1\ntext = "not ended', 2],
	])('says file, line and column of the fault in %j', (text, line) => {
		const error = errorOf(text);
		expect(error).toMatchObject({code: 'config-syntax', line});
		expect(error.message).toMatch(new RegExp(`^/home/me/config\\.toml:${line}:\\d+: this is not valid TOML: .+\\.$`));
	});

	test('never quotes the file in its message, because the line may hold a key', () => {
		for (const text of [
			'auth_token = "sk-canary-1234567890\n',
			'auth_token = sk-canary-1234567890',
			'a = ["sk-canary-1" "b"]',
		]) {
			const error = errorOf(text);
			expect(error.message).not.toContain('canary');
			expect(error.cause).toBeUndefined();
		}
	});

	test.each(['__proto__ = 1', '[a.constructor]\nb = 1', 'x = {prototype = 1}', 'a."__proto__".b = 1'])(
		'refuses a name that reaches into prototypes: %s',
		text => {
			expect(errorOf(text)).toMatchObject({code: 'config-key', line: 1});
		},
	);

	test('refuses bytes that are not UTF-8', () => {
		expect(() => decodeToml('c', Uint8Array.of(0x61, 0xff))).toThrow('c: this file is not UTF-8 text');
	});
});

test('a key path is written as TOML writes it', () => {
	expect(formatKeyPath(['codex', 'providers', 'my relay', 'children', 2])).toBe(
		'codex.providers."my relay".children[2]',
	);
});

test('a file that is nested deeper than the parsers can go is refused like any other', () => {
	expect(() => parseToml('c.toml', `x = ${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toThrow(
		'c.toml:1:1: this is not valid TOML: its lists or tables are nested too deep.',
	);
});
