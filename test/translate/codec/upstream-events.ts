import * as fc from 'fast-check';
import type {AnswerDecoder} from '../../../source/translate/codec/ir-event.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {chatDecoder, chunk, geminiDecoder, messagesDecoder, responsesDecoder} from './bridge.ts';

/* What upstreams may send, in no order that any of them would: decoders have to bear all of it. */

/** The declared tools. */
export const declaredTools: readonly JsonObject[] = [
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

/** Every dialect with a new decoder and any one of its events. */
export const upstreams: ReadonlyArray<readonly [string, () => AnswerDecoder, fc.Arbitrary<JsonObject>]> = [
	['chat', () => chatDecoder(declaredTools), chatEvent],
	['responses', () => responsesDecoder(declaredTools), responsesEvent],
	['messages', () => messagesDecoder(declaredTools), messagesEvent],
	['gemini', () => geminiDecoder(declaredTools), geminiEvent],
];
