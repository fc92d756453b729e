import {describe, expect, test} from 'vitest';
import {fingerprint} from '../../../source/base/ids.ts';
import {createGate} from '../../../source/engine/gate/create-gate.ts';
import type {Gate} from '../../../source/engine/gate/gate.ts';
import type {Client} from '../../../source/wire/names.ts';
import {responsesParts} from '../../support/recorded-streams.ts';

const {opening, closing, message, reasoning, call, named, response} = responsesParts;

const open = (client: Client = 'codex', requestedModel = 'gpt-5.5'): Gate => {
	const gate = createGate('responses', {client, requestedModel, eventBytes: 100_000});
	gate.beginAttempt();
	return gate;
};

const feed = (gate: Gate, ...events: readonly string[]): string =>
	events.map(event => gate.push(Buffer.from(event)).write?.toString() ?? '').join('');

const failed = named('response.failed', response('failed', {error: {code: 'server_error', message: 'it broke'}}));

describe('towards Codex', () => {
	test('the first event goes out at once, a comment in front of it waits with it', () => {
		const gate = open();
		expect(feed(gate, ': PROCESSING\n\n')).toBe('');
		expect(gate.hasWritten()).toBe(false);
		expect(gate.heartbeat()).toBeUndefined();
		expect(feed(gate, opening[0] ?? '')).toBe(`: PROCESSING\n\n${opening[0]}`);
		expect(gate.heartbeat()?.toString()).toBe('event: keepalive\ndata: {"type":"keepalive"}\n\n');
		expect(gate.eventCount()).toBe(2);
		expect(gate.hasOpenBlock()).toBe(false);
	});

	test('finished reasoning waits for the next finished item, in its own order', () => {
		const gate = open();
		const [first, second] = [reasoning(0, 'A'), reasoning(1, 'B')];
		const tool = call(2, 'ls');
		const early = feed(gate, ...opening, ...first, ...second, ...tool.slice(0, -1));
		expect(early).toBe([...opening, ...first.slice(0, -1), ...second.slice(0, -1), ...tool.slice(0, -1)].join(''));
		expect(gate.canMove()).toBe(true);
		expect(feed(gate, tool.at(-1) ?? '')).toBe(`${first.at(-1)}${second.at(-1)}${tool.at(-1)}`);
		expect(gate.canMove()).toBe(false);
	});

	test('finished reasoning goes out in front of the terminal event where nothing else is finished', () => {
		const gate = open();
		feed(gate, ...opening, ...reasoning(0, 'A'));
		expect(gate.canMove()).toBe(true);
		expect(feed(gate, closing)).toBe(`${reasoning(0, 'A').at(-1)}${closing}`);
		expect(gate.canMove()).toBe(false);
	});

	test('a second attempt follows the first, without the reasoning that the first had withheld', () => {
		const gate = open();
		const half = [...opening, ...reasoning(0, 'A'), ...message(1, ['par', 'tial']).slice(0, 3)];
		feed(gate, ...half, 'event: response.output_text.delta\ndata: {"half');
		expect(gate.end().verdict).toEqual({kind: 'cut'});
		expect(gate.canMove()).toBe(true);
		gate.beginAttempt();
		const second = [...opening, ...message(0, ['whole']), closing];
		expect(feed(gate, ...second.slice(0, -1))).toBe(second.slice(0, -1).join(''));
		expect(gate.issuedState()).toEqual([]);
		expect(feed(gate, closing)).toBe(closing);
	});

	test('deltas alone leave the window open, a finished message shuts it', () => {
		const gate = open();
		const events = message(0, ['a', 'b']);
		feed(gate, ...opening, ...events.slice(0, -1));
		expect(gate.canMove()).toBe(true);
		feed(gate, events.at(-1) ?? '');
		expect(gate.canMove()).toBe(false);
	});

	test.each([
		{event: failed, code: 'server_error', message: 'it broke'},
		{event: named('error', {error: {type: 'rate_limit', message: 'slow'}}), code: 'rate_limit', message: 'slow'},
		{event: named('error', {code: 'overloaded', message: 'busy'}), code: 'overloaded', message: 'busy'},
		{event: 'data: {"error":{"code":503,"message":"down"}}\n\n', code: '503', message: 'down'},
		{event: 'data: {"error":"gone"}\n\n', code: undefined, message: 'gone'},
	])('an error never goes out, its bytes come as the verdict: $message', ({event, code, message: text}) => {
		const gate = open();
		feed(gate, ...opening);
		const step = gate.push(Buffer.from(`${message(0, ['x'])[0]}${event}`));
		expect(step.write?.toString()).toBe(message(0, ['x'])[0]);
		expect(step.verdict).toEqual({kind: 'in-band-error', code, message: text, event: Buffer.from(event)});
		expect(gate.push(Buffer.from(closing))).toEqual({write: undefined, verdict: undefined});
		expect(gate.end()).toEqual({write: undefined, verdict: undefined});
	});

	test('an error as the first event leaves the head unsent', () => {
		const gate = open();
		expect(gate.push(Buffer.from(failed))).toMatchObject({write: undefined, verdict: {kind: 'in-band-error'}});
		expect(gate.hasWritten()).toBe(false);
	});

	test('text that talks about endings ends nothing', () => {
		const gate = open();
		const trap = named('response.output_text.delta', {delta: '\n\nevent: response.failed\ndata: {"type":"error"}\n\n'});
		expect(feed(gate, trap)).toBe(trap);
		const unnamed = trap.replace(/^event: .*\n/, '');
		expect(feed(gate, unnamed)).toBe(unnamed);
		expect(gate.end().verdict).toEqual({kind: 'cut'});
	});

	test('the data’s type counts where the event line is a stranger’s', () => {
		const gate = open();
		const event = closing.replace('event: response.completed', 'event: chunk');
		expect(gate.push(Buffer.from(event)).verdict).toMatchObject({kind: 'completed', event: 'response.completed'});
	});

	test('the verdict carries usage, model and tier of the terminal event', () => {
		const gate = open();
		feed(gate, ...opening);
		expect(gate.push(Buffer.from(closing)).verdict).toMatchObject({
			usage: {inputTokens: 1200, cachedInputTokens: 1000, outputTokens: 34, reasoningTokens: 12, totalTokens: 1234},
			model: 'gpt-5.5',
			tier: 'default',
		});
	});

	test('hidden state of finished items is noted, withheld or not, and forgotten with its attempt', () => {
		const gate = open();
		const compaction = named('response.output_item.done', {item: {type: 'compaction', encrypted_content: 'C'}});
		const other = named('response.output_item.done', {item: {type: 'message', encrypted_content: 'M'}});
		feed(gate, ...reasoning(0, 'A'), compaction, other);
		expect(gate.issuedState()).toEqual([fingerprint('A'), fingerprint('C')]);
		gate.beginAttempt();
		expect(gate.issuedState()).toEqual([]);
	});

	test.each([
		['<!doctype html>\n\n<h1>Sign in</h1>', /HTML/],
		['{"id":"resp_1","output":[]}', /JSON/],
	])('a body that is no stream is garbage: %s', (body, text) => {
		const gate = open();
		const verdict = {kind: 'garbage', message: expect.stringMatching(text)};
		expect(gate.push(Buffer.from(body))).toEqual({write: undefined, verdict});
		expect(gate.end()).toEqual({write: undefined, verdict: undefined});
	});

	test('an event over the cap is garbage, the events before it go out', () => {
		const gate = open();
		const step = gate.push(Buffer.from(`${opening[0]}data: ${'x'.repeat(100_001)}`));
		expect(step.write?.toString()).toBe(opening[0]);
		expect(step.verdict).toEqual({kind: 'garbage', message: expect.stringContaining('100000 bytes')});
	});

	test('a page as the second answer does not reach the client either', () => {
		const gate = open();
		feed(gate, ...opening);
		gate.beginAttempt();
		expect(gate.push(Buffer.from('\u{FEFF}\n<html>\n\n<p>')).write).toBeUndefined();
	});

	test('an empty body is a cut', () => {
		expect(open().end().verdict).toEqual({kind: 'cut'});
	});
});

const created = (headers: object): string => named('response.created', response('in_progress', {headers}));

describe('the model in the first event', () => {
	test('is cut out when it is not the one that was asked for', () => {
		const gate = open('codex', 'gpt-5.5');
		expect(feed(gate, created({a: 1, 'OpenAI-Model': 'mini', b: 2}))).toBe(created({a: 1, b: 2}));
		expect(open('sdk', 'x').push(Buffer.from(created({'openai-model': 'x'}))).write).toBeUndefined();
	});

	test('stays, byte for byte, when it is', () => {
		const event = created({'openai-model': 'gpt-5.5', b: 2});
		expect(feed(open(), event)).toBe(event);
		const gate = createGate('responses', {client: 'codex', requestedModel: undefined, eventBytes: 100_000});
		gate.beginAttempt();
		expect(feed(gate, created({'openai-model': 'other'}))).toBe(created({'openai-model': 'other'}));
	});

	test('is cut out of data in several lines and of CRLF', () => {
		const several = 'event: response.created\ndata: {"response":{"headers":\ndata: {"openai-model":"mini"}}}\n\n';
		expect(feed(open(), several)).toBe('event: response.created\ndata: {"response":{"headers": {}}}\n\n');
		const crlf = created({'openai-model': 'mini'}).replaceAll('\n', '\r\n');
		expect(feed(open(), crlf)).toBe(created({}).replaceAll('\n', '\r\n'));
	});

	test('and unreadable data go through as they came', () => {
		const event = 'event: response.created\ndata: {"openai-model": broken\n\n';
		expect(feed(open(), event)).toBe(event);
	});
});

describe('towards an SDK', () => {
	test('the head and empty openers wait for the first delta', () => {
		const gate = open('sdk');
		const events = message(0, ['a', 'b']);
		expect(feed(gate, ': c\n\n', ...opening, ...events.slice(0, 2))).toBe('');
		expect(gate.canMove()).toBe(true);
		expect(gate.heartbeat()).toBeUndefined();
		expect(feed(gate, events[2] ?? '')).toBe([': c\n\n', ...opening, ...events.slice(0, 3)].join(''));
		expect(gate.canMove()).toBe(false);
		expect(gate.heartbeat()?.toString()).toBe(': keepalive\n\n');
	});

	test('a tool call is content', () => {
		const gate = open('sdk');
		expect(feed(gate, ...opening, call(0, 'ls')[0] ?? '')).toBe([...opening, call(0, 'ls')[0]].join(''));
	});

	test('what an attempt held is gone with it', () => {
		const gate = open('sdk');
		feed(gate, ...opening);
		expect(gate.push(Buffer.from(failed))).toMatchObject({write: undefined, verdict: {kind: 'in-band-error'}});
		gate.beginAttempt();
		const second = [...opening, ...message(0, ['x']), closing];
		expect(feed(gate, ...second)).toBe(second.join(''));
	});

	test('an answer without content still comes out whole', () => {
		const gate = open('sdk');
		expect(feed(gate, ...opening, closing)).toBe([...opening, closing].join(''));
	});

	test('openers without end are garbage', () => {
		const gate = open('sdk');
		const steps = Array.from({length: 1000}, () => gate.push(Buffer.from(opening[0] ?? '')));
		expect(steps.map(({verdict}) => verdict?.kind).filter(Boolean)).toEqual(['garbage']);
	});
});

test('a dialect that no client speaks has no gate', () => {
	expect(() => createGate('gemini', {client: 'sdk', requestedModel: 'x', eventBytes: 1})).toThrow(/gemini/);
});
