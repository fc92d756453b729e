import {describe, expect, test} from 'vitest';
import {findToken, guardRequest, hashToken, headerValues} from '../../source/engine/accept-guard.ts';

const hosts = new Set(['127.0.0.1:3211', 'localhost:3211']);
const guard = (rawHeaders: readonly string[], {target = '/v1/responses', method = 'POST'} = {}) =>
	guardRequest({method, target, rawHeaders}, {hosts, tokenHash: undefined});
const host = ['Host', '127.0.0.1:3211'];

test.each([[host], [['HOST', 'LocalHost:3211']], [[...host, 'sec-fetch-site', 'none']]])(
	'a request with %j may come in',
	headers => {
		expect(guard(headers)).toBeUndefined();
	},
);

describe('a request is refused', () => {
	test.for<[string, readonly string[], string]>([
		['without a Host', [], 'bad-host'],
		['with two', [...host, 'host', '127.0.0.1:3211'], 'bad-host'],
		['with a foreign one', ['host', 'evil.example:3211'], 'foreign-host'],
		['with another port', ['host', '127.0.0.1:80'], 'foreign-host'],
		['without the port', ['host', '127.0.0.1'], 'foreign-host'],
		['with an empty one', ['host', ''], 'foreign-host'],
		['from a page', [...host, 'Origin', 'http://127.0.0.1:3211'], 'browser-request'],
		['from the null origin', [...host, 'origin', 'null'], 'browser-request'],
		['from another site', [...host, 'sec-fetch-site', 'cross-site'], 'browser-request'],
	])('%s', ([, headers, code]) => {
		expect(guard(headers)).toMatchObject({code});
	});

	test('for a preflight', () => {
		expect(guard(host, {method: 'OPTIONS'})).toMatchObject({code: 'browser-request'});
	});

	test.each(['http://evil.example/v1', '//evil.example', '/a\\b', '/a b', '/a#b', '/a\u0000', '/a\r\nx: y', '*', ''])(
		'for the target %j',
		target => {
			expect(guard(host, {target})).toMatchObject({status: 400, code: 'bad-target'});
		},
	);
});

describe('the local token', () => {
	const hash = hashToken('right');
	test.for<[readonly string[], string | undefined]>([
		[['X-Codex-Tui-Token', 'right'], 'x-codex-tui-token'],
		[['authorization', 'Bearer right'], 'authorization'],
		[['Authorization', 'bearer right'], 'authorization'],
		[['x-api-key', 'right'], 'x-api-key'],
		[['authorization', 'Bearer wrong', 'x-api-key', 'right'], 'x-api-key'],
		[['authorization', 'Bearer wrong', 'authorization', 'Bearer right'], 'authorization'],
		[['authorization', 'Bearer right2'], undefined],
		[['authorization', ''], undefined],
		[['cookie', 'right'], undefined],
		[[], undefined],
	])('in %j is found in %s', ([headers, name]) => {
		expect(findToken(headers, hash)).toBe(name);
	});
});

test('all values of a header are read, whatever their case', () => {
	expect(headerValues(['A', '1', 'b', '2', 'a', '3'], 'a')).toEqual(['1', '3']);
});
