import {describe, expect, test} from 'vitest';
import {
	clientHeaders,
	clientLogin,
	upstreamHeaders,
	type ClientHeaderInput,
	type UpstreamHeaderInput,
} from '../../source/engine/headers.ts';
import {endpoint, noCredentials} from '../support/endpoint.ts';

const client = {
	host: '127.0.0.1:3211',
	connection: 'keep-alive, x-hop',
	'x-hop': 'h',
	'content-length': '12',
	'content-encoding': 'zstd',
	'transfer-encoding': 'chunked',
	'keep-alive': 'timeout=5',
	te: 'trailers',
	upgrade: 'h2c',
	expect: '100-continue',
	'accept-encoding': 'gzip, br',
	'proxy-authorization': 'Basic x',
	'proxy-connection': 'keep-alive',
	authorization: 'Bearer local-token',
	'x-api-key': 'client-key',
	cookie: 'c=1',
	'chatgpt-account-id': 'account',
	'openai-organization': 'org',
	'openai-project': 'project',
	'x-codex-tui-token': 'local-token',
	'x-codex-turn-state': 'TS-foreign',
	'content-type': 'application/json',
	'user-agent': 'codex_exec/0.169.0',
	'session-id': 's1',
	originator: 'codex_exec',
	accept: 'text/event-stream',
};
const kept = {
	'content-type': 'application/json',
	'user-agent': 'codex_exec/0.169.0',
	'session-id': 's1',
	originator: 'codex_exec',
	accept: 'text/event-stream',
	'accept-encoding': 'identity',
};

const isLocalToken = (value: string): boolean => value.endsWith('local-token');
const toClient = (upstream: ClientHeaderInput['upstream'], requestedModel?: string) =>
	clientHeaders({upstream, requestedModel, holdsSecret: text => text.includes('sk-secret')});

const headersFor = (fields: Partial<UpstreamHeaderInput> = {}) =>
	upstreamHeaders({
		client,
		isLocalToken,
		endpoint: endpoint('a'),
		account: (fields.endpoint ?? endpoint('a')).accounts[0],
		credential: {bearer: undefined, apiKey: undefined},
		turnState: undefined,
		hasBody: true,
		...fields,
	});

describe('an upstream gets exactly', () => {
	test('what the client sent without its credentials, its hop and our token (SEC-06)', () => {
		expect(headersFor()).toEqual(kept);
	});

	test('its own credential in both spellings, its own turn state and its configured headers', () => {
		expect(
			headersFor({
				endpoint: endpoint('a', {headers: {'x-title': 'mine', originator: 'changed'}}),
				credential: {bearer: 'sk-a', apiKey: 'key-a'},
				turnState: 'TS-own',
			}),
		).toEqual({
			...kept,
			authorization: 'Bearer sk-a',
			'x-api-key': 'key-a',
			'x-codex-turn-state': 'TS-own',
			'x-title': 'mine',
			originator: 'changed',
		});
	});

	const passing = endpoint('a', {credentials: {...noCredentials, passesClientAuth: true}});

	test('the client’s login where it is marked for that, but never the local token', () => {
		expect(headersFor({endpoint: passing})).toEqual({
			...kept,
			'x-api-key': 'client-key',
			'chatgpt-account-id': 'account',
		});
		expect(headersFor({endpoint: passing, client: {...client, authorization: 'Bearer own'}})).toMatchObject({
			authorization: 'Bearer own',
			'chatgpt-account-id': 'account',
		});
	});

	test('its own key rather than the client’s login where it has both', () => {
		expect(
			headersFor({
				endpoint: passing,
				client: {...client, authorization: 'Bearer own'},
				credential: {bearer: 'sk-a', apiKey: undefined},
			}),
		).toMatchObject({authorization: 'Bearer sk-a'});
	});

	test('a content type for a body that came without one, and none without a body', () => {
		expect(headersFor({client: {}})).toEqual({'accept-encoding': 'identity', 'content-type': 'application/json'});
		expect(headersFor({client: {}, hasBody: false})).toEqual({'accept-encoding': 'identity'});
	});
});

describe('a client gets', () => {
	test('what the upstream sent without its hop, cookies, challenges and browser rules (SEC-07)', () => {
		const upstream = {
			'content-type': 'text/event-stream',
			'x-request-id': 'r1',
			'x-codex-turn-state': 'TS-1',
			'retry-after': '3',
			'x-many': ['a', 'b'],
			connection: 'close',
			'transfer-encoding': 'chunked',
			'content-length': '3',
			'content-encoding': 'gzip',
			'set-cookie': ['a=1', 'b=2'],
			'www-authenticate': 'Bearer realm=x',
			'alt-svc': 'h3',
			'strict-transport-security': 'max-age=1',
			'access-control-allow-origin': '*',
			'access-control-max-age': '600',
			'proxy-authenticate': 'Basic',
		};
		expect(toClient(upstream, 'gpt-5.5')).toEqual({
			'content-type': 'text/event-stream',
			'x-request-id': 'r1',
			'x-codex-turn-state': 'TS-1',
			'retry-after': '3',
			'x-many': ['a', 'b'],
		});
	});

	test('no header that holds a secret of ours (SEC-07)', () => {
		expect(toClient({'x-echo': 'Bearer sk-secret', 'x-good': 'yes'})).toEqual({'x-good': 'yes'});
	});

	test('the model’s name only where it is the one it asked for', () => {
		expect(toClient({'openai-model': 'gpt-5.5'}, 'gpt-5.5')).toEqual({'openai-model': 'gpt-5.5'});
		expect(toClient({'openai-model': 'glm'}, 'gpt-5.5')).toEqual({});
	});

	test.each(['a\r\nset-cookie: x=1', 'a\u0000', '😀', 'a\u001B[2J'])('no header with the value %j (SEC-10)', value => {
		expect(toClient({'x-bad': value, 'x-list': ['fine', value], 'x-good': 'ok\tä'})).toEqual({
			'x-good': 'ok\tä',
		});
	});
});

test('the client’s login is what it sent beside the local token', () => {
	expect(clientLogin({headers: {...client, authorization: 'Bearer own'}, isLocalToken})).toBe('Bearer own');
	expect(clientLogin({headers: client, isLocalToken})).toBe('client-key');
	expect(clientLogin({headers: {authorization: 'Bearer local-token'}, isLocalToken})).toBeUndefined();
});
