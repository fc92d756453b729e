import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {describe, expect, onTestFinished, test} from 'vitest';
import {at} from '../../source/base/json.ts';
import {createRequestCosts, createUsageLook, parseForecast} from '../../source/command/usage-open.ts';
import {runUsage} from '../../source/command/usage.ts';
import {homePaths} from '../../source/config/home.ts';
import {periodOf} from '../../source/observe/usage/calendar.ts';
import {ReadModel} from '../../source/observe/read-model.ts';
import {callIdentified, ledgerRecord, requestStart} from '../support/events.ts';
import {temporaryFolder} from '../support/folder.ts';
import {poll} from '../support/poll.ts';
import {runProgram} from '../support/program.ts';
import {root} from '../support/scratch.ts';
import {usageLine, type LineFacts} from '../support/usage-lines.ts';

const noonMs = new Date(2026, 10, 21, 12).getTime();

const config = `version = 5
[codex.providers.relay-a]
base_url = "https://relay-a.example/v1"
auth_token_env = "RELAY_A_KEY"
price_multiplier = 0.5
[ui.usage_forecast]
rate_window_minutes = 120
min_priced_requests = 1
daily_budget_usd = 0.01
`;

const startHome = (lines: readonly LineFacts[], files: Readonly<Record<string, string>> = {}) => {
	const folder = temporaryFolder();
	onTestFinished(() => folder[Symbol.dispose]());
	mkdirSync(path.join(folder.path, 'logs'));
	writeFileSync(path.join(folder.path, 'logs', 'requests.jsonl'), lines.map(usageLine).join(''));
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(path.join(folder.path, name), text, {mode: 0o600});
	}

	const env = {CODEX_TUI_HOME: folder.path, HOME: folder.path};
	const run = async (...args: readonly string[]): Promise<string> => {
		const written: string[] = [];
		expect(await runUsage(args, {env, write: text => written.push(text), now: () => noonMs})).toBe(0);
		return written.join('\n');
	};
	const json = async (...args: readonly string[]): Promise<unknown> => JSON.parse(await run(...args, '--json'));
	return {folder: folder.path, env, run, json};
};

/** 600 fresh, 400 cached, 100 out of gpt-5.5: $0.0062 by its list price. */
const turn: LineFacts = {atMs: noonMs - 1000};

describe('codex-tui usage', () => {
	test('adds up today by provider, with prices, budget and what is left out', async () => {
		const {run} = startHome(
			[turn, {...turn, provider: 'openai', failedTries: ['status-429']}, {...turn, model: 'mystery-1'}],
			{'config.toml': config},
		);
		const text = await run();
		expect(text).toMatch(
			/^2026-11-21: 3 requests, 100% ok, 3\.3K tokens \(3\.0K in, 40% of it cached; 300 out\), cost \$0\.0093\+/,
		);
		expect(text).toContain('✔ 3 ok   1 retried   1 session');
		expect(text).toMatch(/relay-a +│ 2 +│ 100% │ 2\.0K │ 200 │ 40% +│ \$0\.0031\+ +│/);
		expect(text).toMatch(/openai +│ 1 +│ 100% │ 1\.0K │ 100 │ 40% +│ \$0\.0062 +│/);
		expect(text).toMatch(/Today \$0\.0093\+ of \$0\.0100\. Forecast \$0\.0651 by 00:00 .* \(partial pricing\)/);
		expect(text).toContain('! 1 answer has no known price and no part in the cost: mystery-1.');
		expect(text).toContain('Price of gpt-5.5: $5 in, $0.5 cached, $30 out a million (OpenAI list price, 2026-11-06).');
		expect(text).toContain('Price of mystery-1: unknown.');
	});

	test('--json has unknown costs as null, never as 0', async () => {
		const {json} = startHome([
			{...turn, model: 'mystery-1'},
			{...turn, provider: 'openai'},
		]);
		const found = await json('--by', 'model');
		expect(at(found, 'rows')).toMatchObject([
			{name: 'gpt-5.5', cost: {usd: 0.0062, confidence: 'estimated'}},
			{name: 'mystery-1', cost: {usd: null, confidence: 'unknown'}},
		]);
		expect(found).toMatchObject({
			total: {cost: {usd: 0.0062, confidence: 'partial', without_price: 1}, tokens: {prompt: 2000, cache_read: 800}},
			prices: [{model: 'gpt-5.5'}, {model: 'mystery-1', price: null}],
			coverage: {without_price: 1, unpriced_models: ['mystery-1']},
			forecast: {budget_usd: null},
		});
		expect(at(found, 'bars')).toHaveLength(24);
	});

	test('the user’s own prices go before the table, and say where they come from', async () => {
		const {run} = startHome([{...turn, model: 'mystery-1'}], {
			'pricing_overrides.toml': '[models.mystery-1]\ninput_per_1m_usd = "1"\noutput_per_1m_usd = "2"\n',
		});
		expect(await run('--by', 'model')).toMatch(
			/Price of mystery-1: \$1 in, \$2 out a million \(pricing_overrides\.toml, 20/,
		);
	});

	test('a damaged configuration or price file is a warning: the requests were made all the same', async () => {
		const {run, json} = startHome([turn], {'config.toml': 'version = "', 'pricing_overrides.toml': '[models.x]\n'});
		const text = await run();
		expect(text).toContain('1 request,');
		expect(text).toMatch(/! .*config\.toml.*Price multipliers of providers are left out\. There is no budget/);
		expect(text).toMatch(/! .*pricing_overrides\.toml.*Only the price table counts\./);
		expect(at(await json(), 'coverage', 'notes')).toHaveLength(3);
	});

	test('ranges, days, rotated files, sorting, filtering and limits', async () => {
		const dayMs = 86_400_000;
		const {folder, json} = startHome([turn, {...turn, atMs: noonMs - dayMs, session: 's2', tokens: [9000, 100]}]);
		const stamp = new Date(noonMs - 99 * dayMs).toISOString().replaceAll(/[:.]/g, '-');
		const old = usageLine({...turn, atMs: noonMs - 99 * dayMs - 1000, session: 's3'});
		writeFileSync(path.join(folder, 'logs', `requests.${stamp}.jsonl.gz`), gzipSync(old));
		const requests = async (...args: readonly string[]): Promise<unknown> =>
			at(await json(...args), 'total', 'requests');
		expect(await requests()).toBe(1);
		expect(await requests('--range', 'yesterday')).toBe(1);
		expect(await requests('summary', '--range', 'week')).toBe(2);
		expect(await requests('--days', '120')).toBe(3);
		const names = async (...args: readonly string[]): Promise<unknown> => {
			const rows = at(await json('--days', '120', '--by', 'session', ...args), 'rows');
			return Array.isArray(rows) ? rows.map((row: unknown) => at(row, 'name')) : rows;
		};
		expect(await names()).toEqual(['s2', 's1', 's3']);
		expect(await names('--sort', 'name')).toEqual(['s1', 's2', 's3']);
		expect(await names('--filter', 'tokens<5000', '--limit', '1')).toEqual(['s1']);
	});

	test('--csv quotes what needs it and lets no formula through', async () => {
		const {run} = startHome([
			{...turn, model: '=HYPERLINK("x"),1'},
			{...turn, status: 502, tokens: undefined},
		]);
		expect((await run('--csv', '--by', 'model')).split('\n')).toEqual([
			expect.stringMatching(/^name,about,requests,ok,/),
			`"'=HYPERLINK(""x""),1",price unknown,1,1,0,0,0,0,0,0,600,400,0,100,0,,unknown`,
			'gpt-5.5,"$5 in, $0.5 cached, $30 out a million (OpenAI list price, 2026-11-06)",1,0,0,0,1,0,0,0,0,0,0,0,0,,unknown',
		]);
		expect(await run('--csv', '--by', 'error')).toBe('code,upstream,tries,seen\nstatus-502,relay-a,1,1');
	});

	test.each([
		['a semicolon, which ends a field where a comma is the decimal sign', 'a;=1+1', '"a;=1+1"'],
		['a formula behind blanks', ' =1+1', "' =1+1"],
		['a formula in wide signs', '＝1+1', "'＝1+1"],
		['a formula behind a quote', '"=1+1', `"'""=1+1"`],
	])('--csv lets no formula through by %s', async (_, model, field) => {
		const {run} = startHome([{...turn, model}]);
		expect((await run('--csv', '--by', 'model')).split(',price')[0]).toContain(`\n${field}`);
	});

	test('an empty home says so', async () => {
		const {run} = startHome([]);
		expect(await run()).toContain('Nothing to show.');
		expect(await run('--by', 'error')).toContain('Nothing to show.');
	});

	test.each([
		[['--by', 'hours'], '--by takes provider, model'],
		[['--range', 'year'], '--range takes today'],
		[['--days', '0'], '--days takes a whole number from 1 to 400'],
		[['--days', '2', '--range', 'week'], 'exclude each other'],
		[['--json', '--csv'], 'exclude each other'],
		[['--filter', 'bogus:1'], 'There is no field "bogus"'],
		[['--bogus'], '--bogus'],
		[['chain'], 'chain'],
	])('%j is wrong usage', async (args, sentence) => {
		const {run} = startHome([turn]);
		await expect(run(...args)).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(sentence)});
	});

	test('the program itself reads the home that is set', async () => {
		const {env} = startHome([{...turn, atMs: Date.now()}]);
		const {exitCode, stdout} = await runProgram([process.execPath, 'source/cli.ts', 'usage', '--csv'], {
			cwd: root,
			env,
		});
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^name,about/);
		expect(stdout).toMatch(/relay-a,codex,1,1/);
	});
});

describe('a screen’s usage', () => {
	test('follows the budget and the prices when their files change, and keeps every request', async () => {
		const {folder, env} = startHome([turn], {'config.toml': config});
		const look = createUsageLook(homePaths(folder), {env, now: () => noonMs});
		const question = {period: periodOf('today', noonMs), grouping: 'provider'} as const;
		const settled = () =>
			poll('the ledger', async () => {
				const view = await look(question);
				return view.coverage.isReading ? undefined : view;
			});
		const before = await settled();
		expect(before.forecast.budgetNanoUsd).toBe(10_000_000);
		expect(before.total.nanoUsd).toBe(3_100_000);
		const file = path.join(folder, 'config.toml');
		writeFileSync(file, readFileSync(file, 'utf8').replace('0.01', '25').replace('0.5', '0.25'));
		const after = await settled();
		expect(after.forecast.budgetNanoUsd).toBe(25_000_000_000);
		expect(after.total).toMatchObject({requests: 1, nanoUsd: 1_550_000});
	});

	test('has the cost of each request that it shows: together what the ledger says, and none for an unknown price', async () => {
		const tokens = {input_tokens: 1000, cached_input_tokens: 400, output_tokens: 100};
		const records = [
			ledgerRecord('a', {
				model: 'fast',
				actual_model: 'gpt-5.5',
				usage: tokens,
				provider_endpoint_key: 'codex/relay-a/default',
			}),
			ledgerRecord('b', {model: 'gpt-5.5', usage: tokens, service_tier: {actual: 'priority'}}),
			ledgerRecord('c', {model: 'claude-opus-4-8', service: 'claude', usage: tokens}),
			ledgerRecord('d', {model: 'mystery-1', usage: tokens}),
			ledgerRecord('e', {model: 'gpt-5.5', usage: undefined}),
		].map(record => ({...record, timestamp_ms: noonMs - 1000}));
		const {folder, env} = startHome([], {'config.toml': config});
		writeFileSync(
			path.join(folder, 'logs', 'requests.jsonl'),
			records.map(record => `${JSON.stringify(record)}\n`).join(''),
		);
		const model = new ReadModel();
		for (const record of records) {
			model.apply(requestStart(record.request_id, noonMs - 2000));
			model.apply(callIdentified(record.request_id, noonMs - 2000, {service: record.service}));
			model.apply({type: 'reply-end', requestId: record.request_id, atMs: noonMs, record});
		}

		const load = createRequestCosts(homePaths(folder), {env});
		const costOf = await load();
		const costs = model.requests().map(costOf);
		expect(costs.map(cost => cost !== undefined)).toEqual([true, true, true, false, false]);
		// Half of the list price at relay-a.
		expect(costs[0]).toEqual({nanoUsd: 3_100_000, isPartial: false});
		const look = createUsageLook(homePaths(folder), {env, now: () => noonMs});
		const view = await poll('the ledger', async () => {
			const read = await look({period: periodOf('today', noonMs), grouping: 'provider'});
			return read.coverage.isReading ? undefined : read;
		});
		expect(view.total).toMatchObject({requests: 5, priced: 3});
		expect(costs.reduce((sum, cost) => sum + (cost?.nanoUsd ?? 0), 0)).toBe(view.total.nanoUsd);
		expect(await load()).toBe(costOf);
		const file = path.join(folder, 'config.toml');
		writeFileSync(file, readFileSync(file, 'utf8').replace('0.5', '0.125'));
		const [first] = model.requests().map(await load());
		expect(first).toEqual({nanoUsd: 775_000, isPartial: false});
	});

	test('a wrong value of the forecast is named with its line', () => {
		expect(() => parseForecast('config.toml', 'version = 5\n[ui.usage_forecast]\ndaily_budget_usd = -1\n')).toThrow(
			/config\.toml:3.*daily_budget_usd/,
		);
		expect(parseForecast('config.toml', 'version = 5\n')).toMatchObject({isEnabled: true, windowMs: 3_600_000});
	});
});
