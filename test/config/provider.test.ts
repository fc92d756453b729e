import {describe, expect, test} from 'vitest';
import type {Endpoint} from '../../source/config/config.ts';
import {createClientKeyReader, resolveCredentials} from '../../source/config/credentials.ts';
import {parseConfig} from '../../source/config/load.ts';

const load = (text: string) => parseConfig(`version = 5\n${text}`, {path: '/h/config.toml', env: {}});

const endpointsOf = (text: string): readonly Endpoint[] => load(text).services.codex.endpoints;

const head = '[codex.providers.a]\nbase_url = "https://a.example"\n';

describe('accounts', () => {
	test('of both spellings have labels, keys, weights, groups and switches', () => {
		const expected = [
			{
				label: 'work',
				credentials: {bearer: {kind: 'env', name: 'K1'}, apiKey: undefined},
				weight: 2,
				quotaGroup: undefined,
				enabled: true,
			},
			{
				label: 'spare',
				credentials: {bearer: undefined, apiKey: {kind: 'inline', value: 'sk-x'}},
				weight: 1,
				quotaGroup: 'org-1',
				enabled: false,
			},
		];
		const inline = `${head}accounts = [{label = "work", auth_token_env = "K1", weight = 2},\n {label = "spare", api_key = "sk-x", quota_group = "org-1", enabled = false}]`;
		const tables = `${head}[[codex.providers.a.accounts]]\nlabel = "work"\nauth_token_env = "K1"\nweight = 2\n[[codex.providers.a.accounts]]\nlabel = "spare"\nquota_group = "org-1"\nenabled = false\nauth = {api_key = "sk-x"}`;
		expect(endpointsOf(inline)[0]?.accounts).toMatchObject(expected);
		expect(endpointsOf(tables)[0]?.accounts).toMatchObject(expected);
		expect(endpointsOf(inline)[0]?.accounts[1]?.location?.line).toBe(5);
		expect(load(inline).warnings).toEqual([]);
	});

	test('a provider without them has one account default, and an endpoint with a key of its own too', () => {
		const text = `[codex.providers.a]\naccounts = [{label = "x", auth_token_env = "K"}]\n[codex.providers.a.endpoints.own]\nbase_url = "https://own.example"\nauth_token_env = "O"\n[codex.providers.a.endpoints.pool]\nbase_url = "https://pool.example"\n[codex.providers.b]\nbase_url = "https://b.example"`;
		expect(endpointsOf(text).map(({accounts}) => accounts.map(({label}) => label))).toEqual([
			['default'],
			['x'],
			['default'],
		]);
	});

	test.each([
		['[]', 'accounts is empty', 4],
		['[{auth_token_env = "K"}]', 'has no label', 4],
		['[{label = "x y", auth_token_env = "K"}]', 'takes up to 64 characters', 4],
		['[{label = "x"}]', 'has no key', 4],
		[
			'[{label = "x", auth_token_env = "K"},\n{label = "x", auth_token_env = "L"}]',
			'is "x", the label of an account above',
			5,
		],
		['[{label = "x", auth_token_env = "K", weight = 0}]', 'weight is 0', 4],
		['[{label = "x", auth_token_env = "sk canary"}]', 'takes the name of an environment variable', 4],
		['["x"]', 'it takes only tables', 4],
		['[{label = "x", auth_token_env = "K"}]\nauth_token_env = "L"', 'auth_token_env stands beside accounts', 5],
	])('%s is refused', (accounts, sentence, line) => {
		const run = (): unknown => endpointsOf(`${head}accounts = ${accounts}`);
		expect(run).toThrow(expect.objectContaining({line, message: expect.stringContaining(sentence)}));
		expect(run).not.toThrow('canary');
	});

	test('an unknown key in an account warns with its line', () => {
		expect(load(`${head}accounts = [{label = "x", auth_token_env = "K", weigth = 2}]`).warnings).toEqual([
			'/h/config.toml:4: the key codex.providers.a.accounts[0].weigth is not known, it is ignored; did you mean weight?',
		]);
	});
});

describe('what a provider says of its requests', () => {
	const text = `[codex.providers.a]
limits = {max_concurrent_requests = 5, limit_group = "team", queue = 16, queue_timeout_ms = 1000}
price_multiplier = 0.8
reasoning = "high"
timeouts = {idle_ms = 900000}
[codex.providers.a.endpoints.all]
base_url = "https://all.example"
[codex.providers.a.endpoints.own]
base_url = "https://own.example"
limits = {max_concurrent_requests = 2}
price_multiplier = 0
reasoning = "off"
timeouts = {idle_ms = 5000}
[codex.providers.b]
base_url = "https://b.example"
`;

	test('holds for its endpoints, which override it field by field', () => {
		const team = {limitGroup: 'team', queue: 16, queueTimeoutMs: 1000};
		expect(endpointsOf(text)).toMatchObject([
			{
				limits: {...team, maxConcurrentRequests: 5, isInherited: true},
				priceMultiplier: 0.8,
				reasoning: 'high',
				idleMs: 900_000,
			},
			{
				limits: {...team, maxConcurrentRequests: 2, isInherited: false},
				priceMultiplier: 0,
				reasoning: 'off',
				idleMs: 5000,
			},
			{
				limits: {
					maxConcurrentRequests: undefined,
					limitGroup: undefined,
					queue: 0,
					queueTimeoutMs: 30_000,
					isInherited: false,
				},
				priceMultiplier: 1,
				reasoning: 'pass',
				idleMs: undefined,
			},
		]);
		expect(load(text).warnings).toEqual([]);
	});

	test.each([
		['limits = {max_concurrent_requests = 0}', 'takes a whole number from 1 to'],
		['limits = {queue = "x"}', 'limits.queue is a string'],
		['price_multiplier = -1', 'takes a number from 0 to 1000'],
		['reasoning = "HIGH!"', 'takes "pass", "off" or an effort'],
		['timeouts = {idle_ms = 1}', 'takes a whole number from 1000 to'],
	])('%s is refused', (line, sentence) => {
		expect(() => endpointsOf(head + line)).toThrow(
			expect.objectContaining({line: 4, message: expect.stringContaining(sentence)}),
		);
	});
});

const keyFor = (service: 'codex' | 'claude', baseUrl: string): string | undefined => {
	const text = `[${service}.providers.a]\nbase_url = "${baseUrl}"\nauth_token_env = "K"`;
	const account = load(text).services[service].endpoints[0]?.accounts[0];
	return account === undefined
		? 'no account'
		: resolveCredentials(account, {env: {}, readClientKey: () => 'from the file'}).bearer;
};

describe('a key in the client’s own file', () => {
	test.each([
		['codex', 'https://api.openai.com/v1', true],
		['codex', 'https://relay.example/v1', false],
		['codex', 'https://openai.com.relay.example', false],
		['codex', 'https://notopenai.com', false],
		['codex', 'http://api.openai.com/v1', false],
		['codex', 'https://api.anthropic.com', false],
		['claude', 'https://api.anthropic.com', true],
		['claude', 'https://relay.example', false],
		['claude', 'https://api.openai.com', false],
	] as const)('%s at %s: asked for is %s', (service, baseUrl, isAsked) => {
		expect(keyFor(service, baseUrl)).toBe(isAsked ? 'from the file' : undefined);
	});

	test('is not there for a reader without files', () => {
		expect(
			createClientKeyReader({codexHome: '/nowhere', claudeHome: '/nowhere'}, () => 0)('codex', 'K'),
		).toBeUndefined();
	});
});

describe('tool_denylist', () => {
	test('of a provider and its endpoint add up', () => {
		const text = `[codex.providers.a]\ndialect = "chat"\ntool_denylist = ["x", "y"]\n[codex.providers.a.endpoints.one]\nbase_url = "https://one.example"\ntool_denylist = ["y", "mcp/z"]\n[codex.providers.b]\nbase_url = "https://b.example"`;
		expect(endpointsOf(text).map(({toolDenylist}) => toolDenylist)).toEqual([['x', 'y', 'mcp/z'], []]);
		expect(load(text).warnings).toEqual([]);
	});

	test('where nothing is translated is a warning with its place', () => {
		expect(load(`${head}tool_denylist = ["x"]`).warnings).toEqual([
			expect.stringMatching(/^\/h\/config\.toml:2: tool_denylist does nothing for codex\/a\/default/),
		]);
	});
});
