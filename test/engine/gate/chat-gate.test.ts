import {expect, test} from 'vitest';
import {createGate} from '../../../source/engine/gate/create-gate.ts';
import type {Gate} from '../../../source/engine/gate/gate.ts';
import {otherParts} from '../../support/recorded-streams.ts';

const {chunk} = otherParts;
const events = otherParts.chatEvents();

const open = (): Gate => {
	const gate = createGate('chat', {client: 'sdk', requestedModel: 'm', eventBytes: 100_000});
	gate.beginAttempt();
	return gate;
};

const feed = (gate: Gate, ...parts: readonly string[]): string =>
	parts.map(part => gate.push(Buffer.from(part)).write?.toString() ?? '').join('');

test('the chunk with the role alone waits for the first content', () => {
	const gate = open();
	expect(feed(gate, ': wait\n\n', events[0] ?? '')).toBe('');
	expect(gate.canMove()).toBe(true);
	expect(gate.heartbeat()).toBeUndefined();
	expect(feed(gate, events[1] ?? '')).toBe(`: wait\n\n${events[0]}${events[1]}`);
	expect(gate.canMove()).toBe(false);
	expect(gate.heartbeat()?.toString()).toBe(': keepalive\n\n');
});

test.each([
	['a tool call', chunk({tool_calls: [{index: 0}]})],
	['reasoning', chunk({role: 'assistant', content: '', reasoning_content: 'hm'})],
	['a finish without content', chunk({}, {finish_reason: 'stop'})],
])('%s is content', (_name, event) => {
	expect(feed(open(), event)).toBe(event);
});

test.each([
	['no choices', 'data: {"choices":[]}\n\n'],
	['empty calls', chunk({role: 'assistant', content: null, tool_calls: []})],
	['text that is no JSON', 'data: hello\n\n'],
])('%s is none', (_name, event) => {
	expect(feed(open(), event)).toBe('');
});

test('the verdict has the usage of the last chunks, the model and the tier', () => {
	const gate = open();
	feed(gate, ...events.slice(0, -1));
	expect(gate.push(Buffer.from('data:[DONE]\r\n\r\n')).verdict).toMatchObject({
		kind: 'completed',
		event: '[DONE]',
		usage: {inputTokens: 16, outputTokens: 300, totalTokens: 316, cachedInputTokens: 4},
		model: 'gpt-4.1-nano',
		tier: 'default',
	});
	expect(gate.hasOpenBlock()).toBe(false);
	expect(gate.issuedState()).toEqual([]);
});

test('an upstream that states no usage has none', () => {
	const gate = open();
	feed(gate, ...events.slice(0, 3));
	expect(gate.push(Buffer.from('data: [DONE]\n\n')).verdict).toMatchObject({kind: 'completed', usage: undefined});
});

test.each([
	'data: {"error":{"code":429,"message":"slow down"}}\n\n',
	'data: {"id":"x","choices":[{"index":0,"delta":{"content":""}}],"error":{"code":429,"message":"slow down"}}\n\n',
	'event: error\ndata: {"code":"429","message":"slow down"}\n\n',
])('an error inside the stream is the verdict, before and behind the content: %s', error => {
	for (const before of [events.slice(0, 1), events.slice(0, 3)]) {
		const gate = open();
		feed(gate, ...before);
		expect(gate.push(Buffer.from(error))).toEqual({
			write: undefined,
			verdict: {kind: 'in-band-error', code: '429', message: 'slow down', event: Buffer.from(error)},
		});
	}
});

test('text and fields that only look like an error or an end go through', () => {
	const gate = open();
	const tricks = [
		events[1] ?? '',
		chunk({content: '{"error":{"message":"x"}}'}),
		chunk({content: 'data: [DONE]\n\n'}),
		'data: {"error":null,"choices":[{"delta":{"content":"x"}}]}\n\n',
		'data: [1]\n\n',
	];
	expect(feed(gate, ...tricks)).toBe(tricks.join(''));
	expect(gate.push(Buffer.from(tricks.join(''))).write?.toString()).toBe(tricks.join(''));
	expect(gate.end().verdict).toEqual({kind: 'cut'});
});
