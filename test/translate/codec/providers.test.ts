import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {asResponses, chatDecoder, readAnswer, sse} from './bridge.ts';
import {checkResponsesStream, joinDeltas, lastOf} from './check-stream.ts';

const folder = new URL('../../fixture/chat-stream/', import.meta.url);
const names = readdirSync(folder);
const weather = {
	type: 'function',
	name: 'weather',
	parameters: {type: 'object', properties: {location: {type: 'string'}}},
};

const linesOf = (name: string): readonly string[] =>
	readFileSync(new URL(name, folder), 'utf8').split('\n').filter(Boolean);

const expected: Readonly<Record<string, {readonly output: readonly unknown[]; readonly usage: readonly number[]}>> = {
	'qwen-tool-call.chunks.txt': {
		output: [{call_id: 'call_q', arguments: '{"location": "Köln"}'}],
		usage: [295, 22, 317],
	},
	'deepseek-tool-call.chunks.txt': {
		output: [{summary: [{text: 'The user wants it.'}]}, {call_id: 'call_00_d', arguments: '{"location": "Köln"}'}],
		usage: [339, 83, 422],
	},
	'mistral-reasoning.chunks.txt': {
		output: [{summary: [{text: 'Two and two is four.'}]}, {content: [{text: '4'}]}],
		usage: [10, 46, 56],
	},
	'mistral-tool-call.chunks.txt': {
		output: [{call_id: 'tool-m', arguments: '{"location": "Köln"}'}],
		usage: [171, 14, 185],
	},
	'groq-tool-call.chunks.txt': {output: [{call_id: 'tk1', arguments: '{"location": "Köln"}'}], usage: [210, 15, 225]},
	'kimi-text.chunks.txt': {
		output: [{summary: [{text: 'Thinking aloud.'}]}, {content: [{text: 'Grüße 😀!'}]}],
		usage: [9, 12, 21],
	},
	'xai-tool-call.chunks.txt': {
		output: [{summary: [{text: 'First, look.'}]}, {call_id: 'call_x', arguments: '{"location":"Köln"}'}],
		usage: [291, 222, 513],
	},
};

describe.each(names)('%s', name => {
	test('comes through whole', () => {
		const wire = asResponses(readAnswer(chatDecoder([weather]), [sse(linesOf(name))]));
		checkResponsesStream(wire);
		const [input, output, total] = expected[name]?.usage ?? [];
		expect(lastOf(wire)).toMatchObject({
			type: 'response.completed',
			response: {
				output: expected[name]?.output,
				usage: {input_tokens: input, output_tokens: output, total_tokens: total},
			},
		});
	});

	test('is the same wherever its bytes are cut, with CRLF, and with a byte order mark', () => {
		const bytes = sse(linesOf(name));
		const whole = readAnswer(chatDecoder([weather]), [bytes]);
		for (let cut = 0; cut <= bytes.length; cut += 1) {
			expect(readAnswer(chatDecoder([weather]), [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
		}

		const single = Array.from(bytes, byte => Buffer.from([byte]));
		expect(readAnswer(chatDecoder([weather]), single)).toEqual(whole);
		const windows = Buffer.from(`\uFEFF${bytes.toString().replaceAll('\n', '\r\n')}`);
		expect(readAnswer(chatDecoder([weather]), [windows])).toEqual(whole);
	});

	test('fails as a cut stream wherever it breaks before its finish reason, and never with half a call', () => {
		const lines = linesOf(name);
		const last = lines.findIndex(line => /"finish_reason":"/.test(line));
		for (let count = 0; count < last; count += 1) {
			const events = joinDeltas(readAnswer(chatDecoder([weather]), [sse(lines.slice(0, count), false)]));
			expect(events.at(-1)).toMatchObject({type: 'error', error: {code: 'server_error', isRetryable: true}});
			expect(events.some(event => event.type === 'item-close' && event.item.type === 'call')).toBe(false);
		}
	});
});
