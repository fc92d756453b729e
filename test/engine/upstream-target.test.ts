import {expect, test} from 'vitest';
import {upstreamTarget} from '../../source/engine/upstream-target.ts';
import {findServedPath} from '../../source/identify/paths.ts';
import type {Dialect} from '../../source/wire/names.ts';
import {endpoint} from '../support/endpoint.ts';

const targetOf = (
	baseUrl: string,
	path: string,
	{query = '', dialect = 'responses'}: {readonly query?: string; readonly dialect?: Dialect} = {},
) => {
	const target = findServedPath(path);
	if (!target) {
		throw new Error(`${path} is not served`);
	}

	return upstreamTarget(endpoint('a', {baseUrl, dialect}), {relative: target.relative, query});
};

test.for<[string, string, Dialect, string, string]>([
	['https://relay.example/v1', '/v1/responses', 'responses', 'https://relay.example', '/v1/responses'],
	['https://relay.example/v1/', '/v1/responses', 'responses', 'https://relay.example', '/v1/responses'],
	['https://relay.example', '/v1/responses', 'responses', 'https://relay.example', '/responses'],
	[
		'https://relay.example/openai/v1',
		'/responses/compact',
		'responses',
		'https://relay.example',
		'/openai/v1/responses/compact',
	],
	[
		'https://chatgpt.com/backend-api/codex',
		'/v1/responses',
		'responses',
		'https://chatgpt.com',
		'/backend-api/codex/responses',
	],
	['http://127.0.0.1:8080/v1', '/v1/chat/completions', 'chat', 'http://127.0.0.1:8080', '/v1/chat/completions'],
	['https://api.anthropic.com', '/v1/messages', 'messages', 'https://api.anthropic.com', '/v1/messages'],
	[
		'https://api.anthropic.com/',
		'/v1/messages/count_tokens',
		'messages',
		'https://api.anthropic.com',
		'/v1/messages/count_tokens',
	],
	['https://relay.example/v1', '/v1/messages', 'messages', 'https://relay.example', '/v1/messages'],
	['https://relay.example/v1beta', '/messages', 'messages', 'https://relay.example', '/v1beta/messages'],
	['https://relay.example/anthropic', '/messages', 'messages', 'https://relay.example', '/anthropic/v1/messages'],
	['https://[::1]:8443/v1', '/v1/models', 'responses', 'https://[::1]:8443', '/v1/models'],
])('%s and %s (%s) go to %s%s', ([baseUrl, path, dialect, origin, expected]) => {
	expect(targetOf(baseUrl, path, {dialect})).toEqual({origin, path: expected});
});

test('the client’s query goes along as it is', () => {
	expect(targetOf('https://relay.example/v1', '/v1/responses', {query: '?api-version=2026-01-01&x=%2F'}).path).toBe(
		'/v1/responses?api-version=2026-01-01&x=%2F',
	);
});

test.each(['?@evil.example/', '?//evil.example', '?..%2f..'])(
	'the query %s does not leave the configured origin',
	query => {
		expect(targetOf('https://relay.example', '/responses', {query}).origin).toBe('https://relay.example');
	},
);

test('a base URL that would send elsewhere is refused', () => {
	expect(() => targetOf('https://user@relay.example', '/responses')).toThrow(
		expect.objectContaining({code: 'foreign-origin'}),
	);
});
