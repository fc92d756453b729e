import {writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import path from 'node:path';
import {describe, expect, onTestFinished, test} from 'vitest';
import {apiError, message, stream} from '../../source/demo/script.ts';
import {makeCodex} from '../support/codex.ts';
import {localToken, makeHome, startEngine, type EngineSetup, type TestEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {poll} from '../support/poll.ts';
import {responsesBody} from '../support/upstream.ts';

/*
 * Nobody may be asked: all candidates are blocked before the first send. Clients get the contract's stream (reliability-security.md 8), never a
 * bare HTTP error, and no upstream hears of the request.
 */

/** A balance page that says how much is left. */
const startBalance = async (remaining: number): Promise<string> => {
	const server = createServer((_request, response) => {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({data: {balance: remaining}}));
	}).listen(0, '127.0.0.1');
	await new Promise(resolve => {
		server.once('listening', resolve);
	});
	onTestFinished(() => void server.close());
	// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a path
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/user/balance`;
};

const saying = [{answer: stream([message('Hello.')])}];

/** What a plain client of the Responses protocol gets. */
const askRaw = async (engine: TestEngine): Promise<{readonly status: number; readonly text: string}> => {
	const response = await fetch(`${engine.url}/v1/responses`, {
		method: 'POST',
		headers: {'content-type': 'application/json', authorization: `Bearer ${localToken}`},
		body: JSON.stringify(responsesBody('hi')),
	});
	return {status: response.status, text: await response.text()};
};

const expectContract = async (
	engine: TestEngine,
	{sentence, code, shown = sentence}: {readonly sentence: RegExp; readonly code: RegExp; readonly shown?: RegExp},
): Promise<void> => {
	const turn = await makeCodex({url: engine.url}).exec('say hi');
	expect(turn.exitCode).toBe(1);
	expect(turn.errors.at(-1)).toMatch(shown);
	expect(turn.stdout).not.toContain('Reconnecting');
	const raw = await askRaw(engine);
	expect(raw.status).toBe(200);
	expect(raw.text).toMatch(code);
	expect(raw.text).toMatch(sentence);
};

describe('when every candidate is blocked', () => {
	test('by its balance: Codex and a plain client are told so, and nobody is asked', async () => {
		const [a, b] = [await startFar('a', saying), await startFar('b', saying)];
		const setup: EngineSetup = {codex: [a, b]};
		const home = makeHome(setup);
		const entry = {
			id: 'local',
			kind: 'openai_balance_http_json',
			domains: ['127.0.0.1'],
			endpoint: await startBalance(0),
		};
		writeFileSync(path.join(home, 'usage_providers.json'), JSON.stringify({providers: [entry]}));
		const engine = await startEngine({...setup, home});
		await poll('the balances', async () => {
			const text = JSON.stringify(await engine.look('/api/v1/balances'));
			return text.split('"status":"exhausted"').length === 3 ? true : undefined;
		});
		await expectContract(engine, {
			sentence: /codex-tui: no upstream could serve this request \(a: .*; b: .*\)\. Add credit or another provider/,
			code: /"type":"response\.failed".*"code":"insufficient_quota"/,
			// Codex has its own words for this code.
			shown: /Quota exceeded/,
		});
		expect([a.requests.length, b.requests.length]).toEqual([0, 0]);
		const {ledger} = await engine.finish();
		expect(ledger.map(({outcome}) => outcome)).toEqual(['failed', 'failed']);
	});

	test('by a cooldown: what a limit of minutes said once is not asked again', async () => {
		const limited = [{answer: apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '300'}})}];
		const [a, b] = [await startFar('a', limited), await startFar('b', limited)];
		const engine = await startEngine({codex: [a, b]});
		await askRaw(engine);
		expect([a.requests.length, b.requests.length]).toEqual([1, 1]);
		await expectContract(engine, {
			sentence: /codex-tui: no upstream could serve this request \(a: .*\d+ s left; b: .*\d+ s left\)/,
			code: /"type":"response\.failed"/,
		});
		expect([a.requests.length, b.requests.length]).toEqual([1, 1]);
	});

	test('because no target takes the model', async () => {
		const keys = 'supported_models = { "other-model" = true }';
		const a = await startFar('a', saying);
		const engine = await startEngine({codex: [{name: 'a', url: a.url, keys}]});
		await expectContract(engine, {
			sentence: /codex-tui: no upstream could serve this request \(a: supported_models does not allow gpt-5\.5\)/,
			code: /"type":"response\.failed"/,
		});
		expect(a.requests).toHaveLength(0);
	});
});
