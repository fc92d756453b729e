import {describe, expect, test} from 'vitest';
import {decodeResponsesRequest} from '../../../source/translate/codec/responses/decode-request.ts';
import {encodeResponsesRequest} from '../../../source/translate/codec/responses/encode-request.ts';
import {objectsField} from '../../../source/translate/codec/field.ts';
import type {JsonObject} from '../../../source/wire/json-value.ts';
import {quirksWith, type QuirkChanges} from './bridge.ts';
import {assistant, call, f, output, user} from './items.ts';

const strict: QuirkChanges = {
	responses: {
		nativeTools: [],
		hostedTools: [],
		itemIds: false,
		phase: false,
		opaqueState: false,
		refusedFields: ['prompt_cache_retention', 'safety_identifier', 'include'],
	},
};

const toResponses = (body: JsonObject, changes: QuirkChanges = {}) => {
	const {request} = decodeResponsesRequest({model: 'm', ...body});
	return encodeResponsesRequest(request, {model: 'upstream', stream: true, quirks: quirksWith(changes)});
};

const patch = {type: 'custom', name: 'apply_patch', description: 'Edits.'};
const search = {type: 'tool_search', execution: 'client', description: 'Finds.'};
const namespace = {type: 'namespace', name: 'ns', description: 'N', tools: [f, {...f, name: 'g'}]};

describe('strict third-party Responses servers (translation.md 4.3)', () => {
	test('custom tools, tool search and namespaces are functions, hosted tools are left out', () => {
		const {body, tools, losses} = toResponses(
			{input: 'x', tools: [patch, search, namespace, {type: 'web_search'}]},
			strict,
		);
		expect(objectsField(body, 'tools').map(({type, name}) => [type, name])).toEqual([
			['function', 'apply_patch'],
			['function', 'tool_search'],
			['function', 'ns__f'],
			['function', 'ns__g'],
		]);
		expect(tools.resolve('ns__g')).toEqual({kind: 'function', namespace: 'ns', name: 'g'});
		expect(losses.map(({code}) => code)).toEqual(['hosted-tool']);
	});

	test('calls and results of such tools in the history are function calls and results', () => {
		const input = [
			user('go'),
			{type: 'custom_tool_call', id: 'ctc', call_id: 'a', name: 'apply_patch', input: 'raw "x"'},
			{type: 'custom_tool_call_output', call_id: 'a', output: 'done'},
			call('b', 'f'),
			output('b'),
		];
		expect(toResponses({input, tools: [patch, f]}, strict).body['input']).toEqual([
			{type: 'message', role: 'user', content: [{type: 'input_text', text: 'go'}]},
			{type: 'function_call', call_id: 'a', name: 'apply_patch', arguments: '{"input":"raw \\"x\\""}'},
			{type: 'function_call_output', call_id: 'a', output: 'done'},
			{type: 'function_call', call_id: 'b', name: 'f', arguments: '{"a":1}'},
			{type: 'function_call_output', call_id: 'b', output: 'ok'},
		]);
	});

	test('additional tools go to the top, ids, phase, ciphertext and refused fields are left out', () => {
		const {body} = toResponses(
			{
				input: [
					{type: 'additional_tools', role: 'developer', tools: [namespace]},
					user('go'),
					{type: 'reasoning', id: 'rs', summary: [], encrypted_content: 'gAAAA'},
					{...assistant('hi'), id: 'msg', phase: 'commentary', status: 'completed'},
					user('on'),
				],
				include: ['reasoning.encrypted_content'],
				safety_identifier: 'me',
			},
			strict,
		);
		const text = JSON.stringify(body);
		expect(objectsField(body, 'tools')).toHaveLength(2);
		for (const gone of ['additional_tools', 'gAAAA', 'phase', '"id"', 'status', 'include', 'safety_identifier']) {
			expect(text).not.toContain(gone);
		}
	});

	test('a forced shim is forced as the function that it is here', () => {
		const {body} = toResponses(
			{input: 'x', tools: [patch], tool_choice: {type: 'custom', name: 'apply_patch'}},
			strict,
		);
		expect(body['tool_choice']).toEqual({type: 'function', name: 'apply_patch'});
	});
});

describe('Responses servers that know everything', () => {
	test('tools keep kind, namespace, format and their own fields', () => {
		const lark = {...patch, format: {type: 'grammar', syntax: 'lark', definition: 's: x'}};
		const tools = [
			{...f, strict: true, defer_loading: true},
			lark,
			search,
			namespace,
			{type: 'web_search', external_web_access: true},
		];
		expect(toResponses({input: 'x', tools}).body['tools']).toEqual([
			{...f, strict: true, defer_loading: true},
			lark,
			search,
			{
				...namespace,
				tools: [
					{...f, strict: false},
					{...f, name: 'g', strict: false},
				],
			},
			{type: 'web_search', external_web_access: true},
		]);
	});

	test('every field of the request finds its place again, the client’s private ones do not', () => {
		const body = {
			instructions: 'i',
			input: [user('x')],
			stream: true,
			max_output_tokens: 5,
			max_tool_calls: 2,
			temperature: 0.5,
			top_p: 0.9,
			reasoning: {effort: 'high', summary: 'auto', context: 'all_turns'},
			text: {format: {type: 'json_schema', name: 'o', schema: {type: 'object'}, strict: true}, verbosity: 'low'},
			service_tier: 'priority',
			store: false,
			previous_response_id: 'resp_1',
			include: ['reasoning.encrypted_content'],
			metadata: {a: 'b'},
			user: 'u',
			prompt_cache_key: 'k',
			truncation: 'auto',
		};
		const encoded = toResponses({...body, client_metadata: {secret: 'x'}}).body;
		expect(encoded).toEqual({...body, model: 'upstream'});
	});

	test('hosted calls and unknown items go back as they came', () => {
		const web = {type: 'web_search_call', id: 'ws', status: 'completed', action: {type: 'search', query: 'q'}};
		expect(toResponses({input: [user('x'), web, {type: 'mystery', a: 1}]}).body['input']).toEqual([
			expect.anything(),
			web,
			{type: 'mystery', a: 1},
		]);
	});
});
