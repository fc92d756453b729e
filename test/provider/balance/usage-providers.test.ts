import {describe, expect, test} from 'vitest';
import {RelayError} from '../../../source/base/errors.ts';
import {parseUsageProviders, providerFor} from '../../../source/provider/balance/usage-providers.ts';

const parse = (text: string) => parseUsageProviders('/home/u/usage_providers.json', Buffer.from(text));

const failure = (text: string): RelayError => {
	try {
		parse(text);
	} catch (error) {
		if (error instanceof RelayError) {
			return error;
		}

		throw error;
	}

	throw new Error('it was read');
};

const entry = (more: Record<string, unknown> = {}) => ({
	id: 'relay',
	kind: 'openai_balance_http_json',
	domains: ['relay.example'],
	...more,
});

const one = (more: Record<string, unknown> = {}) => {
	const [provider] = parse(JSON.stringify({providers: [entry(more)]})).providers;
	if (provider === undefined) {
		throw new Error('no entry');
	}

	return provider;
};

describe('usage_providers.json', () => {
	test('reads every field', () => {
		const provider = one({
			endpoint: '{{base_url}}/me?since={{unix_days_ago:7}}&u={{user_id}}',
			token_env: 'RELAY_TOKEN',
			require_token_env: true,
			poll_interval_secs: 120,
			refresh_on_request: false,
			trust_exhaustion_for_routing: false,
			headers: {'New-Api-User': '{{user_id}}', 'X-Key': '{{env:OTHER}}'},
			variables: {user_id: '42'},
			extract: {
				remaining_balance_paths: ['data.0.left'],
				remaining_divisor: 100,
				derive_budget_from_remaining_and_spent: true,
			},
		});
		expect(provider).toMatchObject({
			id: 'relay',
			domains: ['relay.example'],
			tokenEnv: 'RELAY_TOKEN',
			requiresTokenEnv: true,
			pollIntervalMs: 120_000,
			refreshesOnRequest: false,
			trustsExhaustion: false,
			rules: {remainingPaths: ['data.0.left'], remainingDivisor: 100, derivesBudget: true, derivesRemaining: false},
		});
		expect(provider.headers.get('new-api-user')).toBe('{{user_id}}');
	});

	test('has the defaults of the specification', () => {
		expect(one()).toMatchObject({
			pollIntervalMs: 600_000,
			refreshesOnRequest: true,
			trustsExhaustion: true,
			requiresTokenEnv: false,
		});
		expect(one({kind: 'rightcode'}).trustsExhaustion).toBe(false);
		expect(one({kind: 'openai_costs'})).toMatchObject({tokenEnv: 'OPENAI_ADMIN_KEY', requiresTokenEnv: true});
	});

	test('token_env = null means the endpoint’s own key', () => {
		expect(one({token_env: null}).tokenEnv).toBeUndefined();
		expect(one({kind: 'openai_costs', token_env: null}).tokenEnv).toBeUndefined();
	});

	test('an interval down to 30 s is honoured, a shorter one is 30 s with a warning, 0 is off', () => {
		expect(one({poll_interval_secs: 30}).pollIntervalMs).toBe(30_000);
		expect(one({poll_interval_secs: 0}).pollIntervalMs).toBe(0);
		const read = parse(JSON.stringify({providers: [entry({poll_interval_secs: 5})]}));
		expect(read.providers[0]?.pollIntervalMs).toBe(30_000);
		expect(read.warnings).toEqual([expect.stringContaining('30 is taken instead')]);
	});

	test('names unknown keys with their line and goes on', () => {
		expect(parse('{\n "providers": [],\n "extra": 1\n}').warnings).toEqual([
			'/home/u/usage_providers.json:3: the key "extra" is not known and ignored.',
		]);
	});

	test('a syntax error names file and line, and no text of the file', () => {
		const error = failure('{\n  "providers": [\n    {"id": "sk-secret-secret-secret" "kind": 1}\n  ]\n}');
		expect(error).toMatchObject({code: 'usage-providers-invalid'});
		expect(error.message).toMatch(/^\/home\/u\/usage_providers\.json:3: the file is not JSON/);
		expect(error.message).not.toContain('secret');
	});

	test.each([
		[
			'a wrong type',
			{poll_interval_secs: 'sk-secret-value'},
			/:\d+: providers\[0\]\.poll_interval_secs takes a whole number/,
		],
		['an unknown kind', {kind: 'magic'}, /providers\[0\]\.kind takes one of budget_http_json/],
		['no domain', {domains: []}, /domains takes at least one host name/],
		['a kind without an address', {kind: 'budget_http_json'}, /endpoint is missing/],
		['an unknown template name', {endpoint: '{{base_url}}/{{nope}}'}, /endpoint names \{\{nope\}\}/],
		['a framing header', {headers: {'Content-Length': '1'}}, /is not a header that can be set here/],
		['a bad path', {extract: {exhausted_paths: ['a..b']}}, /exhausted_paths takes dot paths/],
	])('%s is refused by key', (_, more, sentence) => {
		const error = failure(JSON.stringify({providers: [entry(more)]}));
		expect(error.message).toMatch(sentence);
		expect(error.message).not.toContain('sk-secret-value');
	});

	test('two entries with one id are refused at the second’s line', () => {
		const line = JSON.stringify(entry());
		expect(failure(`{"providers": [\n${line},\n${line}\n]}`).message).toMatch(/json:3: providers\[1\]\.id is "relay"/);
	});
});

describe('the entry of a base URL', () => {
	test('is the first whose domain is the host or above it', () => {
		const {providers} = parse(JSON.stringify({providers: [entry(), entry({id: 'second'})]}));
		expect(providerFor(providers, 'https://relay.example/v1')?.id).toBe('relay');
		expect(providerFor(providers, 'https://api.relay.example')?.id).toBe('relay');
		expect(providerFor(providers, 'https://notrelay.example')).toBeUndefined();
		expect(providerFor(providers, 'https://openrouter.ai/api/v1')?.id).toBe('openrouter');
	});
});
