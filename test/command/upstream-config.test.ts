import {describe, expect, test} from 'vitest';
import {upstreamConfigText, type UpstreamFlags} from '../../source/command/upstream-config.ts';
import {parseConfig} from '../../source/config/load.ts';
import {isModelSupported, modelAt} from '../../source/route/model.ts';

/* `serve --upstream` in place of config.toml (product.md 6): the flags become a file's text, which the loader checks. */

const load = (flags: UpstreamFlags, env: NodeJS.ProcessEnv = {}) => {
	const text = upstreamConfigText(flags, env) ?? '';
	const config = parseConfig(text, {path: '--upstream', env, listen: {port: 0}});
	expect(config.warnings).toEqual([]);
	return {text, config, leaves: config.services.codex.leaves.map(({endpoint}) => endpoint)};
};

const facts = (flags: UpstreamFlags, env?: NodeJS.ProcessEnv) =>
	load(flags, env).leaves.map(({provider, baseUrl, dialect, profile, preset}) => [
		...[provider, baseUrl, dialect],
		...[profile, preset],
	]);

describe('--upstream', () => {
	test.each([
		[
			'http://relay.example:9000/v1',
			['relay-example-9000', 'http://relay.example:9000/v1', 'chat', 'generic', undefined],
		],
		['https://api.deepseek.com/v1', ['deepseek', 'https://api.deepseek.com/v1', 'chat', 'deepseek', 'deepseek']],
		['https://api.openai.com/v1', ['openai', 'https://api.openai.com/v1', 'responses', 'openai', 'openai']],
		['http://localhost:11434/v1', ['ollama', 'http://localhost:11434/v1', 'chat', 'ollama', 'ollama']],
		['http://127.0.0.1:8080/v1', ['127-0-0-1-8080', 'http://127.0.0.1:8080/v1', 'chat', 'generic', undefined]],
		[
			'http://relay.example/v1,responses',
			['relay-example', 'http://relay.example/v1', 'responses', 'generic', undefined],
		],
		[
			'http://relay.example/v1,chat,deepseek',
			['relay-example', 'http://relay.example/v1', 'chat', 'deepseek', undefined],
		],
		[
			'http://relay.example/v1,chat/deepseek',
			['relay-example', 'http://relay.example/v1', 'chat', 'deepseek', undefined],
		],
		['http://relay.example/v1,gemini', ['relay-example', 'http://relay.example/v1', 'gemini', 'gemini', undefined]],
	])('%s', (upstream, expected) => {
		expect(facts({upstream: [upstream]})).toEqual([expected]);
	});

	test('takes the name of a preset', () => {
		const [[provider, , dialect] = []] = facts({upstream: ['anthropic']});
		expect([provider, dialect]).toEqual(['anthropic', 'messages']);
	});

	test('several are tried in their order, each under a name of its own', () => {
		const {leaves} = load({upstream: ['http://relay.example/v1', 'http://relay.example/v2', 'deepseek']});
		expect(leaves.map(({provider, baseUrl}) => [provider, baseUrl])).toEqual([
			['relay-example', 'http://relay.example/v1'],
			['relay-example-2', 'http://relay.example/v2'],
			['deepseek', expect.stringContaining('deepseek')],
		]);
	});

	test.each([
		['relay.example', 'takes a URL'],
		['http://relay.example/v1,chatt', 'does not know "chatt"'],
		['custom', 'has no address of its own'],
		['http://relay.example/v1,key=sk-secret-key', 'not a key'],
	])('%s is wrong usage', (upstream, words) => {
		const run = () => upstreamConfigText({upstream: [upstream]}, {});
		expect(run).toThrow(words);
		expect(run).not.toThrow('sk-secret-key');
	});

	test('without it there is no such configuration, and its other flags are wrong usage', () => {
		expect(upstreamConfigText({}, {})).toBeUndefined();
		expect(upstreamConfigText({}, {CODEX_TUI_MODEL_MAP: 'a=b', CODEX_TUI_UPSTREAM: ''})).toBeUndefined();
		expect(() => upstreamConfigText({'model-map': ['a=b']}, {})).toThrow('--upstream');
	});

	test('the environment says what no flag says', () => {
		const env = {
			...{CODEX_TUI_UPSTREAM: 'http://relay.example/v1', CODEX_TUI_API_KEY: 'sk-secret'},
			...{CODEX_TUI_MODEL_MAP: 'a=b, c=d', CODEX_TUI_TOOL_DENYLIST: 'x,y'},
		};
		const {leaves, text} = load({}, env);
		expect(text).not.toContain('sk-secret');
		expect(leaves).toMatchObject([
			{
				toolDenylist: ['x', 'y'],
				accounts: [{credentials: {bearer: {kind: 'env', name: 'CODEX_TUI_API_KEY'}}}],
			},
		]);
		expect([...(leaves[0]?.modelMapping ?? [])]).toEqual([
			['a', 'b'],
			['c', 'd'],
		]);
		expect(facts({upstream: ['http://other.example/v1']}, env).map(([name]) => name)).toEqual(['other-example']);
	});
});

describe('the key', () => {
	test.each([
		['http://relay.example/v1', 'bearer', 'x-api-key'],
		['http://relay.example,messages', 'apiKey', 'x-api-key'],
		['http://relay.example/v1beta,gemini', 'apiKey', 'x-goog-api-key'],
		['anthropic', 'apiKey', 'x-api-key'],
		['deepseek', 'bearer', 'authorization'],
	])('of %s travels as its protocol wants it', (upstream, family, header) => {
		const {leaves} = load({upstream: [upstream], 'api-key-env': 'MY_KEY'});
		expect(leaves).toMatchObject([
			{
				accounts: [{credentials: {[family]: {kind: 'env', name: 'MY_KEY'}}}],
				...(family === 'apiKey' && {apiKeyHeader: header}),
			},
		]);
	});

	test('of one upstream never goes to another', () => {
		const upstream = ['http://a.example/v1,key=A_KEY', 'http://b.example/v1'];
		expect(() => upstreamConfigText({upstream, 'api-key-env': 'K'}, {})).toThrow('for one upstream');
		const {leaves} = load({upstream}, {CODEX_TUI_API_KEY: 'sk-1'});
		expect(leaves.map(({accounts}) => accounts[0].credentials.bearer)).toEqual([
			{kind: 'env', name: 'A_KEY'},
			undefined,
		]);
	});
});

describe('--model-map', () => {
	test('maps with wildcards, the most specific wins, and other models pass', () => {
		const {leaves} = load({
			upstream: ['http://relay.example/v1'],
			'model-map': ['gpt-*=open/gpt-*,gpt-5.5=best', '*-mini=small'],
		});
		const [endpoint] = leaves;
		const names = ['gpt-5.5', 'gpt-5.4', 'gpt-5-mini', 'other'].map(model => endpoint && modelAt(endpoint, model));
		expect(names).toEqual(['best', 'open/gpt-5.4', 'small', 'other']);
		expect(endpoint && isModelSupported(endpoint, 'other')).toBe(true);
	});

	test.each(['a', 'a=', '=b', 'a=b=c'])('%s is wrong usage', text => {
		expect(() => upstreamConfigText({upstream: ['deepseek'], 'model-map': [text]}, {})).toThrow('FROM=TO');
	});
});
