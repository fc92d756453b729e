import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {runProvider} from '../../source/command/provider.ts';
import {type Answers, balanceKey, json, startBalanceFarEnd} from '../support/balance.ts';

/** A home whose providers stand at one far end on the loopback. */
const startHome = async (answers: Answers, keys: Readonly<Record<string, string>> = {TEAM_KEY: balanceKey}) => {
	const far = await startBalanceFarEnd(answers);
	const home = mkdtempSync(path.join(tmpdir(), 'codex-tui-provider-'));
	onTestFinished(async () => {
		rmSync(home, {recursive: true});
		await far[Symbol.asyncDispose]();
	});
	const config = `version = 5
[codex.providers.team]
base_url = "${far.origin}/v1"
auth_token_env = "TEAM_KEY"
[codex.providers.google]
preset = "gemini"
base_url = "${far.origin}/v1beta"
api_key_env = "TEAM_KEY"
[codex.providers.cc]
preset = "command-code"
auth_token_env = "TEAM_KEY"
[codex.providers.both]
base_url = "${far.origin}/both"
[claude.providers.both]
base_url = "${far.origin}"
api_key_env = "TEAM_KEY"
`;
	writeFileSync(path.join(home, 'config.toml'), config, {mode: 0o600});
	const env = {CODEX_TUI_HOME: home, HOME: home, CODEX_HOME: home, ...keys};
	const run = async (...args: readonly string[]): Promise<string> => {
		const written: string[] = [];
		expect(await runProvider(args, {env, nowMs: 0, write: text => written.push(text)})).toBe(0);
		return written.join('\n');
	};
	return {far, run};
};

const models = json({object: 'list', data: [{id: 'b'}, {id: 'a\u001B[2J'}]});

describe('codex-tui provider models', () => {
	test('lists the ids of a configured provider, one a line, with its key', async () => {
		const {far, run} = await startHome({'/v1/models': models});
		expect(await run('models', 'team')).toBe('b\na');
		expect(far.requests[0]?.headers['authorization']).toBe(`Bearer ${balanceKey}`);
	});

	test('asks Google in its own way', async () => {
		const {far, run} = await startHome({'/v1beta/models': json({models: [{name: 'models/gemini-3-pro'}]})});
		expect(JSON.parse(await run('models', 'google', '--json'))).toEqual({
			endpointKey: 'codex/google/default',
			models: ['gemini-3-pro'],
			isCut: false,
		});
		expect(far.asked).toEqual(['/v1beta/models?pageSize=1000']);
		expect(far.requests[0]?.headers).toMatchObject({'x-goog-api-key': balanceKey});
		expect(far.requests[0]?.headers['authorization']).toBeUndefined();
	});

	test('asks Anthropic with its version', async () => {
		const {far, run} = await startHome({'/v1/models': models});
		await run('models', 'claude/both');
		expect(far.asked).toEqual(['/v1/models?limit=1000']);
		expect(far.requests[0]?.headers).toMatchObject({'x-api-key': balanceKey, 'anthropic-version': '2023-06-01'});
	});

	test.each([
		['nobody', 'There is no provider nobody; config.toml has team, google, cc, both.'],
		['both', 'Both services have a provider both; write codex/both or claude/both.'],
		['cc', 'codex/cc/default has no list of models; name them in supported_models.'],
		['team', 'codex/team/default was asked for its models, but it answered 401: bad key [redacted'],
		['codex/both', 'codex/both/default was asked for its models, but its answer is no list of models.'],
	])('says what is wrong with %s, without a key', async (name, sentence) => {
		const {run} = await startHome({
			'/v1/models': (_, response) => {
				response.writeHead(401).end(`bad key ${balanceKey}`);
			},
			'/both/models': json({hello: 1}),
		});
		await expect(run('models', name)).rejects.toThrow(sentence);
	});

	test('a list longer than 1 MiB is a failure', async () => {
		const {run} = await startHome({'/v1/models': json({data: [{id: 'x'.repeat(1024 * 1024)}]})});
		await expect(run('models', 'team')).rejects.toThrow('its answer is longer than 1024 KiB');
	});

	test('a key that is not set is named before anybody is asked', async () => {
		const {far, run} = await startHome({'/v1/models': models}, {});
		await expect(run('models', 'team')).rejects.toMatchObject({
			exitCode: 5,
			message: 'codex/team/default wants the variable TEAM_KEY, which is not set.',
		});
		expect(far.asked).toEqual([]);
	});

	test('wrong usage is exit code 2', async () => {
		const {run} = await startHome({});
		await expect(run('models')).rejects.toMatchObject({exitCode: 2});
		await expect(run('model')).rejects.toMatchObject({exitCode: 2});
		await expect(run('presets', 'x')).rejects.toMatchObject({exitCode: 2});
	});
});

describe('codex-tui provider presets', () => {
	test('is a table with terms below, or JSON with all of it', async () => {
		const {run} = await startHome({});
		const text = await run('presets');
		expect(text).toMatch(/deepseek +│ DeepSeek +│ https:\/\/api\.deepseek\.com\/v1 +│ chat +│ DEEPSEEK_API_KEY/);
		expect(text).toContain('chatgpt: Codex’s own login, for its owner’s own use');
		const all: unknown = JSON.parse(await run('presets', '--json'));
		expect(all).toMatchObject({presets: expect.arrayContaining([expect.objectContaining({name: 'gemini'})])});
	});
});
