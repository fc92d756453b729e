import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {AnswerDecoder, AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {ChatAnswerEncoder} from '../../../source/translate/codec/chat/encode-answer.ts';
import {MessagesAnswerEncoder} from '../../../source/translate/codec/messages/encode-answer.ts';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {parseJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {
	asResponses,
	chatDecoder,
	chunk,
	geminiDecoder,
	messagesDecoder,
	readAnswer,
	responsesDecoder,
	sse,
} from './bridge.ts';
import {checkMessagesStream, checkResponsesStream} from './check-stream.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const runs = propertyRuns(1000);
const tools = [
	{type: 'function', name: 'f'},
	{type: 'custom', name: 'patch'},
];
const text = fc.string({unit: 'grapheme', maxLength: 6});
const index = fc.integer({min: 0, max: 3});
const name = fc.constantFrom('f', 'patch', 'unknown', '');
const json = fc.constantFrom('', '{', '}', '{}', '{"a":1}', '{"input":"x"}', 'raw');

const block = fc.oneof(
	text.map(value => ({type: 'text', text: value})),
	text.map(value => ({type: 'thinking', thinking: value})),
	fc.constant({type: 'redacted_thinking', data: 'x'}),
	name.map(tool => ({type: 'tool_use', id: tool, name: tool, input: {}})),
	fc.constant({type: 'server_tool_use', name: 'web_search', input: {query: 'q'}}),
	fc.constant({type: 'mystery'}),
);
const blockDelta = fc.oneof(
	text.map(value => ({type: 'text_delta', text: value})),
	text.map(value => ({type: 'thinking_delta', thinking: value})),
	text.map(value => ({type: 'signature_delta', signature: value})),
	json.map(value => ({type: 'input_json_delta', partial_json: value})),
);
const messagesEvent: fc.Arbitrary<JsonObject> = fc.oneof(
	fc.constant({type: 'message_start', message: {id: 'm', usage: {input_tokens: 1}}}),
	fc.record({type: fc.constant('content_block_start'), index, content_block: block}),
	fc.record({type: fc.constant('content_block_delta'), index, delta: blockDelta}),
	fc.record({type: fc.constant('content_block_stop'), index}),
	fc
		.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal')
		.map(reason => ({type: 'message_delta', delta: {stop_reason: reason}, usage: {output_tokens: 2}})),
	fc.constantFrom<JsonObject>(
		{type: 'message_stop'},
		{type: 'ping'},
		{type: 'error', error: {type: 'overloaded_error', message: 'x'}},
	),
);

const item = fc.oneof(
	text.map(value => ({type: 'message', content: [{type: 'output_text', text: value}]})),
	text.map(value => ({type: 'reasoning', summary: [{type: 'summary_text', text: value}], encrypted_content: 'gAAAA'})),
	fc.record({type: fc.constant('function_call'), call_id: name, name, arguments: json}),
	fc.record({type: fc.constant('custom_tool_call'), call_id: name, name, input: text}),
	fc.constant({type: 'tool_search_call', call_id: 's', arguments: {query: 'q'}}),
	fc.constant({type: 'web_search_call', status: 'completed'}),
);
const growth = fc.constantFrom(
	'output_text',
	'refusal',
	'reasoning_text',
	'reasoning_summary_text',
	'function_call_arguments',
	'custom_tool_call_input',
);
const responsesEvent: fc.Arbitrary<JsonObject> = fc.oneof(
	fc.constant({type: 'response.created', response: {id: 'r'}}),
	fc.record({type: fc.constant('response.output_item.added'), output_index: index, item}),
	fc.record({type: fc.constant('response.output_item.done'), output_index: index, item}),
	fc
		.record({kind: growth, output_index: index, delta: text})
		.map(({kind, ...rest}) => ({...rest, type: `response.${kind}.delta`})),
	fc
		.record({kind: growth, output_index: index, text, arguments: json})
		.map(({kind, ...rest}) => ({...rest, type: `response.${kind}.done`})),
	fc.array(item, {maxLength: 3}).map(output => ({type: 'response.completed', response: {status: 'completed', output}})),
	fc.constantFrom<JsonObject>(
		{type: 'response.incomplete', response: {status: 'incomplete', incomplete_details: {reason: 'max_output_tokens'}}},
		{type: 'response.failed', response: {status: 'failed', error: {code: 'server_error', message: 'x'}}},
	),
);

const geminiPart = fc.oneof(
	text.map(value => ({text: value})),
	text.map(value => ({text: value, thought: true})),
	text.map(value => ({text: value, thoughtSignature: 'sig'})),
	name.map(tool => ({functionCall: {name: tool, args: {a: 1}}})),
	name.map(tool => ({functionCall: {name: tool, args: {input: 'x'}}, thoughtSignature: 'sig'})),
	fc.constant({inlineData: {mimeType: 'image/png', data: 'AA'}}),
);
const geminiEvent: fc.Arbitrary<JsonObject> = fc.oneof(
	fc.array(geminiPart, {maxLength: 3}).map(parts => ({candidates: [{content: {parts}}]})),
	fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'OTHER').map(finishReason => ({candidates: [{finishReason}]})),
	fc.constant({promptFeedback: {blockReason: 'SAFETY'}}),
);

const chatEvent: fc.Arbitrary<JsonObject> = fc.oneof(
	text.map(content => chunk({content})),
	text.map(thought => chunk({reasoning_content: thought})),
	fc.record({index, id: name, function: fc.record({name, arguments: json})}).map(call => chunk({tool_calls: [call]})),
	fc.constantFrom('stop', 'length', 'tool_calls').map(reason => chunk({}, {finish_reason: reason})),
);

const upstreams: ReadonlyArray<readonly [string, () => AnswerDecoder, fc.Arbitrary<JsonObject>]> = [
	['chat', () => chatDecoder(tools), chatEvent],
	['responses', () => responsesDecoder(tools), responsesEvent],
	['messages', () => messagesDecoder(tools), messagesEvent],
	['gemini', () => geminiDecoder(tools), geminiEvent],
];

const isEnd = ({type}: AnswerEvent): boolean => type === 'finish' || type === 'error';

describe.each(upstreams)('whatever a %s upstream sends', (_, decoder, event) => {
	const answers = fc.array(event, {maxLength: 14}).map(events => readAnswer(decoder(), [sse(events, false)]));

	test('the representation keeps its promises: one start, one end, nothing behind it', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				expect(events[0]?.type).toBe('start');
				expect(events.filter(({type}) => type === 'start')).toHaveLength(1);
				expect(events.filter(isEnd)).toHaveLength(1);
				expect(isEnd(events.at(-1) ?? {type: 'start', id: undefined, model: undefined})).toBe(true);
			}),
			runs,
		);
	});

	test('a Responses client gets a complete, dense, ordered stream', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				checkResponsesStream(asResponses(events, sdkOutput));
			}),
			runs,
		);
	});

	test('a Messages client gets one block after the other', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				const encoder = new MessagesAnswerEncoder({id: 'm', model: 'm'});
				const wire = events.flatMap(one => encoder.push(one));
				if (encoder.message !== undefined) {
					checkMessagesStream(wire);
				}
			}),
			runs,
		);
	});

	test('a Chat client gets DONE or an error, and every chunk is JSON', {timeout: 60_000}, () => {
		fc.assert(
			fc.property(answers, events => {
				const encoder = new ChatAnswerEncoder({id: 'c', createdAtS: 1, model: 'm', streamUsage: true});
				const wire = events.flatMap(one => encoder.push(one)).map(({data}) => data);
				const last = wire.at(-1) ?? '';
				expect(last === '[DONE]' || parseJsonObject(last)?.['error'] !== undefined).toBe(true);
				expect(wire.filter(data => data !== '[DONE]').every(data => parseJsonObject(data) !== undefined)).toBe(true);
			}),
			runs,
		);
	});
});
