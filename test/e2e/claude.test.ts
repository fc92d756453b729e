import {describe, expect, test} from 'vitest';
import {apiError, message, stream, type Script} from '../../source/demo/script.ts';
import {runClaude, type ClaudeTurn} from '../support/claude.ts';
import {startEngine} from '../support/engine.ts';
import {startFar} from '../support/far.ts';
import {expectNoRefusals, lastRequest} from '../support/upstream.ts';
import {claudeText} from '../upstreams/claude-text.ts';
import {claudeTool} from '../upstreams/claude-tool.ts';

/* The real Claude Code through the engine to `messages` upstreams. */

const startMessages = (name: string, script: Script) => startFar(name, script, {dialect: 'messages'});

const setUp = async (script: Script) => {
	const upstream = await startMessages('only', script);
	const engine = await startEngine({claude: [upstream]});
	return {upstream, engine};
};

const expectAnswer = (turn: ClaudeTurn, text: string): void => {
	expect({exitCode: turn.exitCode, isError: turn.isError, text: turn.text}, turn.stderr).toEqual({
		exitCode: 0,
		isError: false,
		text,
	});
};

/** The paths of model requests; `HEAD /` is none. */
const posts = (requests: ReadonlyArray<{readonly method: string; readonly path: string}>): readonly string[] =>
	requests.filter(({method}) => method === 'POST').map(({path: target}) => target);

describe('with the real Claude Code', () => {
	test('a text turn is one request; its HEAD / needs no token and is no request', async () => {
		const {upstream, engine} = await setUp(claudeText);
		expectAnswer(await runClaude('say hi', {url: engine.claudeUrl}), 'Hello from upstream.');
		expect(upstream.requests.map(({method, path: target}) => `${method} ${target}`)).toEqual([
			'POST /v1/messages?beta=true',
		]);
		expectNoRefusals(upstream);
		const {ledger} = await engine.finish();
		expect(ledger).toMatchObject([
			{outcome: 'success', service: 'claude', client: 'claude-code', provider_id: 'only', request_kind: 'turn'},
		]);
		expect(ledger[0]?.session_id).toBeDefined();
		expect(ledger[0]?.usage?.output_tokens).toBeGreaterThan(0);
	});

	test('a tool runs and its output reaches the upstream', async () => {
		const {upstream, engine} = await setUp(claudeTool);
		const turn = await runClaude('run a command', {url: engine.claudeUrl, args: ['--allowedTools', 'Bash']});
		expectAnswer(turn, 'The command printed tool-ran.');
		expect(lastRequest(upstream).text).toContain('tool_result');
		expect(posts(upstream.requests)).toHaveLength(2);
		expectNoRefusals(upstream);
	});

	test('the data port of Codex serves it as well', async () => {
		const {upstream, engine} = await setUp(claudeText);
		expectAnswer(await runClaude('say hi', {url: engine.url}), 'Hello from upstream.');
		expectNoRefusals(upstream);
	});

	test('HEAD / is answered without a token, everything else is not', async () => {
		const {upstream, engine} = await setUp(claudeText);
		expect((await fetch(engine.claudeUrl, {method: 'HEAD'})).status).toBe(200);
		const turn = await runClaude('say hi', {
			url: engine.claudeUrl,
			token: 'an-old-token-0123456789-0123456789-0123456789',
		});
		expect({exitCode: turn.exitCode, text: turn.text}).toEqual({
			exitCode: 1,
			text: expect.stringContaining('run `codex-tui switch on`'),
		});
		expect(turn.tookMs).toBeLessThan(10_000);
		expect(upstream.requests).toHaveLength(0);
	});
});

describe('when its only upstream', () => {
	test.for([
		['refuses the key with 401', apiError(401, 'authentication_error')],
		['answers 403', apiError(403, 'permission_error')],
		['answers 503', apiError(503, 'api_error')],
		['answers 500', apiError(500, 'api_error')],
		['resets the connection', {type: 'reset'}],
	] as const)('%s, Claude Code asks once and shows our sentence', async ([, answer]) => {
		const {upstream, engine} = await setUp([{answer}]);
		const turn = await runClaude('say hi', {url: engine.claudeUrl});
		expect(turn.exitCode).toBe(1);
		expect(turn.text).toMatch(/codex-tui: no upstream could serve this request \(only: /);
		expect(turn.tookMs).toBeLessThan(10_000);
		expectNoRefusals(upstream);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'failed', status_code: 403}]);
	});

	test('answers 429 with a short retry-after, the engine waits in silence', async () => {
		const limited = apiError(429, 'rate_limit_error', {headers: {'retry-after': '2'}});
		const {upstream, engine} = await setUp([{times: 1, answer: limited}, ...claudeText]);
		expectAnswer(await runClaude('say hi', {url: engine.claudeUrl}), 'Hello from upstream.');
		expectNoRefusals(upstream);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'success'}]);
	});

	test('answers 429 with a longer retry-after, Claude Code waits as told and asks again', async () => {
		const limited = apiError(429, 'rate_limit_error', {headers: {'retry-after': '7'}});
		const {upstream, engine} = await setUp([{times: 1, answer: limited}, ...claudeText]);
		const turn = await runClaude('say hi', {url: engine.claudeUrl});
		expectAnswer(turn, 'Hello from upstream.');
		expect(turn.tookMs).toBeGreaterThan(7000);
		expectNoRefusals(upstream);
		expect((await engine.finish()).ledger).toMatchObject([{status_code: 429}, {status_code: 200}]);
	});

	test('answers 400, Claude Code asks once and shows its sentence', async () => {
		const {engine} = await setUp([{answer: apiError(400, 'invalid_request_error', {message: 'No such thing.'})}]);
		const turn = await runClaude('say hi', {url: engine.claudeUrl});
		expect(turn.exitCode).toBe(1);
		expect(turn.text).toContain('only: No such thing.');
		expect((await engine.finish()).ledger).toMatchObject([{status_code: 400}]);
	});

	test.for(['fin', 'rst'] as const)('cuts its stream (%s), Claude Code asks again and is answered', async how => {
		const half = stream([message('This text is lost, all of it, since the stream breaks.')], {
			cut: {afterEvent: 5, how},
		});
		const {upstream, engine} = await setUp([{times: 1, answer: half}, ...claudeText]);
		expectAnswer(await runClaude('say hi', {url: engine.claudeUrl}), 'Hello from upstream.');
		expect(posts(upstream.requests)).toHaveLength(2);
		expectNoRefusals(upstream);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'cut'}, {outcome: 'success'}]);
	});
});

test('a request without a stream is answered whole', async () => {
	const {upstream, engine} = await setUp(claudeText);
	const response = await fetch(`${engine.claudeUrl}/v1/messages?beta=true`, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'anthropic-version': '2023-06-01',
			'x-codex-tui-token': 'e2e-local-token-0123456789-0123456789-012345',
		},
		body: JSON.stringify({model: 'claude-x', max_tokens: 64, messages: [{role: 'user', content: 'hi'}]}),
	});
	expect(response.status).toBe(200);
	expect(await response.text()).toContain('Hello from upstream.');
	expectNoRefusals(upstream);
});

describe('Claude Code notices nothing when the first of two upstreams', () => {
	test.for([
		['answers 503', apiError(503, 'api_error')],
		['answers 529', apiError(529, 'overloaded_error')],
		['answers 429', apiError(429, 'rate_limit_error', {headers: {'retry-after': '30'}})],
		['refuses the key', apiError(401, 'authentication_error')],
		['resets the connection', {type: 'reset'}],
		['ends its stream before any content', stream([message('Lost.')], {cut: {afterEvent: 1, how: 'fin'}})],
		[
			'sends an error before any content',
			stream([], {end: {type: 'error', code: 'overloaded_error', message: 'Busy.'}}),
		],
	] as const)('%s', async ([, answer]) => {
		const a = await startMessages('a', [{answer}]);
		const b = await startMessages('b', claudeText);
		const engine = await startEngine({claude: [a, b]});
		expectAnswer(await runClaude('say hi', {url: engine.claudeUrl}), 'Hello from upstream.');
		expect([posts(a.requests).length, posts(b.requests).length]).toEqual([1, 1]);
		expectNoRefusals(a);
		expectNoRefusals(b);
		expect((await engine.finish()).ledger).toMatchObject([{outcome: 'success', provider_id: 'b'}]);
	});
});
