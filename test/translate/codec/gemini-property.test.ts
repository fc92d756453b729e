import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {isJsonObject, type JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, readAnswer, sse} from './bridge.ts';
import {checkResponsesStream} from './check-stream.ts';
import {callPart, chunk, finish, geminiDecoder, say, think, toGemini} from './gemini.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const f = {type: 'function', name: 'f'};
const usage = {promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5};

const idsOf = (content: JsonObject | undefined, kind: string): readonly unknown[] =>
	(Array.isArray(content?.['parts']) ? content['parts'] : [])
		.filter(isJsonObject)
		.map(each => each[kind])
		.filter(isJsonObject)
		.map(({id}) => id);

describe('sanity invariants of translation.md 7', {timeout: 60_000}, () => {
	const runs = propertyRuns(10_000);
	const text = fc.string({unit: 'grapheme', maxLength: 8});
	const signature = fc.constantFrom(undefined, undefined, 'sig');
	const part = fc.oneof(
		fc.tuple(text, signature).map(([value, signed]) => say(value, signed)),
		text.map(think),
		fc
			.tuple(fc.constantFrom('f', 'patch', '', 'nobody'), fc.constantFrom({}, {a: 1}, {input: 'x'}), signature)
			.map(([name, args, signed]) => callPart(name, args, signed)),
		fc.constantFrom<JsonObject>(
			{functionCall: {name: 'f', willContinue: true}},
			{functionCall: {partialArgs: [{jsonPath: '$.a', stringValue: 'x'}], willContinue: true}},
			{functionCall: {}},
			{inlineData: {mimeType: 'image/png', data: 'AA'}},
			{thoughtSignature: 'alone'},
			{},
		),
	);
	const parts = fc.array(part, {maxLength: 3});
	const event = fc.oneof(
		{weight: 6, arbitrary: parts.map(value => chunk(value))},
		{
			weight: 2,
			arbitrary: fc
				.tuple(fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'OTHER', 'MALFORMED_FUNCTION_CALL'), parts)
				.map(([reason, value]) => finish(reason, value, {usageMetadata: usage})),
		},
		{
			weight: 1,
			arbitrary: fc.constantFrom<unknown>(
				'{broken',
				{candidates: []},
				{promptFeedback: {blockReason: 'SAFETY'}},
				{
					error: {code: 503, message: 'overloaded'},
				},
			),
		},
	);
	const answer = fc.array(event, {maxLength: 8});
	const tools = [f, {type: 'custom', name: 'patch'}];

	test('1-5: whatever Google streams, the Responses events are complete, dense and ordered', () => {
		fc.assert(
			fc.property(answer, chunks => {
				checkResponsesStream(asResponses(readAnswer(geminiDecoder(tools), [sse(chunks, false)]), sdkOutput));
			}),
			runs,
		);
	});

	test('8: splitting the bytes anywhere gives the same events', () => {
		fc.assert(
			fc.property(answer, fc.array(fc.nat(), {maxLength: 6}), (chunks, cuts) => {
				const bytes = sse(chunks, false);
				const places = cuts.map(cut => cut % (bytes.length + 1)).toSorted((left, right) => left - right);
				const edges = [0, ...places, bytes.length];
				const pieces = edges.slice(1).map((end, at) => bytes.subarray(edges[at], end));
				expect(readAnswer(geminiDecoder(tools), pieces)).toEqual(readAnswer(geminiDecoder(tools), [bytes]));
			}),
			runs,
		);
	});

	const callId = fc.constantFrom('c1', 'c2', 'c3');
	const item = fc.oneof(
		fc.record({
			type: fc.constant('message'),
			role: fc.constantFrom('user', 'assistant', 'developer'),
			content: text.map(value => [{type: 'input_text', text: value}]),
		}),
		callId.map(id => ({type: 'function_call', call_id: id, name: 'f', arguments: '{}'})),
		callId.map(id => ({type: 'function_call_output', call_id: id, output: 'ok'})),
		text.map(value => ({type: 'reasoning', summary: [{type: 'summary_text', text: value}]})),
	);

	test('6: every call is answered once, in order, in the turn behind it; turns alternate from user to user', () => {
		fc.assert(
			fc.property(fc.array(item, {maxLength: 10}), items => {
				const {body} = toGemini({input: [{type: 'message', role: 'user', content: 'begin'}, ...items], tools});
				const contents: readonly JsonObject[] = Array.isArray(body['contents']) ? body['contents'] : [];
				expect(contents.map(({role}) => role)).toEqual(
					contents.map((_, index) => (index % 2 === 0 ? 'user' : 'model')),
				);
				expect(contents.length % 2).toBe(1);
				for (const [index, content] of contents.entries()) {
					expect(idsOf(contents[index + 1], 'functionResponse')).toEqual(idsOf(content, 'functionCall'));
				}
			}),
			runs,
		);
	});
});
