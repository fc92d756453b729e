import {describe, expect, test} from 'vitest';
import {fingerprint} from '../../../source/base/ids.ts';
import {assembleResponse, isEventStream, readAnswer} from '../../../source/engine/reply/unary-answer.ts';

const stream = (...events: readonly object[]): Buffer =>
	Buffer.from(events.map(event => `event: x\ndata: ${JSON.stringify(event)}\n\n`).join(''));
const item = {type: 'compaction', id: 'cmp_1', encrypted_content: 'C'};
const done = {type: 'response.output_item.done', output_index: 0, item};

describe('a whole answer that came as a stream', () => {
	test('is the response of its terminal event with the finished items', () => {
		const verdict = assembleResponse(
			stream({type: 'response.created', response: {id: 'resp_1'}}, done, {
				type: 'response.completed',
				response: {id: 'resp_1', object: 'response', output: [], usage: {input_tokens: 1}},
			}),
		);
		expect(verdict.kind === 'unary' && JSON.parse(verdict.body.toString())).toEqual({
			id: 'resp_1',
			object: 'response',
			output: [item],
			usage: {input_tokens: 1},
		});
	});

	test('keeps the output that the terminal event states', () => {
		const verdict = assembleResponse(stream(done, {type: 'response.completed', response: {output: [{a: 1}]}}));
		expect(verdict.kind === 'unary' && JSON.parse(verdict.body.toString())).toEqual({output: [{a: 1}]});
	});

	test('that failed is that error, with its code', () => {
		const error = {code: 'server_error', message: 'broken inside'};
		expect(assembleResponse(stream(done, {type: 'response.failed', response: {error}}))).toMatchObject({
			kind: 'in-band-error',
			...error,
		});
		expect(assembleResponse(stream({type: 'error', ...error}))).toMatchObject({kind: 'in-band-error', ...error});
	});

	test('that has no end is cut', () => {
		expect(assembleResponse(stream(done))).toEqual({kind: 'cut'});
		expect(assembleResponse(Buffer.from('data: [DONE]\n\n'))).toEqual({kind: 'cut'});
	});

	test.each([
		['data: {}\n\n', 'text/plain', true],
		['\n\nevent: x\n', '', true],
		[': comment\n\n', '', true],
		['{"data": 1}', 'text/event-stream; charset=utf-8', true],
		['{"data": 1}', 'application/json', false],
		['"data: x"', 'application/json', false],
	])('%j as %j is seen: %s', (body, type, isStream) => {
		expect(isEventStream(Buffer.from(body), type)).toBe(isStream);
	});
});

describe('what an answer states about itself', () => {
	test('in Responses: usage, model, tier, its id and its hidden state', () => {
		const usage = {input_tokens: 3, output_tokens: 4, total_tokens: 7};
		const body = {id: 'resp_1', model: 'm', service_tier: 'default', usage, output: [item, {type: 'message'}]};
		expect(readAnswer(Buffer.from(JSON.stringify(body)))).toMatchObject({
			usage: {inputTokens: 3, outputTokens: 4, totalTokens: 7},
			model: 'm',
			tier: 'default',
			issued: [fingerprint('C'), fingerprint('resp_1')],
		});
		expect(readAnswer(Buffer.from(JSON.stringify({...body, store: false}))).issued).toEqual([fingerprint('C')]);
	});

	test('in Chat and Messages the same without hidden state', () => {
		const chat = {id: 'chatcmpl-1', model: 'm', usage: {prompt_tokens: 3}, choices: []};
		expect(readAnswer(Buffer.from(JSON.stringify(chat)))).toMatchObject({
			usage: {inputTokens: 3},
			model: 'm',
			issued: [],
		});
	});

	test.each(['', 'nonsense', '[]', 'null'])('%j states nothing', body => {
		expect(readAnswer(Buffer.from(body))).toEqual({usage: undefined, model: undefined, tier: undefined, issued: []});
	});
});
