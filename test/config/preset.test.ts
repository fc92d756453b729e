import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../source/config/config-error.ts';
import type {Endpoint} from '../../source/config/config.ts';
import {credentialHeaders} from '../../source/config/credential-headers.ts';
import {parseConfig} from '../../source/config/load.ts';

const load = (text: string) => parseConfig(`version = 5\n${text}`, {path: '/h/config.toml', env: {}});

const endpointOf = (lines: string): Endpoint => {
	const [endpoint] = load(`[codex.providers.a]\n${lines}`).services.codex.endpoints;
	if (endpoint === undefined) {
		throw new Error('no endpoint');
	}

	return endpoint;
};

const credentialsOf = (lines: string) => endpointOf(lines).accounts[0].credentials;

const errorOf = (lines: string): ConfigError => {
	try {
		endpointOf(lines);
	} catch (error) {
		if (error instanceof ConfigError) {
			return error;
		}

		throw error;
	}

	throw new Error('it loaded');
};

describe('preset', () => {
	test('fills in address, dialect, profile and the variable of the key', () => {
		expect(endpointOf('preset = "deepseek"')).toMatchObject({
			key: 'codex/a/default',
			baseUrl: 'https://api.deepseek.com/v1',
			dialect: 'chat',
			preset: 'deepseek',
			profile: 'deepseek',
			accounts: [{credentials: {bearer: {kind: 'env', name: 'DEEPSEEK_API_KEY'}, apiKey: undefined}}],
		});
		expect(load('[codex.providers.a]\npreset = "deepseek"').warnings).toEqual([]);
	});

	test('every field can be overridden', () => {
		const endpoint = endpointOf(
			'preset = "kimi"\nbase_url = "https://api.moonshot.ai/v1"\ndialect = "messages"\nprofile = "generic"\nauth_token_env = "MINE"\napi_key_header = "api-key"',
		);
		expect(endpoint).toMatchObject({
			baseUrl: 'https://api.moonshot.ai/v1',
			dialect: 'messages',
			profile: 'generic',
			apiKeyHeader: 'api-key',
			accounts: [{credentials: {bearer: {kind: 'env', name: 'MINE'}}}],
		});
	});

	test('its key goes to its own addresses only', () => {
		const none = {bearer: undefined, apiKey: undefined, passesClientAuth: false};
		expect(credentialsOf('preset = "openai"\nbase_url = "https://relay.example/v1"')).toEqual(none);
		expect(credentialsOf('preset = "openai"\nbase_url = "http://api.openai.com/v1"')).toEqual(none);
		expect(credentialsOf('preset = "kimi"\nbase_url = "https://api.moonshot.ai/v1"').bearer).toMatchObject({
			name: 'MOONSHOT_API_KEY',
		});
		expect(credentialsOf('preset = "azure-openai"\nbase_url = "https://me.openai.azure.com/openai/v1"').apiKey).toEqual(
			{
				kind: 'env',
				name: 'AZURE_OPENAI_API_KEY',
			},
		);
		expect(credentialsOf('preset = "azure-openai"\nbase_url = "https://openai.azure.com.evil.example"')).toEqual(none);
		expect(credentialsOf('preset = "ollama"')).toEqual(none);
	});

	test('OpenAI’s key may stand in Codex’s own file, and the ChatGPT plan passes the client’s login', () => {
		expect(endpointOf('preset = "openai"').accounts[0].credentials.bearer).toEqual({
			kind: 'env',
			name: 'OPENAI_API_KEY',
			isInClientFile: true,
		});
		expect(endpointOf('preset = "chatgpt"').accounts[0].credentials.passesClientAuth).toBe(true);
	});

	test('an endpoint without an address takes the preset’s, and the pool of accounts stays', () => {
		const text =
			'[codex.providers.a]\npreset = "kimi"\naccounts = [{label = "x", auth_token_env = "X"}]\n[codex.providers.a.endpoints.cn]\n[codex.providers.a.endpoints.ai]\nbase_url = "https://api.moonshot.ai/v1"\nprofile = "generic"';
		const {endpoints} = load(text).services.codex;
		expect(endpoints.map(({key, baseUrl, profile}) => [key, baseUrl, profile])).toEqual([
			['codex/a/ai', 'https://api.moonshot.ai/v1', 'generic'],
			['codex/a/cn', 'https://api.moonshot.cn/v1', 'kimi'],
		]);
		expect(endpoints.map(({accounts}) => accounts.map(({label}) => label))).toEqual([['x'], ['x']]);
	});

	test('an unknown one is an error with the nearest name and the line', () => {
		const error = errorOf('alias = "x"\npreset = "openruter"');
		expect(error).toMatchObject({code: 'config-preset', line: 4, key: 'codex.providers.a.preset'});
		expect(error.message).toContain('is "openruter", which is no preset; did you mean openrouter?');
		expect(errorOf('preset = "nothing-like-it"').message).toContain('"codex-tui provider presets" lists them.');
	});

	test('one without an address asks for it', () => {
		expect(errorOf('preset = "azure-openai"').message).toContain(
			'has no base_url, and the preset azure-openai has none of its own; write base_url = "https://NAME.openai.azure.com/openai/v1".',
		);
		expect(endpointOf('preset = "custom"\nbase_url = "https://x.example/v1"')).toMatchObject({
			dialect: 'responses',
			profile: 'generic',
		});
	});
});

describe('profile', () => {
	test('of the endpoint, then the provider, then the preset, else generic', () => {
		expect(endpointOf('base_url = "https://x.example"\nprofile = "openrouter"').profile).toBe('openrouter');
		expect(endpointOf('preset = "gemini"\nprofile = "generic"').profile).toBe('generic');
		expect(endpointOf('base_url = "https://x.example"').profile).toBe('generic');
	});

	test('an unknown one is an error with the nearest name and the line', () => {
		const error = errorOf('base_url = "https://x.example"\nprofile = "deepseeek"');
		expect(error).toMatchObject({code: 'config-profile', line: 4});
		expect(error.message).toContain('is "deepseeek", which is no provider profile; did you mean deepseek?');
	});
});

describe('base_url', () => {
	test.each([
		['https://x.example/v1/chat/completions', 'https://x.example/v1'],
		['https://x.example/v1/chat/completions/', 'https://x.example/v1'],
		['https://x.example/v1/responses', 'https://x.example/v1'],
		['https://x.example/v1/messages', 'https://x.example/v1'],
		['https://x.example/v1beta/models/gemini-3-pro:streamGenerateContent', 'https://x.example/v1beta'],
		['https://x.example/v1internal:generateContent', 'https://x.example'],
		['https://x.example/alpha/generate', 'https://x.example'],
		['https://x.example/v1/', 'https://x.example/v1'],
	])('%s loses what the engine adds itself', (text, expected) => {
		expect(endpointOf(`base_url = "${text}"`).baseUrl).toBe(expected);
	});
});

describe('the header of a key', () => {
	test.each([
		['deepseek', {authorization: 'Bearer k'}],
		['anthropic', {'x-api-key': 'k'}],
		['gemini', {'x-goog-api-key': 'k'}],
		['azure-openai"\nbase_url = "https://me.openai.azure.com/openai/v1', {'api-key': 'k'}],
	])('%s', (preset, headers) => {
		const endpoint = endpointOf(`preset = "${preset}"\napi_key = "k"`);
		expect(credentialHeaders(endpoint, {bearer: undefined, apiKey: 'k'})).toEqual(headers);
	});

	test('a bearer token goes beside it, and wins where both want one header', () => {
		expect(credentialHeaders({apiKeyHeader: 'x-api-key'}, {bearer: 'b', apiKey: 'k'})).toEqual({
			authorization: 'Bearer b',
			'x-api-key': 'k',
		});
		expect(credentialHeaders({apiKeyHeader: 'authorization'}, {bearer: 'b', apiKey: 'k'})).toEqual({
			authorization: 'Bearer b',
		});
	});
});
