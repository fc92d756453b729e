import {describe, expect, test} from 'vitest';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import {readAnswer} from '../bridge.ts';
import {checkResponsesStream, joinDeltas, typesOf} from '../check-stream.ts';
import {
	anthropic,
	endOf,
	eventsOf,
	itemsOf,
	messagesDecoder,
	open,
	shut,
	start,
	stop,
	text,
	toResponses,
	use,
} from './kit.ts';

const failureOf = (payloads: readonly JsonObject[]) => {
	const last = eventsOf(payloads).at(-1);
	return last?.type === 'error' ? last.error : undefined;
};

const wholeOf = (body: JsonObject) => joinDeltas(readAnswer(messagesDecoder(), [Buffer.from(JSON.stringify(body))]));

describe('ends (translation.md 2.8, 3.2)', () => {
	test.each([
		['end_turn', 'stop'],
		['stop_sequence', 'stop'],
		['compaction', 'stop'],
		['max_tokens', 'length'],
		['refusal', 'filter'],
		['pause_turn', 'pause'],
		['model_context_window_exceeded', 'context_length_exceeded'],
		['something_new', 'stop'],
	])('%s', (reason, end) => {
		expect(endOf([start(), ...text(0, 'a'), ...stop(reason)])).toBe(end);
	});

	test('case 64: a call that the limit cut off is never closed, a whole one is', () => {
		const cut = [start(), ...use(0, 'f', ['{"a":1}']), ...use(1, 'g', ['{"b":']), ...stop('max_tokens')];
		expect(itemsOf(cut)).toMatchObject([{tool: {name: 'f'}}]);
		expect(endOf(cut)).toBe('length');
		expect(typesOf(toResponses(cut)).at(-1)).toBe('response.incomplete');
	});

	test('a call that the limit cut off before its first byte is never closed', () => {
		expect(itemsOf([start(), ...use(0, 'f', []), ...stop('max_tokens')])).toEqual([]);
	});

	test('raw input that is cut although the model was done fails the answer: half a patch is never run', () => {
		const half = use(0, 'apply_patch', ['{"input":"*** Begin Patch\\n+a']);
		for (const payloads of [
			[start(), ...half, ...stop('tool_use')],
			[start(), ...half, ...text(1, 'done'), ...stop('end_turn')],
		]) {
			expect(failureOf(payloads)).toMatchObject({code: 'server_error', isRetryable: true});
			expect(JSON.stringify(itemsOf(payloads))).not.toContain('call');
		}
	});

	test('case 61: a call without a name fails the answer instead of ending it silently', () => {
		expect(endOf([start(), ...use(0, ' ', ['{}']), ...stop('tool_use')])).toBe('upstream_tool_call_dropped');
		expect(endOf([start(), ...use(0, '', ['{}']), ...stop('end_turn')])).toBe('upstream_tool_call_dropped');
	});

	test('case 62: end_turn with calls means calls', () => {
		expect(endOf([start(), ...use(0, 'f', ['{}']), ...stop('end_turn')])).toBe('calls');
	});

	test('case 68: nothing but thoughts is empty, unless the provider’s row says that they are the answer', () => {
		const thought = [open(0, {type: 'thinking', thinking: 'hm'}), shut(0)];
		const payloads = [start(), ...thought, ...stop('end_turn')];
		expect(endOf(payloads)).toBe('empty_response');
		expect(itemsOf(payloads, {...anthropic, answer: {reasoningFallbackText: true}})).toMatchObject([
			{type: 'reasoning'},
			{type: 'message', parts: [{text: 'hm'}]},
		]);
		expect(endOf([start(), ...stop('end_turn')], {answer: {allowEmpty: true}})).toBe('stop');
	});

	test('case 43: an end without a stop reason fails so that the client asks again', () => {
		const payloads = [start(), ...text(0, 'half')];
		expect(failureOf(payloads)).toMatchObject({code: 'server_error', isRetryable: true});
		expect(itemsOf(payloads)).toEqual([]);
		expect(endOf(payloads, {answer: {eofIsStop: true}})).toBe('stop');
	});

	test('an end without message_stop is one when the stop reason is known', () => {
		expect(endOf([start(), ...text(0, 'a'), ...stop('end_turn').slice(0, 1)])).toBe('stop');
	});

	test('a cut stream never ends a half call, also where the end of the stream is an end', () => {
		const payloads = [start(), ...use(0, 'f', ['{"a"'])];
		expect(endOf(payloads, {answer: {eofIsStop: true}})).toBe('server_error');
		expect(itemsOf(payloads, {answer: {eofIsStop: true}})).toEqual([]);
	});

	test('case 45: an empty body fails', () => {
		expect(failureOf([])).toMatchObject({message: 'The upstream sent an empty answer.'});
	});
});

describe('errors (translation.md 3.2)', () => {
	test.each([
		['overloaded_error', 'Overloaded', 'slow_down', true],
		['rate_limit_error', 'Too fast', 'rate_limit_exceeded', true],
		['invalid_request_error', 'prompt is too long: 9 tokens', 'context_length_exceeded', false],
		['authentication_error', 'invalid x-api-key', 'invalid_prompt', false],
		['billing_error', 'pay first', 'insufficient_quota', false],
		['api_error', 'Internal server error', 'server_error', true],
		['timeout_error', 'Timed out', 'server_error', true],
	])('case 88: %s in the middle', (type, ...[message, code, isRetryable]) => {
		const payloads = [start(), ...text(0, 'half'), {type: 'error', error: {type, message}}];
		expect(failureOf(payloads)).toMatchObject({code, message, isRetryable, upstreamCode: type});
		checkResponsesStream(toResponses(payloads));
	});

	test('case 50: half a text stays open for an error that is retried, and is kept for any other', () => {
		const half = [start(), open(0, {type: 'text', text: 'half'})];
		const fail = (type: string) => [...half, {type: 'error', error: {type, message: 'm'}}];
		expect(itemsOf(fail('api_error'))).toEqual([]);
		expect(itemsOf(fail('permission_error'))).toMatchObject([{status: 'incomplete', parts: [{text: 'half'}]}]);
	});

	test('three events that are no JSON end the answer', () => {
		const decoder = messagesDecoder();
		expect(['nonsense', 'nonsense', 'nonsense'].flatMap(data => decoder.push(data)).at(-1)).toMatchObject({
			type: 'error',
		});
	});

	test('nothing follows an end', () => {
		const decoder = messagesDecoder();
		const payloads = [start(), ...text(0, 'a'), ...stop('end_turn'), ...text(1, 'late')];
		const events = payloads.flatMap(payload => decoder.push(JSON.stringify(payload)));
		expect(events.at(-1)).toMatchObject({type: 'finish'});
		expect(decoder.end()).toEqual([]);
	});
});

describe('whole answers (translation.md 2.12, 3.2)', () => {
	const message = {
		id: 'msg_w',
		type: 'message',
		role: 'assistant',
		model: 'claude-up',
		content: [
			{type: 'thinking', thinking: 'hm', signature: 'S=='},
			{type: 'text', text: 'I look.'},
			{type: 'tool_use', id: 'toolu_1', name: 'f', input: {a: 1}},
			{type: 'tool_use', id: 'toolu_2', name: 'g', input: {}},
		],
		stop_reason: 'tool_use',
		stop_sequence: null,
		usage: {input_tokens: 5, output_tokens: 7},
	};

	test('case 46: a JSON answer although a stream was asked for is replayed', () => {
		expect(wholeOf(message).flatMap(event => (event.type === 'item-close' ? [event.item] : []))).toMatchObject([
			{type: 'reasoning', summary: ['hm'], hidden: {signature: 'S=='}},
			{type: 'message', parts: [{text: 'I look.'}]},
			{type: 'call', payload: '{"a":1}'},
			{type: 'call', payload: '{}'},
		]);
		expect(wholeOf(message).at(-1)).toMatchObject({type: 'finish', reason: 'calls', raw: 'tool_use'});
	});

	test('an error with status 200 fails', () => {
		const error = {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'}};
		expect(wholeOf(error).at(-1)).toMatchObject({type: 'error', error: {code: 'slow_down'}});
	});

	test('an answer that does not say why it ended is whole all the same', () => {
		expect(wholeOf({...message, stop_reason: null}).at(-1)).toMatchObject({type: 'finish', reason: 'calls'});
	});
});
