import {describe, expect, test} from 'vitest';
import {sealHiddenState} from '../../../../source/translate/codec/envelope.ts';
import {TranslationRefusal} from '../../../../source/translate/codec/refusal.ts';
import {isJsonObject, type JsonObject} from '../../../../source/wire/json-value.ts';
import type {QuirkChanges} from '../bridge.ts';
import {assistant, call, codes, f, output, user} from '../items.ts';
import {checkMessagesRequest} from './check-messages.ts';
import {anthropic, toMessages} from './kit.ts';

const bodyOf = (more: JsonObject, changes: QuirkChanges = anthropic): JsonObject => {
	const {body} = toMessages({input: 'x', ...more}, changes);
	checkMessagesRequest(body);
	return body;
};

const budget: QuirkChanges = {family: 'anthropic', messages: {thinking: 'budget'}};

const toolsOf = (tools: readonly unknown[]): unknown =>
	bodyOf({tools}, {...anthropic, messages: {cacheControl: false}})['tools'];

describe('tools (translation.md 1.6, 3.1)', () => {
	test('a function gets an object schema without $schema', () => {
		const parameters = {$schema: 'x', type: 'object', properties: {a: {type: 'string'}}};
		expect(toolsOf([{type: 'function', name: 'f', description: 'd', parameters}])).toEqual([
			{name: 'f', description: 'd', input_schema: {type: 'object', properties: {a: {type: 'string'}}}},
		]);
	});

	test('case 10: a freeform tool takes one string and brings its grammar in its description', () => {
		const format = {type: 'grammar', syntax: 'lark', definition: 'start: "x"'};
		const [tool] = [toolsOf([{type: 'custom', name: 'apply_patch', description: 'Edits.', format}])].flat();
		expect(tool).toMatchObject({name: 'apply_patch', input_schema: {required: ['input']}});
		expect(JSON.stringify(tool)).toContain('start: \\"x\\"');
	});

	test('case 8: a namespaced name of 70 characters is cut to 64 and found again', () => {
		const name = 'n'.repeat(70);
		const namespace = {type: 'namespace', name: 'mcp__x', tools: [{type: 'function', name}]};
		const {body, tools} = toMessages({input: 'x', tools: [namespace]});
		checkMessagesRequest(body);
		const [tool] = Array.isArray(body['tools']) ? body['tools'].filter(isJsonObject) : [];
		expect(tools.resolve(String(tool?.['name']))).toEqual({kind: 'function', namespace: 'mcp__x', name});
	});

	test('a choice between schemas at the root is left out: Messages refuses it', () => {
		const {body, losses} = toMessages({
			input: 'x',
			tools: [{type: 'function', name: 'f', parameters: {type: 'object', properties: {}, anyOf: [{}]}}],
		});
		expect(JSON.stringify(body)).not.toContain('anyOf');
		expect(codes(losses)).toContain('schema-union');
	});

	test('case 13: web search alone leaves no tools, unless the provider’s row has one', () => {
		const search = {tools: [{type: 'web_search'}], tool_choice: 'auto', parallel_tool_calls: false};
		expect(bodyOf(search)).not.toHaveProperty('tools');
		expect(bodyOf(search)).not.toHaveProperty('tool_choice');
		const webSearch = {type: 'web_search_20250305', name: 'web_search'};
		const {body} = toMessages({input: 'x', ...search}, {messages: {webSearch, cacheControl: false}});
		expect(body['tools']).toEqual([webSearch]);
	});

	test.each([
		['auto', {type: 'auto'}],
		['none', {type: 'none'}],
		['required', {type: 'any'}],
		[
			{type: 'function', name: 'f'},
			{type: 'tool', name: 'f'},
		],
		[{type: 'function', name: 'gone'}, {type: 'auto'}],
		[{type: 'allowed_tools', mode: 'required', tools: [{type: 'function', name: 'f'}]}, {type: 'any'}],
	])('tool_choice %j', (choice, expected) => {
		expect(bodyOf({tools: [f], tool_choice: choice})['tool_choice']).toEqual(expected);
	});

	test('parallel_tool_calls:false needs a choice to stand in', () => {
		const off = {disable_parallel_tool_use: true};
		expect(bodyOf({tools: [f], parallel_tool_calls: false})['tool_choice']).toEqual({type: 'auto', ...off});
		const forced = {tools: [f], parallel_tool_calls: false, tool_choice: 'required'};
		expect(bodyOf(forced)['tool_choice']).toEqual({type: 'any', ...off});
		expect(bodyOf({tools: [f], parallel_tool_calls: true})).not.toHaveProperty('tool_choice');
	});

	test('case 14: a denied tool is not offered and cannot be forced', () => {
		const changes = {...anthropic, names: {toolDenylist: ['f']}};
		const more = {tools: [f, {...f, name: 'g'}], tool_choice: {type: 'function', name: 'f'}};
		expect(bodyOf(more, changes)).toMatchObject({tools: [{name: 'g'}], tool_choice: {type: 'auto'}});
	});
});

describe('thinking (translation.md 1.8, 3.1)', () => {
	test.each([
		['minimal', 'low'],
		['high', 'high'],
		['xhigh', 'xhigh'],
		['ultra', 'max'],
	])('effort %s is %s for adaptive models', (effort, wire) => {
		expect(bodyOf({reasoning: {effort}})).toMatchObject({
			thinking: {type: 'adaptive', display: 'summarized'},
			output_config: {effort: wire},
		});
	});

	test.each([
		['minimal', 1024],
		['low', 2048],
		['medium', 8192],
		['high', 16_000],
		['max', 16_000],
	])('effort %s is a budget of %i tokens, at most half of the answer', (effort, tokens) => {
		expect(bodyOf({reasoning: {effort}}, budget)['thinking']).toEqual({type: 'enabled', budget_tokens: tokens});
	});

	test('a limit that leaves no room for thinking turns it off', () => {
		expect(bodyOf({reasoning: {effort: 'high'}, max_output_tokens: 2000}, budget)['thinking']).toEqual({
			type: 'disabled',
		});
	});

	test('nothing said means nothing sent, none is sent as off', () => {
		expect(bodyOf({})).not.toHaveProperty('thinking');
		expect(bodyOf({reasoning: {effort: 'none'}})['thinking']).toEqual({type: 'disabled'});
	});

	test('case 35: none is the lowest level for a model that cannot stop thinking', () => {
		const changes = {messages: {alwaysThinks: true}};
		expect(bodyOf({reasoning: {effort: 'none'}}, changes)['output_config']).toEqual({effort: 'low'});
	});

	test('case 82: results whose calls lack a signed thought turn thinking off for this request', () => {
		const input = [user('x'), call('a'), output('a')];
		expect(bodyOf({input, tools: [f], reasoning: {effort: 'high'}})['thinking']).toEqual({type: 'disabled'});
		const hidden = sealHiddenState({kind: 'signed', family: 'anthropic', text: 'h', signature: 'S'});
		const thought = {type: 'reasoning', summary: [], encrypted_content: hidden};
		const signed = bodyOf({input: input.toSpliced(1, 0, thought), tools: [f], reasoning: {effort: 'high'}});
		expect(signed['thinking']).toMatchObject({type: 'adaptive'});
		const later = [...input, assistant('done'), user('next')];
		expect(bodyOf({input: later, tools: [f], reasoning: {effort: 'high'}})['thinking']).toMatchObject({
			type: 'adaptive',
		});
	});

	test('case 84: a forced tool turns thinking off and keeps its force', () => {
		expect(bodyOf({tools: [f], tool_choice: 'required', reasoning: {effort: 'high'}})).toMatchObject({
			thinking: {type: 'disabled'},
			tool_choice: {type: 'any'},
		});
	});

	test('a model that cannot stop thinking refuses both with a clear text', () => {
		const changes = {messages: {alwaysThinks: true}};
		const refused = () => toMessages({input: 'x', tools: [f], tool_choice: 'required'}, changes);
		expect(refused).toThrow(TranslationRefusal);
		expect(refused).toThrow('This model always thinks, but a tool is forced');
	});
});

describe('other fields (translation.md 3.1)', () => {
	test('max_tokens is always sent and never above the model’s cap', () => {
		expect(bodyOf({})['max_tokens']).toBe(32_000);
		expect(bodyOf({max_output_tokens: 500})['max_tokens']).toBe(500);
		expect(bodyOf({max_output_tokens: 99_999})['max_tokens']).toBe(32_000);
	});

	test('sampling goes out only while the model does not think, and never temperature with top_p', () => {
		const {body, losses} = toMessages({input: 'x', temperature: 1.5, top_p: 0.5});
		expect(body).toMatchObject({temperature: 1});
		expect(body).not.toHaveProperty('top_p');
		expect(codes(losses)).toContain('sampling');
		expect(bodyOf({temperature: 1, reasoning: {effort: 'low'}})).not.toHaveProperty('temperature');
	});

	test('case 36: a schema is enforced where the provider can, else it stands in the system text', () => {
		const format = {type: 'json_schema', name: 'r', schema: {type: 'object'}, strict: true};
		const enforced = bodyOf({text: {format}});
		expect(enforced['output_config']).toEqual({format: {type: 'json_schema', schema: {type: 'object'}}});
		const changes = {messages: {structuredOutput: false}};
		expect(JSON.stringify(bodyOf({text: {format}}, changes)['system'])).toContain('JSON Schema');
	});

	test('case 37: fields of OpenAI’s service are absent, the thread becomes a fingerprint', () => {
		const body = bodyOf({
			client_metadata: {thread_id: 'thread-1'},
			prompt_cache_key: 'thread-1',
			store: false,
			include: ['reasoning.encrypted_content'],
			metadata: {mail: 'a@example.org'},
		});
		expect(JSON.stringify(body)).not.toContain('thread-1');
		expect(body['metadata']).toEqual({user_id: expect.stringMatching(/^[\da-f]{32}$/)});
		expect(Object.keys(body)).toEqual(['model', 'max_tokens', 'messages', 'metadata', 'stream']);
	});

	test('the fast tier is Anthropic’s own and names its beta', () => {
		const {body, betas} = toMessages({input: 'x', service_tier: 'priority'});
		expect(body['speed']).toBe('fast');
		expect(betas).toEqual(['fast-mode-2026-02-01']);
		const other = toMessages({input: 'x', service_tier: 'priority'}, {family: 'kimi'});
		expect(other.body).not.toHaveProperty('speed');
		expect(codes(other.losses)).toContain('service-tier');
	});

	test('fields that Messages lacks are losses', () => {
		expect(codes(toMessages({input: 'x', text: {verbosity: 'low'}, max_tool_calls: 3}).losses)).toEqual([
			'unsupported-field',
		]);
	});
});

describe('cache marks (translation.md 3.1)', () => {
	const mark = {type: 'ephemeral'};
	const history = [user('a'), assistant('b'), user('c'), assistant('d'), user('e')];

	test('the last tool, the last system block and the two latest user messages are marked', () => {
		const body = bodyOf({instructions: 'sys', input: history, tools: [f, {...f, name: 'g'}]});
		expect(body['tools']).toMatchObject([{name: 'f'}, {name: 'g', cache_control: mark}]);
		expect(body['system']).toEqual([{type: 'text', text: 'sys', cache_control: mark}]);
		const marked = Array.isArray(body['messages'])
			? body['messages'].map(message => JSON.stringify(message).includes('cache_control'))
			: [];
		expect(marked).toEqual([false, false, true, false, true]);
	});

	test('a provider without caching gets none', () => {
		expect(JSON.stringify(bodyOf({input: history}, {messages: {cacheControl: false}}))).not.toContain('cache_control');
	});

	test('the same request twice gives the same bytes', () => {
		const more = {instructions: 's', input: history, tools: [f], reasoning: {effort: 'high'}};
		expect(JSON.stringify(bodyOf(more))).toBe(JSON.stringify(bodyOf(more)));
	});

	test('forty turns keep the prefix: only marks move', () => {
		const turns = Array.from({length: 40}, (_, turn) => [call(`c${turn}`), output(`c${turn}`, `r${turn}`)]).flat();
		const changes = {...anthropic, messages: {cacheControl: false}};
		const bytesOf = (count: number): string =>
			JSON.stringify(bodyOf({input: [user('go'), ...turns.slice(0, 2 * count)], tools: [f]}, changes)['messages']);
		for (let count = 1; count < 40; count += 1) {
			const earlier = bytesOf(count);
			expect(bytesOf(count + 1).startsWith(earlier.slice(0, -1))).toBe(true);
		}
	});
});
