import {describe, expect, test} from 'vitest';
import {objectsField} from '../../../source/translate/codec/field.ts';
import {cleanSchema} from '../../../source/translate/codec/gemini/clean-schema.ts';
import {wrapCodeAssist} from '../../../source/translate/codec/gemini/code-assist.ts';
import type {AnswerEvent} from '../../../source/translate/codec/ir-event.ts';
import {objectField, textField, type JsonObject} from '../../../source/wire/json-value.ts';
import {asResponses, geminiDecoder, readAnswer, sse, toGemini} from './bridge.ts';
import {checkResponsesStream, joinDeltas, lastOf} from './check-stream.ts';
import {assistant, call, developer, f, image, output, user} from './items.ts';

const chunkOf = (parts: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
	candidates: [{content: {role: 'model', parts}, index: 0, ...more}],
	responseId: 'r',
	modelVersion: 'gemini',
});
const stop = chunkOf([{text: ''}], {finishReason: 'STOP'});
const functionCall = (args: JsonObject, signature?: string): JsonObject => ({
	functionCall: {name: 'f', args},
	...(signature !== undefined && {thoughtSignature: signature}),
});

const eventsOf = (chunks: readonly unknown[]): readonly AnswerEvent[] =>
	joinDeltas(readAnswer(geminiDecoder([f]), [sse(chunks, false)]));
const outputOf = (chunks: readonly unknown[]): readonly JsonObject[] => {
	const wire = asResponses(eventsOf(chunks));
	checkResponsesStream(wire);
	return objectsField(objectField(lastOf(wire), 'response'), 'output');
};

const effort = (level: string, gemini: object) =>
	objectField(toGemini({input: 'x', reasoning: {effort: level}}, {gemini}), 'generationConfig')['thinkingConfig'];

describe('Responses requests for Gemini (translation.md 3.3)', () => {
	test('system texts are the instruction, roles alternate, a late developer text is a reminder', () => {
		const body = toGemini({
			instructions: 'a',
			input: [developer('b'), user('1'), user('2'), assistant('x'), developer('c'), user('3')],
		});
		expect(body).toEqual({
			systemInstruction: {parts: [{text: 'a'}, {text: 'b'}]},
			contents: [
				{role: 'user', parts: [{text: '1'}, {text: '2'}]},
				{role: 'model', parts: [{text: 'x'}]},
				{role: 'user', parts: [{text: '<system-reminder>\nc\n</system-reminder>'}, {text: '3'}]},
			],
		});
	});

	test('case 92: the first call of a step without a signature gets the bypass, the response has the name of the call', () => {
		const input = [user('go'), call('a'), call('b'), output('b', 'B'), output('a', [image]), user('on')];
		expect(toGemini({input})['contents']).toEqual([
			{role: 'user', parts: [{text: 'go'}]},
			{
				role: 'model',
				parts: [
					{functionCall: {id: 'a', name: 'f', args: {a: 1}}, thoughtSignature: 'skip_thought_signature_validator'},
					{functionCall: {id: 'b', name: 'f', args: {a: 1}}},
				],
			},
			{
				role: 'user',
				parts: [
					{functionResponse: {id: 'a', name: 'f', response: {output: '[media 1 attached]'}}},
					{functionResponse: {id: 'b', name: 'f', response: {output: 'B'}}},
					{text: 'Output media for call a:'},
					{inlineData: {mimeType: 'image/png', data: 'AAAA'}},
					{text: 'on'},
				],
			},
		]);
	});

	test('effort is a level or a budget, never both', () => {
		expect(effort('xhigh', {})).toEqual({thinkingLevel: 'HIGH', includeThoughts: true});
		expect(effort('none', {thinking: 'budget', efforts: ['none', 'high']})).toEqual({thinkingBudget: 0});
		expect(effort('high', {thinking: 'none'})).toBeUndefined();
	});

	test('tools, choice, limits and the format of the answer', () => {
		const schema = {type: 'object', properties: {}};
		const body = toGemini({input: 'x', tools: [f], tool_choice: {type: 'function', name: 'f'}, max_output_tokens: 5});
		expect(body).toMatchObject({
			tools: [{functionDeclarations: [{name: 'f', description: 'd', parametersJsonSchema: schema}]}],
			toolConfig: {functionCallingConfig: {mode: 'ANY', allowedFunctionNames: ['f']}},
			generationConfig: {maxOutputTokens: 5},
		});
		const format = {type: 'json_schema', name: 'o', schema};
		expect(toGemini({input: 'x', text: {format}})['generationConfig']).toEqual({
			responseMimeType: 'application/json',
			responseJsonSchema: schema,
		});
	});

	test('case 93: a schema loses what the API refuses, and a property named like a keyword stays', () => {
		const schema = {
			$schema: 's',
			type: 'object',
			title: 'gone',
			additionalProperties: false,
			$defs: {node: {type: 'object', properties: {next: {$ref: '#/$defs/node'}}}},
			properties: {
				title: {type: 'string', minLength: 2},
				kind: {const: 'a'},
				maybe: {anyOf: [{type: 'integer'}, {type: 'null'}]},
				list: {type: 'array'},
				node: {$ref: '#/$defs/node'},
				size: {type: ['number', 'null'], format: 'uri'},
			},
			required: ['title', 'absent'],
		};
		expect(cleanSchema(schema)).toEqual({
			type: 'object',
			properties: {
				title: {type: 'string', description: '(minLength: 2)'},
				kind: {type: 'string', enum: ['a']},
				maybe: {type: 'integer', nullable: true},
				list: {type: 'array', items: {type: 'string'}},
				node: {type: 'object', properties: {next: {type: 'object', description: 'see node'}}},
				size: {type: 'number', nullable: true, description: '(format: uri)'},
			},
			required: ['title'],
		});
		expect(cleanSchema({type: 'object', properties: {}})).toBeUndefined();
	});

	test('Code Assist gets its wrapper', () => {
		const envelope = {model: 'm', project: undefined, userPromptId: 'u', sessionId: 's'};
		expect(wrapCodeAssist({contents: []}, envelope)).toEqual({
			model: 'm',
			user_prompt_id: 'u',
			request: {contents: [], session_id: 's'},
		});
	});
});

describe('Gemini answers (translation.md 3.5, 3.6)', () => {
	test('thoughts, text and usage', () => {
		const usage = {
			promptTokenCount: 10,
			candidatesTokenCount: 5,
			thoughtsTokenCount: 7,
			cachedContentTokenCount: 4,
			totalTokenCount: 22,
		};
		const chunks = [chunkOf([{text: 'hm', thought: true}]), chunkOf([{text: 'hi'}]), {...stop, usageMetadata: usage}];
		const wire = asResponses(eventsOf(chunks));
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			type: 'response.completed',
			response: {
				output: [{summary: [{text: 'hm'}]}, {content: [{text: 'hi'}]}],
				usage: {
					input_tokens: 10,
					input_tokens_details: {cached_tokens: 4},
					output_tokens: 12,
					output_tokens_details: {reasoning_tokens: 7},
					total_tokens: 22,
				},
			},
		});
	});

	test('case 91: parallel calls in three chunks are three items, and the signature goes back with the first only', () => {
		const chunks = [
			chunkOf([functionCall({n: 1}, 'sig')]),
			chunkOf([functionCall({n: 2})]),
			chunkOf([functionCall({n: 3})]),
			stop,
		];
		const items = outputOf(chunks);
		expect(items).toMatchObject([
			{type: 'reasoning', summary: [], encrypted_content: expect.stringMatching(/^ctui1\.gs\./)},
			{type: 'function_call', arguments: '{"n":1}'},
			{type: 'function_call', arguments: '{"n":2}'},
			{type: 'function_call', arguments: '{"n":3}'},
		]);
		const answered = items
			.filter(({type}) => type === 'function_call')
			.map(item => output(textField(item, 'call_id') ?? ''));
		const contents = objectsField(toGemini({input: [user('go'), ...items, ...answered]}), 'contents');
		expect(objectsField(contents[1] ?? {}, 'parts').map(part => part['thoughtSignature'])).toEqual([
			'sig',
			undefined,
			undefined,
		]);
	});

	test('a signature on an empty text at the end goes back on an empty text behind the text', () => {
		const items = outputOf([
			chunkOf([{text: 'hi'}]),
			chunkOf([{text: '', thoughtSignature: 'sig'}], {finishReason: 'STOP'}),
		]);
		const contents = toGemini({input: [user('a'), ...items, user('b')]})['contents'];
		expect(contents).toMatchObject([
			{},
			{role: 'model', parts: [{text: 'hi'}, {text: '', thoughtSignature: 'sig'}]},
			{},
		]);
	});

	test('case 95: a blocked prompt is an incomplete answer with the reason as text', () => {
		const wire = asResponses(eventsOf([{promptFeedback: {blockReason: 'SAFETY'}, candidates: []}]));
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			type: 'response.incomplete',
			response: {
				incomplete_details: {reason: 'content_filter'},
				output: [{content: [{type: 'output_text', text: '[blocked by provider: SAFETY]'}, {type: 'refusal'}]}],
			},
		});
	});

	test('case 96: a Code Assist chunk is unwrapped', () => {
		const chunks = [
			{response: chunkOf([{text: 'hi'}]), traceId: 't'},
			{response: stop, traceId: 't'},
		];
		expect(outputOf(chunks)).toMatchObject([{content: [{text: 'hi'}]}]);
	});

	test('a JSON array in place of a stream is the same answer', () => {
		const chunks = [chunkOf([{text: 'a'}]), chunkOf([{text: 'b'}]), stop];
		const whole = joinDeltas(readAnswer(geminiDecoder([f]), [Buffer.from(JSON.stringify(chunks))]));
		expect(whole).toEqual(eventsOf(chunks));
	});

	test.each([
		['MAX_TOKENS', {type: 'finish', reason: 'length'}],
		['SAFETY', {type: 'finish', reason: 'filter'}],
		['MALFORMED_FUNCTION_CALL', {type: 'error', error: {code: 'server_error'}}],
		['OTHER', {type: 'error', error: {code: 'server_error'}}],
	])('finishReason %s', (finishReason, last) => {
		expect(eventsOf([chunkOf([{text: 'a'}], {finishReason})]).at(-1)).toMatchObject(last);
	});

	test('errors, empty answers and broken streams', () => {
		const quota = {error: {code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Resource exhausted'}};
		expect(eventsOf([quota]).at(-1)).toMatchObject({error: {code: 'rate_limit_exceeded', isRetryable: true}});
		expect(eventsOf([{candidates: []}]).at(-1)).toMatchObject({error: {code: 'empty_response'}});
		expect(eventsOf([chunkOf([{text: 'a'}])]).at(-1)).toMatchObject({error: {code: 'server_error'}});
	});
});
