import {describe, expect, test} from 'vitest';
import {decodeChatRequest} from '../../../source/translate/codec/chat/decode-request.ts';
import {ChatAnswerEncoder} from '../../../source/translate/codec/chat/encode-answer.ts';
import {encodeChatRequest} from '../../../source/translate/codec/chat/encode-request.ts';
import type {AnswerEvent, WireEvent} from '../../../source/translate/codec/ir-event.ts';
import {encodeResponsesRequest} from '../../../source/translate/codec/responses/encode-request.ts';
import {parseJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {chatDecoder, quirksWith, readAnswer, responsesDecoder, sse, type QuirkChanges} from './bridge.ts';
import {joinDeltas} from './check-stream.ts';

const f = {type: 'function', function: {name: 'f', description: 'd', parameters: {type: 'object', properties: {}}}};
const history: readonly JsonObject[] = [
	{role: 'system', content: 'rules'},
	{
		role: 'user',
		content: [
			{type: 'text', text: 'see'},
			{type: 'image_url', image_url: {url: 'data:image/png;base64,AA', detail: 'low'}},
		],
	},
	{
		role: 'assistant',
		content: 'ok',
		tool_calls: [{id: 'c1', type: 'function', function: {name: 'f', arguments: '{"a":1}'}}],
	},
	{role: 'tool', tool_call_id: 'c1', content: 'done'},
	{role: 'user', content: 'next'},
];

const toResponses = (body: JsonObject, changes: QuirkChanges = {}): JsonObject =>
	encodeResponsesRequest(decodeChatRequest({model: 'm', ...body}).request, {
		model: 'upstream',
		stream: true,
		quirks: quirksWith(changes),
	}).body;

describe('Chat clients before a Responses upstream (translation.md 4.2)', () => {
	test('messages become items in order', () => {
		expect(toResponses({messages: history})['input']).toEqual([
			{type: 'message', role: 'system', content: [{type: 'input_text', text: 'rules'}]},
			{
				type: 'message',
				role: 'user',
				content: [
					{type: 'input_text', text: 'see'},
					{type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'low'},
				],
			},
			{type: 'message', role: 'assistant', content: [{type: 'output_text', text: 'ok', annotations: []}]},
			{type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}'},
			{type: 'function_call_output', call_id: 'c1', output: 'done'},
			{type: 'message', role: 'user', content: [{type: 'input_text', text: 'next'}]},
		]);
	});

	test('nested tools become flat and loose, and the other fields find their places', () => {
		const body = toResponses({
			messages: history,
			tools: [f],
			tool_choice: {type: 'function', function: {name: 'f'}},
			max_completion_tokens: 9,
			reasoning_effort: 'low',
			verbosity: 'low',
			response_format: {type: 'json_schema', json_schema: {name: 'o', schema: {type: 'object'}, strict: true}},
		});
		expect(body).toMatchObject({
			model: 'upstream',
			stream: true,
			tools: [{type: 'function', name: 'f', description: 'd', strict: false}],
			tool_choice: {type: 'function', name: 'f'},
			max_output_tokens: 9,
			reasoning: {effort: 'low'},
			text: {verbosity: 'low', format: {type: 'json_schema', name: 'o', strict: true}},
		});
	});

	test('the older functions and function_call are understood', () => {
		const body = toResponses({
			messages: [
				{role: 'user', content: 'go'},
				{role: 'assistant', content: null, function_call: {name: 'f', arguments: '{}'}},
				{role: 'function', name: 'f', content: 'done'},
			],
			functions: [{name: 'f', parameters: {type: 'object'}}],
			function_call: {name: 'f'},
		});
		expect(body['tool_choice']).toEqual({type: 'function', name: 'f'});
		expect(body['input']).toMatchObject([
			{},
			{type: 'function_call', call_id: 'call_legacy_1'},
			{call_id: 'call_legacy_1'},
		]);
	});

	test('more than one choice is refused', () => {
		expect(() => decodeChatRequest({model: 'm', messages: history, n: 2})).toThrow('Only one choice can be asked for');
	});

	test('Chat → representation → Chat keeps the messages', () => {
		const options = {model: 'm', stream: false, quirks: quirksWith({chat: {system: 'keep'}})};
		const once = encodeChatRequest(
			decodeChatRequest({model: 'm', messages: history, tools: [f]}).request,
			options,
		).body;
		expect(once['messages']).toEqual(history);
		expect(once['tools']).toEqual([f]);
		const twice = encodeChatRequest(decodeChatRequest(once).request, options).body;
		expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
	});
});

const encoder = (streamUsage = true): ChatAnswerEncoder =>
	new ChatAnswerEncoder({id: 'chatcmpl-t', createdAtS: 1, model: 'm', streamUsage});

const asChat = (events: readonly AnswerEvent[], streamUsage = true): readonly WireEvent[] => {
	const chat = encoder(streamUsage);
	return events.flatMap(event => chat.push(event));
};

const deltas = (events: readonly WireEvent[]): readonly unknown[] =>
	events.flatMap(({data}) => {
		const choices = parseJsonObject(data)?.['choices'];
		return Array.isArray(choices) ? choices.map((choice: JsonObject) => choice['delta']) : [];
	});

const created = {type: 'response.created', response: {id: 'r', model: 'up'}};
const completed = {
	type: 'response.completed',
	response: {status: 'completed', output: [], usage: {input_tokens: 1, output_tokens: 2, total_tokens: 3}},
};
const done = (index: number, item: JsonObject): JsonObject => ({
	type: 'response.output_item.done',
	output_index: index,
	item,
});
const fromResponses = (chunks: readonly unknown[], tools: readonly JsonObject[] = []): readonly AnswerEvent[] =>
	readAnswer(responsesDecoder(tools), [sse(chunks, false)]);

const closed = (events: readonly AnswerEvent[]) =>
	events.filter(({type}) => type === 'item-close' || type === 'finish');

describe('Responses answers for Chat clients (translation.md 4.2)', () => {
	const parallel = [
		created,
		done(0, {type: 'reasoning', summary: [{type: 'summary_text', text: 'hm'}]}),
		done(1, {type: 'function_call', call_id: 'a', name: 'f', arguments: '{}'}),
		done(2, {type: 'function_call', call_id: 'b', name: 'f', arguments: '{"x":1}'}),
		completed,
	];

	test('calls are numbered among themselves, id and name come in the first delta only', () => {
		expect(deltas(asChat(fromResponses(parallel)))).toEqual([
			{role: 'assistant', content: ''},
			{reasoning_content: 'hm'},
			{tool_calls: [{index: 0, id: 'a', type: 'function', function: {name: 'f', arguments: ''}}]},
			{tool_calls: [{index: 0, function: {arguments: '{}'}}]},
			{tool_calls: [{index: 1, id: 'b', type: 'function', function: {name: 'f', arguments: ''}}]},
			{tool_calls: [{index: 1, function: {arguments: '{"x":1}'}}]},
			{},
		]);
	});

	test('the usage chunk comes only where it was asked for, and DONE is last', () => {
		const asked = asChat(fromResponses(parallel));
		expect(parseJsonObject(asked.at(-2)?.data)).toMatchObject({
			choices: [],
			usage: {prompt_tokens: 1, total_tokens: 3},
		});
		expect(asked.at(-1)?.data).toBe('[DONE]');
		expect(asChat(fromResponses(parallel), false).some(({data}) => data.includes('"usage"'))).toBe(false);
	});

	test('a custom call is a function call with its input', () => {
		const events = fromResponses(
			[created, done(0, {type: 'custom_tool_call', call_id: 'a', name: 'p', input: 'x "y"\n😀'}), completed],
			[{type: 'custom', name: 'p'}],
		);
		const text = deltas(asChat(events))
			.map(delta => JSON.stringify(delta))
			.join();
		expect(text).toContain('"name":"p"');
		const chat = encoder();
		for (const event of events) {
			chat.push(event);
		}

		expect(chat.completion).toMatchObject({
			choices: [
				{
					message: {tool_calls: [{function: {arguments: JSON.stringify({input: 'x "y"\n😀'})}}]},
					finish_reason: 'tool_calls',
				},
			],
		});
	});

	test('a failure is an error object and nothing follows', () => {
		const failed = {
			type: 'response.failed',
			response: {status: 'failed', error: {code: 'rate_limit_exceeded', message: 'slow'}},
		};
		const wire = asChat(fromResponses([created, failed]));
		expect(parseJsonObject(wire.at(-1)?.data)).toEqual({
			error: {message: 'slow', type: 'rate_limit_exceeded', param: null, code: 'rate_limit_exceeded'},
		});
	});

	test('Chat stream → representation → Chat stream → representation is the same answer', () => {
		const chunks = asChat(fromResponses(parallel)).map(({data}) => data);
		const first = joinDeltas(readAnswer(chatDecoder(), [sse(chunks, false)]));
		const again = joinDeltas(
			readAnswer(chatDecoder(), [
				sse(
					asChat(first).map(({data}) => data),
					false,
				),
			]),
		);
		expect(closed(again)).toEqual(closed(first));
	});
});
