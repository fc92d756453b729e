import {describe, expect, onTestFinished, test} from 'vitest';
import {json, startBalanceFarEnd} from '../support/balance.ts';
import {startChatUpstream, type ChatAnswer} from '../support/chat-upstream.ts';
import {doctorKey, startDoctor, teamConfig} from '../support/doctor.ts';
import {reasoning, stream} from '../../source/demo/script.ts';
import {expectNoRefusals, startUpstream, upstreamKey} from '../support/upstream.ts';

const id = 'deep:codex/team/default';

/** What the deep check finds of a strict Chat upstream that answers so. */
const testChat = async (answer: ChatAnswer, more = 'supported_models = { "deepseek-chat" = true }') => {
	const upstream = await startChatUpstream('team', () => answer);
	const config = teamConfig(upstream.url, `dialect = "chat"\n${more}`);
	const doctor = startDoctor({config, env: {DOCTOR_KEY: upstreamKey}});
	return {upstream, result: await doctor.look(id)};
};

const call = {call: {name: 'report_word', arguments: {word: 'ready'}}};

describe('the deep check of an endpoint', () => {
	test('sends one request, and tells answer, tools, reasoning and usage', async () => {
		const {upstream, result} = await testChat(call);
		expect(upstream.requests).toHaveLength(1);
		expect(upstream.refusals).toEqual([]);
		const {body} = upstream.requests[0] ?? {body: {}};
		expect(body).toMatchObject({model: 'deepseek-chat', stream: true});
		expect(JSON.stringify(body)).toMatch(/"max_(?:completion_)?tokens":1024/);
		expect(result).toMatchObject({state: 'ok', what: 'team answers, calls tools and counts with deepseek-chat.'});
		expect(result.steps?.map(({name, state}) => [name, state])).toEqual([
			['answer', 'ok'],
			['tools', 'ok'],
			['reasoning', 'skipped'],
			['usage', 'ok'],
		]);
		expect(result.steps?.[3]?.text).toBe('it counts: 100 tokens in, 20 out');
	});

	test.each(['responses', 'messages'] as const)('a strict %s upstream takes the request as it is', async dialect => {
		const upstream = await startUpstream(
			[
				{
					answer: stream([
						reasoning('I call it.'),
						{type: 'function-call', name: 'report_word', arguments: {word: 'ready'}},
					]),
				},
			],
			{dialect},
		);
		onTestFinished(() => upstream.close());
		const config = teamConfig(upstream.url, `dialect = "${dialect}"\nsupported_models = { m = true }`);
		const result = await startDoctor({config, env: {DOCTOR_KEY: upstreamKey}}).look(id);
		expectNoRefusals(upstream);
		expect(result).toMatchObject({state: 'ok', what: 'team answers, calls tools and counts with m.'});
		expect(result.steps?.map(({name, state}) => [name, state])).toEqual([
			['answer', 'ok'],
			['tools', 'ok'],
			['reasoning', 'ok'],
			['usage', 'ok'],
		]);
	});

	test('a Google upstream is asked in its own way', async () => {
		const answer = {
			candidates: [
				{
					content: {role: 'model', parts: [{functionCall: {name: 'report_word', args: {word: 'ready'}}}]},
					finishReason: 'STOP',
				},
			],
			usageMetadata: {promptTokenCount: 50, candidatesTokenCount: 9, totalTokenCount: 59},
		};
		const far = await startBalanceFarEnd({
			'/v1beta/models/m:streamGenerateContent': (_, response) => {
				response.writeHead(200, {'content-type': 'text/event-stream'}).end(`data: ${JSON.stringify(answer)}\n\n`);
			},
		});
		onTestFinished(async () => await far[Symbol.asyncDispose]());
		const config = `version = 5
[codex.providers.team]
preset = "gemini"
base_url = "${far.origin}/v1beta"
api_key_env = "DOCTOR_KEY"
supported_models = { m = true }
`;
		expect(await startDoctor({config}).look(id)).toMatchObject({state: 'ok'});
		expect(far.requests[0]?.headers).toMatchObject({'x-goog-api-key': doctorKey});
	});

	test('thoughts are seen, and words instead of a call are a warning', async () => {
		const {result} = await testChat({text: 'ready', reasoning: 'I should call it.'});
		expect(result).toMatchObject({state: 'warn', what: 'team: it called no tool although it was told to.'});
		expect(result.steps?.[2]).toMatchObject({name: 'reasoning', state: 'ok', text: 'it shows its thoughts'});
	});

	test('a tool call written as text is a failure', async () => {
		const {result} = await testChat({text: '<tool_call>{"name":"report_word"}</tool_call>'});
		expect(result.steps?.find(({name}) => name === 'tools')).toMatchObject({
			state: 'fail',
			text: 'it wrote the tool call as text instead of calling',
		});
	});

	test('a refusal is told in the words of the upstream', async () => {
		const {result} = await testChat({status: 402});
		expect(result.state).toBe('fail');
		expect(result.what).toMatch(/^team refused the test \(402: .*"message":"no"/);
	});

	test('a model that may not be asked to think names the key that stops it', async () => {
		const upstream = await startChatUpstream('team', () => ({text: 'ready'}));
		const far = await startBalanceFarEnd({
			'/v1/chat/completions': json({error: {message: 'Unsupported parameter: reasoning_effort'}}, 400),
		});
		onTestFinished(async () => await far[Symbol.asyncDispose]());
		const model = 'dialect = "chat"\nsupported_models = { m = true }';
		const refused = await startDoctor({config: teamConfig(`${far.origin}/v1`, model)}).look(id);
		expect(refused.fix).toBe('Set reasoning = "off" under [codex.providers.team] and test again.');
		const config = teamConfig(upstream.url, `${model}\nreasoning = "off"`);
		const result = await startDoctor({config, env: {DOCTOR_KEY: upstreamKey}}).look(id);
		expect(JSON.stringify(upstream.requests[0]?.body)).not.toContain('reasoning');
		expect(result.steps?.[2]).toMatchObject({state: 'skipped', text: 'reasoning is off for it in the configuration'});
	});

	test('what it was sent is taken out of its words: the key and every added header', async () => {
		const far = await startBalanceFarEnd({
			'/v1/chat/completions': (request, response) => {
				response.writeHead(403).end(`no ${request.headers['authorization']} and ${String(request.headers['x-team'])}`);
			},
		});
		onTestFinished(async () => await far[Symbol.asyncDispose]());
		const more = 'dialect = "chat"\nsupported_models = { m = true }\nheaders = { "X-Team" = "team-secret-77" }';
		const {what} = await startDoctor({config: teamConfig(`${far.origin}/v1`, more)}).look(id);
		expect(what).toMatch(/^team refused the test \(403: no Bearer \[redacted/);
		expect(what).not.toContain('team-secret-77');
	});

	test('without a name in the file the only listed model is taken, or that of Codex, and never one by chance', async () => {
		const models = {'/v1/models': json({data: [{id: 'a'}, {id: 'b'}]})};
		const far = await startBalanceFarEnd(models);
		onTestFinished(async () => await far[Symbol.asyncDispose]());
		const doctor = startDoctor({config: teamConfig(`${far.origin}/v1`, 'dialect = "chat"')});
		expect(await doctor.look(id)).toMatchObject({
			state: 'skipped',
			what: 'team was not tested: no model is named for it.',
			fix: 'Name one under supported_models of [codex.providers.team].',
		});
		doctor.write('codex/config.toml', 'model = "b"\n');
		expect((await doctor.look(id)).where).toContain('model b');
		far.answers = {'/v1/models': json({data: [{id: 'only'}]})};
		expect((await doctor.look(id)).where).toContain('model only');
	});

	test('never runs with the others, and not without a key', async () => {
		const upstream = await startChatUpstream('team', () => call);
		const config = teamConfig(upstream.url, 'dialect = "chat"\nsupported_models = { m = true }');
		const doctor = startDoctor({config, env: {DOCTOR_KEY: ''}});
		expect([...(await doctor.run()).keys()].filter(name => name.startsWith('deep:'))).toEqual([]);
		expect(await doctor.look(id)).toMatchObject({
			state: 'skipped',
			what: 'team was not tested: DOCTOR_KEY is not set.',
		});
		expect(upstream.requests.filter(({path}) => path.endsWith('/completions'))).toEqual([]);
	});

	test('every account is tested with its own key, at once and within one limit, and the one that failed is named', async () => {
		const keys: string[] = [];
		const far = await startBalanceFarEnd({
			'/v1/chat/completions': (request, response) => {
				const key = String(request.headers['authorization']);
				keys.push(key);
				if (key.endsWith('bad-0123456789')) {
					response.writeHead(401, {'content-type': 'application/json'}).end(`{"error":{"message":"wrong ${key}"}}`);
				}
			},
		});
		onTestFinished(async () => await far[Symbol.asyncDispose]());
		const config = `version = 5
[codex.providers.team]
base_url = "${far.origin}/v1"
dialect = "chat"
supported_models = { m = true }
accounts = [
  { label = "mute", auth_token_env = "DOCTOR_KEY" },
  { label = "quiet", auth_token_env = "QUIET_KEY" },
  { label = "bad", auth_token_env = "BAD_KEY" },
  { label = "none", auth_token_env = "NO_KEY" },
  { label = "off", auth_token_env = "DOCTOR_KEY", enabled = false } ]
`;
		const env = {BAD_KEY: 'sk-bad-0123456789', QUIET_KEY: 'sk-quiet-0123456789'};
		const doctor = startDoctor({config, env, clocks: {deepMs: 500}});
		const startedMs = performance.now();
		const result = await doctor.look(id);
		expect(performance.now() - startedMs).toBeLessThan(1500);
		expect(keys.toSorted()).toEqual([env.BAD_KEY, doctorKey, env.QUIET_KEY].map(key => `Bearer ${key}`).toSorted());
		expect(result).toMatchObject({
			state: 'fail',
			what: 'team (account mute): no whole answer within 0.5 s.',
			where: `${far.origin}/v1, model m`,
		});
		expect(result.steps?.map(({name, state, text}) => `${name}: ${state}, ${text}`)).toEqual([
			'account mute: fail, no whole answer within 0.5 s',
			'account quiet: fail, no whole answer within 0.5 s',
			expect.stringContaining(
				'account bad: fail, it refused the test (401: {"error":{"message":"wrong Bearer [redacted',
			),
			'account none: skipped, it was not tested: NO_KEY is not set',
		]);
		expect(JSON.stringify(result)).not.toMatch(/sk-(?:bad|quiet)/);
	});
});
