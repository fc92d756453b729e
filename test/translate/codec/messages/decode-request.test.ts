import {describe, expect, test} from 'vitest';
import {decodeMessagesRequest} from '../../../../source/translate/codec/messages/decode-request.ts';
import {estimateTokens} from '../../../../source/translate/codec/messages/count-tokens.ts';
import type {JsonObject} from '../../../../source/wire/json-value.ts';
import {codes} from '../items.ts';
import {recordedRequest} from './kit.ts';

const decode = (body: JsonObject) => decodeMessagesRequest({model: 'claude', max_tokens: 10, messages: [], ...body});
const itemsOf = (content: unknown, role = 'user') => decode({messages: [{role, content}]}).request.items;

const hiddenOf = (signature: string) => {
	const [item] = itemsOf([{type: 'thinking', thinking: 'words', signature}], 'assistant');
	return item?.type === 'reasoning' ? item.hidden : 'no reasoning';
};

describe('a turn of Claude Code (translation.md 4.1, claude-wire.md 3)', () => {
	const {request, losses} = decodeMessagesRequest(recordedRequest('claude-code-turn'), undefined, [
		'context-1m-2025-08-07',
	]);

	test('system blocks become instructions with their cache marks, the billing header block is dropped', () => {
		expect(request.instructions).toEqual([
			{text: 'You are Claude Code.', cacheHint: '5m'},
			{text: 'Be brief.', cacheHint: '5m'},
		]);
		expect(codes(losses)).toContain('billing-header');
	});

	test('a system message in the middle keeps its place and its authority', () => {
		expect(request.items[1]).toEqual({
			type: 'message',
			role: 'developer',
			parts: [{type: 'text', text: 'New skill: tea.'}],
		});
	});

	test('thinking, text, calls and results become items in the order of the client', () => {
		expect(request.items.map(({type}) => type)).toEqual([
			'message',
			'message',
			'reasoning',
			'reasoning',
			'message',
			'call',
			'call',
			'result',
			'result',
			'message',
		]);
	});

	test('signatures that are not ours belong to Anthropic and are kept with their text', () => {
		expect(request.items[2]).toMatchObject({
			summary: ['I read it.'],
			hidden: {kind: 'signed', family: 'anthropic', text: 'I read it.', signature: 'EvQBsignature=='},
		});
		expect(request.items[3]).toMatchObject({
			summary: [],
			hidden: {kind: 'redacted', family: 'anthropic', data: 'EvRedacted=='},
		});
	});

	test('results keep their pictures, their errors and their cache marks', () => {
		expect(request.items[7]).toEqual({
			type: 'result',
			callId: 'toolu_1',
			kind: 'function',
			isError: undefined,
			output: [
				{type: 'text', text: 'a picture'},
				{type: 'image', source: {kind: 'data', mimeType: 'image/png', base64: 'AAAA'}},
			],
		});
		expect(request.items[8]).toMatchObject({output: 'no such command', isError: true, cacheHint: '1h'});
	});

	test('a text document becomes a file that every codec can read', () => {
		const base64 = Buffer.from('hällo').toString('base64');
		expect(request.items[9]).toMatchObject({
			parts: [{type: 'file', filename: 'notes', source: {kind: 'data', mimeType: 'text/plain', base64}}],
		});
	});

	test('effort, limit and stream are read; the session keys the cache and nothing names the device', () => {
		expect(request.reasoning).toMatchObject({effort: 'high', budgetTokens: undefined});
		expect(request).toMatchObject({maxOutputTokens: 64_000, stream: true, model: 'claude-opus-4-8'});
		expect(request.service.promptCacheKey).toBe('5e5510');
		expect(JSON.stringify(request.service)).not.toContain('d0"');
		expect(request.service.safetyIdentifier).toMatch(/^[\da-f]{32}$/);
	});

	test('Responses upstreams are asked for what the client keeps as signatures (translation.md 4.1)', () => {
		expect(request.service).toMatchObject({include: ['reasoning.encrypted_content'], store: false});
		expect(request.reasoning.summary).toBe('auto');
	});

	test('context_management and betas are losses', () => {
		expect(codes(losses)).toEqual(expect.arrayContaining(['context-management', 'beta']));
	});

	test('count_tokens gets an estimate that grows with the request', () => {
		const small = estimateTokens(decode({messages: [{role: 'user', content: 'hi'}]}).request).input_tokens;
		expect(small).toBeGreaterThan(0);
		expect(estimateTokens(request).input_tokens).toBeGreaterThan(small + 1600);
	});
});

describe('blocks (translation.md 4.1)', () => {
	test('string content is one text', () => {
		expect(itemsOf('hi')).toEqual([{type: 'message', role: 'user', parts: [{type: 'text', text: 'hi'}]}]);
	});

	test('images and documents by address and by file id keep their source', () => {
		const [item] = itemsOf([
			{type: 'image', source: {type: 'url', url: 'https://example.org/a.png'}},
			{type: 'document', source: {type: 'file', file_id: 'file_1'}},
			{type: 'document', source: {type: 'base64', media_type: 'application/pdf', data: 'JVBE'}},
			{type: 'document', source: {type: 'content', content: 'plain words'}},
		]);
		expect(item).toMatchObject({
			parts: [
				{type: 'image', source: {kind: 'url', url: 'https://example.org/a.png'}},
				{type: 'file', source: {kind: 'file-id', id: 'file_1'}},
				{type: 'file', source: {kind: 'data', mimeType: 'application/pdf', base64: 'JVBE'}},
				{type: 'text', text: 'plain words'},
			],
		});
	});

	test('a search result that a tool returned becomes text', () => {
		const block = {type: 'search_result', title: 'T', source: 's', content: [{type: 'text', text: 'words'}]};
		const [result] = itemsOf([{type: 'tool_result', tool_use_id: 'a', content: [block]}]);
		expect(result).toMatchObject({output: [{type: 'text', text: 'T\ns\nwords'}]});
	});

	test('what Anthropic’s own tools did is kept as it came', () => {
		const block = {type: 'server_tool_use', id: 's', name: 'web_search', input: {query: 'q'}};
		expect(itemsOf([block], 'assistant')).toEqual([{type: 'hosted', name: 'server_tool_use', raw: block}]);
	});

	test('case 40: an unknown block is kept as an unknown part, never dropped here', () => {
		expect(itemsOf([{type: 'mystery', a: 1}])).toMatchObject([{parts: [{type: 'unknown', raw: {type: 'mystery'}}]}]);
	});

	test('web citations become url_citation, citations of documents are a loss', () => {
		const citations = [
			{type: 'web_search_result_location', url: 'https://example.org', title: 'T', cited_text: 'x'},
			{type: 'char_location', document_index: 0},
		];
		const {request, losses} = decode({
			messages: [{role: 'assistant', content: [{type: 'text', text: 'abc', citations}]}],
		});
		expect(request.items[0]).toMatchObject({
			parts: [
				{annotations: [{type: 'url_citation', url: 'https://example.org', title: 'T', start_index: 0, end_index: 3}]},
			],
		});
		expect(codes(losses)).toEqual(['citation']);
	});
});

describe('thinking that comes back (translation.md 6.2)', () => {
	test('OpenAI’s encrypted_content in a signature is opaque state again', () => {
		expect(hiddenOf('gAAAAABo')).toEqual({kind: 'opaque', data: 'gAAAAABo'});
	});

	test('an envelope of ours is opened', () => {
		const envelope = `ctui1.rc.${Buffer.from('{"f":"deepseek","t":""}').toString('base64url')}`;
		expect(hiddenOf(envelope)).toEqual({kind: 'text', family: 'deepseek', text: ''});
	});

	test('a damaged envelope leaves the visible text and is a loss', () => {
		const {request, losses} = decode({
			messages: [{role: 'assistant', content: [{type: 'thinking', thinking: 'words', signature: 'ctui1.rc.%%'}]}],
		});
		expect(request.items).toEqual([{type: 'reasoning', summary: ['words'], content: [], hidden: undefined}]);
		expect(codes(losses)).toEqual(['broken-envelope']);
	});

	test('the signature of reasoning without hidden state says nothing and is no loss', () => {
		expect(hiddenOf('ctui1.none.')).toBeUndefined();
		expect(hiddenOf('')).toBeUndefined();
	});
});

describe('fields (translation.md 4.1)', () => {
	test.each([
		[{type: 'disabled'}, 'none'],
		[{type: 'enabled', budget_tokens: 512}, 'minimal'],
		[{type: 'enabled', budget_tokens: 1024}, 'low'],
		[{type: 'enabled', budget_tokens: 8192}, 'medium'],
		[{type: 'enabled', budget_tokens: 24_576}, 'high'],
		[{type: 'enabled', budget_tokens: 31_999}, 'xhigh'],
		[{type: 'adaptive'}, 'high'],
		[undefined, undefined],
	])('thinking %j means effort %s', (thinking, effort) => {
		expect(decode({thinking}).request.reasoning.effort).toBe(effort);
	});

	test('a stated effort beats the default of adaptive thinking', () => {
		const body = {thinking: {type: 'adaptive'}, output_config: {effort: 'low'}};
		expect(decode(body).request.reasoning.effort).toBe('low');
	});

	test.each([
		[{type: 'auto'}, {mode: 'auto'}],
		[{type: 'any'}, {mode: 'required'}],
		[{type: 'none'}, {mode: 'none'}],
		[
			{type: 'tool', name: 'f'},
			{mode: 'tool', tool: {kind: 'function', namespace: undefined, name: 'f'}},
		],
	])('tool_choice %j', (choice, expected) => {
		expect(decode({tool_choice: choice}).request.toolChoice).toEqual(expected);
	});

	test('disable_parallel_tool_use is parallel_tool_calls turned round', () => {
		const choice = {type: 'auto', disable_parallel_tool_use: true};
		expect(decode({tool_choice: choice}).request.parallelToolCalls).toBe(false);
		expect(decode({tool_choice: {type: 'auto'}}).request.parallelToolCalls).toBeUndefined();
	});

	test('stop sequences, sampling, speed and the output format are read', () => {
		const schema = {type: 'object', properties: {a: {type: 'string'}}, required: ['a'], additionalProperties: false};
		const {request} = decode({
			stop_sequences: ['END'],
			temperature: 0.5,
			top_k: 5,
			speed: 'fast',
			output_config: {format: {type: 'json_schema', schema}},
		});
		expect(request.sampling).toEqual({temperature: 0.5, topK: 5, stop: ['END']});
		expect(request.service.tier).toBe('priority');
		expect(request.responseFormat).toMatchObject({type: 'json-schema', schema, strict: true});
	});

	test('tools that the client runs are functions, Anthropic’s own are hosted', () => {
		const {request, losses} = decode({
			tools: [
				{name: 'Read', input_schema: {type: 'object'}, cache_control: {type: 'ephemeral'}, defer_loading: true},
				{type: 'bash_20250124', name: 'bash'},
				{type: 'web_search_20250305', name: 'web_search', max_uses: 8},
			],
		});
		expect(request.tools).toMatchObject([
			{kind: 'function', name: 'Read', cacheHint: '5m', extra: {}},
			{kind: 'function', name: 'bash', parameters: {type: 'object'}},
			{kind: 'hosted', name: 'web_search', raw: {max_uses: 8}},
		]);
		expect(codes(losses)).toEqual(['tool-field']);
	});

	test('a field that nobody knows is a loss', () => {
		expect(codes(decode({mcp_servers: []}).losses)).toEqual(['unknown-field']);
	});
});
