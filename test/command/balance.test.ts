import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {type FindEngine, runBalance} from '../../source/command/balance.ts';
import {type Answers, balanceKey, json, startBalanceFarEnd} from '../support/balance.ts';
import {playControl} from '../support/control-api.ts';
import {runProgram} from '../support/program.ts';
import {root} from '../support/scratch.ts';

/** A home with one provider at a far end on the loopback, and its entry. */
const startHome = async (answers: Answers, usage?: string) => {
	const far = await startBalanceFarEnd(answers);
	const home = mkdtempSync(path.join(tmpdir(), 'codex-tui-balance-'));
	onTestFinished(async () => {
		rmSync(home, {recursive: true});
		await far[Symbol.asyncDispose]();
	});
	const config = `version = 5\n[codex.providers.team]\nbase_url = "${far.origin}/v1"\nauth_token_env = "TEAM_KEY"\n`;
	writeFileSync(path.join(home, 'config.toml'), config, {mode: 0o600});
	const entry = {id: 'mine', kind: 'sub2api_usage', domains: ['127.0.0.1']};
	writeFileSync(path.join(home, 'usage_providers.json'), usage ?? JSON.stringify({providers: [entry]}), {mode: 0o600});
	const env = {CODEX_TUI_HOME: home, HOME: home, CODEX_HOME: home, TEAM_KEY: balanceKey};
	const run = async (args: readonly string[], answer?: unknown) => {
		const asked: unknown[] = [];
		const written: string[] = [];
		const tell = (asking: string, ...body: readonly unknown[]): Promise<unknown> => {
			asked.push(asking, ...body);
			return Promise.resolve(asking === '/api/v1/routes' ? [{endpointKey: 'codex/team/default'}] : answer);
		};
		const find: FindEngine = () => Promise.resolve(answer === undefined ? undefined : {read: tell, change: tell});
		const code = await runBalance(args, {env, find, write: text => written.push(text)});
		return {code, asked, text: written.join('\n')};
	};
	return {far, run};
};

const answer = {mode: 'quota_limited', quota: {limit: 10, used: 9, remaining: 1}, planName: 'Pro'};

describe('codex-tui balance', () => {
	test('asks a running engine and nobody else', async () => {
		const {run, far} = await startHome({});
		const balance = {endpointKey: 'codex/team/default', account: 'default', status: 'ok', totalBalanceUsd: 12.5};
		const {code, asked, text} = await run(['team'], {balances: [balance]});
		expect(code).toBe(0);
		expect(asked).toEqual(['/api/v1/balances?provider=team']);
		expect(text).toMatch(/codex\/team\/default │ default │ ok +│ \$12\.50/);
		expect(far.asked).toEqual([]);
	});

	test('--refresh makes the engine ask first', async () => {
		const {run} = await startHome({});
		const {asked} = await run(['team', '--refresh'], {balances: []});
		expect(asked).toEqual(['/api/v1/balances', {provider: 'team'}, '/api/v1/balances?provider=team', '/api/v1/routes']);
	});

	test('a provider that the engine does not have is wrong usage', async () => {
		const {run} = await startHome({});
		await expect(run(['nobody'], {balances: []})).rejects.toMatchObject({
			exitCode: 2,
			message: 'There is no provider "nobody". Providers: team.',
		});
	});

	test('the command itself finds the engine that runs in the home', async () => {
		await using control = await playControl({
			'GET /api/v1/balances': {balances: [{endpointKey: 'codex/team/default', account: 'default', status: 'ok'}]},
		});
		const {exitCode, stdout} = await runProgram(
			['node_modules/.bin/node', 'source/cli.ts', 'balance', 'team', '--json'],
			{cwd: root, env: control.env},
		);
		expect({exitCode, source: JSON.parse(stdout)}).toMatchObject({exitCode: 0, source: {source: 'engine'}});
		expect(control.asked).toEqual(['GET /api/v1/balances?provider=team']);
	});

	test('without an engine asks every account once', async () => {
		const {run, far} = await startHome({'/v1/usage': json(answer)});
		const {text} = await run([]);
		expect(text).toMatch(/codex\/team\/default │ default │ ok +│ +│ \$1\.00 of \$10\.00 quota │ Pro/);
		expect(far.asked).toEqual(['/v1/usage']);
	});

	test('--json prints the snapshots, without a key', async () => {
		const {run} = await startHome({'/v1/usage': json({message: `invalid api key ${balanceKey}`}, 401)});
		const {text} = await run(['--json']);
		expect(JSON.parse(text)).toMatchObject({
			source: 'direct',
			balances: [{endpointKey: 'codex/team/default', providerId: 'mine', status: 'error', alerts: [{kind: 'error'}]}],
		});
		expect(text).not.toContain(balanceKey);
	});

	test('what an engine says is drawn without terminal commands', async () => {
		const {run} = await startHome({});
		const balance = {endpointKey: 'a/b/c', account: 'x', status: 'ok', planName: '\u001B]52;c;evil\u0007Pro'};
		const {text} = await run([], {balances: [balance]});
		expect(text).toContain('Pro');
		expect(text).not.toContain('\u001B');
	});

	test('an unknown provider is wrong usage that names the known ones', async () => {
		const {run} = await startHome({});
		await expect(run(['nobody'])).rejects.toMatchObject({
			exitCode: 2,
			message: 'There is no provider "nobody". Providers: team.',
		});
	});

	test('a bad usage_providers.json is an error with file and line', async () => {
		const {run} = await startHome({}, '{\n"providers": 7}');
		await expect(run([])).rejects.toMatchObject({
			code: 'usage-providers-invalid',
			message: expect.stringMatching(/usage_providers\.json:2: providers takes a list of objects/),
		});
	});

	test('two providers or an unknown flag are wrong usage', async () => {
		const {run} = await startHome({});
		await expect(run(['a', 'b'])).rejects.toMatchObject({exitCode: 2});
		await expect(run(['--what'])).rejects.toMatchObject({exitCode: 2});
	});
});
