import {describe, expect, test} from 'vitest';
import {needsOf, type NeedsInput} from '../../source/identify/needs.ts';
import {bodyWords} from '../../source/identify/body-words.ts';
import {scanBodyFor} from '../../source/wire/body-scan.ts';

const needs = (value: unknown, more: Partial<NeedsInput> = {}): readonly string[] => {
	const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
	return [
		...needsOf({
			body,
			...scanBodyFor(body, bodyWords),
			dialect: 'responses',
			isCompact: false,
			isWebSocket: false,
			...more,
		}),
	];
};

const functionTool = {type: 'function', name: 'run', parameters: {type: 'object', properties: {}}};

describe('the needs of a request', () => {
	test('a plain one has none', () => {
		expect(needs({model: 'm', input: [{type: 'message', role: 'user', content: 'hello'}], tools: []})).toEqual([]);
	});

	test.each([
		['responses', {input: [{role: 'user', content: [{type: 'input_image', image_url: 'data:x'}]}]}],
		['chat', {messages: [{role: 'user', content: [{type: 'image_url', image_url: {url: 'data:x'}}]}]}],
		['messages', {messages: [{role: 'user', content: [{type: 'image', source: {type: 'base64', data: 'x'}}]}]}],
	] as const)('an image of %s is vision', (dialect, body) => {
		expect(needs(body, {dialect})).toEqual(['vision']);
	});

	test('an image is found with spaces around its colon', () => {
		expect(needs('{"input": [{"content": [{"type" :\n "input_image"}]}]}')).toEqual(['vision']);
	});

	test.each([
		['a text that quotes one', {input: [{role: 'user', content: 'write {"type":"input_image"} please'}]}],
		['arguments that hold one', {input: [{type: 'function_call', arguments: JSON.stringify({type: 'input_image'})}]}],
		['a tool’s schema', {input: [], tools: [{...functionTool, parameters: {type: 'input_image'}}]}],
		['another key', {input: [{name: 'input_image', input_image: 1}]}],
		['instructions', {instructions: '{"type":"input_image"}', input: 'x'}],
	])('%s is not an image', (_, body) => {
		expect(needs(body)).not.toContain('vision');
	});

	test('parallel_tool_calls counts only with tools', () => {
		expect(needs({input: [], tools: [functionTool], parallel_tool_calls: true})).toEqual(['parallel_tools']);
		expect(needs({input: [], tools: [functionTool], parallel_tool_calls: false})).toEqual([]);
		expect(needs({input: [], parallel_tool_calls: true})).toEqual([]);
	});

	test.each([
		['text', {text: {format: {type: 'json_schema', name: 'x', schema: {}}}}],
		['response_format', {response_format: {type: 'json_schema', json_schema: {}}}],
		['output_config', {output_config: {format: {type: 'json_schema', schema: {}}}}],
	])('a schema in %s is json_schema', (_, body) => {
		expect(needs(body)).toEqual(['json_schema']);
	});

	test('a tool that the upstream runs is hosted_tools, the client’s own are not', () => {
		expect(needs({tools: [functionTool, {type: 'web_search'}]})).toEqual(['hosted_tools']);
		expect(needs({tools: [{type: 'web_search_20250305', name: 'web_search'}]}, {dialect: 'messages'})).toEqual([
			'hosted_tools',
		]);
		const own = [functionTool, {type: 'custom', name: 'apply_patch'}, {type: 'namespace'}, {type: 'tool_search'}];
		expect(needs({tools: [...own, {name: 'Bash', input_schema: {}}]})).toEqual([]);
	});

	test('a compaction of either version', () => {
		expect(needs({input: [{type: 'compaction_trigger'}]})).toEqual(['compact_v2']);
		expect(needs({input: []}, {isCompact: true})).toEqual(['compact_v1']);
	});

	test('a WebSocket', () => {
		expect(needs({}, {isWebSocket: true})).toEqual(['websocket']);
	});
});
