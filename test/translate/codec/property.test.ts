import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {LossLog} from '../../../source/translate/codec/loss.ts';
import type {Item} from '../../../source/translate/codec/ir.ts';
import {pairCalls} from '../../../source/translate/codec/repair/pair-calls.ts';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {encodeResponsesRequest} from '../../../source/translate/codec/responses/encode-request.ts';
import {openHiddenState, sealHiddenState} from '../../../source/translate/codec/envelope.ts';
import {ShimInput} from '../../../source/translate/codec/shim-input.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, chatDecoder, chatMessages, chunk, quirksWith, readAnswer, sse, toChat} from './bridge.ts';
import {checkResponsesStream} from './check-stream.ts';
import {propertyRuns} from '../../support/property-runs.ts';

/** translation.md 7 asks for this many cases of each invariant. */
const runs = propertyRuns(10_000);

const text = fc.string({unit: 'grapheme', maxLength: 12});
const index = fc.integer({min: 0, max: 2});
const callDelta = fc.record(
	{
		index,
		id: fc.constantFrom('a', 'b', ''),
		function: fc.record(
			{
				name: fc.constantFrom('f', 'g', '', 'patch'),
				arguments: fc.constantFrom('{', '}', '{}', '{"a":1}', '{"input":"x', '"}', ''),
			},
			{requiredKeys: []},
		),
	},
	{requiredKeys: ['function']},
);
const delta = fc.oneof(
	text.map(content => chunk({content})),
	text.map(thought => chunk({reasoning_content: thought})),
	fc.array(callDelta, {minLength: 1, maxLength: 2}).map(calls => chunk({tool_calls: calls})),
	text.map(refusal => chunk({refusal})),
	fc
		.constantFrom('stop', 'length', 'tool_calls', 'content_filter', 'error')
		.map(reason => chunk({}, {finish_reason: reason})),
	fc.constantFrom<unknown>({error: {message: 'overloaded'}}, {choices: []}, '{broken', {
		error: {code: 'insufficient_quota'},
	}),
);
const answer = fc.record({chunks: fc.array(delta, {maxLength: 12}), isDone: fc.boolean()});
const keep = {chat: {system: 'keep' as const, prefill: true}};
const tools = [
	{type: 'function', name: 'f'},
	{type: 'function', name: 'g'},
	{type: 'custom', name: 'patch'},
];

describe('sanity invariants of translation.md 7', {timeout: 60_000}, () => {
	test('1-5: whatever a Chat upstream streams, the Responses events are complete, dense and ordered', () => {
		fc.assert(
			fc.property(answer, ({chunks, isDone}) => {
				checkResponsesStream(asResponses(readAnswer(chatDecoder(tools), [sse(chunks, isDone)]), sdkOutput));
			}),
			runs,
		);
	});

	test('8: splitting the bytes anywhere gives the same events', () => {
		fc.assert(
			fc.property(answer, fc.array(fc.nat(), {maxLength: 6}), ({chunks, isDone}, cuts) => {
				const bytes = sse(chunks, isDone);
				const places = cuts.map(cut => cut % (bytes.length + 1)).toSorted((left, right) => left - right);
				const edges = [0, ...places, bytes.length];
				const pieces = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
				expect(readAnswer(chatDecoder(tools), pieces)).toEqual(readAnswer(chatDecoder(tools), [bytes]));
			}),
			runs,
		);
	});

	const message = fc.record({
		type: fc.constant('message'),
		role: fc.constantFrom('user', 'assistant', 'developer'),
		content: text.map(value => [{type: 'input_text', text: value}]),
	});
	const callId = fc.constantFrom('c1', 'c2', 'c3');
	const item = fc.oneof(
		message,
		callId.map(id => ({type: 'function_call', call_id: id, name: 'f', arguments: '{}'})),
		callId.map(id => ({type: 'custom_tool_call', call_id: id, name: 'patch', input: 'raw "text"'})),
		callId.map(id => ({type: 'function_call_output', call_id: id, output: 'ok'})),
		text.map(value => ({type: 'reasoning', summary: [{type: 'summary_text', text: value}]})),
		fc.constant({type: 'mystery'}),
	);
	const opening = {type: 'message', role: 'user', content: [{type: 'input_text', text: 'begin'}]};
	const input = fc.array(item, {maxLength: 10}).map(items => [opening, ...items]);

	test('6: every call of the history is answered exactly once, directly behind its message', () => {
		fc.assert(
			fc.property(input, items => {
				const messages = chatMessages({input: items, tools});
				let open: readonly unknown[] = [];
				for (const one of messages) {
					if (one['role'] === 'tool') {
						expect(open[0]).toBe(one['tool_call_id']);
						open = open.slice(1);
					} else {
						expect(open).toEqual([]);
						const calls: readonly JsonObject[] = Array.isArray(one['tool_calls']) ? one['tool_calls'] : [];
						open = calls.map(({id}) => id);
					}
				}

				expect(open).toEqual([]);
			}),
			runs,
		);
	});

	test('7: Responses → representation → Responses → representation is the same request', () => {
		const quirks = quirksWith();
		fc.assert(
			fc.property(input, items => {
				const first = decodeResponsesRequest({model: 'm', input: items, tools});
				const encoded = encodeResponsesRequest(first.request, {model: 'm', stream: false, quirks}).body;
				const second = decodeResponsesRequest(encoded).request;
				const again = encodeResponsesRequest(second, {model: 'm', stream: false, quirks}).body;
				expect(JSON.stringify(again)).toBe(JSON.stringify(encoded));
				expect(second.tools).toEqual(
					first.request.tools.map(tool => ('strict' in tool ? {...tool, strict: false} : tool)),
				);
			}),
			runs,
		);
	});

	test('9: the same request gives the same bytes, and a longer history the same beginning', () => {
		fc.assert(
			fc.property(input, message, (items, next) => {
				const body = {input: items, tools};
				const bytes = JSON.stringify(toChat(body).body);
				expect(JSON.stringify(toChat(structuredClone(body)).body)).toBe(bytes);
				const user = {...next, role: 'user', content: [{type: 'input_text', text: 'go on'}]};
				const before = chatMessages({input: [...items, user], tools}, keep);
				const after = chatMessages({input: [...items, user, next, user], tools}, keep);
				expect(after.slice(0, before.length)).toEqual(before);
			}),
			runs,
		);
	});

	test('pairing a paired history changes nothing', () => {
		fc.assert(
			fc.property(input, items => {
				const once: readonly Item[] = pairCalls(decodeResponsesRequest({input: items}).request.items, new LossLog());
				expect(pairCalls(once, new LossLog())).toEqual(once);
			}),
			runs,
		);
	});

	test('the raw text of a shim survives JSON and any split', () => {
		fc.assert(
			fc.property(fc.string({unit: 'grapheme', maxLength: 40}), fc.integer({min: 1, max: 9}), (raw, size) => {
				const escaped = JSON.stringify({input: raw});
				const shim = new ShimInput();
				let streamed = '';
				for (let at = 0; at < escaped.length; at += size) {
					streamed += shim.push(escaped.slice(at, at + size));
				}

				expect([streamed, shim.end(), shim.isWhole]).toEqual([raw, raw, true]);
			}),
			runs,
		);
	});

	test('hidden state comes out of its envelope as it went in', () => {
		fc.assert(
			fc.property(fc.string({unit: 'grapheme'}), text, (value, family) => {
				const state = {kind: 'signed' as const, family, text: value, signature: value};
				expect(openHiddenState(sealHiddenState(state) ?? '')).toEqual(state);
			}),
			runs,
		);
	});
});
