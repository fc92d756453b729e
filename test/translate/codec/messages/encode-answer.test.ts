import {describe, expect, test} from 'vitest';
import type {HiddenState} from '../../../../source/translate/codec/envelope.ts';
import {createIdSource} from '../../../../source/translate/codec/ids.ts';
import type {AnswerEvent} from '../../../../source/translate/codec/ir-event.ts';
import type {CallItem, OutputItem} from '../../../../source/translate/codec/ir.ts';
import {decodeMessagesRequest} from '../../../../source/translate/codec/messages/decode-request.ts';
import {MessagesAnswerEncoder} from '../../../../source/translate/codec/messages/encode-answer.ts';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import {chatDecoder, chunk, readAnswer, sse} from '../bridge.ts';
import {payloads, typesOf} from '../check-stream.ts';
import {calls, finish, part, say, stop, think} from '../chunks.ts';
import {checkMessagesStream} from './check-messages.ts';
import {asMessages, messagesEncoder} from './kit.ts';

const f: JsonObject = {type: 'function', name: 'f'};
const g: JsonObject = {type: 'function', name: 'g'};

/** A Chat stream as Claude Code gets it. */
const fromChat = (chunks: readonly unknown[]) => asMessages(readAnswer(chatDecoder([f, g]), [sse(chunks)]));

const blocksOf = (chunks: readonly unknown[]) =>
	checkMessagesStream(fromChat(chunks)).map(({type, text, isStopped}) => [type, text, isStopped]);

const tool = {kind: 'function', namespace: undefined, name: 'f'} as const;
const callItem = (callId: string, payload: string): CallItem => ({type: 'call', callId, tool, payload});
const opened = (index: number): AnswerEvent => ({
	type: 'item-open',
	index,
	head: {type: 'call', callId: `c${index}`, tool},
});
const delta = (index: number, text: string, channel: 'text' | 'summary' | 'payload' = 'payload'): AnswerEvent => ({
	type: 'delta',
	index,
	channel,
	part: 0,
	text,
});
const closed = (index: number, item: OutputItem): AnswerEvent => ({type: 'item-close', index, item});
const reasoning = (hidden: HiddenState): OutputItem => ({type: 'reasoning', summary: [], content: [], hidden});
const done: AnswerEvent = {type: 'finish', reason: 'calls', raw: undefined, endTurn: undefined};

const end = (events: readonly AnswerEvent[]) => checkMessagesStream(asMessages(events));

const inputOf = (name: string) => {
	const named = {...tool, name};
	const item = {...callItem('a', '{"file_path":"a","pages":""}'), tool: named};
	const head = {type: 'call', callId: 'a', tool: named} as const;
	return end([{type: 'item-open', index: 0, head}, delta(0, item.payload), closed(0, item), done])[0]?.text;
};

describe('the sequence (translation.md 4.1)', () => {
	test('text: head, ping, one block, end', () => {
		const usage = {prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: {cached_tokens: 4}};
		const wire = fromChat([say('Hel'), say('lo'), stop, {id: 'c1', choices: [], usage}]);
		expect(typesOf(wire)).toEqual([
			'message_start',
			'ping',
			'content_block_start',
			'content_block_delta',
			'content_block_delta',
			'content_block_stop',
			'message_delta',
			'message_stop',
		]);
		expect(payloads(wire)[0]).toEqual({
			type: 'message_start',
			message: {
				id: 'msg_t',
				type: 'message',
				role: 'assistant',
				model: 'claude',
				content: [],
				stop_reason: null,
				stop_sequence: null,
				usage: {input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1},
			},
		});
		expect(payloads(wire).at(-2)).toEqual({
			type: 'message_delta',
			delta: {stop_reason: 'end_turn', stop_sequence: null},
			usage: {input_tokens: 6, cache_creation_input_tokens: 0, cache_read_input_tokens: 4, output_tokens: 2},
		});
	});

	test('the head waits for content, so that a failure before it can still be a status', () => {
		const encoder = messagesEncoder();
		expect(encoder.push({type: 'start', id: 'x', model: 'y'})).toEqual([]);
		expect(encoder.keepAlive()).toEqual([]);
		expect(typesOf(encoder.push(opened(0)))).toEqual(['message_start', 'ping', 'content_block_start']);
	});

	test('a thought always gets a signature, which comes back as the same hidden state', () => {
		const wire = fromChat([think('hm'), say('a'), stop]);
		expect(checkMessagesStream(wire).map(({type, text}) => [type, text])).toEqual([
			['thinking', 'hm'],
			['text', 'a'],
		]);
		const encoder = messagesEncoder();
		readAnswer(chatDecoder([]), [sse([think('hm'), say('a'), stop])]).forEach(event => encoder.push(event));
		const history = [{role: 'assistant', content: encoder.message?.['content']}];
		const {request, losses} = decodeMessagesRequest({messages: history});
		expect(request.items[0]).toMatchObject({summary: ['hm'], hidden: {kind: 'text', family: 'generic'}});
		expect(losses).toEqual([]);
	});

	test('a call becomes tool_use with its JSON in deltas', () => {
		expect(blocksOf([say('I look.'), calls(part(0, 'a', 'f', '{"x"')), calls(part(0, '', '', ':1}')), stop])).toEqual([
			['text', 'I look.', true],
			['tool_use', '{"x":1}', true],
		]);
		const last = payloads(fromChat([calls(part(0, 'a', 'f', '{}')), finish('tool_calls')])).at(-2);
		expect(last).toMatchObject({delta: {stop_reason: 'tool_use'}});
	});

	test('case 51: two interleaved calls come one after the other', () => {
		const chunks = [
			calls(part(0, 'a', 'f', '{"x":')),
			calls(part(1, 'b', 'g', '{"y":')),
			calls(part(0, undefined, undefined, '1}')),
			calls(part(1, undefined, undefined, '2}')),
			finish('tool_calls'),
		];
		expect(blocksOf(chunks)).toEqual([
			['tool_use', '{"x":1}', true],
			['tool_use', '{"y":2}', true],
		]);
	});

	test('text behind a call goes on in a new block', () => {
		expect(blocksOf([say('a'), calls(part(0, 'a', 'f', '{}')), say('b'), stop])).toEqual([
			['text', 'a', true],
			['tool_use', '{}', true],
			['text', 'b', true],
		]);
	});

	test.each([
		['stop', 'end_turn'],
		['content_filter', 'refusal'],
		['length', 'max_tokens'],
	])('finish_reason %s ends as %s', (reason, stopReason) => {
		expect(payloads(fromChat([say('a'), finish(reason)])).at(-2)).toMatchObject({
			delta: {stop_reason: stopReason, stop_sequence: null},
		});
	});

	test('a refusal is text: Messages has no other place for it', () => {
		expect(blocksOf([chunk({refusal: 'no'}), stop])).toEqual([['text', 'no', true]]);
	});
});

describe('items of other protocols', () => {
	test('a raw text of a custom tool becomes its JSON when it is whole', () => {
		const head = {kind: 'custom', namespace: undefined, name: 'apply_patch'} as const;
		const blocks = end([
			{type: 'item-open', index: 0, head: {type: 'call', callId: 'a', tool: head}},
			delta(0, '*** Begin'),
			closed(0, {type: 'call', callId: 'a', tool: head, payload: '*** Begin Patch'}),
			done,
		]);
		expect(blocks).toMatchObject([{type: 'tool_use', text: '{"input":"*** Begin Patch"}'}]);
	});

	test('empty texts are taken out of the input of Read, and of nothing else', () => {
		expect(inputOf('Read')).toBe('{"file_path":"a"}');
		expect(inputOf('Write')).toBe('{"file_path":"a","pages":""}');
	});

	test('a mended rest of the arguments is sent before the call closes', () => {
		const blocks = end([opened(0), delta(0, '{"a":1'), closed(0, callItem('c0', '{"a":1}')), done]);
		expect(blocks).toMatchObject([{text: '{"a":1}', isStopped: true}]);
	});

	test('hidden state without a visible thought gets a block of its own', () => {
		const wire = asMessages([
			{type: 'item-open', index: 0, head: {type: 'reasoning'}},
			closed(0, reasoning({kind: 'opaque', data: 'gAAAAAx'})),
			{type: 'item-open', index: 1, head: {type: 'reasoning'}},
			closed(1, reasoning({kind: 'redacted', family: 'anthropic', data: 'Red=='})),
			opened(2),
			closed(2, callItem('c2', '{}')),
			done,
		]);
		expect(checkMessagesStream(wire).map(({type}) => type)).toEqual(['thinking', 'redacted_thinking', 'tool_use']);
		const deltas = payloads(wire).filter(({type}) => type === 'content_block_delta');
		expect(deltas[0]).toMatchObject({delta: {type: 'signature_delta', signature: 'gAAAAAx'}});
	});

	test('a web search reads like Anthropic’s own', () => {
		const action = {type: 'search', query: 'tea', sources: [{type: 'url', url: 'https://example.org/tea'}]};
		const raw = {type: 'web_search_call', action};
		const blocks = end([
			{type: 'item-open', index: 0, head: {type: 'hosted', name: 'web_search_call', raw}},
			closed(0, {type: 'hosted', name: 'web_search_call', raw}),
			{type: 'finish', reason: 'stop', raw: undefined, endTurn: undefined},
		]);
		expect(blocks.map(({start}) => start)).toMatchObject([
			{type: 'server_tool_use', name: 'web_search', input: {query: 'tea'}},
			{type: 'web_search_tool_result', content: [{url: 'https://example.org/tea'}]},
		]);
	});

	test('what has no place is counted', () => {
		const encoder = messagesEncoder();
		const raw = {type: 'image_generation_call'};
		encoder.push(closed(0, {type: 'hosted', name: 'image_generation_call', raw}));
		encoder.push(closed(1, {type: 'compaction', encrypted: 'x'}));
		encoder.push({type: 'annotation', index: 2, part: 0, annotation: {}});
		expect(encoder.losses.map(({code}) => code)).toEqual(['hosted-item', 'compaction', 'citation']);
	});
});

describe('cuts and failures', () => {
	test('case 64: half a call that the limit cut off stays open, so no client runs it', () => {
		const wire = fromChat([calls(part(0, 'a', 'f', '{"x":')), finish('length')]);
		expect(checkMessagesStream(wire)).toMatchObject([{type: 'tool_use', isStopped: false}]);
		const encoder = messagesEncoder();
		readAnswer(chatDecoder([f]), [sse([calls(part(0, 'a', 'f', '{"x":')), finish('length')])]).forEach(event =>
			encoder.push(event),
		);
		expect(encoder.message).toMatchObject({stop_reason: 'max_tokens', content: []});
	});

	test.each([
		['slow_down', 'overloaded_error', 'm'],
		['rate_limit_exceeded', 'rate_limit_error', 'm'],
		['insufficient_quota', 'billing_error', 'm'],
		['context_length_exceeded', 'invalid_request_error', 'prompt is too long: m'],
		['server_error', 'api_error', 'm'],
	])('%s in the middle is an error event and nothing behind it', (code, type, message) => {
		const encoder = messagesEncoder();
		encoder.push(opened(0));
		const error = {code, message: 'm', isRetryable: true, upstreamCode: undefined};
		const wire = encoder.push({type: 'error', error});
		expect(payloads(wire)).toEqual([{type: 'error', error: {type, message}}]);
		expect(encoder.push(done)).toEqual([]);
		expect(encoder.keepAlive()).toEqual([]);
		expect(encoder.failure).toEqual(error);
		expect(encoder.message).toBeUndefined();
	});

	test('a silent stream is kept alive by an empty delta of its open block (claude-wire.md 4.6)', () => {
		const encoder = messagesEncoder();
		encoder.push(opened(0));
		expect(payloads(encoder.keepAlive())).toEqual([
			{type: 'content_block_delta', index: 0, delta: {type: 'input_json_delta', partial_json: ''}},
		]);
		encoder.push(closed(0, callItem('c0', '{}')));
		expect(typesOf(encoder.keepAlive())).toEqual(['ping']);
		encoder.push({type: 'item-open', index: 1, head: {type: 'message'}});
		encoder.push(delta(1, 'a', 'text'));
		expect(payloads(encoder.keepAlive())).toMatchObject([{delta: {type: 'text_delta', text: ''}}]);
	});

	test('a client that does not stream gets the whole message (translation.md 2.12)', () => {
		const encoder = messagesEncoder();
		const chunks = [think('hm'), say('a'), calls(part(0, 'c', 'f', '{"x":1}')), finish('tool_calls')];
		readAnswer(chatDecoder([f]), [sse(chunks)]).forEach(event => encoder.push(event));
		expect(encoder.message).toMatchObject({
			id: 'msg_t',
			type: 'message',
			content: [
				{type: 'thinking', thinking: 'hm', signature: expect.stringContaining('ctui1.rc.')},
				{type: 'text', text: 'a'},
				{type: 'tool_use', id: 'c', name: 'f', input: {x: 1}},
			],
			stop_reason: 'tool_use',
		});
	});

	test('a client that turned thinking off is shown none', () => {
		const options = {id: 'msg_t', model: 'claude', ids: createIdSource('t'), showsThinking: false};
		const encoder = new MessagesAnswerEncoder(options);
		const events = readAnswer(chatDecoder([]), [sse([think('hm'), say('a'), stop])]);
		expect(checkMessagesStream(events.flatMap(event => encoder.push(event)))).toMatchObject([
			{type: 'text', text: 'a'},
		]);
		expect(encoder.message?.['content']).toEqual([{type: 'text', text: 'a'}]);
	});

	test('an estimate of the input fills the head where the upstream says nothing yet', () => {
		const options = {id: 'msg_t', model: 'claude', ids: createIdSource('t'), inputTokens: 42};
		const [head] = payloads(new MessagesAnswerEncoder(options).push(opened(0)));
		expect(head).toMatchObject({message: {usage: {input_tokens: 42, output_tokens: 1}}});
	});
});
