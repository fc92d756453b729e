import {describe, expect, test} from 'vitest';
import {encodeChatRequest} from '../../../../source/translate/codec/chat/encode-request.ts';
import {createIdSource} from '../../../../source/translate/codec/ids.ts';
import {decodeMessagesRequest} from '../../../../source/translate/codec/messages/decode-request.ts';
import {ResponsesAnswerDecoder} from '../../../../source/translate/codec/responses/decode-answer.ts';
import {encodeResponsesRequest} from '../../../../source/translate/codec/responses/encode-request.ts';
import {objectField, type JsonObject} from '../../../../source/wire/json-value.ts';
import {quirksWith, readAnswer, sse, type QuirkChanges} from '../bridge.ts';
import {codes} from '../items.ts';
import {checkMessagesRequest, checkMessagesStream} from './check-messages.ts';
import {anthropic, messagesEncoder, recordedRequest, throughMessages} from './kit.ts';

const turn = () => decodeMessagesRequest(recordedRequest('claude-code-turn')).request;

const toChat = (changes: QuirkChanges = {}) =>
	encodeChatRequest(turn(), {model: 'up', stream: true, quirks: quirksWith(changes)});

const toResponses = (request = turn()) =>
	encodeResponsesRequest(request, {model: 'up', stream: true, quirks: quirksWith()});

describe('Claude Code on a Chat upstream (translation.md 4.1)', () => {
	test('case 90: its system message in the middle follows the policy of the provider', () => {
		const {body} = toChat({chat: {system: 'head-tail'}});
		expect(body['messages']).toMatchObject([
			{role: 'system', content: 'You are Claude Code.\n\nBe brief.'},
			{role: 'user'},
			{role: 'user', content: '<system-reminder>\nNew skill: tea.\n</system-reminder>'},
			{role: 'assistant', content: 'Reading.', tool_calls: [{id: 'toolu_1'}, {id: 'toolu_2'}]},
			{role: 'tool', tool_call_id: 'toolu_1'},
			{role: 'tool', tool_call_id: 'toolu_2', content: expect.stringContaining('no such command')},
			{role: 'user'},
			{role: 'user'},
		]);
		expect(toChat().body['messages']).toMatchObject([
			{role: 'system'},
			{role: 'user'},
			{role: 'assistant'},
			{},
			{},
			{},
			{},
		]);
	});

	test('nothing of Anthropic’s own goes out: billing header, signatures, cache marks, device', () => {
		const text = JSON.stringify(toChat().body);
		for (const word of ['billing', 'EvQB', 'EvRedacted', 'cache_control', 'd0', 'context_management']) {
			expect(text).not.toContain(word);
		}
	});
});

describe('Claude Code on a Responses upstream (translation.md 4.1)', () => {
	test('calls, results, limit and effort are carried, foreign thoughts are left out and counted', () => {
		const {body, losses} = toResponses();
		expect(body).toMatchObject({max_output_tokens: 64_000, reasoning: {effort: 'high'}, prompt_cache_key: '5e5510'});
		const input: readonly JsonObject[] = Array.isArray(body['input']) ? body['input'] : [];
		expect(input.map(({type, role}) => role ?? type)).toEqual([
			'user',
			'developer',
			'assistant',
			'function_call',
			'function_call',
			'function_call_output',
			'function_call_output',
			'user',
		]);
		expect(input[6]).toMatchObject({output: '[tool error] no such command'});
		expect(codes(losses)).toContain('foreign-reasoning');
	});

	test('OpenAI’s hidden state travels in the signature and goes back as it came', () => {
		const response = {
			id: 'resp_1',
			status: 'completed',
			output: [
				{
					type: 'reasoning',
					id: 'rs_1',
					summary: [{type: 'summary_text', text: 'hm'}],
					encrypted_content: 'gAAAAABsecret',
				},
				{type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'Read', arguments: '{"file_path":"a"}'},
			],
			usage: {input_tokens: 9, output_tokens: 4, total_tokens: 13, input_tokens_details: {cached_tokens: 3}},
		};
		const {tools} = toResponses();
		const decoder = new ResponsesAnswerDecoder({tools, quirks: quirksWith(), ids: createIdSource('t')});
		const encoder = messagesEncoder();
		const wire = readAnswer(decoder, [sse([{type: 'response.completed', response}])]).flatMap(event =>
			encoder.push(event),
		);
		expect(checkMessagesStream(wire)).toMatchObject([
			{type: 'thinking', text: 'hm'},
			{type: 'tool_use', text: '{"file_path":"a"}'},
		]);
		const {content} = encoder.message ?? {};
		expect(content).toMatchObject([{signature: 'gAAAAABsecret'}, {name: 'Read', input: {file_path: 'a'}}]);
		expect(objectField(encoder.message, 'usage')).toMatchObject({input_tokens: 6, cache_read_input_tokens: 3});
		const messages = [
			{role: 'user', content: 'x'},
			{role: 'assistant', content},
			{role: 'user', content: [{type: 'tool_result', tool_use_id: 'call_1', content: 'ok'}]},
		];
		const again = toResponses(decodeMessagesRequest({model: 'm', messages}).request);
		expect(again.body['input']).toMatchObject([
			{role: 'user'},
			{type: 'reasoning', encrypted_content: 'gAAAAABsecret'},
			{type: 'function_call', call_id: 'call_1'},
			{type: 'function_call_output', call_id: 'call_1'},
		]);
	});
});

describe('Claude Code on another Messages upstream', () => {
	test('an error without a text gets one, because Anthropic refuses it otherwise', () => {
		const messages = [
			{role: 'user', content: 'x'},
			{role: 'assistant', content: [{type: 'tool_use', id: 'a', name: 'f', input: {}}]},
			{role: 'user', content: [{type: 'tool_result', tool_use_id: 'a', is_error: true}]},
		];
		expect(throughMessages({model: 'm', max_tokens: 9, messages}).body['messages']).toMatchObject([
			{},
			{},
			{content: [{is_error: true, content: 'The tool failed without a text.'}]},
		]);
	});

	test('the turn keeps its meaning: order, marks of the client, signatures, errors', () => {
		const {body, losses, betas} = throughMessages(recordedRequest('claude-code-turn'), {
			...anthropic,
			messages: {midSystem: true, maxTokens: 64_000},
		});
		checkMessagesRequest(body);
		const recorded = recordedRequest('claude-code-turn');
		const system = Array.isArray(recorded['system']) ? recorded['system'] : [];
		expect(body).toMatchObject({
			system: system.slice(1),
			max_tokens: 64_000,
			thinking: {type: 'adaptive'},
			output_config: {effort: 'high'},
			stream: true,
		});
		expect(body['messages']).toEqual(recorded['messages']);
		expect(codes(losses)).toEqual(['context-management', 'billing-header']);
		expect(betas).toEqual(['mid-conversation-system-2026-04-07', 'effort-2025-11-24', 'extended-cache-ttl-2025-04-11']);
	});
});
