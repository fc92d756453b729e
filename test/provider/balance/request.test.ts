import {describe, expect, test} from 'vitest';
import {balanceKind} from '../../../source/provider/balance/kinds.ts';
import {buildBalanceRequest} from '../../../source/provider/balance/request.ts';
import {parseUsageProviders} from '../../../source/provider/balance/usage-providers.ts';

const key = 'sk-own-key-of-the-endpoint';
const nowMs = 1_700_000_000_123;

const build = (
	name: string,
	more: {entry?: object; baseUrl?: string; env?: Record<string, string>; key?: string | null} = {},
) => {
	const kind = balanceKind(name);
	if (kind === undefined) {
		throw new Error(name);
	}

	const file = {providers: [{id: 'x', kind: name, domains: ['relay.example'], ...more.entry}]};
	return buildBalanceRequest({
		kind,
		provider:
			more.entry === undefined ? undefined : parseUsageProviders('f', Buffer.from(JSON.stringify(file))).providers[0],
		baseUrl: more.baseUrl ?? 'https://relay.example/v1',
		key: more.key === null ? undefined : (more.key ?? key),
		readEnv: variable => more.env?.[variable],
		nowMs,
	});
};

describe('the address', () => {
	test.each([
		['sub2api_usage', 'https://relay.example/v1/usage'],
		['new_api_token_usage', 'https://relay.example/api/usage/token/'],
		['openai_balance_http_json', 'https://relay.example/user/balance'],
	])('of %s stands beside a trailing /v1', (name, url) => {
		expect(build(name).url.href).toBe(url);
		expect(build(name, {baseUrl: 'https://relay.example/v1/'}).url.href).toBe(url);
	});

	test('of a relay below a path keeps the path', () => {
		expect(build('sub2api_usage', {baseUrl: 'https://relay.example/team/v1'}).url.href).toBe(
			'https://relay.example/team/v1/usage',
		);
	});

	test('fills every template', () => {
		const endpoint =
			'{{upstream_base_url}}/x?a={{unix_now}}&b={{unix_now_ms}}&c={{unix_days_ago:1}}&d={{env:WHO}}&e={{user}}';
		const entry = {endpoint, variables: {user: 'u{{unix_now}}'}};
		expect(build('openai_balance_http_json', {entry, env: {WHO: 'me'}}).url.href).toBe(
			'https://relay.example/v1/x?a=1700000000&b=1700000000123&c=1699913600&d=me&e=u1700000000',
		);
	});

	test('a variable that is not set is a phrase without any value', () => {
		expect(() => build('openai_balance_http_json', {entry: {endpoint: '/x?{{env:WHO}}'}})).toThrow(
			'the environment variable WHO is not set',
		);
	});
});

describe('the key', () => {
	test('goes as a bearer token, at yescode as x-api-key', () => {
		expect(build('sub2api_usage').headers['authorization']).toBe(`Bearer ${key}`);
		const yescode = build('yescode_profile', {entry: {endpoint: '{{base_url}}/api/v1/auth/profile'}});
		expect(yescode.headers).toMatchObject({'x-api-key': key});
		expect(yescode.headers).not.toHaveProperty('authorization');
	});

	test('of the entry’s variable goes before the endpoint’s own', () => {
		const entry = {token_env: 'DASH'};
		expect(build('sub2api_auth_me', {entry, env: {DASH: 'jwt'}}).headers['authorization']).toBe('Bearer jwt');
		expect(build('sub2api_auth_me', {entry}).headers['authorization']).toBe(`Bearer ${key}`);
		expect(() => build('sub2api_auth_me', {entry: {...entry, require_token_env: true}})).toThrow('DASH is not set');
	});

	test('of the organization never falls back to the endpoint’s own', () => {
		expect(() => build('openai_organization_costs', {entry: {}})).toThrow('OPENAI_ADMIN_KEY is not set');
		expect(
			build('openai_organization_costs', {entry: {}, env: {OPENAI_ADMIN_KEY: 'admin'}}).headers['authorization'],
		).toBe('Bearer admin');
	});

	test('is never sent to a foreign host that the entry does not name', () => {
		const entry = {endpoint: 'https://collector.example/take'};
		expect(() => build('openai_balance_http_json', {entry})).toThrow(
			'the key of relay.example is not sent to collector.example',
		);
		expect(() => build('rightcode_account_summary')).toThrow('is not sent to www.right.codes');
		const named = {...entry, domains: ['relay.example', 'collector.example']};
		expect(build('openai_balance_http_json', {entry: named}).url.host).toBe('collector.example');
		const own = {...entry, token_env: 'THEIRS'};
		expect(build('openai_balance_http_json', {entry: own, env: {THEIRS: 't'}}).url.host).toBe('collector.example');
	});

	test('is never sent in the clear where the endpoint is https', () => {
		const entry = {endpoint: 'http://relay.example/balance'};
		expect(() => build('openai_balance_http_json', {entry})).toThrow('not sent in the clear');
	});

	test('that is missing is a phrase', () => {
		expect(() => build('sub2api_usage', {key: null})).toThrow('the endpoint has no key');
	});

	test('with a line break is refused before it is sent', () => {
		expect(() => build('sub2api_usage', {key: 'a\r\nb'})).toThrow('authorization holds a character');
	});
});

test('new_api_user_self sends New-Api-User where a user id is known', () => {
	expect(build('new_api_user_self').headers).not.toHaveProperty('new-api-user');
	expect(build('new_api_user_self', {entry: {variables: {user_id: '7'}}}).headers['new-api-user']).toBe('7');
	expect(build('new_api_user_self', {entry: {headers: {'New-Api-User': '8'}}}).headers['new-api-user']).toBe('8');
});

test('every secret of a request is listed for redaction', () => {
	const entry = {headers: {'x-a': '{{env:A}}', 'x-b': 'written-in-the-file'}};
	const {secrets} = build('sub2api_usage', {entry, env: {A: 'value-of-a'}});
	expect(secrets).toEqual(expect.arrayContaining([key, 'value-of-a', 'written-in-the-file']));
});
