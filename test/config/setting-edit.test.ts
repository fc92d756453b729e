import {assert, constantFrom, integer, property, tuple} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {changeSetting, type SettingChange} from '../../source/config/setting-edit.ts';
import {parseToml} from '../../source/config/toml.ts';
import {propertyRuns} from '../support/property-runs.ts';

const options = {path: '/c.toml', env: {}};
const change = (text: string, key: string, value: string): string => changeAs('number', text, {key, text: value});
const changeAs = (kind: SettingChange['kind'], text: string, what: Omit<SettingChange, 'kind'>): string =>
	changeSetting(text, {...what, kind}, options);

describe('one value of the file is changed', () => {
	test.each([
		[
			'in its place, with the comment and the order kept',
			'# mine\nversion = 5\n[listen] # here\nport  =  3300 # why\nhost = "127.0.0.1"\n',
			'# mine\nversion = 5\n[listen] # here\nport  =  4000 # why\nhost = "127.0.0.1"\n',
		],
		[
			'as a new last line of its table',
			'version = 5\n[listen]\nhost = "127.0.0.1" # me\n\n[timeouts]\nconnect_ms = 500\n',
			'version = 5\n[listen]\nhost = "127.0.0.1" # me\nport = 4000\n\n[timeouts]\nconnect_ms = 500\n',
		],
		[
			'in an inline table',
			'version = 5\nlisten = { host = "127.0.0.1" } # one line\n',
			'version = 5\nlisten = { host = "127.0.0.1", port = 4000 } # one line\n',
		],
		[
			'beside dotted keys',
			'version = 5\nlisten.host = "::1"\n',
			'version = 5\nlisten.host = "::1"\nlisten.port = 4000\n',
		],
		['in a table that is made', 'version = 5', 'version = 5\n\n[listen]\nport = 4000\n'],
		[
			'with the line ends and the mark of the file',
			'\uFEFFversion = 5\r\n[listen]\r\nhost = "::1"\r\n',
			'\uFEFFversion = 5\r\n[listen]\r\nhost = "::1"\r\nport = 4000\r\n',
		],
	])('%s', (_, before, after) => {
		expect(change(before, 'listen.port', '4000')).toBe(after);
	});

	test('a value that the file may not have is refused with the sentence of the reader', () => {
		const text = 'version = 5\n[listen]\nport = 3300\n';
		expect(() => change(text, 'listen.port', '99999')).toThrow(
			'/c.toml:3:1: listen.port is 99999, but it takes a whole number from 0 to 65535.',
		);
		expect(() => change(text, 'listen.port', 'many')).toThrow('listen.port is a string, but it takes a whole number');
		expect(() => changeAs('choice', text, {key: 'listen.auth', text: 'maybe'})).toThrow('it takes one of token, none');
		expect(() => change(text, 'listen.control_port', '3300')).toThrow('uses one port twice');
	});

	test('a key in a shape that cannot be spliced is refused, and nothing is made up', () => {
		expect(() => change('version = 5\nretry.upstream.jitter_ms = 5\n', 'retry.upstream.backoff_ms', '7')).toThrow(
			/retry\.upstream\.backoff_ms stands in a shape that cannot be edited safely/,
		);
	});

	test('whatever stands around it, the value is the only thing that changes', () => {
		const pieces = constantFrom('# note\n', '[retry]\nsends = 4\n', '[timeouts] # t\nconnect_ms = 900\n', '[ui]\n');
		assert(
			property(tuple(pieces, pieces, integer({min: 1000, max: 90_000})), ([one, other, value]) => {
				const body = one === other ? one : one + other;
				const text = `version = 5\n${body}`;
				const after = change(text, 'timeouts.idle_codex_ms', String(value));
				const now = parseToml('/c.toml', after).value;
				const {timeouts, ...rest} = structuredClone(now);
				const {timeouts: before, ...others} = structuredClone(parseToml('/c.toml', text).value);
				expect(rest).toEqual(others);
				expect(timeouts).toEqual({...Object(before ?? {}), idle_codex_ms: value});
				for (const line of text.split('\n')) {
					expect(after).toContain(line);
				}
			}),
			propertyRuns(60),
		);
	});
});
