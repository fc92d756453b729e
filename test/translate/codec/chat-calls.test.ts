import {describe, expect, test} from 'vitest';
import {ChatAnswerDecoder} from '../../../source/translate/codec/chat/decode-answer.ts';
import {createIdSource} from '../../../source/translate/codec/ids.ts';
import {at} from '../../../source/base/json.ts';
import {objectField, textField, type JsonObject} from '../../../source/wire/json-value.ts';
import {chatToResponses, chunk, mapOf, quirksWith, readAnswer, sse} from './bridge.ts';
import {checkResponsesStream, lastOf, payloads, typesOf} from './check-stream.ts';
import {calls, callsOf, errorOf, eventsOf, f, finish, g, part, say, stop} from './chunks.ts';

const argumentsOf = (text: string) => callsOf([calls(part(0, 'a', 'f', text)), finish('tool_calls')])[0];

describe('tool calls (translation.md 2.5)', () => {
	const done = finish('tool_calls');

	test('case 51: two calls interleaved by index are two items with their own arguments', () => {
		const chunks = [
			calls(part(0, 'a', 'f', '{"x"'), part(1, 'b', 'g', '{"y"')),
			calls(part(0, undefined, undefined, ':1}'), part(1, undefined, undefined, ':2}')),
			done,
		];
		expect(callsOf(chunks)).toEqual([
			['a', 'f', '{"x":1}'],
			['b', 'g', '{"y":2}'],
		]);
		checkResponsesStream(chatToResponses(chunks, {tools: [f, g]}));
	});

	test.each([
		['case 52: both index 0, different ids', [calls(part(0, 'a', 'f', '{}')), calls(part(0, 'b', 'g', '{}')), done]],
		[
			'case 53: no index, ids present',
			[calls(part(undefined, 'a', 'f', '{}')), calls(part(undefined, 'b', 'g', '{}')), done],
		],
		[
			'case 55: later deltas with an empty id',
			[calls(part(0, 'a', 'f', '')), calls(part(0, '', undefined, '{}')), calls(part(1, 'b', 'g', '{}')), done],
		],
		[
			'case 56: the name in every delta',
			[calls(part(0, 'a', 'f', '{')), calls(part(0, 'a', 'f', '}')), calls(part(1, 'b', 'g', '{}')), done],
		],
		[
			'case 57: an empty name later',
			[calls(part(0, 'a', 'f', '{')), calls(part(0, undefined, '', '}')), calls(part(1, 'b', 'g', '{}')), done],
		],
		['case 58: arguments as an object', [calls(part(0, 'a', 'f', {})), calls(part(1, 'b', 'g', {})), done]],
		['case 62: finish stop with calls present', [calls(part(0, 'a', 'f', '{}'), part(1, 'b', 'g', '{}')), stop]],
	])('%s', (_, chunks) => {
		expect(callsOf(chunks)).toEqual([
			['a', 'f', '{}'],
			['b', 'g', '{}'],
		]);
		expect(eventsOf(chunks).at(-1)).toMatchObject({type: 'finish', reason: 'calls'});
	});

	test('case 54: without index and id a name after complete arguments begins the next call', () => {
		const chunks = [
			calls(part(undefined, undefined, 'f', '{"a":1}')),
			calls(part(undefined, undefined, 'g', '{"b":2}')),
			done,
		];
		expect(callsOf(chunks)).toMatchObject([
			[expect.any(String), 'f', '{"a":1}'],
			[expect.any(String), 'g', '{"b":2}'],
		]);
	});

	test('case 59: a missing id is made, and is the same when the call closes', () => {
		const wire = chatToResponses([calls(part(0, undefined, 'f', '{}')), done], {tools: [f]});
		const items = payloads(wire).filter(
			({type}) => type === 'response.output_item.added' || type === 'response.output_item.done',
		);
		const ids = items.map(({item}) => at(item, 'call_id'));
		expect(ids[0]).toMatch(/^call_/);
		expect(new Set(ids).size).toBe(1);
	});

	test('case 60: an id of an earlier turn gets a suffix', () => {
		const options = {tools: mapOf([f]), quirks: quirksWith(), ids: createIdSource('t')};
		const decoder = new ChatAnswerDecoder({...options, knownCallIds: new Set(['f:0'])});
		const events = readAnswer(decoder, [sse([calls(part(0, 'f:0', 'f', '{}')), done])]);
		expect(events).toContainEqual(
			expect.objectContaining({type: 'item-close', item: expect.objectContaining({callId: 'f:0_2'})}),
		);
	});

	test('case 61: a call without a name is dropped, and a turn without any call fails', () => {
		expect(errorOf([calls(part(0, 'a', ' ', '{}')), stop])).toBe('upstream_tool_call_dropped');
		expect(errorOf([say('text'), done])).toBe('upstream_tool_call_dropped');
	});

	test('case 64: a call that the length limit cut has no item done', () => {
		const chunks = [calls(part(0, 'a', 'f', '{"x":"lon')), finish('length')];
		const wire = chatToResponses(chunks, {tools: [f]});
		expect(typesOf(wire)).not.toContain('response.output_item.done');
		expect(lastOf(wire)['type']).toBe('response.incomplete');
	});

	test('C7: a stream that ends inside the arguments never gives half a call, wherever it ends', () => {
		const whole = '{"cmd":"ls -la","n":[1,2]}';
		for (let cut = 0; cut < whole.length; cut += 1) {
			const wire = chatToResponses([calls(part(0, 'a', 'f', whole.slice(0, cut)))], {tools: [f], done: false});
			expect(typesOf(wire)).not.toContain('response.output_item.done');
			expect(lastOf(wire)['type']).toBe('response.failed');
		}
	});

	test('C7: a raw input that is cut fails the answer, because the client would run half of it', () => {
		const custom = {type: 'custom', name: 'exec'};
		const chunks = [calls(part(0, 'a', 'exec', '{"input":"rm -r tmp')), done];
		const wire = chatToResponses(chunks, {tools: [custom]});
		expect(typesOf(wire)).not.toContain('response.output_item.done');
		expect(lastOf(wire)).toMatchObject({type: 'response.failed', response: {error: {code: 'server_error'}}});
	});

	test('a custom call without any arguments is a call with an empty input', () => {
		const chunks = [calls(part(0, 'a', 'exec', '')), done];
		expect(lastOf(chatToResponses(chunks, {tools: [{type: 'custom', name: 'exec'}]}))).toMatchObject({
			type: 'response.completed',
			response: {output: [{type: 'custom_tool_call', input: ''}]},
		});
	});

	test('C4: arguments that were encoded twice are unwrapped where the schema is fulfilled', () => {
		const inner = JSON.stringify({cmd: 'ls'});
		const chunks = [calls(part(0, 'a', 'f', JSON.stringify(inner))), done];
		expect(callsOf(chunks)).toEqual([['a', 'f', inner]]);
	});

	test('nearly JSON is mended: stray commas, Python words, missing closers; anything else is passed on', () => {
		expect(argumentsOf('{"a":True,}')).toEqual(['a', 'f', '{"a":true}']);
		expect(argumentsOf('{"a":"True, it is","b":[1')).toEqual(['a', 'f', '{"a":"True, it is","b":[1]}']);
		expect(argumentsOf('rm -rf')).toEqual(['a', 'f', 'rm -rf']);
		expect(argumentsOf('')).toEqual(['a', 'f', '{}']);
	});

	test('fragmented names are joined where the provider does so', () => {
		const chunks = [
			calls(part(0, 'a', 'f')),
			calls(part(0, undefined, 'oo')),
			calls(part(0, undefined, undefined, '{}')),
			done,
		];
		expect(callsOf(chunks, {answer: {fragmentedNames: true}})).toEqual([['a', 'foo', '{}']]);
	});

	test('the older function_call and the parallel wrapper are read', () => {
		expect(callsOf([chunk({function_call: {name: 'f', arguments: '{}'}}), finish('function_call')])).toMatchObject([
			[expect.stringMatching(/^call_/), 'f', '{}'],
		]);
		const uses = {
			tool_uses: [
				{recipient_name: 'functions.f', parameters: {a: 1}},
				{recipient_name: 'functions.g', parameters: {}},
			],
		};
		const wrapped = [calls(part(0, 'w', 'multi_tool_use.parallel', JSON.stringify(uses))), done];
		expect(callsOf(wrapped)).toMatchObject([
			[expect.any(String), 'f', '{"a":1}'],
			[expect.any(String), 'g', '{}'],
		]);
	});
});

describe('the declared kind comes back (translation.md 0 facts 7, 8)', () => {
	const patchTool = {type: 'custom', name: 'apply_patch'};
	const patch = '*** Begin Patch\n*** Add File: é\n+"x" \\ 😀\n*** End Patch';
	const patchItem = (pieces: readonly string[]): JsonObject => {
		const chunks = pieces.map((piece, index) =>
			calls(part(0, index === 0 ? 'p' : undefined, index === 0 ? 'apply_patch' : undefined, piece)),
		);
		const wire = chatToResponses([...chunks, finish('tool_calls')], {tools: [patchTool]});
		checkResponsesStream(wire);
		const deltas = payloads(wire).filter(({type}) => type === 'response.custom_tool_call_input.delta');
		const item = objectField(
			payloads(wire).find(({type}) => type === 'response.output_item.done'),
			'item',
		);
		expect(deltas.map(event => textField(event, 'delta')).join('')).toBe(item['input']);
		return item;
	};

	test('case 78: the shim’s input streams decoded, with escapes split anywhere', () => {
		const escaped = JSON.stringify({input: patch})
			.replace('é', String.raw`\u00e9`)
			.replace('😀', String.raw`\ud83d\ude00`);
		for (let size = 1; size < 12; size += 1) {
			const pieces = Array.from({length: Math.ceil(escaped.length / size)}, (_, piece) =>
				escaped.slice(piece * size, (piece + 1) * size),
			);
			expect(patchItem(pieces)).toMatchObject({
				type: 'custom_tool_call',
				name: 'apply_patch',
				call_id: 'p',
				input: patch,
			});
		}
	});

	test.each([
		['case 79: raw text in place of JSON', patch],
		['case 80: a fence round the patch', JSON.stringify({input: `\`\`\`diff\n${patch}\n\`\`\``})],
		['a here document', JSON.stringify({input: `apply_patch <<'EOF'\n${patch}\nEOF`})],
		['JSON in JSON', JSON.stringify({input: JSON.stringify({patch})})],
		['the key patch', JSON.stringify({patch})],
		['a missing last line', JSON.stringify({input: patch.replace('\n*** End Patch', '')})],
		['CRLF everywhere', JSON.stringify({input: patch.replaceAll('\n', '\r\n')})],
	])('%s', (_, text) => {
		expect(patchItem([text])['input']).toBe(patch);
	});

	test('a typed call opens with what it is about, because strict readers refuse an empty one', () => {
		const operation = {type: 'create_file', path: 'a', diff: '+x'};
		const pieces = (JSON.stringify(operation).match(/.{1,7}/g) ?? []).map(text =>
			calls(part(0, 'p', 'apply_patch', text)),
		);
		const chunks = [...pieces, calls(part(1, 's', 'shell', '{"command":["ls"]}')), finish('tool_calls')];
		const wire = chatToResponses(chunks, {tools: [{type: 'apply_patch'}, {type: 'shell'}]});
		checkResponsesStream(wire);
		const opened = payloads(wire).filter(({type}) => type === 'response.output_item.added');
		expect(opened.map(({item}) => item)).toMatchObject([
			{type: 'apply_patch_call', call_id: 'p', operation},
			{type: 'shell_call', call_id: 's', action: {command: ['ls']}},
		]);
	});

	test('a namespaced call comes back with name and namespace, a tool search with an object', () => {
		const tools = [
			{type: 'namespace', name: 'mcp__x', tools: [{type: 'function', name: 'look'}]},
			{type: 'tool_search', execution: 'client'},
		];
		const chunks = [
			calls(part(0, 'a', 'mcp__x__look', '{}'), part(1, 'b', 'tool_search', '{"query":"q"}')),
			finish('tool_calls'),
		];
		const wire = chatToResponses(chunks, {tools});
		checkResponsesStream(wire);
		expect(lastOf(wire)).toMatchObject({
			response: {
				output: [
					{type: 'function_call', name: 'look', namespace: 'mcp__x', arguments: '{}'},
					{type: 'tool_search_call', execution: 'client', arguments: {query: 'q'}, call_id: 'b'},
				],
			},
		});
	});
});
