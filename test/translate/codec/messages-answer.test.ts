import {describe, expect, test} from 'vitest';
import {objectsField} from '../../../source/translate/codec/field.ts';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {objectField, type JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, messagesDecoder, readAnswer, sse, toMessages} from './bridge.ts';
import {checkResponsesStream, joinDeltas, lastOf} from './check-stream.ts';
import {f, user} from './items.ts';

const start = (usage: JsonObject = {}): JsonObject => ({
	type: 'message_start',
	message: {id: 'msg_up', model: 'up', content: [], usage},
});
const open = (index: number, block: JsonObject): JsonObject => ({
	type: 'content_block_start',
	index,
	content_block: block,
});
const delta = (index: number, fields: JsonObject): JsonObject => ({type: 'content_block_delta', index, delta: fields});
const stop = (index: number): JsonObject => ({type: 'content_block_stop', index});
const end = (reason: string, usage: JsonObject = {}): readonly JsonObject[] => [
	{type: 'message_delta', delta: {stop_reason: reason}, usage},
	{type: 'message_stop'},
];
const text = (index: number, value: string): readonly JsonObject[] => [
	open(index, {type: 'text', text: ''}),
	delta(index, {type: 'text_delta', text: value}),
	stop(index),
];

const eventsOf = (chunks: readonly unknown[], tools: readonly JsonObject[] = [f]): readonly AnswerEvent[] =>
	joinDeltas(readAnswer(messagesDecoder(tools), [sse(chunks, false)]));
const itemsOf = (chunks: readonly unknown[]): readonly unknown[] =>
	eventsOf(chunks).flatMap(event => (event.type === 'item-close' ? [event.item] : []));

/** A stream says twice what it used, and the later word counts. */
const counted = (events: readonly AnswerEvent[]) => events.filter(({type}) => type !== 'usage');

describe('Messages answers (translation.md 3.2)', () => {
	test('case 85: a signed thinking block comes back byte by byte with the next request', () => {
		const chunks = [
			start(),
			open(0, {type: 'thinking', thinking: '', signature: ''}),
			delta(0, {type: 'thinking_delta', thinking: 'I th'}),
			delta(0, {type: 'thinking_delta', thinking: 'ink'}),
			delta(0, {type: 'signature_delta', signature: 'EqQB'}),
			stop(0),
			...text(1, 'hi'),
			...end('end_turn'),
		];
		const wire = asResponses(eventsOf(chunks));
		checkResponsesStream(wire);
		const output = objectsField(objectField(lastOf(wire), 'response'), 'output');
		expect(output[0]?.['encrypted_content']).toMatch(/^ctui1\.at\./);
		const {body} = toMessages({input: [user('a'), ...output, user('b')]});
		expect(body['messages']).toMatchObject([
			{},
			{content: [{type: 'thinking', thinking: 'I think', signature: 'EqQB'}, {text: 'hi'}]},
			{},
		]);
	});

	test('case 86: redacted thinking has no summary and comes back in its envelope', () => {
		const wire = asResponses(
			eventsOf([
				start(),
				open(0, {type: 'redacted_thinking', data: 'X'}),
				stop(0),
				...text(1, 'a'),
				...end('end_turn'),
			]),
		);
		const output = objectsField(objectField(lastOf(wire), 'response'), 'output');
		expect(output[0]).toMatchObject({summary: [], encrypted_content: expect.stringMatching(/^ctui1\.ar\./)});
		const {body} = toMessages({input: [user('a'), ...output, user('b')]});
		expect(JSON.stringify(body)).toContain('{"type":"redacted_thinking","data":"X"}');
	});

	test('case 87: the input of a call may come whole with its start', () => {
		const tool = {type: 'tool_use', id: 'toolu', name: 'f', input: {a: 1}};
		expect(itemsOf([start(), open(0, tool), stop(0), ...end('tool_use')])).toMatchObject([
			{callId: 'toolu', payload: '{"a":1}'},
		]);
		expect(itemsOf([start(), open(0, {...tool, input: {}}), stop(0), ...end('tool_use')])).toMatchObject([
			{payload: '{}'},
		]);
	});

	test('case 88: overloaded in the middle is slow_down, so that Codex asks again', () => {
		const error = {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'}};
		expect(eventsOf([start(), open(0, {type: 'text', text: 'half'}), error]).at(-1)).toMatchObject({
			type: 'error',
			error: {code: 'slow_down', isRetryable: true},
		});
	});

	test('case 89: cached and written tokens are part of the input', () => {
		const first = {input_tokens: 10, cache_read_input_tokens: 900, cache_creation_input_tokens: 90, output_tokens: 1};
		const wire = asResponses(eventsOf([start(first), ...text(0, 'a'), ...end('end_turn', {output_tokens: 5})]));
		expect(lastOf(wire)).toMatchObject({
			response: {
				usage: {
					input_tokens: 1000,
					input_tokens_details: {cached_tokens: 900, cache_write_tokens: 90},
					output_tokens: 5,
					total_tokens: 1005,
				},
			},
		});
	});

	test('adjacent text blocks are parts of one message, another kind of block ends it', () => {
		const tool = {type: 'tool_use', id: 't', name: 'f', input: {}};
		const chunks = [
			start(),
			...text(0, 'a'),
			...text(1, 'b'),
			open(2, tool),
			stop(2),
			...text(3, 'c'),
			...end('tool_use'),
		];
		expect(itemsOf(chunks)).toMatchObject([
			{type: 'message', parts: [{text: 'a'}, {text: 'b'}]},
			{type: 'call'},
			{type: 'message', parts: [{text: 'c'}]},
		]);
		checkResponsesStream(asResponses(eventsOf(chunks)));
	});

	test.each([
		['max_tokens', {type: 'finish', reason: 'length'}],
		['refusal', {type: 'finish', reason: 'filter'}],
		['pause_turn', {type: 'finish', reason: 'pause'}],
		['stop_sequence', {type: 'finish', reason: 'stop'}],
		['model_context_window_exceeded', {type: 'error', error: {code: 'context_length_exceeded', isRetryable: false}}],
	])('stop_reason %s', (reason, last) => {
		expect(eventsOf([start(), ...text(0, 'a'), ...end(reason)]).at(-1)).toMatchObject(last);
	});

	test('a call that the limit cut stays open, one that a broken stream cut fails', () => {
		const cut = [
			start(),
			open(0, {type: 'tool_use', id: 't', name: 'f', input: {}}),
			delta(0, {type: 'input_json_delta', partial_json: '{"a'}),
		];
		expect(itemsOf([...cut, stop(0), ...end('max_tokens')])).toEqual([]);
		expect(eventsOf(cut).at(-1)).toMatchObject({type: 'error', error: {isRetryable: true}});
	});

	test('a whole message is the same answer as its stream', () => {
		const body = {
			id: 'msg_up',
			type: 'message',
			model: 'up',
			content: [
				{type: 'text', text: 'a'},
				{type: 'tool_use', id: 't', name: 'f', input: {x: 1}},
			],
			stop_reason: 'tool_use',
			usage: {input_tokens: 1, output_tokens: 2},
		};
		const tool = [
			open(1, {type: 'tool_use', id: 't', name: 'f', input: {}}),
			delta(1, {type: 'input_json_delta', partial_json: '{"x":1}'}),
			stop(1),
		];
		const streamed = eventsOf([
			start({input_tokens: 1}),
			...text(0, 'a'),
			...tool,
			...end('tool_use', {output_tokens: 2}),
		]);
		const whole = joinDeltas(readAnswer(messagesDecoder([f]), [Buffer.from(JSON.stringify(body))]));
		expect(counted(whole)).toEqual(counted(streamed));
		expect(whole.find(({type}) => type === 'usage')).toEqual(streamed.findLast(({type}) => type === 'usage'));
	});

	test('a web search of the provider is a web_search_call with its query', () => {
		const search = open(0, {type: 'server_tool_use', id: 's', name: 'web_search', input: {}});
		const query = delta(0, {type: 'input_json_delta', partial_json: '{"query":"q"}'});
		const result = open(1, {type: 'web_search_tool_result', tool_use_id: 's', content: []});
		const wire = asResponses(
			eventsOf([start(), search, query, stop(0), result, stop(1), ...text(2, 'a'), ...end('end_turn')]),
		);
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			response: {output: [{type: 'web_search_call', status: 'completed', action: {query: 'q'}}, {type: 'message'}]},
		});
	});
});
