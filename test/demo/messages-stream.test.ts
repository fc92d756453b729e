import {describe, expect, test} from 'vitest';
import type {ReplyPart} from '../../source/demo/script.ts';
import {message, reasoning, stream, type JsonObject, type StreamEnd} from '../../source/demo/script.ts';
import type {ScriptedUpstream} from '../../source/demo/scripted-upstream.ts';
import {expectNoRefusals, readEvents, startUpstream, upstreamKey} from '../support/upstream.ts';

const bash: ReplyPart = {type: 'function-call', name: 'Bash', arguments: {command: 'ls'}, callId: 'toolu_1'};

const ask = async (upstream: ScriptedUpstream, body: JsonObject, headers: Record<string, string> = {}) =>
	fetch(`${upstream.url}/messages?beta=true`, {
		method: 'POST',
		headers: {'x-api-key': upstreamKey, 'anthropic-version': '2023-06-01', ...headers},
		body: JSON.stringify({model: 'claude-opus-4-8', max_tokens: 100, stream: true, ...body}),
	});

const hi = {role: 'user', content: 'hi'};

const start = async (parts: readonly ReplyPart[], end: StreamEnd = {type: 'completed'}) =>
	startUpstream([{answer: stream(parts, {end, usage: {inputTokens: 9, outputTokens: 5}})}], {dialect: 'messages'});

describe('a Messages stream', () => {
	test('opens, fills and closes each block, then says why it stopped', async () => {
		await using upstream = await start([reasoning('Let me look.'), message('混ぜた text 🎉'), bash]);
		const events = readEvents(await (await ask(upstream, {messages: [hi]})).text());
		expect(events.slice(0, 2).map(event => event['type'])).toEqual(['message_start', 'ping']);
		expect(
			events.flatMap(event => (event['type'] === 'content_block_start' ? [event['content_block']] : [])),
		).toMatchObject([
			{type: 'thinking', thinking: ''},
			{type: 'text', text: ''},
			{type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {}},
		]);
		const deltas = JSON.stringify(events.flatMap(event => event['delta'] ?? []));
		expect([...deltas.matchAll(/"partial_json":"((?:[^"\\]|\\.)*)"/g)].map(match => match[1]).join('')).toBe(
			String.raw`{\"command\":\"ls\"}`,
		);
		expect(events.at(-2)).toMatchObject({delta: {stop_reason: 'tool_use'}, usage: {input_tokens: 9, output_tokens: 5}});
		expect(events.at(-1)).toEqual({type: 'message_stop'});
		expectNoRefusals(upstream);
	});

	test.each<{end: StreamEnd; last: JsonObject}>([
		{end: {type: 'incomplete', reason: 'max_tokens'}, last: {type: 'message_stop'}},
		{
			end: {type: 'error', code: 'overloaded_error', message: 'x'},
			last: {type: 'error', error: {type: 'overloaded_error'}},
		},
		{end: {type: 'none'}, last: {type: 'content_block_stop'}},
	])('can end by $end.type', async ({end, last}) => {
		await using upstream = await start([message('x')], end);
		expect(readEvents(await (await ask(upstream, {messages: [hi]})).text()).at(-1)).toMatchObject(last);
	});

	test('is one JSON body for a request without `stream`, and tokens are counted', async () => {
		await using upstream = await start([message('x'), bash]);
		expect(await (await ask(upstream, {messages: [hi], stream: false})).json()).toMatchObject({
			content: [
				{type: 'text', text: 'x'},
				{type: 'tool_use', input: {command: 'ls'}},
			],
			stop_reason: 'tool_use',
		});
		const counted = await fetch(`${upstream.url}/messages/count_tokens`, {
			method: 'POST',
			headers: {authorization: `Bearer ${upstreamKey}`, 'anthropic-version': '2023-06-01'},
			body: JSON.stringify({model: 'm', messages: [hi]}),
		});
		expect(await counted.json()).toEqual({input_tokens: 15});
		expectNoRefusals(upstream);
	});

	test('accepts its own thinking and tools back, and the first HEAD without a credential', async () => {
		await using upstream = await start([reasoning('Hm.'), bash]);
		const first: unknown = await (await ask(upstream, {messages: [hi], stream: false})).json();
		const content: unknown = first !== null && typeof first === 'object' && 'content' in first ? first.content : [];
		const result = {role: 'user', content: [{type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt'}]};
		const messages = [hi, {role: 'assistant', content}, result];
		expect((await ask(upstream, {messages})).status).toBe(200);
		expect((await fetch(upstream.origin, {method: 'HEAD'})).status).toBe(200);
		expectNoRefusals(upstream);
		expect(upstream.requests[1]).toMatchObject({kind: 'turn', prompt: 'hi', toolOutputs: 1});
	});
});

describe('a refusal of Messages', () => {
	const call = {role: 'assistant', content: [{type: 'tool_use', id: 't', name: 'Bash', input: {}}]};
	const result = {role: 'user', content: [{type: 'tool_result', tool_use_id: 't', content: ''}]};
	const foreign = {role: 'assistant', content: [{type: 'thinking', thinking: 'x', signature: 'sig'}]};
	test.each<{title: string; code: string; body: JsonObject}>([
		{title: 'an unknown key', code: 'unknown-key', body: {messages: [hi], reasoning: {}}},
		{title: 'a missing field', code: 'bad-field', body: {messages: [hi], max_tokens: undefined}},
		{
			title: 'a system message without its beta',
			code: 'bad-field',
			body: {messages: [hi, {role: 'system', content: 'x'}]},
		},
		{title: 'a call without a result', code: 'missing-tool-output', body: {messages: [hi, call]}},
		{title: 'a result without a call', code: 'orphan-tool-output', body: {messages: [result]}},
		{title: 'foreign thinking', code: 'foreign-encrypted-content', body: {messages: [hi, foreign]}},
	])('meets $title', async ({code, body}) => {
		await using upstream = await start([message('x')]);
		const answer = await ask(upstream, body);
		expect(answer.status).toBe(400);
		expect(await answer.json()).toMatchObject({type: 'error', error: {type: 'invalid_request_error'}});
		expect(upstream.refusals.map(refusal => refusal.code)).toEqual([code]);
	});
});
