import {describe, expect, test} from 'vitest';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import {encodeWireEvents} from '../../../source/translate/codec/ir-event.ts';
import {ResponsesAnswerEncoder} from '../../../source/translate/codec/responses/encode-answer.ts';
import {sdkOutput} from '../../../source/translate/codec/quirks.ts';
import {asResponses, chatDecoder, chatToResponses, chunk, readAnswer, responsesEncoder, sse} from './bridge.ts';
import {checkResponsesStream, lastOf, payloads, typesOf} from './check-stream.ts';
import {calls, errorOf, eventsOf, failedWith, finish, itemsOf, part, say, stop} from './chunks.ts';

const withUsage = (text: string, total: number) => ({
	...say(text),
	usage: {prompt_tokens: 1, completion_tokens: total, total_tokens: total + 1},
});

describe('text (translation.md 2.3)', () => {
	test('case 41: text, finish, usage and DONE make the documented sequence', () => {
		const usage = {prompt_tokens: 3, completion_tokens: 2, total_tokens: 5};
		const wire = chatToResponses([say('Hel'), say('lo'), stop, {id: 'c1', choices: [], usage}]);
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
		expect(lastOf(wire)['response']).toMatchObject({
			status: 'completed',
			output: [{type: 'message', status: 'completed', content: [{type: 'output_text', text: 'Hello'}]}],
			usage: {input_tokens: 3, output_tokens: 2, total_tokens: 5},
		});
	});

	test('case 42: of cumulative usage on every chunk the last one counts', () => {
		const wire = chatToResponses([withUsage('a', 1), withUsage('b', 2), stop]);
		expect(lastOf(wire)).toMatchObject({response: {usage: {output_tokens: 2, total_tokens: 3}}});
	});

	test('an upstream without usage gets an estimate of four characters a token, marked as such', () => {
		const encoder = new ResponsesAnswerEncoder({
			head: {id: 'resp_t', createdAtS: 1, model: 'm', request: undefined},
			output: sdkOutput,
			ids: createIdSource('t'),
			estimatedInputTokens: 100,
		});
		const wire = readAnswer(chatDecoder(), [sse([say('12345678'), stop])]).flatMap(event => encoder.push(event));
		expect(lastOf(wire)).toMatchObject({response: {usage: {input_tokens: 100, output_tokens: 2, total_tokens: 102}}});
		expect(encoder.isUsageEstimated).toBe(true);
		expect(lastOf(chatToResponses([say('a'), stop]))).toMatchObject({response: {usage: null}});
	});

	test('case 43: an end without a finish reason fails so that the client asks again', () => {
		const wire = chatToResponses([say('half')], {done: false});
		checkResponsesStream(wire);
		expect(typesOf(wire)).not.toContain('response.output_item.done');
		expect(lastOf(wire)).toMatchObject({type: 'response.failed', response: {error: {code: 'server_error'}}});
		expect(errorOf([say('half')], {answer: {eofIsStop: true}}, false)).toBe('finish');
	});

	test('case 44: usage behind the finish reason counts, also without DONE', () => {
		const usage = {id: 'c1', choices: [], usage: {prompt_tokens: 1, completion_tokens: 2, total_tokens: 3}};
		expect(eventsOf([say('a'), stop, usage], {}, false).at(-2)).toMatchObject({type: 'item-close'});
		expect(eventsOf([say('a'), stop, usage], {}, false)).toContainEqual(expect.objectContaining({type: 'usage'}));
	});

	test('case 45: an empty body fails', () => {
		expect(errorOf([], {}, false)).toBe('server_error');
		expect(failedWith(readAnswer(chatDecoder(), []))).toMatchObject({message: 'The upstream sent an empty answer.'});
	});

	test('case 46: a JSON answer although a stream was asked for is replayed as a stream', () => {
		const body = {
			id: 'c1',
			model: 'up',
			choices: [
				{index: 0, message: {role: 'assistant', content: 'hi', reasoning_content: 'hm'}, finish_reason: 'stop'},
			],
			usage: {prompt_tokens: 1, completion_tokens: 1, total_tokens: 2},
		};
		const wire = asResponses(readAnswer(chatDecoder(), [Buffer.from(`  ${JSON.stringify(body)}\n`)]));
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			response: {output: [{type: 'reasoning'}, {content: [{text: 'hi'}]}], usage: {total_tokens: 2}},
		});
	});

	test('case 49: a web page is an error that names its title only', () => {
		const page = Buffer.from('<!DOCTYPE html><html><title>Just a moment...</title><p>secret</p>');
		const error = failedWith(readAnswer(chatDecoder(), [page]));
		expect(error).toMatchObject({code: 'server_error', upstreamCode: 'upstream_html'});
		expect(JSON.stringify(error)).toContain('Just a moment...');
		expect(JSON.stringify(error)).not.toContain('secret');
	});

	test('case 72: a refusal is a part of its own, and text for Codex', () => {
		const chunks = [chunk({refusal: 'I can'}), chunk({refusal: 'not.'}), finish('stop')];
		const wire = asResponses(readAnswer(chatDecoder(), [sse(chunks)]), sdkOutput);
		checkResponsesStream(wire);
		expect(typesOf(wire)).toContain('response.refusal.done');
		expect(lastOf(wire)).toMatchObject({response: {output: [{content: [{type: 'refusal', refusal: 'I cannot.'}]}]}});
		const codex = chatToResponses(chunks);
		checkResponsesStream(codex);
		expect(lastOf(codex)).toMatchObject({
			response: {output: [{content: [{type: 'output_text', text: 'I cannot.'}, {type: 'refusal'}]}]},
		});
	});

	test('case 75: an event that is too large fails the answer', () => {
		const event = Buffer.from(`data: ${'x'.repeat(9 * 1024 * 1024)}\n\n`);
		expect(failedWith(readAnswer(chatDecoder(), [event]))).toMatchObject({code: 'server_error', isRetryable: true});
	});

	test('a message in place of a delta adds only what was not streamed', () => {
		const last = {choices: [{index: 0, message: {content: 'Hello you'}, finish_reason: 'stop'}]};
		expect(itemsOf([say('Hello'), last])).toMatchObject([{parts: [{text: 'Hello you'}]}]);
	});

	test('where the profile says so, text behind a call is a second message, and the first was commentary', () => {
		const chunks = [say('I look'), calls(part(0, 'a', 'f', '{}')), say('done'), finish('tool_calls')];
		expect(itemsOf(chunks, {answer: {splitText: true}})).toMatchObject([
			{type: 'message', phase: 'commentary', parts: [{text: 'I look'}]},
			{type: 'message', phase: 'final_answer', parts: [{text: 'done'}]},
			{type: 'call'},
		]);
	});

	test('only the first choice is read, and blank text beside calls opens no message', () => {
		const two = {
			choices: [
				{index: 1, delta: {content: 'no'}},
				{index: 0, delta: {content: 'yes'}},
			],
		};
		expect(itemsOf([two, stop])).toMatchObject([{parts: [{text: 'yes'}]}]);
		expect(itemsOf([say('\n\n'), calls(part(0, 'a', 'f', '{}')), finish('tool_calls')])).toMatchObject([
			{type: 'call'},
		]);
	});

	test('two objects glued together are two chunks, and three broken events in a row are a failure', () => {
		const glued = `${JSON.stringify(say('a'))}${JSON.stringify(say('b'))}`;
		expect(itemsOf([glued, '{broken', say('c'), stop])).toMatchObject([{parts: [{text: 'abc'}]}]);
		expect(errorOf(['{x', '{y', '{z'])).toBe('server_error');
	});

	test('the bytes of a stream name each event and begin without a byte order mark', () => {
		const text = encodeWireEvents(chatToResponses([say('a'), stop]));
		expect(text.startsWith('event: response.created\ndata: {"type":"response.created","sequence_number":0,')).toBe(
			true,
		);
		expect(text.endsWith('}\n\n')).toBe(true);
	});

	test('keep-alives come between created and the end only', () => {
		const encoder = responsesEncoder();
		expect(encoder.keepAlive()).toEqual([]);
		const events = readAnswer(chatDecoder(), [sse([say('a'), stop])]);
		const wire = events.flatMap(event => [...encoder.push(event), ...encoder.keepAlive()]);
		expect(encoder.keepAlive()).toEqual([]);
		expect(typesOf(wire)).toContain('keepalive');
		checkResponsesStream(wire);
	});
});

describe('errors inside a 200 (translation.md 2.1, 2.9)', () => {
	test.each([
		[
			'case 47: a context that is too long',
			{error: {message: 'This model has a maximum context length of 8192 tokens'}},
			'context_length_exceeded',
		],
		[
			'case 48: MiniMax without a balance',
			{base_resp: {status_code: 1008, status_msg: 'insufficient balance'}},
			'insufficient_quota',
		],
		['detail', {detail: 'Not allowed'}, 'server_error'],
		['code and message', {code: 429, message: 'Too many requests'}, 'rate_limit_exceeded'],
		['choice', {choices: [{error: {code: 502, message: 'Bad gateway'}}]}, 'server_error'],
		[
			'nested',
			{error: {message: 'Provider returned error', metadata: {raw: '{"error":{"message":"Rate limit"}}'}}},
			'rate_limit_exceeded',
		],
		['overloaded', {error: {type: 'overloaded_error', message: 'Overloaded'}}, 'slow_down'],
	])('%s: an error in the stream becomes a code that Codex knows', (_, payload, code) => {
		expect(errorOf([payload])).toBe(code);
	});

	test('an error event is an error whatever its payload looks like', () => {
		const bytes = Buffer.from('event: error\ndata: {"message":"rate limit reached"}\n\n');
		expect(failedWith(readAnswer(chatDecoder(), [bytes]))).toMatchObject({code: 'rate_limit_exceeded'});
	});

	test('case 50: a retryable error leaves the message open, any other closes it incomplete', () => {
		const retryable = chatToResponses([say('half'), {error: {message: 'overloaded'}}]);
		expect(typesOf(retryable)).not.toContain('response.output_item.done');
		const final = chatToResponses([say('half'), {error: {code: 'insufficient_quota', message: 'no'}}]);
		checkResponsesStream(final);
		expect(payloads(final).find(({type}) => type === 'response.output_item.done')).toMatchObject({
			item: {status: 'incomplete', content: [{text: 'half'}]},
		});
		expect(lastOf(final)).toMatchObject({type: 'response.failed', response: {error: {code: 'insufficient_quota'}}});
	});

	test('a finish reason of failure is a failure', () => {
		expect(errorOf([say('a'), finish('error')])).toBe('server_error');
		expect(errorOf([say('a'), finish('insufficient_system_resource')])).toBe('server_error');
	});
});

describe('finish reasons (translation.md 2.8)', () => {
	test('length and filter are incomplete answers with the documented reasons', () => {
		expect(lastOf(chatToResponses([say('a'), finish('length')]))).toMatchObject({
			type: 'response.incomplete',
			response: {incomplete_details: {reason: 'max_output_tokens'}},
		});
		expect(lastOf(chatToResponses([say('a'), finish('sensitive')]))).toMatchObject({
			type: 'response.incomplete',
			response: {incomplete_details: {reason: 'content_filter'}},
		});
	});

	test('the policy endturn lets Codex ask on, soft calls a cut answer complete', () => {
		const events = readAnswer(chatDecoder(), [sse([say('a'), finish('length')])]);
		expect(lastOf(asResponses(events, {...sdkOutput, onLength: 'endturn'}))).toMatchObject({
			type: 'response.completed',
			response: {status: 'completed', end_turn: false},
		});
		expect(lastOf(asResponses(events, {...sdkOutput, onLength: 'soft'}))).toMatchObject({
			type: 'response.completed',
			response: {status: 'incomplete'},
		});
	});

	test('an unknown reason completes the answer and its word is kept', () => {
		expect(eventsOf([say('a'), finish('repetition_truncation')]).at(-1)).toEqual({
			type: 'finish',
			reason: 'stop',
			raw: 'repetition_truncation',
			endTurn: undefined,
		});
	});

	test('an answer without anything in it is an error, unless the provider may do so', () => {
		expect(errorOf([stop])).toBe('empty_response');
		expect(errorOf([stop], {answer: {allowEmpty: true}})).toBe('finish');
	});
});
