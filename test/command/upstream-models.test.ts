import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {askUpstreams, modelsEvent, modelsLine, printedConfig} from '../../source/command/upstream-models.ts';
import {upstreamConfigText, type UpstreamFlags} from '../../source/command/upstream-config.ts';
import {openHome} from '../../source/config/home.ts';
import {parseConfig} from '../../source/config/load.ts';
import {parseToml} from '../../source/config/toml.ts';
import {type Answers, balanceKey, json, startBalanceFarEnd} from '../support/balance.ts';

/* What `serve --upstream` says of its upstreams' models, and `--print-config` (product.md 6, codex-wire.md 6). */

const start = async (answers: Answers, flags: UpstreamFlags = {}) => {
	const far = await startBalanceFarEnd(answers);
	const folder = mkdtempSync(path.join(tmpdir(), 'codex-tui-upstream-'));
	onTestFinished(async () => {
		rmSync(folder, {recursive: true});
		await far[Symbol.asyncDispose]();
	});
	const env = {CODEX_TUI_HOME: folder, MY_KEY: balanceKey};
	const upstream = flags.upstream ?? [`${far.origin}/v1,chat,deepseek`];
	const text = upstreamConfigText({'api-key-env': 'MY_KEY', ...flags, upstream}, env) ?? '';
	const config = {...parseConfig(text, {path: '--upstream', env, listen: {port: 3211}}), hash: ''};
	return {far, env, config, home: await openHome(env)};
};

const listed = json({
	data: [
		{id: 'deepseek-chat', context_length: 65_536},
		{id: 'deepseek-vl', architecture: {input_modalities: ['text', 'image']}},
		{id: 'deepseek-chat'},
	],
});

describe('the models at the start of serve', () => {
	test('are one bounded line for each upstream, and the key is in none', async () => {
		const many = json({
			data: Array.from({length: 30}, (_, index) => ({id: index === 0 ? `m-${balanceKey}` : `m${index}`})),
		});
		const {config, env} = await start({'/v1/models': many});
		const asked = await askUpstreams(config, env);
		const [line = ''] = asked.map(modelsLine);
		expect(line).toMatch(/^127-0-0-1-\d+ lists 30 models: m-\S+, m1, .*m19, and 10 more\.$/);
		expect(line + asked.map(modelsEvent).join('')).not.toContain(balanceKey);
		expect(asked.map(each => JSON.parse(modelsEvent(each)))).toMatchObject([
			{event: 'models', endpoint: expect.stringMatching('^codex/'), is_cut: false, models: expect.any(Array)},
		]);
	});

	test('that cannot be had are a sentence', async () => {
		const {config, env} = await start({'/v1/models': json('broken', 500)});
		const asked = await askUpstreams(config, env);
		expect(asked.map(modelsLine)).toEqual([expect.stringContaining('it answered 500')]);
		expect(asked.map(each => JSON.parse(modelsEvent(each)))).toMatchObject([{error: expect.stringContaining('500')}]);
	});
});

describe('--print-config', () => {
	test('writes the smallest catalog of the fetched models and prints what names it', async () => {
		const {config, env, home} = await start({'/v1/models': listed}, {'model-map': ['gpt-5.5=deepseek-chat,x-*=y-*']});
		const text = await printedConfig(config, {home, env});
		const snippet = parseToml('snippet', text).value;
		expect(snippet).toMatchObject({
			...{model: 'gpt-5.5', model_provider: 'codex-tui', model_catalog_json: home.codexModels},
			model_providers: {
				'codex-tui': {
					...{base_url: 'http://127.0.0.1:3211/v1', wire_api: 'responses'},
					env_http_headers: {'x-codex-tui-token': 'CODEX_TUI_TOKEN'},
				},
			},
		});
		const catalog = JSON.parse(readFileSync(home.codexModels, 'utf8'));
		expect(catalog).toMatchObject({
			models: [
				{slug: 'gpt-5.5', context_window: 65_536, input_modalities: ['text'], supports_parallel_tool_calls: false},
				{slug: 'deepseek-chat', context_window: 65_536, supports_reasoning_summaries: true},
				{slug: 'deepseek-vl', context_window: 128_000},
			],
		});
		expect(catalog.models).toHaveLength(3);
		expect(JSON.stringify(catalog)).not.toContain('use_responses_lite');
		expect(statSync(home.codexModels).mode & 0o777).toBe(0o600);
	});

	test('of a provider with thousands of models holds the first 500, and those that are mapped', async () => {
		const many = json({data: Array.from({length: 2000}, (_, index) => ({id: `m${index}`}))});
		const {config, env, home} = await start({'/v1/models': many}, {'model-map': ['gpt-5.5=m1999']});
		const text = await printedConfig(config, {home, env});
		expect(text).toContain('# The catalog holds the first 500 of them');
		const catalog = JSON.parse(readFileSync(home.codexModels, 'utf8'));
		expect(catalog.models.map(({slug}: {readonly slug: string}) => slug).slice(0, 2)).toEqual(['gpt-5.5', 'm0']);
		expect(catalog.models).toHaveLength(500);
		expect(parseToml('snippet', text).value).toMatchObject({model: 'gpt-5.5'});
	});

	test('without a list prints the snippet alone and says why', async () => {
		const {config, env, home} = await start({'/v1/models': json('no', 404)});
		const text = await printedConfig(config, {home, env});
		expect(text).toContain('it answered 404');
		expect(parseToml('snippet', text).value).not.toHaveProperty('model_catalog_json');
		expect(() => statSync(home.codexModels)).toThrow('ENOENT');
	});
});
