import {describe, expect, test} from 'vitest';
import {apiError, html, stream, type Answer, type Script} from '../../source/demo/script.ts';
import {expectUnnoticed, makeCodex} from '../support/codex.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals} from '../support/upstream.ts';
import {codexText} from '../upstreams/codex-text.ts';

/* Nobody can serve: what Codex gets is the contract of reliability-security.md 8. It has its default retry settings. */

const timeouts = {first_byte_ms: 500, idle_codex_ms: 1000, connect_ms: 1000};

const setUp = async (scriptOfA: Script, scriptOfB: Script = scriptOfA) => {
	const a = await startFar('a', scriptOfA);
	const b = await startFar('b', scriptOfB);
	const engine = await startEngine({codex: [a, b], timeouts});
	return {a, b, engine, codex: makeCodex({url: engine.url})};
};

const everybody: Readonly<Record<string, Answer>> = {
	'503': apiError(503, 'service_unavailable'),
	'500': apiError(500, 'server_error'),
	'401': apiError(401, 'invalid_api_key'),
	'403 with a web page': html(403, '<!doctype html><title>Just a moment...</title>'),
	resets: {type: 'reset'},
	'a stream that ends at once': stream([], {end: {type: 'none'}}),
	'an in-band server_error': stream([], {end: {type: 'failed', code: 'server_error', message: 'Crashed.'}}),
};

describe('when all upstreams are dead, Codex asks once and shows our sentence', () => {
	test.for(Object.entries(everybody))('everybody answers %s', async ([, answer]) => {
		const {a, b, engine, codex} = await setUp([{answer}]);
		const turn = await codex.exec('say hi');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toMatch(/^codex-tui: no upstream could serve this request \(a: .+; b: .+\)/);
		expect(turn.stdout).not.toContain('Reconnecting');
		expectNoRefusals(a);
		expectNoRefusals(b);
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([{outcome: 'failed'}]);
	});

	test('nothing listens anywhere', async () => {
		const nowhere = ['a', 'b'].map(name => ({name, url: 'http://127.0.0.1:1/v1'}));
		const engine = await startEngine({codex: nowhere, timeouts});
		const turn = await makeCodex({url: engine.url}).exec('say hi');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toMatch(/^codex-tui: .*a: nothing listens there .*b: nothing listens there/);
		expect((await engine.finish()).ledger).toHaveLength(1);
	});
});

describe('what passes or is the user’s business', () => {
	test('429 with a short Retry-After everywhere is waited for in silence', async () => {
		const limited: Script = [
			{times: 1, answer: apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '2'}})},
			...codexText,
		];
		const {a, b, engine, codex} = await setUp(limited);
		const turn = await codex.exec('say hi');
		expectUnnoticed(turn, 'Hello from upstream.');
		expect(turn.tookMs).toBeGreaterThan(2000);
		expect([a.requests.length, b.requests.length]).toEqual([2, 1]);
		expectNoRefusals(a);
		expectNoRefusals(b);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'success'}]);
	});

	test('429 with a Retry-After of some seconds makes Codex wait and ask again by our text', async () => {
		const limited: Script = [
			{times: 1, answer: apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '7'}})},
			...codexText,
		];
		const {engine, codex} = await setUp(limited);
		const turn = await codex.exec('say hi');
		expect({exitCode: turn.exitCode, answer: turn.answer}, turn.stderr).toEqual({
			exitCode: 0,
			answer: 'Hello from upstream.',
		});
		expect(turn.errors).toEqual([expect.stringMatching(/codex-tui: .*try again in \d+s/)]);
		const {ledger} = await engine.finish();
		expect(ledger.map(({outcome}) => outcome)).toEqual(['failed', 'success']);
	});

	test('429 for an hour everywhere ends the turn with one request', async () => {
		const {engine, codex} = await setUp([
			{answer: apiError(429, 'rate_limit_exceeded', {headers: {'retry-after': '3600'}})},
		]);
		const turn = await codex.exec('say hi');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toMatch(/^codex-tui: /);
		expect((await engine.finish()).ledger).toHaveLength(1);
	});

	test('a spent quota everywhere is Codex’s own sentence, with one request', async () => {
		const {engine, codex} = await setUp([{answer: apiError(429, 'insufficient_quota')}]);
		const turn = await codex.exec('say hi');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toContain('Quota exceeded');
		expect((await engine.finish()).ledger).toHaveLength(1);
	});

	test.for([
		['400', 400, 'invalid_request_error', /^\{.*a: Scripted invalid_request_error/s],
		['an input that is too long', 400, 'context_length_exceeded', /ran out of room/],
		['a prompt that is forbidden', 400, 'invalid_prompt', /a: Scripted invalid_prompt/],
	] as const)('%s is not tried elsewhere and is asked once', async ([, status, code, text]) => {
		const {b, engine, codex} = await setUp([{answer: apiError(status, code)}], codexText);
		const turn = await codex.exec('say hi');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toMatch(text);
		expect(b.requests).toHaveLength(0);
		expect((await engine.finish()).ledger).toHaveLength(1);
	});

	test('an old token is one sentence that says what to do', async () => {
		const {engine, a} = await setUp(codexText);
		const codex = makeCodex({url: engine.url, token: 'an-old-token-0123456789-0123456789-0123456789'});
		const turn = await codex.exec('say hi');
		expect(turn.exitCode).toBe(1);
		expect(turn.errors.at(-1)).toContain('run `codex-tui switch on`');
		expect(a.requests).toHaveLength(0);
	});
});

describe('a silent upstream', () => {
	const pause: Script = [
		{answer: stream([{type: 'message', text: 'A pause, then the rest.'}], {silence: {beforeEvent: 5, ms: 4000}})},
	];

	test('is bridged by heartbeats: Codex, which gives up after 1.5 s of silence, notices nothing', async () => {
		const a = await startFar('a', pause);
		const engine = await startEngine({codex: [a], timeouts: {heartbeat_ms: 300}});
		const codex = makeCodex({url: engine.url, provider: 'stream_idle_timeout_ms = 1500'});
		const turn = await codex.exec('say hi');
		expectUnnoticed(turn, 'A pause, then the rest.');
		expect(turn.tookMs).toBeGreaterThan(4000);
		expect(a.requests).toHaveLength(1);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'success'}]);
	});

	test('without heartbeats in time the same pause makes Codex ask again, so the test above can fail', async () => {
		const a = await startFar('a', [{times: 1, answer: pause[0]?.answer ?? []}, ...codexText]);
		const engine = await startEngine({codex: [a], timeouts: {heartbeat_ms: 60_000}});
		const codex = makeCodex({url: engine.url, provider: 'stream_idle_timeout_ms = 1500'});
		const turn = await codex.exec('say hi');
		expect(turn.errors).toEqual([expect.stringContaining('Reconnecting... 1/5')]);
		const {ledger} = await engine.finish();
		expect(ledger.map(({outcome}) => outcome)).toEqual(['cancelled', 'success']);
	});
});
