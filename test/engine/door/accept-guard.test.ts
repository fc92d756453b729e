import {describe, expect, test} from 'vitest';
import {carriesToken, guardRequest, hashToken, headerValues} from '../../../source/engine/door/accept-guard.ts';

const hosts = new Set(['127.0.0.1:3211', 'localhost:3211']);
const guard = (rawHeaders: readonly string[], {target = '/v1/responses', method = 'POST'} = {}) =>
	guardRequest({method, target, rawHeaders}, hosts);
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
	test.for<[readonly string[], boolean]>([
		[['X-Codex-Tui-Token', 'right'], true],
		[['authorization', 'Bearer right'], true],
		[['Authorization', 'bearer right'], true],
		[['x-api-key', 'right'], true],
		[['authorization', 'Bearer wrong', 'x-api-key', 'right'], true],
		[['authorization', 'Bearer wrong', 'authorization', 'Bearer right'], true],
		[['authorization', 'Bearer right2'], false],
		[['authorization', ''], false],
		[['cookie', 'right'], false],
		[[], false],
	])('in %j is found: %s', ([headers, isFound]) => {
		expect(carriesToken(headers, hash)).toBe(isFound);
	});
});

test('all values of a header are read, whatever their case', () => {
	expect(headerValues(['A', '1', 'b', '2', 'a', '3'], 'a')).toEqual(['1', '3']);
});
