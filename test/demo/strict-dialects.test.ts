import {request} from 'undici';
import {describe, expect, test} from 'vitest';
import {createSeal} from '../../source/demo/seal.ts';
import {message, stream, type JsonObject} from '../../source/demo/script.ts';
import type {RefusalCode} from '../../source/demo/strict/refuse.ts';
import {startBridged} from '../support/bridge-upstream.ts';
import {upstreamKey} from '../support/upstream.ts';
import {signedText} from '../support/upstreams/gemini-check.ts';

/* The strict upstreams of the bridge's tests refuse what the real providers refuse; each one takes the body that the others break. */

type Kind = 'chat' | 'mistral' | 'messages' | 'gemini' | 'responses';

const schema = {type: 'object', properties: {}};

const call = {id: 'c1', type: 'function', function: {name: 'run', arguments: '{}'}};
const chatCall = {role: 'assistant', content: null, reasoning_content: 'Hm.', tool_calls: [call]};
const chatResult = {role: 'tool', tool_call_id: 'c1', content: 'ran'};
const chatUser = {role: 'user', content: 'go on'};
const chat = {
	model: 'm',
	stream: true,
	messages: [{role: 'system', content: 'Be short.'}, chatUser, chatCall, chatResult],
	tools: [{type: 'function', function: {name: 'run', parameters: schema}}],
};

const signature = createSeal('messages').issue('thinking', 'x');
const thinking = {type: 'thinking', thinking: 'Hm.', signature};
const toolUse = {type: 'tool_use', id: 'c1', name: 'run', input: {}};
const toolResult = {type: 'tool_result', tool_use_id: 'c1', content: 'ran'};
const user = {role: 'user', content: [{type: 'text', text: 'go on'}]};
const messages = {
	model: 'm',
	max_tokens: 9,
	stream: true,
	messages: [user, {role: 'assistant', content: [thinking, toolUse]}, {role: 'user', content: [toolResult]}],
	tools: [{name: 'run', input_schema: schema}],
	thinking: {type: 'adaptive'},
};

const functionCall = {functionCall: {name: 'run', args: {}}};
const signed = {...functionCall, thoughtSignature: createSeal('gemini').issue('thought', signedText(functionCall))};
const functionResponse = {functionResponse: {name: 'run', response: {output: 'ran'}}};
const geminiUser = {role: 'user', parts: [{text: 'go on'}]};
const gemini = {
	contents: [geminiUser, {role: 'model', parts: [signed]}, {role: 'user', parts: [functionResponse]}],
	tools: [{functionDeclarations: [{name: 'run', parametersJsonSchema: schema}]}],
};

const responsesUser = {type: 'message', role: 'user', content: [{type: 'input_text', text: 'go on'}]};
const responsesCall = {type: 'function_call', call_id: 'c1', name: 'run', arguments: '{}'};
const responsesResult = {type: 'function_call_output', call_id: 'c1', output: 'ran'};
const responses = {
	model: 'm',
	stream: true,
	input: [responsesUser, responsesCall, responsesResult],
	tools: [{type: 'function', name: 'run', parameters: schema, strict: false}],
};

/** Ids of nine letters and digits, no reasoning. */
const mistralCall = {role: 'assistant', content: null, tool_calls: [{...call, id: 'abcdefgh1'}]};
const mistralResult = {...chatResult, tool_call_id: 'abcdefgh1'};
const mistral = {...chat, messages: [chatUser, mistralCall, mistralResult]};

const good: Readonly<Record<Kind, JsonObject>> = {chat, mistral, messages, gemini, responses};

const paths: Readonly<Record<Kind, string>> = {
	chat: '/chat/completions',
	mistral: '/chat/completions',
	messages: '/messages',
	gemini: '/models/m:streamGenerateContent?alt=sse',
	responses: '/responses',
};

const conversations: Readonly<Record<Kind, string>> = {
	chat: 'messages',
	mistral: 'messages',
	messages: 'messages',
	gemini: 'contents',
	responses: 'input',
};

const refusalOf = async (kind: Kind, body: JsonObject, headers: Readonly<Record<string, string>> = {}) => {
	const upstream = await startBridged(kind, [{answer: stream([message('Hello.')])}]);
	const credential = kind === 'gemini' ? {'x-goog-api-key': upstreamKey} : {authorization: `Bearer ${upstreamKey}`};
	const version = kind === 'messages' ? {'anthropic-version': '2023-06-01'} : {};
	// `fetch` would add headers of a browser.
	const answer = await request(`${upstream.url}${paths[kind]}`, {
		method: 'POST',
		headers: {...credential, ...version, ...headers},
		body: JSON.stringify(body),
	});
	return {status: answer.statusCode, text: await answer.body.text(), code: upstream.refusals[0]?.code};
};

describe.each<Kind>(['chat', 'mistral', 'messages', 'gemini', 'responses'])('the strict %s upstream', kind => {
	test('takes a good request and answers it', async () => {
		const {status, text, code} = await refusalOf(kind, good[kind]);
		expect([status, code], text).toEqual([200, undefined]);
		expect(text).toContain('Hello.');
	});

	test.each<readonly [string, RefusalCode, JsonObject]>([
		['a key that nobody knows', 'unknown-key', {client_metadata: {}}],
		['no conversation', 'unknown-key', {[conversations[kind]]: []}],
	])('refuses %s', async (_, code, change) => {
		expect(await refusalOf(kind, {...good[kind], ...change})).toMatchObject({status: 400, code});
	});

	test('refuses a header of the client’s own protocol', async () => {
		const refused = await refusalOf(kind, good[kind], {'x-codex-window-id': 'w'});
		expect(refused).toMatchObject({status: 400, code: 'foreign-header'});
	});
});

const assistant = (...content: readonly JsonObject[]): JsonObject => ({role: 'assistant', content});
const model = (...parts: readonly JsonObject[]): JsonObject => ({role: 'model', parts});
const textBlock = {type: 'text', text: 'x'};

describe('the providers’ own rules', () => {
	test.for<readonly [Kind, string, RefusalCode, JsonObject]>([
		['chat', 'a call without its result', 'missing-tool-output', {messages: [chatUser, chatCall, chatUser]}],
		['chat', 'a result without its call', 'orphan-tool-output', {messages: [chatUser, chatResult]}],
		[
			'chat',
			'a result twice',
			'orphan-tool-output',
			{messages: [chatUser, chatCall, chatResult, chatUser, chatResult]},
		],
		['chat', 'a system message in the middle', 'bad-field', {messages: [chatUser, {role: 'system', content: 'x'}]}],
		['chat', 'an empty answer', 'bad-field', {messages: [chatUser, {role: 'assistant', content: null}, chatUser]}],
		['chat', 'an answer at the end', 'bad-field', {messages: [chatUser, {role: 'assistant', content: 'x'}]}],
		['chat', 'a choice without tools', 'bad-field', {messages: [chatUser], tools: undefined, tool_choice: 'auto'}],
		['chat', 'stream options without a stream', 'bad-field', {stream: false, stream_options: {include_usage: true}}],
		['chat', 'two tools of one name', 'bad-field', {tools: [...chat.tools, ...chat.tools]}],
		[
			'chat',
			'a call whose reasoning is lost',
			'bad-field',
			{messages: [chatUser, {role: 'assistant', content: null, tool_calls: [call]}, chatResult]},
		],
		[
			'chat',
			'arguments that are no object',
			'unknown-key',
			{
				messages: [
					chatUser,
					{...chatCall, tool_calls: [{...call, function: {name: 'run', arguments: '[]'}}]},
					chatResult,
				],
			},
		],
		['mistral', 'a user behind a tool', 'bad-field', {messages: [chatUser, mistralCall, mistralResult, chatUser]}],
		[
			'mistral',
			'a call id of its own making',
			'bad-field',
			{messages: [chatUser, {...chatCall, tool_calls: [call]}, chatResult]},
		],
		['mistral', 'two messages of one role', 'bad-field', {messages: [chatUser, chatUser]}],
		[
			'mistral',
			'reasoning',
			'bad-field',
			{messages: [chatUser, {role: 'assistant', content: 'x', reasoning_content: 'x'}, chatUser]},
		],
		['messages', 'a call without its result', 'missing-tool-output', {messages: [user, assistant(thinking, toolUse)]}],
		[
			'messages',
			'a result without its call',
			'orphan-tool-output',
			{messages: [{role: 'user', content: [toolResult]}]},
		],
		['messages', 'an answer first', 'bad-field', {messages: [assistant(textBlock), user]}],
		['messages', 'an answer last', 'bad-field', {messages: [user, assistant(textBlock)]}],
		['messages', 'two messages of one role in a row', 'bad-field', {messages: [user, user]}],
		['messages', 'a thought behind a text', 'bad-field', {messages: [user, assistant(textBlock, thinking), user]}],
		[
			'messages',
			'thinking on in a turn of unsigned calls',
			'bad-field',
			{
				messages: [user, assistant(toolUse), {role: 'user', content: [toolResult]}],
			},
		],
		[
			'messages',
			'a result behind a text',
			'bad-field',
			{
				messages: [user, assistant(thinking, toolUse), {role: 'user', content: [textBlock, toolResult]}],
			},
		],
		[
			'messages',
			'a thought of another maker',
			'foreign-encrypted-content',
			{
				messages: [user, assistant({...thinking, signature: 'ctui1.at.x'}, textBlock), user],
			},
		],
		['messages', 'calls in a history without tools', 'bad-field', {tools: undefined}],
		['messages', 'an effort without its beta', 'bad-field', {output_config: {effort: 'high'}}],
		['messages', 'a blank text', 'unknown-key', {messages: [{role: 'user', content: [{type: 'text', text: ' '}]}]}],
		[
			'messages',
			'five cache marks',
			'bad-field',
			{
				messages: [
					{role: 'user', content: Array.from({length: 5}, () => ({...textBlock, cache_control: {type: 'ephemeral'}}))},
				],
			},
		],
		['gemini', 'a call without its result', 'missing-tool-output', {contents: [geminiUser, model(signed), geminiUser]}],
		[
			'gemini',
			'fewer results than calls',
			'missing-tool-output',
			{
				contents: [geminiUser, model(signed, functionCall), {role: 'user', parts: [functionResponse]}],
			},
		],
		[
			'gemini',
			'a result without its call',
			'orphan-tool-output',
			{contents: [{role: 'user', parts: [functionResponse]}]},
		],
		['gemini', 'two turns of one role', 'bad-field', {contents: [geminiUser, geminiUser]}],
		['gemini', 'the model first', 'bad-field', {contents: [model({text: 'x'}), geminiUser]}],
		['gemini', 'the model last', 'bad-field', {contents: [geminiUser, model({text: 'x'})]}],
		[
			'gemini',
			'a first call without a signature',
			'bad-field',
			{
				contents: [geminiUser, model(functionCall), {role: 'user', parts: [functionResponse]}],
			},
		],
		[
			'gemini',
			'a signature on another part than its own',
			'foreign-encrypted-content',
			{
				contents: [geminiUser, model({text: 'x', thoughtSignature: signed.thoughtSignature}), geminiUser],
			},
		],
		[
			'gemini',
			'a configuration without functions',
			'bad-field',
			{
				contents: [geminiUser],
				tools: undefined,
				toolConfig: {functionCallingConfig: {mode: 'AUTO'}},
			},
		],
		['responses', 'a call without its result', 'missing-tool-output', {input: [responsesUser, responsesCall]}],
		['responses', 'a result without its call', 'orphan-tool-output', {input: [responsesUser, responsesResult]}],
		[
			'responses',
			'reasoning with nothing behind it',
			'bad-field',
			{
				input: [
					responsesUser,
					{type: 'reasoning', summary: [], encrypted_content: createSeal('responses').issue('reasoning', 'x')},
				],
			},
		],
		[
			'responses',
			'a choice without tools',
			'bad-field',
			{input: [responsesUser], tools: undefined, tool_choice: 'auto'},
		],
		[
			'responses',
			'the detail that only Codex knows',
			'unknown-key',
			{
				input: [{...responsesUser, content: [{type: 'input_image', image_url: 'https://x.y/z', detail: 'original'}]}],
			},
		],
	])('%s: %s is refused', async ([kind, , code, change]) => {
		expect(await refusalOf(kind, {...good[kind], ...change})).toMatchObject({status: 400, code});
	});

	test('messages: a system message in the middle needs its beta', async () => {
		const body = {...messages, messages: [user, {role: 'system', content: [textBlock]}, assistant(textBlock), user]};
		expect((await refusalOf('messages', body)).code).toBe('bad-field');
		const beta = {'anthropic-beta': 'mid-conversation-system-2026-04-07'};
		expect((await refusalOf('messages', body, beta)).code).toBeUndefined();
	});
});
