import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {isJsonObject} from '../../../source/wire/json-value.ts';
import {readAnswer, sse} from './bridge.ts';
import {checkResponsesStream, lastOf, payloads} from './check-stream.ts';
import {
	callPart,
	chunk,
	eventsOf,
	finish,
	geminiDecoder,
	geminiToResponses,
	partsOf,
	say,
	think,
	toGemini,
} from './gemini.ts';

const f = {type: 'function', name: 'f'};
const weather = {type: 'function', name: 'weather'};

const folder = new URL('../../fixture/gemini-stream/', import.meta.url);
const linesOf = (name: string): readonly string[] =>
	readFileSync(new URL(name, folder), 'utf8').split('\n').filter(Boolean);

const expected: Readonly<Record<string, {readonly output: readonly unknown[]; readonly usage: readonly number[]}>> = {
	'text.chunks.txt': {output: [{content: [{text: 'Grüße 😀!'}]}, {type: 'reasoning'}], usage: [9, 189, 198]},
	'parallel-calls.chunks.txt': {
		output: [
			{summary: [{text: 'I need both.'}]},
			{name: 'weather', arguments: '{"location":"Köln"}'},
			{name: 'weather', arguments: '{"location":"Bonn"}'},
		],
		usage: [30, 61, 91],
	},
	'code-assist.chunks.txt': {output: [{summary: [{text: 'Hm.'}]}, {content: [{text: 'Done.'}]}], usage: [5, 5, 10]},
	'partial-args.chunks.txt': {
		output: [
			{type: 'reasoning'},
			{name: 'weather', arguments: '{"location":"Köln","days":[{"n":1},{"n":false}],"unit":null}'},
		],
		usage: [3, 4, 7],
	},
};

describe.each(readdirSync(folder))('%s', name => {
	test('comes through whole', () => {
		const wire = geminiToResponses(linesOf(name), [weather]);
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
		const bytes = sse(linesOf(name), false);
		const wanted = readAnswer(geminiDecoder([weather]), [bytes]);
		for (let cut = 0; cut <= bytes.length; cut += 1) {
			expect(readAnswer(geminiDecoder([weather]), [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(wanted);
		}

		const crlf = Buffer.from(`\uFEFF${bytes.toString().replaceAll('\n', '\r\n')}`);
		expect(readAnswer(geminiDecoder([weather]), [crlf])).toEqual(wanted);
	});
});

test('case 96: Code Assist’s trace is the id of the answer', () => {
	expect(eventsOf(linesOf('code-assist.chunks.txt'))[0]).toEqual({
		type: 'start',
		id: 'trace-1',
		model: 'gemini-2.5-pro',
	});
});

describe('there and back', () => {
	const first = {type: 'message', role: 'user', content: [{type: 'input_text', text: 'go'}]};

	/** What Codex sends with the next turn: the items in the order in which they were done. */
	const nextTurn = (chunks: readonly unknown[]): readonly unknown[] => {
		const wire = geminiToResponses(chunks, [f]);
		checkResponsesStream(wire);
		const done = payloads(wire).filter(({type}) => type === 'response.output_item.done');
		const items = done.map(({item}) => item).filter(isJsonObject);
		const results = items
			.filter(({type}) => type === 'function_call')
			.map(({call_id: id}) => ({type: 'function_call_output', call_id: id, output: 'ok'}));
		return partsOf(toGemini({input: [first, ...items, ...results, first], tools: [f]}).body);
	};

	test('signed calls return as they came', () => {
		const parts = nextTurn([
			chunk([think('hm'), say('Let me see.')]),
			chunk([callPart('f', {a: 1}, 'sig')]),
			chunk([callPart('f', {a: 2})]),
			finish(),
		]);
		expect(parts.slice(1, 4)).toMatchObject([
			{text: 'Let me see.'},
			{functionCall: {name: 'f', args: {a: 1}}, thoughtSignature: 'sig'},
			{functionCall: {name: 'f', args: {a: 2}}},
		]);
		expect(parts[3]).not.toHaveProperty('thoughtSignature');
	});

	test('a signed text returns as it came, also where the signature stands on an empty one', () => {
		expect(nextTurn([chunk([say('Hel')]), chunk([say('lo', 'sig')]), finish()]).slice(1, 3)).toEqual([
			{text: 'Hel'},
			{text: 'lo', thoughtSignature: 'sig'},
		]);
		expect(nextTurn([chunk([say('Hello')]), finish('STOP', [say('', 'sig')])]).slice(1, 3)).toEqual([
			{text: 'Hello'},
			{text: '', thoughtSignature: 'sig'},
		]);
	});

	test('a signed thought returns as it came', () => {
		const signed = {...think('hm'), thoughtSignature: 'sig'};
		expect(nextTurn([chunk([signed]), chunk([say('x')]), finish()])[1]).toEqual(signed);
	});
});
