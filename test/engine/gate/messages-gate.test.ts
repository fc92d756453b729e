import {expect, test} from 'vitest';
import {createGate} from '../../../source/engine/gate/create-gate.ts';
import type {Gate} from '../../../source/engine/gate/gate.ts';
import type {Client} from '../../../source/wire/names.ts';
import {otherParts, responsesParts} from '../../support/recorded-streams.ts';

const {named} = responsesParts;
const events = otherParts.messagesEvents();

const open = (client: Client = 'claude-code'): Gate => {
	const gate = createGate('messages', {client, requestedModel: 'claude-sonnet-4-5', eventBytes: 100_000});
	gate.beginAttempt();
	return gate;
};

const feed = (gate: Gate, ...parts: readonly string[]): string =>
	parts.map(part => gate.push(Buffer.from(part)).write?.toString() ?? '').join('');

const start = events[0] ?? '';
const block = (kind: string, fields: object = {}): string =>
	named('content_block_start', {index: 4, content_block: {type: kind, ...fields}});

test('message_start, ping and an empty opener wait for the first delta', () => {
	const gate = open();
	expect(feed(gate, ...events.slice(0, 3))).toBe('');
	expect(gate.canMove()).toBe(true);
	expect(gate.heartbeat()).toBeUndefined();
	expect(feed(gate, events[3] ?? '')).toBe(events.slice(0, 4).join(''));
	expect(gate.canMove()).toBe(false);
});

test('a tool call needs no delta', () => {
	const gate = open();
	expect(feed(gate, start, block('tool_use'))).toBe(start + block('tool_use'));
	expect(feed(open(), start, block('text', {text: 'already'}))).toContain('already');
});

test.each([
	['text', {type: 'text_delta', text: ''}],
	['thinking', {type: 'thinking_delta', thinking: ''}],
	['tool_use', {type: 'input_json_delta', partial_json: ''}],
	['server_tool_use', {type: 'input_json_delta', partial_json: ''}],
])('the heartbeat of an open %s block is an empty delta of its kind', (kind, delta) => {
	const gate = open();
	feed(gate, start, block(kind), named('content_block_delta', {index: 4, delta: {type: 'x'}}));
	expect(gate.hasOpenBlock()).toBe(true);
	expect(gate.heartbeat()?.toString()).toBe(named('content_block_delta', {index: 4, delta}));
});

test('there is no heartbeat where no block is open or its kind has no delta', () => {
	const gate = open();
	feed(gate, ...events.slice(0, 6));
	expect(gate.hasOpenBlock()).toBe(false);
	expect(gate.heartbeat()).toBeUndefined();
	feed(gate, block('redacted_thinking'));
	expect(gate.hasOpenBlock()).toBe(true);
	expect(gate.heartbeat()).toBeUndefined();
});

test('an SDK gets a comment as heartbeat', () => {
	const gate = open('sdk');
	feed(gate, ...events.slice(0, 4));
	expect(gate.heartbeat()?.toString()).toBe(': keepalive\n\n');
});

test('the verdict merges the usage of the first and the last event', () => {
	const gate = open();
	feed(gate, ...events.slice(0, -1));
	expect(gate.push(Buffer.from(events.at(-1) ?? '')).verdict).toMatchObject({
		kind: 'completed',
		event: 'message_stop',
		usage: {inputTokens: 69, cachedInputTokens: 400, outputTokens: 88},
		model: 'claude-sonnet-4-5',
		tier: 'standard',
	});
	expect(gate.issuedState()).toEqual([]);
});

test('an error event is the verdict and never goes out, before and behind the content', () => {
	const error = named('error', {error: {type: 'overloaded_error', message: 'Overloaded'}});
	for (const before of [events.slice(0, 2), events.slice(0, 5)]) {
		const gate = open();
		feed(gate, ...before);
		expect(gate.push(Buffer.from(error))).toEqual({
			write: undefined,
			verdict: {kind: 'in-band-error', code: 'overloaded_error', message: 'Overloaded', event: Buffer.from(error)},
		});
	}
});

test('a refusal without any block comes out whole', () => {
	const refusal = [start, named('message_delta', {delta: {stop_reason: 'refusal'}}), named('message_stop', {})];
	expect(feed(open(), ...refusal)).toBe(refusal.join(''));
});

test('what an attempt held and had open is gone with it', () => {
	const gate = open();
	feed(gate, ...events.slice(0, 2));
	expect(gate.end().verdict).toEqual({kind: 'cut'});
	gate.beginAttempt();
	expect(gate.hasOpenBlock()).toBe(false);
	expect(feed(gate, ...events)).toBe(events.join(''));
});
