import {describe, expect, test} from 'vitest';
import {encodeChatRequest} from '../../../source/translate/codec/chat/encode-request.ts';
import type {AnswerEvent, WireEvent} from '../../../source/translate/codec/ir-event.ts';
import {decodeMessagesRequest} from '../../../source/translate/codec/messages/decode-request.ts';
import {MessagesAnswerEncoder} from '../../../source/translate/codec/messages/encode-answer.ts';
import {encodeMessagesRequest} from '../../../source/translate/codec/messages/encode-request.ts';
import {encodeResponsesRequest} from '../../../source/translate/codec/responses/encode-request.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {chatDecoder, messagesDecoder, quirksWith, readAnswer, sse} from './bridge.ts';
import {checkMessagesStream, joinDeltas, payloads} from './check-stream.ts';
import {calls, finish, part, say, think} from './chunks.ts';
import {f} from './items.ts';

const claude: JsonObject = {
	model: 'claude-opus-4-8',
	max_tokens: 64_000,
	stream: true,
	system: [
		{type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.197.abc;'},
		{type: 'text', text: 'You are a coder.', cache_control: {type: 'ephemeral'}},
	],
	messages: [
		{role: 'user', content: [{type: 'text', text: 'go'}]},
		{role: 'system', content: 'mid rule'},
		{
			role: 'assistant',
			content: [
				{type: 'thinking', thinking: 'hm', signature: 'gAAAAABciphertext'},
				{type: 'tool_use', id: 'toolu_1', name: 'Read', input: {path: 'a'}},
			],
		},
		{
			role: 'user',
			content: [
				{type: 'tool_result', tool_use_id: 'toolu_1', content: 'no such file', is_error: true},
				{type: 'text', text: 'next'},
			],
		},
	],
	tools: [{name: 'Read', description: 'reads', input_schema: {type: 'object', properties: {path: {type: 'string'}}}}],
	thinking: {type: 'adaptive'},
	output_config: {effort: 'high'},
	metadata: {user_id: '{"device_id":"d","session_id":"s-1"}'},
	context_management: {edits: []},
};

const choice = (value: JsonObject) => {
	const {toolChoice, parallelToolCalls} = decodeMessagesRequest({...claude, tool_choice: value}).request;
	return [toolChoice?.mode, parallelToolCalls];
};

describe('Claude Code before other upstreams (translation.md 4.1)', () => {
	test('a Responses upstream gets items, the billing block is gone, OpenAI’s ciphertext comes back', () => {
		const {request, losses} = decodeMessagesRequest(claude);
		const {body} = encodeResponsesRequest(request, {model: 'gpt', stream: true, quirks: quirksWith()});
		expect(JSON.stringify(body)).not.toContain('billing');
		expect(body).toMatchObject({
			model: 'gpt',
			instructions: 'You are a coder.',
			store: false,
			include: ['reasoning.encrypted_content'],
			prompt_cache_key: 's-1',
			reasoning: {effort: 'high', summary: 'auto'},
			tools: [{type: 'function', name: 'Read', strict: false}],
			input: [
				{type: 'message', role: 'user'},
				{type: 'message', role: 'developer', content: [{text: 'mid rule'}]},
				{type: 'reasoning', encrypted_content: 'gAAAAABciphertext'},
				{type: 'function_call', call_id: 'toolu_1', name: 'Read', arguments: '{"path":"a"}'},
				{type: 'function_call_output', output: '[tool error] no such file'},
				{type: 'message', role: 'user', content: [{text: 'next'}]},
			],
		});
		expect(losses.map(({code}) => code)).toEqual(['context-management', 'billing-header']);
	});

	test('case 90: a system message in the middle reaches a Chat upstream by its policy', () => {
		const {request} = decodeMessagesRequest(claude);
		const quirks = quirksWith({chat: {system: 'head-tail'}});
		const {body} = encodeChatRequest(request, {model: 'm', stream: true, quirks});
		expect(body['messages']).toMatchObject([
			{role: 'system', content: 'You are a coder.'},
			{role: 'user', content: 'go'},
			{role: 'user', content: '<system-reminder>\nmid rule\n</system-reminder>'},
			{role: 'assistant', tool_calls: [{id: 'toolu_1'}]},
			{role: 'tool', content: '[tool error] no such file'},
			{role: 'user', content: 'next'},
		]);
	});

	test('Messages → representation → Messages keeps blocks, marks and errors', () => {
		const quirks = quirksWith({family: 'anthropic', messages: {midSystem: true, maxTokens: 64_000}});
		const {body} = encodeMessagesRequest(decodeMessagesRequest(claude).request, {model: 'm', stream: true, quirks});
		expect(body['system']).toEqual([{type: 'text', text: 'You are a coder.', cache_control: {type: 'ephemeral'}}]);
		expect(body['messages']).toMatchObject([
			{role: 'user', content: [{text: 'go'}]},
			{role: 'system', content: [{text: 'mid rule'}]},
			{role: 'assistant', content: [{type: 'tool_use', id: 'toolu_1', name: 'Read', input: {path: 'a'}}]},
			{role: 'user', content: [{type: 'tool_result', content: 'no such file', is_error: true}, {text: 'next'}]},
		]);
		const again = encodeMessagesRequest(decodeMessagesRequest(body).request, {model: 'm', stream: true, quirks});
		expect(again.body['messages']).toEqual(body['messages']);
	});

	test.each([
		[{type: 'disabled'}, 'none'],
		[{type: 'enabled', budget_tokens: 500}, 'minimal'],
		[{type: 'enabled', budget_tokens: 1024}, 'low'],
		[{type: 'enabled', budget_tokens: 8000}, 'medium'],
		[{type: 'enabled', budget_tokens: 20_000}, 'high'],
		[{type: 'enabled', budget_tokens: 31_999}, 'xhigh'],
	])('thinking %j is effort %s', (thinking, effort) => {
		expect(decodeMessagesRequest({...claude, thinking, output_config: undefined}).request.reasoning.effort).toBe(
			effort,
		);
	});

	test('tool choices and the limit on parallel calls', () => {
		expect(choice({type: 'any', disable_parallel_tool_use: true})).toEqual(['required', false]);
		expect(choice({type: 'tool', name: 'Read'})).toEqual(['tool', undefined]);
		expect(choice({type: 'none'})).toEqual(['none', undefined]);
	});
});

const encoder = (): MessagesAnswerEncoder => new MessagesAnswerEncoder({id: 'msg_t', model: 'claude-opus-4-8'});

const asMessages = (events: readonly AnswerEvent[]): readonly WireEvent[] => {
	const messages = encoder();
	return events.flatMap(event => messages.push(event));
};

const chat = (...chunks: readonly unknown[]): readonly AnswerEvent[] => readAnswer(chatDecoder([f]), [sse(chunks)]);

describe('answers for Messages clients (translation.md 4.1)', () => {
	test('thinking carries a signature, text and calls follow, blocks come one after the other', () => {
		const wire = asMessages(
			chat(
				think('hm'),
				say('ok'),
				calls(part(0, 'a', 'f', '{"x"'), part(1, 'b', 'f', '{')),
				calls(part(0, undefined, undefined, ':1}'), part(1, undefined, undefined, '}')),
				finish('tool_calls'),
			),
		);
		checkMessagesStream(wire);
		const blocks = payloads(wire).flatMap(event =>
			event['type'] === 'content_block_start' ? [event['content_block']] : [],
		);
		expect(blocks).toEqual([
			{type: 'thinking', thinking: '', signature: ''},
			{type: 'text', text: ''},
			{type: 'tool_use', id: 'a', name: 'f', input: {}},
			{type: 'tool_use', id: 'b', name: 'f', input: {}},
		]);
		expect(payloads(wire)).toContainEqual(
			expect.objectContaining({delta: {type: 'signature_delta', signature: expect.stringMatching(/^ctui1\.rc\./)}}),
		);
		expect(payloads(wire).at(-2)).toMatchObject({type: 'message_delta', delta: {stop_reason: 'tool_use'}});
	});

	test('text behind a call that is still open becomes a block of its own', () => {
		const wire = asMessages(chat(say('a'), calls(part(0, 'c', 'f', '{}')), say('b'), finish('tool_calls')));
		checkMessagesStream(wire);
		const messages = encoder();
		for (const event of chat(say('a'), calls(part(0, 'c', 'f', '{}')), say('b'), finish('tool_calls'))) {
			messages.push(event);
		}

		const texts = JSON.stringify(messages.message?.['content']);
		expect(texts).toContain('{"type":"text","text":"a"}');
		expect(texts).toContain('{"type":"text","text":"b"}');
		expect(texts).toContain('"name":"f"');
	});

	test('usage counts cached tokens beside the input, reasons have Anthropic’s names', () => {
		const usage = {
			prompt_tokens: 100,
			completion_tokens: 5,
			total_tokens: 105,
			prompt_tokens_details: {cached_tokens: 60},
		};
		const wire = asMessages(chat(say('a'), finish('length'), {choices: [], usage}));
		expect(payloads(wire).at(-2)).toMatchObject({
			delta: {stop_reason: 'max_tokens'},
			usage: {input_tokens: 40, cache_read_input_tokens: 60, output_tokens: 5},
		});
	});

	test('a failure is one error event with Anthropic’s type', () => {
		const wire = asMessages(chat(say('a'), {error: {message: 'overloaded'}}));
		expect(wire.at(-1)).toEqual({
			event: 'error',
			data: '{"type":"error","error":{"type":"overloaded_error","message":"overloaded"}}',
		});
	});

	test('an answer survives Messages → representation → Messages', () => {
		const first = chat(think('hm'), say('ok'), calls(part(0, 'a', 'f', '{"x":1}')), finish('tool_calls'));
		const chunks = asMessages(first).map(({data}) => data);
		const again = joinDeltas(readAnswer(messagesDecoder([f]), [sse(chunks, false)]));
		const items = again.flatMap(event => (event.type === 'item-close' ? [event.item] : []));
		expect(items).toMatchObject([
			{type: 'reasoning', summary: ['hm']},
			{type: 'message', parts: [{text: 'ok'}]},
			{type: 'call', callId: 'a', payload: '{"x":1}'},
		]);
		expect(again.at(-1)).toMatchObject({type: 'finish', reason: 'calls'});
	});

	test('pings keep the client awake between the start and the end only', () => {
		const messages = encoder();
		expect(messages.keepAlive()).toEqual([]);
		messages.push({type: 'start', id: undefined, model: undefined});
		expect(messages.keepAlive()).toEqual([]);
		messages.push({type: 'item-open', index: 0, head: {type: 'message'}});
		expect(messages.keepAlive()).toEqual([{event: 'ping', data: '{"type":"ping"}'}]);
	});
});
