import {readdirSync, readFileSync} from 'node:fs';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {encodeChatRequest} from '../../../source/translate/codec/chat/encode-request.ts';
import {decodeGeminiRequest} from '../../../source/translate/codec/gemini/decode-request.ts';
import {GeminiAnswerEncoder} from '../../../source/translate/codec/gemini/encode-answer.ts';
import {encodeGeminiRequest} from '../../../source/translate/codec/gemini/encode-request.ts';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {chatDecoder, chunk as chatChunk, quirksWith, readAnswer, sse} from './bridge.ts';
import {calls, finish as chatFinish, part as callDelta, say as chatSay, think as chatThink} from './chunks.ts';
import {codes} from './items.ts';
import {callPart, eventsOf, finish, googleQuirks, partsOf, say, think} from './gemini.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const decode = (body: JsonObject) => decodeGeminiRequest(body, {model: 'm', stream: true});

const reasoningOf = (thinkingBudget: number) =>
	decode({generationConfig: {thinkingConfig: {thinkingBudget}}}).request.reasoning;

const encodeAnswer = (events: readonly AnswerEvent[], envelopes = true) => {
	const encoder = new GeminiAnswerEncoder({id: 'r1', model: 'm', envelopes});
	const wire = events.flatMap(event => encoder.push(event));
	return {chunks: wire.map(({data}): unknown => JSON.parse(data)), answer: encoder.answer};
};

const itemsOf = (events: readonly AnswerEvent[]) => events.filter(({type}) => type === 'item-close');

const user = (...parts: readonly JsonObject[]): JsonObject => ({role: 'user', parts});
const reply = (...parts: readonly JsonObject[]): JsonObject => ({role: 'model', parts});
const result = (name: string, response: JsonObject, id?: string): JsonObject => ({
	functionResponse: {...(id !== undefined && {id}), name, response},
});

describe('requests of a client of Google’s', () => {
	test('become turns, tools and settings of the representation', () => {
		const {request, losses} = decode({
			systemInstruction: {parts: [{text: 'rules'}]},
			contents: [user(say('hi'), {inlineData: {mimeType: 'image/png', data: 'AA'}})],
			tools: [
				{
					functionDeclarations: [
						{
							name: 'f',
							description: 'd',
							parameters: {type: 'OBJECT', properties: {type: {type: 'STRING', nullable: true}}},
						},
					],
				},
				{googleSearch: {}},
			],
			toolConfig: {functionCallingConfig: {mode: 'ANY', allowedFunctionNames: ['f']}},
			generationConfig: {
				maxOutputTokens: 5,
				temperature: 0.5,
				stopSequences: ['x'],
				thinkingConfig: {thinkingLevel: 'LOW', includeThoughts: true},
				responseMimeType: 'application/json',
				responseSchema: {type: 'ARRAY', items: {type: 'INTEGER'}},
			},
			safetySettings: [],
		});
		expect(request).toMatchObject({
			model: 'm',
			instructions: [{text: 'rules'}],
			items: [
				{
					type: 'message',
					role: 'user',
					parts: [
						{type: 'text', text: 'hi'},
						{type: 'image', source: {kind: 'data', base64: 'AA'}},
					],
				},
			],
			tools: [
				{kind: 'function', name: 'f', parameters: {type: 'object', properties: {type: {type: ['string', 'null']}}}},
				{kind: 'hosted', name: 'web_search'},
			],
			toolChoice: {mode: 'tool', tool: {name: 'f'}},
			sampling: {temperature: 0.5, stop: ['x']},
			maxOutputTokens: 5,
			reasoning: {effort: 'low', summary: 'auto'},
			responseFormat: {type: 'json-schema', schema: {type: 'array', items: {type: 'integer'}}},
		});
		expect(codes(losses)).toEqual(['unknown-field']);
	});

	test('calls without ids are paired with their results by name, in order', () => {
		const {request} = decode({
			contents: [
				user(say('go')),
				reply(callPart('f', {a: 1}), callPart('f', {a: 2})),
				user(result('f', {output: 'one'}), result('f', {error: 'two'})),
			],
		});
		expect(request.items.slice(1)).toMatchObject([
			{type: 'call', callId: 'call_g1', payload: '{"a":1}'},
			{type: 'call', callId: 'call_g2', payload: '{"a":2}'},
			{type: 'result', callId: 'call_g1', output: 'one', isError: undefined},
			{type: 'result', callId: 'call_g2', output: 'two', isError: true},
		]);
	});

	test.each([
		[{mode: 'AUTO'}, {mode: 'auto'}],
		[{mode: 'NONE'}, {mode: 'none'}],
		[{mode: 'ANY'}, {mode: 'required'}],
		[
			{mode: 'ANY', allowedFunctionNames: ['a', 'b']},
			{mode: 'allowed', isRequired: true},
		],
		[
			{mode: 'VALIDATED', allowedFunctionNames: ['a']},
			{mode: 'allowed', isRequired: false},
		],
		[{}, undefined],
	])('the choice %j', (functionCallingConfig, expected) => {
		const {toolChoice} = decode({contents: [], toolConfig: {functionCallingConfig}}).request;
		if (expected === undefined) {
			expect(toolChoice).toBeUndefined();
		} else {
			expect(toolChoice).toMatchObject(expected);
		}
	});

	test('a budget of 0 is "do not think", -1 is nothing said', () => {
		expect(reasoningOf(0)).toMatchObject({effort: 'none', budgetTokens: undefined});
		expect(reasoningOf(-1)).toMatchObject({effort: undefined, budgetTokens: undefined});
		expect(reasoningOf(512)).toMatchObject({effort: undefined, budgetTokens: 512});
	});
});

describe('answers for a client of Google’s', () => {
	test('are chunks with whole calls, one ending and the usage', () => {
		const {chunks, answer} = encodeAnswer(
			readAnswer(chatDecoder([{type: 'function', name: 'f'}]), [
				sse([
					chatThink('hm'),
					chatSay('Hel'),
					chatSay('lo'),
					calls(callDelta(0, 'c1', 'f', '{"a":')),
					calls(callDelta(0, undefined, undefined, '1}')),
					chatFinish('tool_calls'),
					{
						...chatChunk({}),
						choices: [],
						usage: {
							prompt_tokens: 3,
							completion_tokens: 9,
							total_tokens: 12,
							completion_tokens_details: {reasoning_tokens: 4},
						},
					},
				]),
			]),
			false,
		);
		const head = {modelVersion: 'm', responseId: 'r1'};
		const functionCall = {id: 'c1', name: 'f', args: {a: 1}};
		expect(chunks[0]).toEqual({candidates: [{content: {role: 'model', parts: [think('hm')]}, index: 0}], ...head});
		expect(chunks).toHaveLength(5);
		expect(answer).toEqual({
			candidates: [
				{
					content: {role: 'model', parts: [think('hm'), say('Hello'), {functionCall}]},
					finishReason: 'STOP',
					index: 0,
				},
			],
			usageMetadata: {promptTokenCount: 3, candidatesTokenCount: 5, thoughtsTokenCount: 4, totalTokenCount: 12},
			...head,
		});
	});

	test('another maker’s hidden state travels as a signature and comes back to it', () => {
		const events = readAnswer(chatDecoder(), [sse([chatThink('hm'), chatSay('x'), chatFinish('stop')])]);
		const {answer} = encodeAnswer(events);
		const parts = partsOf({contents: [answer?.['candidates']].flat().map(each => Object(each).content)});
		expect(parts[1]).toMatchObject({text: '', thought: true, thoughtSignature: expect.stringMatching(/^ctui1\.rc\./)});
		const {request} = decode({contents: [user(say('go')), reply(...parts), user(say('on'))]});
		expect(request.items).toContainEqual(
			expect.objectContaining({type: 'reasoning', hidden: expect.objectContaining({kind: 'text', family: 'generic'})}),
		);
	});

	test.each([
		['rate_limit_exceeded', 429, 'RESOURCE_EXHAUSTED'],
		['context_length_exceeded', 400, 'INVALID_ARGUMENT'],
		['slow_down', 503, 'UNAVAILABLE'],
		['server_error', 500, 'INTERNAL'],
	])('the failure %s is Google’s %i', (code, number, status) => {
		const error = {code, message: 'no', isRetryable: true, upstreamCode: undefined};
		const {chunks, answer} = encodeAnswer([{type: 'error', error}]);
		expect(chunks).toEqual([{error: {code: number, message: 'no', status}}]);
		expect(answer).toBeUndefined();
	});

	const folder = new URL('../../fixture/gemini-stream/', import.meta.url);

	test.each(readdirSync(folder))('%s is the same after a second reading', name => {
		const lines = readFileSync(new URL(name, folder), 'utf8').split('\n').filter(Boolean);
		const first = eventsOf(lines);
		const {chunks, answer} = encodeAnswer(first);
		expect(itemsOf(eventsOf(chunks))).toEqual(itemsOf(first));
		expect(itemsOf(eventsOf([answer]))).toEqual(itemsOf(first));
	});
});

describe('a client of Google’s before a Chat upstream', () => {
	test('keeps its calls, results and schema', () => {
		const {request} = decode({
			systemInstruction: {parts: [{text: 'rules'}]},
			contents: [user(say('go')), reply(say('ok'), callPart('f', {a: 1})), user(result('f', {output: 'done'}))],
			tools: [{functionDeclarations: [{name: 'f', parameters: {type: 'OBJECT', properties: {}}}]}],
		});
		const {body} = encodeChatRequest(request, {model: 'u', stream: true, quirks: quirksWith()});
		expect(body).toMatchObject({
			messages: [
				{role: 'system', content: 'rules'},
				{role: 'user', content: 'go'},
				{role: 'assistant', content: 'ok', tool_calls: [{id: 'call_g1', function: {name: 'f', arguments: '{"a":1}'}}]},
				{role: 'tool', tool_call_id: 'call_g1', content: 'done'},
			],
			tools: [{function: {name: 'f', parameters: {type: 'object', properties: {}}}}],
		});
	});
});

describe('invariant 7 of translation.md 7', {timeout: 60_000}, () => {
	const text = fc.string({minLength: 1, maxLength: 6}).filter(value => value.trim() !== '');
	const signature = fc.constantFrom(undefined, 'sig');
	const modelPart = fc.oneof(
		fc.tuple(text, signature).map(([value, signed]) => say(value, signed)),
		text.map(value => ({...think(value), thoughtSignature: 'sig'})),
		fc.constant(say('', 'late')),
	);
	const callOf = fc.tuple(fc.constantFrom('f', 'g'), fc.constantFrom({}, {a: 1}), signature);
	const turn = fc.record({
		said: fc.array(modelPart, {maxLength: 3}),
		called: fc.array(callOf, {maxLength: 3}),
		next: text,
	});

	test('Google → representation → Google → representation is the same request', () => {
		const quirks = googleQuirks('gemini-2.5-flash');
		fc.assert(
			fc.property(fc.array(turn, {maxLength: 4}), turns => {
				const contents = [
					user(say('begin')),
					...turns.flatMap(({said, called, next}) => [
						reply(...said, ...called.map(([name, args, signed]) => callPart(name, args, signed))),
						user(...called.map(([name]) => result(name, {output: 'ok'})), say(next)),
					]),
				];
				const tools = [{functionDeclarations: [{name: 'f'}, {name: 'g'}]}];
				const first = decode({contents, tools}).request;
				const {body} = encodeGeminiRequest(first, {model: 'm', quirks});
				expect(decode(body).request.items).toEqual(first.items);
				expect(encodeGeminiRequest(decode(body).request, {model: 'm', quirks}).body).toEqual(body);
			}),
			propertyRuns(10_000),
		);
	});

	test('an ending without text or calls is still an ending', () => {
		expect(encodeAnswer(eventsOf([finish('SAFETY')])).answer).toMatchObject({
			candidates: [{content: {parts: [{text: '[blocked by provider: SAFETY]'}]}, finishReason: 'SAFETY'}],
		});
	});
});
