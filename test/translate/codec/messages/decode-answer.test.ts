import {describe, expect, test} from 'vitest';
import {createIdSource} from '../../../../source/translate/codec/ids.ts';
import {MessagesAnswerDecoder} from '../../../../source/translate/codec/messages/decode-answer.ts';
import {openHiddenState} from '../../../../source/translate/codec/envelope.ts';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import {mapOf, quirksWith, readAnswer} from '../bridge.ts';
import {checkResponsesStream, lastOf, typesOf} from '../check-stream.ts';
import {
	endOf,
	eventsOf,
	grow,
	itemsOf,
	messagesSse,
	open,
	recorded,
	shut,
	start,
	stop,
	text,
	toMessages,
	toResponses,
	use,
} from './kit.ts';

const outputOf = (payloads: readonly JsonObject[]): unknown => {
	const response = lastOf(toResponses(payloads))['response'];
	return typeof response === 'object' && response !== null && 'output' in response ? response.output : undefined;
};

const thought = (index: number) => [
	open(index, {type: 'thinking', thinking: ''}),
	grow(index, {type: 'thinking_delta', thinking: `t${index}`}),
	shut(index),
];

const search = (index: number) => [
	open(index, {type: 'server_tool_use', id: '', name: 'web_search', input: {}}),
	shut(index),
];

const callWithId = (id: string) => open(0, {type: 'tool_use', id, name: 'f', input: {a: 1}});

describe('recordings (translation.md 3.2)', () => {
	test.each(['text', 'thinking', 'tools', 'refusal', 'web-search'])('%s becomes a valid Responses stream', name => {
		checkResponsesStream(toResponses(recorded(name)));
	});

	test('text: one message, pings are nothing', () => {
		expect(itemsOf(recorded('text'))).toEqual([
			{
				type: 'message',
				role: 'assistant',
				parts: [{type: 'text', text: 'Grüße, 🌍 world.'}],
				status: 'completed',
			},
		]);
		expect(endOf(recorded('text'))).toBe('stop');
	});

	test('case 89: input holds what was read from and written to the cache, counted once', () => {
		expect(lastOf(toResponses(recorded('thinking')))).toMatchObject({
			response: {
				usage: {
					input_tokens: 1000,
					input_tokens_details: {cached_tokens: 900, cache_write_tokens: 90},
					output_tokens: 5,
					total_tokens: 1005,
				},
			},
		});
	});

	test('case 85 and 86: thoughts carry their blocks in envelopes and come back as they were', () => {
		const output = outputOf(recorded('thinking'));
		expect(output).toMatchObject([
			{type: 'reasoning', summary: [{text: 'Half of 30 is 15.'}]},
			{type: 'reasoning', summary: []},
			{type: 'message'},
		]);
		const items: readonly JsonObject[] = Array.isArray(output) ? output : [];
		expect(items.slice(0, 2).map(item => openHiddenState(String(item['encrypted_content'])))).toEqual([
			{kind: 'signed', family: 'anthropic', text: 'Half of 30 is 15.', signature: 'EvQBsignature=='},
			{kind: 'redacted', family: 'anthropic', data: 'EvRedacted=='},
		]);
		const input = [{role: 'user', content: 'x'}, ...items, {role: 'user', content: 'y'}];
		expect(toMessages({input}).body['messages']).toMatchObject([
			{},
			{
				content: [
					{type: 'thinking', thinking: 'Half of 30 is 15.', signature: 'EvQBsignature=='},
					{type: 'redacted_thinking', data: 'EvRedacted=='},
					{type: 'text', text: '15'},
				],
			},
			{},
		]);
	});

	test('tools: empty and split arguments, a call without any', () => {
		expect(itemsOf(recorded('tools'))).toMatchObject([
			{type: 'message', parts: [{text: 'I will look.'}]},
			{type: 'call', callId: 'toolu_1', tool: {name: 'f'}, payload: String.raw`{"path": "a\u00e9.txt"}`},
			{type: 'call', callId: 'toolu_2', tool: {name: 'g'}, payload: '{}'},
		]);
		expect(endOf(recorded('tools'))).toBe('calls');
	});

	test('refusal: incomplete with the provider’s words', () => {
		expect(itemsOf(recorded('refusal'))).toMatchObject([
			{parts: [{type: 'refusal', text: 'This request was blocked.'}]},
		]);
		expect(lastOf(toResponses(recorded('refusal')))).toMatchObject({
			type: 'response.incomplete',
			response: {incomplete_details: {reason: 'content_filter'}},
		});
	});

	test('web search: a search call with its sources, a message with a part per block and its citations', () => {
		expect(itemsOf(recorded('web-search'))).toMatchObject([
			{
				type: 'hosted',
				name: 'web_search_call',
				raw: {action: {type: 'search', query: 'tea', sources: [{type: 'url', url: 'https://example.org/tea'}]}},
			},
			{
				type: 'message',
				parts: [
					{text: 'Found: '},
					{
						text: 'tea is hot',
						annotations: [{type: 'url_citation', url: 'https://example.org/tea', start_index: 0, end_index: 10}],
					},
					{text: ' '},
				],
			},
		]);
	});
});

describe('blocks (translation.md 3.2)', () => {
	test('case 87: the input of the start counts where no deltas follow', () => {
		const block = open(0, {type: 'tool_use', id: 'a', name: 'f', input: {b: 1}});
		expect(itemsOf([start(), block, shut(0), ...stop('tool_use')])).toMatchObject([{payload: '{"b":1}'}]);
	});

	test('a start that holds whole blocks already is read', () => {
		const head = start();
		const block = {type: 'tool_use', id: 'a', name: 'f', input: {b: 1}};
		const message = {id: 'm', content: [block], usage: {}};
		expect(itemsOf([{...head, message}, ...stop('tool_use')])).toMatchObject([{callId: 'a', payload: '{"b":1}'}]);
	});

	test('case 78: a custom tool’s input is decoded while it streams', () => {
		const patch = '*** Begin Patch\n*** Add File: é\n+"x"\n*** End Patch';
		const pieces = JSON.stringify({input: patch}).match(/[\s\S]{1,7}/g) ?? [];
		const wire = toResponses([start(), ...use(0, 'apply_patch', pieces), ...stop('tool_use')]);
		checkResponsesStream(wire);
		expect(typesOf(wire).filter(type => type === 'response.custom_tool_call_input.delta').length).toBeGreaterThan(2);
		expect(lastOf(wire)).toMatchObject({response: {output: [{type: 'custom_tool_call', input: patch}]}});
	});

	test('a later signature replaces an earlier one', () => {
		const payloads = [
			start(),
			open(0, {type: 'thinking', thinking: ''}),
			grow(0, {type: 'thinking_delta', thinking: 'a'}),
			grow(0, {type: 'signature_delta', signature: 'one'}),
			grow(0, {type: 'signature_delta', signature: 'two'}),
			shut(0),
			...text(1, 'b'),
			...stop('end_turn'),
		];
		expect(itemsOf(payloads)[0]).toMatchObject({hidden: {kind: 'signed', signature: 'two', text: 'a'}});
	});

	test('case 69: thought, text and thought again are items of their own', () => {
		const payloads = [start(), ...thought(0), ...text(1, 'a'), ...thought(2), ...text(3, 'b'), ...stop('end_turn')];
		expect(itemsOf(payloads)).toMatchObject([
			{type: 'reasoning', summary: ['t0']},
			{type: 'message', parts: [{text: 'a'}]},
			{type: 'reasoning', summary: ['t2']},
			{type: 'message', parts: [{text: 'b'}]},
		]);
		checkResponsesStream(toResponses(payloads));
	});

	test('blank text in front of a call opens no message', () => {
		const payloads = [start(), ...text(0, '\n\n'), ...use(1, 'f', ['{}']), ...stop('tool_use')];
		expect(itemsOf(payloads)).toMatchObject([{type: 'call'}]);
	});

	test('indices need not be contiguous, and may be missing', () => {
		const bare = text(0, 'a').map(({index: _index, ...payload}) => payload);
		expect(itemsOf([start(), ...text(7, 'x'), ...stop('end_turn')])).toMatchObject([{parts: [{text: 'x'}]}]);
		expect(itemsOf([start(), ...bare, ...stop('end_turn')])).toMatchObject([{parts: [{text: 'a'}]}]);
	});

	test('a delta without its start opens what it belongs to', () => {
		const payloads = [start(), grow(0, {type: 'text_delta', text: 'a'}), ...stop('end_turn')];
		expect(itemsOf(payloads)).toMatchObject([{parts: [{text: 'a'}]}]);
	});

	test('two searches under one id are two items, and both end', () => {
		const payloads = [start(), ...search(0), ...search(1), ...stop('end_turn')];
		expect(itemsOf(payloads)).toHaveLength(2);
		checkResponsesStream(toResponses(payloads));
	});

	test('unknown blocks, deltas and events are ignored and counted', () => {
		const payloads = [
			start(),
			{type: 'new_event'},
			open(0, {type: 'new_block'}),
			shut(0),
			open(1, {type: 'text', text: 'a'}),
			grow(1, {type: 'new_delta'}),
			shut(1),
			...stop('end_turn'),
		];
		const losses = eventsOf(payloads).flatMap(event => (event.type === 'loss' ? [event.loss.code] : []));
		expect(losses).toEqual(['unknown-event', 'unknown-block', 'unknown-delta']);
		expect(itemsOf(payloads)).toMatchObject([{parts: [{text: 'a'}]}]);
	});

	test('case 59 and 60: a missing id is made, a known one is renamed', () => {
		const unnamed = [start(), callWithId(''), shut(0), ...stop('tool_use')];
		expect(itemsOf(unnamed)).toMatchObject([{callId: 'call_t0001'}]);
		const decoder = new MessagesAnswerDecoder({
			tools: mapOf([]),
			quirks: quirksWith(),
			ids: createIdSource('t'),
			knownCallIds: new Set(['functions.f:0']),
		});
		const known = [start(), callWithId('functions.f:0'), shut(0), ...stop('tool_use')];
		expect(readAnswer(decoder, [messagesSse(known)])).toContainEqual(
			expect.objectContaining({type: 'item-close', item: expect.objectContaining({callId: 'functions.f:0_2'})}),
		);
		const twice = [start(), ...use(0, 'f', ['{}']), ...use(0, 'g', ['{}']), ...stop('tool_use')];
		expect(itemsOf(twice)).toMatchObject([{callId: 'toolu_0'}, {callId: 'toolu_0_2'}]);
	});
});
