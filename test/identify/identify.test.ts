import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {identify} from '../../source/identify/identify.ts';
import {findServedPath} from '../../source/identify/paths.ts';
import type {Call} from '../../source/identify/call.ts';

interface Recorded {
	readonly method: string;
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: unknown;
}

const fixture = new URL('../fixture/codex-0.169/identify.requests.json', import.meta.url);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own fixture
const recorded = JSON.parse(readFileSync(fixture, 'utf8')) as Readonly<Record<string, Recorded>>;

const callOf = (
	url: string,
	{
		method = 'POST',
		headers = {},
		body,
	}: {readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown} = {},
): Call => {
	const {pathname, search} = new URL(url, 'http://localhost');
	const target = findServedPath(pathname);
	if (!target) {
		throw new Error(`${pathname} is not served`);
	}

	const bytes =
		body === undefined || body === null
			? undefined
			: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	return identify({method, path: pathname, query: search, target, headers, body: bytes});
};

const replay = (name: string): Call => {
	const request = recorded[name];
	if (!request) {
		throw new Error(`no recorded request ${name}`);
	}

	return callOf(request.url, request);
};

describe('a recorded request of Codex', () => {
	test.each<[string, Partial<Call>]>([
		[
			'turn',
			{
				kind: 'turn',
				model: 'gpt-5.4',
				effort: undefined,
				sessionId: '01a1fd64-3b56-7071-87fc-c1140f430da4',
				turnId: '01a1fd64-3ba1-7df1-ac36-57019a850a13',
				hasTools: true,
			},
		],
		['resume', {kind: 'turn', model: 'gpt-5.5', effort: 'medium', threadId: '01a1fd6e-8a8c-78e2-b76d-a10c2b33f032'}],
		['compaction', {kind: 'compaction', effort: 'medium', sessionId: '01a1fd70-9cec-7493-84b1-d2762e3ea033'}],
		[
			'subagent',
			{
				kind: 'subagent',
				sessionId: '01a1fd72-3a6a-7df1-81fe-382fbc064223',
				threadId: '01a1fd72-3b1d-7523-b1e2-a20f0a4fb23a',
				parentThreadId: '01a1fd72-3a6a-7df1-81fe-382fbc064223',
			},
		],
		['review', {kind: 'review', cwd: '/home/ana/lab/repo', parentThreadId: '01a1fd72-3dd1-7810-bbac-6103bb1fa538'}],
		['title', {kind: 'title', model: 'gpt-6.1-sol', effort: 'low', hasTools: false}],
		['lite', {kind: 'turn', model: 'gpt-6-astra', effort: 'low', hasTools: false}],
		['turn-state', {kind: 'turn', turnState: 'TS-1'}],
	])('%s', (name, facts) => {
		expect(replay(name)).toMatchObject({
			client: 'codex',
			service: 'codex',
			dialect: 'responses',
			isStreaming: true,
			sessionIdSource: 'header',
			...facts,
		});
	});

	test('prewarm, which has no body', () => {
		expect(replay('prewarm')).toMatchObject({
			client: 'codex',
			kind: 'prewarm',
			model: undefined,
			turnId: undefined,
			isStreaming: false,
			body: undefined,
		});
	});

	test('for the list of models', () => {
		expect(replay('models')).toMatchObject({
			kind: 'other',
			dialect: undefined,
			query: '?client_version=0.169.0',
			sessionId: undefined,
			sessionIdSource: undefined,
		});
	});
});

describe('a request of Claude Code', () => {
	const session = '5b1f4c7e-1111-4222-8333-444455556666';
	const headers = {
		'x-claude-code-session-id': session,
		'user-agent': 'claude-cli/2.1.197 (external, sdk-cli)',
		accept: 'application/json',
	};
	const body = {
		model: 'claude-opus-4-8',
		max_tokens: 64_000,
		stream: true,
		tools: [{name: 'Bash'}],
		output_config: {effort: 'high'},
		metadata: {user_id: JSON.stringify({device_id: 'd', account_uuid: '', session_id: session})},
	};
	const ask = (more: object = {}, moreHeaders = {}) =>
		callOf('/v1/messages?beta=true', {headers: {...headers, ...moreHeaders}, body: {...body, ...more}});

	test('a turn streams by its body, not by its accept header', () => {
		expect(ask()).toMatchObject({
			client: 'claude-code',
			service: 'claude',
			dialect: 'messages',
			kind: 'turn',
			isStreaming: true,
			model: 'claude-opus-4-8',
			effort: 'high',
			sessionId: session,
			query: '?beta=true',
		});
	});

	test('the repeat without streaming', () => {
		expect(ask({stream: undefined})).toMatchObject({kind: 'turn', isStreaming: false});
	});

	test('a sub-agent keeps the session and has a thread of its own', () => {
		expect(ask({}, {'x-claude-code-agent-id': 'a1b2c3d4e5f6a7b8c'})).toMatchObject({
			kind: 'subagent',
			sessionId: session,
			threadId: 'a1b2c3d4e5f6a7b8c',
		});
	});

	test('the title of a session: a schema and no tools', () => {
		expect(ask({tools: [], output_config: {format: {type: 'json_schema', schema: {}}}})).toMatchObject({
			kind: 'title',
			hasTools: false,
		});
		expect(ask({output_config: {format: {type: 'json_schema', schema: {}}}})).toMatchObject({
			kind: 'turn',
			hasTools: true,
		});
	});

	test('without its header the session is the one of its metadata', () => {
		const call = callOf('/v1/messages', {headers: {'user-agent': headers['user-agent']}, body});
		expect(call).toMatchObject({client: 'claude-code', sessionId: session, sessionIdSource: 'metadata_user_id'});
	});

	test('counting tokens is no turn', () => {
		expect(callOf('/v1/messages/count_tokens?beta=true', {headers, body}).kind).toBe('other');
	});
});

describe('an SDK', () => {
	test.each([
		[{session_id: 's1', prompt_cache_key: 'p1'}, 's1', 'body_session_id'],
		[{prompt_cache_key: 'p1', metadata: {session_id: 'm1'}}, 'p1', 'prompt_cache_key'],
		[{metadata: {session_id: 'm1'}}, 'm1', 'metadata_session_id'],
		[{}, undefined, undefined],
	])('with the body %j has the session %s from %s', (body, sessionId, sessionIdSource) => {
		expect(callOf('/v1/responses', {body})).toMatchObject({client: 'sdk', sessionId, sessionIdSource});
	});

	test('an old header spelling counts, and beats the body', () => {
		expect(callOf('/responses', {headers: {conversation_id: 'c1'}, body: {session_id: 's1'}})).toMatchObject({
			sessionId: 'c1',
			sessionIdSource: 'header',
		});
	});

	test('the header names count in the order of the contract (row 58), previous_response_id never', () => {
		const names = ['session_id', 'x-session-id', 'session-id', 'conversation_id', 'thread-id'];
		const body = {session_id: 'body', previous_response_id: 'resp_1'};
		for (const [index] of names.entries()) {
			const headers = Object.fromEntries(names.slice(index).map(name => [name, name]));
			expect(callOf('/responses', {headers, body})).toMatchObject({
				sessionId: names[index],
				sessionIdSource: 'header',
			});
		}

		expect(callOf('/responses', {body})).toMatchObject({sessionId: 'body', sessionIdSource: 'body_session_id'});
		expect(callOf('/responses', {body: {'x-session-id': 'x', prompt_cache_key: 'p'}})).toMatchObject({
			sessionId: 'x',
			sessionIdSource: 'body_session_id',
		});
		expect(callOf('/responses', {body: {previous_response_id: 'resp_1'}}).sessionId).toBeUndefined();
	});

	test('a sub-agent has its name where the client gives it one', () => {
		const headers = {'x-codex-window-id': 'w', 'x-openai-subagent': 'collab_spawn'};
		expect(callOf('/responses', {headers, body: {}})).toMatchObject({isSubagent: true, subagent: 'collab_spawn'});
		expect(callOf('/responses', {body: {}})).toMatchObject({isSubagent: false, subagent: undefined});
	});

	test('compact, chat and a service tier', () => {
		expect(callOf('/responses/compact', {body: {}}).kind).toBe('compaction');
		expect(callOf('/v1/chat/completions', {body: {model: 'm', service_tier: 'priority'}})).toMatchObject({
			dialect: 'chat',
			kind: 'turn',
			tier: 'priority',
		});
	});
});

describe('what a client may not smuggle in', () => {
	test.each(['../../etc/passwd', 'a/b', 'a b', 'ａ', '', 'x'.repeat(129), 'a\u0000b'])(
		'%j is no session id (SEC-16)',
		id => {
			expect(
				callOf('/responses', {headers: {'session-id': id, 'thread-id': id}, body: {session_id: id}}),
			).toMatchObject({sessionId: undefined, sessionIdSource: undefined, threadId: undefined});
		},
	);

	test('a model name without end is none', () => {
		expect(callOf('/responses', {body: {model: 'x'.repeat(201)}}).model).toBeUndefined();
	});

	test('metadata that is no JSON leaves an ordinary turn of Codex', () => {
		expect(callOf('/responses', {headers: {'x-codex-turn-metadata': '{half'}, body: {}})).toMatchObject({
			client: 'codex',
			kind: 'turn',
			turnId: undefined,
		});
	});

	test.each([
		['[]', 'body-not-json'],
		['{"model":"a","model":"b"}', 'duplicate-key'],
		['{"model":', 'body-not-json'],
	])('the body %s is refused as %s', (body, code) => {
		expect(() => callOf('/responses', {body})).toThrow(expect.objectContaining({code}));
	});
});

test('the range of the model is its JSON string, quotes included', () => {
	const call = callOf('/responses', {body: '{"input":[],"model":"gpt-5.5"}'});
	expect(call.body?.toString('utf8', call.modelRange?.start, call.modelRange?.end)).toBe('"gpt-5.5"');
	expect(call.body?.toString('utf8', call.inputRange?.start, call.inputRange?.end)).toBe('[]');
});
