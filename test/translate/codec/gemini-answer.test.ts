import {describe, expect, test} from 'vitest';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {readAnswer} from './bridge.ts';
import {checkResponsesStream, lastOf, payloads, typesOf} from './check-stream.ts';
import {callPart, chunk, eventsOf, finish, geminiDecoder, geminiToResponses, itemsOf, say, think} from './gemini.ts';

const f = {type: 'function', name: 'f'};
const usage = {promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5};

const lastEvent = (events: readonly AnswerEvent[]): unknown => {
	const last = events.at(-1);
	return last?.type === 'error' ? last.error : last;
};

const limit = (quotaId: string) => ({
	error: {
		code: 429,
		message: 'You exceeded your current quota, please check your plan.',
		status: 'RESOURCE_EXHAUSTED',
		details: [{violations: [{quotaId}]}, {retryDelay: '34.4s'}],
	},
});

describe('text and thoughts (translation.md 3.6)', () => {
	test('text, STOP and usage make the documented sequence', () => {
		const wire = geminiToResponses([
			chunk([say('Hel')]),
			chunk([say('lo')]),
			finish('STOP', [], {usageMetadata: usage}),
		]);
		expect(typesOf(wire)).toEqual([
			'response.created',
			'response.in_progress',
			'response.output_item.added',
			'response.content_part.added',
			'response.output_text.delta',
			'response.output_text.delta',
			'response.output_text.done',
			'response.content_part.done',
			'response.output_item.done',
			'response.completed',
		]);
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			response: {
				output: [{content: [{text: 'Hello'}]}],
				usage: {input_tokens: 3, output_tokens: 2, total_tokens: 5},
			},
		});
	});

	test('thoughts are the reasoning’s summary, and a second thought is a second item (case 69)', () => {
		const items = itemsOf([chunk([think('a')]), chunk([think('b'), say('x')]), chunk([think('c')]), finish()]);
		expect(items).toMatchObject([
			{type: 'reasoning', summary: ['ab'], hidden: undefined},
			{type: 'reasoning', summary: ['c']},
			{type: 'message', parts: [{text: 'x'}]},
		]);
	});

	test('usage: tools’ tokens are input, thoughts are output, the last one counts, and it comes once', () => {
		const found = eventsOf([
			{...chunk([say('x')]), usageMetadata: {promptTokenCount: 3, candidatesTokenCount: 1, totalTokenCount: 4}},
			finish('STOP', [], {
				usageMetadata: {
					promptTokenCount: 10,
					toolUsePromptTokenCount: 2,
					cachedContentTokenCount: 8,
					candidatesTokenCount: 5,
					thoughtsTokenCount: 7,
					totalTokenCount: 24,
				},
			}),
		]).filter(({type}) => type === 'usage');
		expect(found).toEqual([
			{
				type: 'usage',
				usage: {
					inputTokens: 12,
					outputTokens: 12,
					totalTokens: 24,
					cachedInputTokens: 8,
					cacheCreationInputTokens: undefined,
					reasoningTokens: 7,
				},
			},
		]);
	});

	test('code and its result are text, an image is a hosted item, an unknown part is a loss', () => {
		const events = eventsOf([
			chunk([
				{executableCode: {language: 'PYTHON', code: 'print(1)'}},
				{codeExecutionResult: {outcome: 'OUTCOME_OK', output: '1\n'}},
				{inlineData: {mimeType: 'image/png', data: 'AAAA'}},
				{videoMetadata: {}},
			]),
			finish(),
		]);
		const items = events.flatMap(event => (event.type === 'item-close' ? [event.item] : []));
		expect(items).toMatchObject([
			{type: 'hosted', name: 'image_generation_call', raw: {status: 'completed', result: 'AAAA'}},
			{type: 'message', parts: [{text: '\n```python\nprint(1)\n```\n\n```\n1\n```\n'}]},
		]);
		expect(events).toContainEqual(
			expect.objectContaining({type: 'loss', loss: expect.objectContaining({code: 'unknown-part'})}),
		);
	});
});

describe('calls', () => {
	test('case 91: three parallel calls in three chunks, signed on the first only, are three items', () => {
		const answer = [
			chunk([callPart('f', {a: 1}, 'sig')]),
			chunk([callPart('f', {a: 2})]),
			chunk([callPart('f', {a: 3})]),
			finish('STOP', [say('')]),
		];
		expect(itemsOf(answer, [f])).toMatchObject([
			{type: 'reasoning', summary: [], hidden: {kind: 'thought', family: 'gemini', on: 'call', signature: 'sig'}},
			{type: 'call', payload: '{"a":1}', signature: 'sig'},
			{type: 'call', payload: '{"a":2}'},
			{type: 'call', payload: '{"a":3}'},
		]);
		expect(lastEvent(eventsOf(answer, [f]))).toMatchObject({type: 'finish', reason: 'calls', raw: 'STOP'});
		const wire = geminiToResponses(answer, [f]);
		checkResponsesStream(wire);
		const added = payloads(wire).filter(({type}) => type === 'response.output_item.added');
		expect(added.map(({output_index: index}) => index)).toEqual([0, 1, 2, 3]);
	});

	test('a thought before the call carries its signature', () => {
		expect(itemsOf([chunk([think('hm')]), chunk([callPart('f', {}, 'sig')]), finish()], [f])).toMatchObject([
			{type: 'reasoning', summary: ['hm'], hidden: {on: 'call', signature: 'sig'}},
			{type: 'call', payload: '{}'},
		]);
	});

	test('ids are Google’s where it has some, and never one twice', () => {
		const withId = {functionCall: {id: 'x', name: 'f', args: {}}};
		const ids = itemsOf([chunk([withId, withId, callPart('f', {})]), finish()], [f]).map(({callId}) => callId);
		expect(ids.slice(0, 2)).toEqual(['x', 'x_2']);
		expect(ids[2]).toMatch(/^call_/);
	});

	test('a custom tool’s text is unwrapped, a prefixed name found', () => {
		const tools = [
			{type: 'custom', name: 'apply_patch'},
			{type: 'function', name: '1st'},
		];
		const patch = callPart('default_api:apply_patch', {input: '*** Begin Patch\n*** End Patch\n'});
		expect(itemsOf([chunk([patch, callPart('_1st', {})]), finish()], tools)).toMatchObject([
			{tool: {kind: 'custom', name: 'apply_patch'}, payload: '*** Begin Patch\n*** End Patch\n'},
			{tool: {kind: 'function', name: '1st'}},
		]);
	});

	test('arguments in pieces whose end is missing are whole at the end, but never where the limit cut them', () => {
		const begin = chunk([{functionCall: {name: 'f', willContinue: true}}]);
		const piece = chunk([{functionCall: {partialArgs: [{jsonPath: '$.a', stringValue: 'x'}], willContinue: true}}]);
		expect(itemsOf([begin, piece, finish()], [f])).toMatchObject([{type: 'call', payload: '{"a":"x"}'}]);
		const cut = eventsOf([begin, piece, finish('MAX_TOKENS')], [f]);
		expect(cut.some(({type}) => type === 'item-close')).toBe(false);
		expect(lastEvent(cut)).toMatchObject({type: 'finish', reason: 'length'});
		expect(lastEvent(eventsOf([begin, piece], [f]))).toMatchObject({code: 'server_error', isRetryable: true});
	});

	test('a path that would reach a prototype changes nothing', () => {
		const evil = {name: 'f', partialArgs: [{jsonPath: '$.__proto__.polluted', stringValue: 'x'}]};
		expect(itemsOf([chunk([{functionCall: evil}]), finish()], [f])).toMatchObject([{payload: '{}'}]);
		expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
	});
});

describe('endings (translation.md 3.6)', () => {
	test.each([
		['STOP', {type: 'finish', reason: 'stop'}],
		['FINISH_REASON_UNSPECIFIED', {type: 'finish', reason: 'stop'}],
		['TOO_MANY_TOOL_CALLS', {type: 'finish', reason: 'stop'}],
		['MAX_TOKENS', {type: 'finish', reason: 'length'}],
		['SAFETY', {type: 'finish', reason: 'filter'}],
		['IMAGE_SAFETY', {type: 'finish', reason: 'filter'}],
		['MALFORMED_FUNCTION_CALL', {code: 'server_error', isRetryable: true, upstreamCode: 'MALFORMED_FUNCTION_CALL'}],
		['UNEXPECTED_TOOL_CALL', {code: 'server_error'}],
		['OTHER', {code: 'server_error'}],
	])('%s', (reason, expected) => {
		expect(lastEvent(eventsOf([chunk([say('x')]), finish(reason)]))).toMatchObject(expected);
	});

	test('case 95: a blocked prompt is a filtered answer with a refusal', () => {
		const wire = geminiToResponses([{promptFeedback: {blockReason: 'SAFETY'}, usageMetadata: usage}]);
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			type: 'response.incomplete',
			response: {incomplete_details: {reason: 'content_filter'}},
		});
		expect(JSON.stringify(wire)).toContain('[blocked by provider: SAFETY]');
	});

	test('no candidates and no reason is an empty answer, and so is STOP with nothing', () => {
		expect(lastEvent(eventsOf([finish()]))).toMatchObject({code: 'empty_response', isRetryable: true});
		expect(lastEvent(eventsOf([{candidates: [], usageMetadata: usage}]))).toMatchObject({code: 'empty_response'});
		expect(lastEvent(eventsOf([]))).toMatchObject({message: 'The upstream sent an empty answer.'});
	});

	test('a stream without an ending failed, and half a message stays open (case 43)', () => {
		const events = eventsOf([chunk([say('half')])]);
		expect(lastEvent(events)).toMatchObject({code: 'server_error', message: 'The stream ended early.'});
		expect(events.some(({type}) => type === 'item-close')).toBe(false);
	});

	test('a limit per minute is a matter of waiting, a limit per day is a quota', () => {
		expect(lastEvent(eventsOf([limit('GenerateRequestsPerMinute')]))).toMatchObject({
			code: 'rate_limit_exceeded',
			isRetryable: true,
			message: 'You exceeded your current quota, please check your plan. Please try again in 34.4s.',
		});
		expect(lastEvent(eventsOf([limit('GenerateRequestsPerDay')]))).toMatchObject({code: 'insufficient_quota'});
	});

	test('errors come as arrays too, and too much input is told as such', () => {
		const error = {
			error: {code: 400, message: 'The input token count exceeds the maximum', status: 'INVALID_ARGUMENT'},
		};
		const events = readAnswer(geminiDecoder(), [Buffer.from(JSON.stringify([error]))]);
		expect(lastEvent(events)).toMatchObject({code: 'context_length_exceeded', isRetryable: false});
	});

	test('three events in a row that are no JSON end the answer', () => {
		expect(lastEvent(eventsOf(['{x', '{y', '{z', finish()]))).toMatchObject({code: 'server_error'});
		expect(lastEvent(eventsOf(['{x', chunk([say('ok')]), finish()]))).toMatchObject({type: 'finish'});
	});
});

describe('answers that are no stream', () => {
	const chunks = [
		chunk([think('hm')]),
		chunk([say('Hi')]),
		finish('STOP', [callPart('f', {a: 1}, 's')], {usageMetadata: usage}),
	];
	const whole = {
		...finish('STOP', [think('hm'), say('Hi'), callPart('f', {a: 1}, 's')], {usageMetadata: usage}),
	};

	test('one JSON body and an array of chunks say the same as a stream (case 46)', () => {
		const streamed = eventsOf(chunks, [f]);
		for (const body of [whole, chunks]) {
			const read = readAnswer(geminiDecoder([f]), [Buffer.from(JSON.stringify(body))]);
			expect(read).toEqual(streamed);
		}
	});
});
