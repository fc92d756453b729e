import {describe, expect, test} from 'vitest';
import {chatMessages, toChat} from './bridge.ts';
import {call, codes, f, image, output, toolNames, user} from './items.ts';

const choice = (forced: 'native' | 'any' | 'auto') =>
	toChat({input: 'x', tools: [f], tool_choice: 'required'}, {chat: {forced}}).body['tool_choice'];

describe('images in tool outputs (translation.md 1.5)', () => {
	test('case 23: the text gets a marker and the image follows in a user message', () => {
		const parts = [{type: 'input_text', text: 'seen'}, image];
		const messages = chatMessages({input: [call('a'), output('a', parts), user('on')]});
		expect(messages.slice(1)).toEqual([
			{role: 'tool', tool_call_id: 'a', content: 'seen\n[media 1 attached below]'},
			{
				role: 'user',
				content: [
					{type: 'text', text: 'Output media for call a:'},
					{type: 'image_url', image_url: {url: 'data:image/png;base64,AAAA', detail: 'high'}},
				],
			},
			{role: 'user', content: 'on'},
		]);
	});

	test('case 24: media never stand between two results of one batch', () => {
		const messages = chatMessages({input: [call('a'), call('b'), output('a', [image]), output('b')]});
		expect(messages.map(({role}) => role)).toEqual(['assistant', 'tool', 'tool', 'user']);
	});

	test('case 25: a model without eyes gets a marker and the loss is counted', () => {
		const message = {type: 'message', role: 'user', content: [{type: 'input_text', text: 'see'}, image]};
		const {body, losses} = toChat({input: [message]}, {chat: {vision: false}});
		expect(body['messages']).toEqual([{role: 'user', content: 'see\n[image omitted: model has no image input]'}]);
		expect(codes(losses)).toContain('image-omitted');
	});

	test('case 26: the detail "original" is sent as "high"', () => {
		const [message] = chatMessages({input: [{type: 'message', role: 'user', content: [image]}]});
		expect(message?.['content']).toEqual([
			{type: 'image_url', image_url: {url: 'data:image/png;base64,AAAA', detail: 'high'}},
		]);
	});
});

describe('tools (translation.md 1.6, 1.7)', () => {
	const long = 'n'.repeat(70);

	test('case 8: a long namespaced name is cut with a hash, the same in every request', () => {
		const tools = [{type: 'namespace', name: 'ns', tools: [{...f, name: long}, {...f, name: `${long}2`}, f]}];
		const first = toChat({input: 'x', tools});
		const names = toolNames(first.body);
		expect(names).toEqual(toolNames(toChat({input: 'x', tools}).body));
		expect(names[0]).toMatch(/^ns__n+__[\da-f]{8}$/);
		expect(String(names[0])).toHaveLength(64);
		expect(names[2]).toBe('ns__f');
		expect(first.tools.resolve(String(names[0]))).toEqual({kind: 'function', namespace: 'ns', name: long});
	});

	test('case 9: a custom child of a namespace is a function here and a custom tool on the way back', () => {
		const {body, tools} = toChat({
			input: 'x',
			tools: [{type: 'namespace', name: 'functions', tools: [{type: 'custom', name: 'exec', description: 'runs'}]}],
		});
		expect(toolNames(body)).toEqual(['functions__exec']);
		expect(tools.resolve('functions__exec')).toEqual({kind: 'custom', namespace: 'functions', name: 'exec'});
	});

	test('case 10: apply_patch is a function with input, its grammar stands in the description', () => {
		const patch = {
			type: 'custom',
			name: 'apply_patch',
			description: 'Edits files.',
			format: {type: 'grammar', syntax: 'lark', definition: 'start: x'},
		};
		expect(toChat({input: 'x', tools: [patch]}).body['tools']).toEqual([
			{
				type: 'function',
				function: {
					name: 'apply_patch',
					description:
						'Edits files.\n\n```lark\nstart: x\n```\n\nPut the raw text in `input`: no JSON around it, no code fences.',
					parameters: {
						type: 'object',
						properties: {input: {type: 'string', description: 'The raw text for the tool.'}},
						required: ['input'],
						additionalProperties: false,
					},
				},
			},
		]);
	});

	test('case 13: without a tool that can be offered there is no tool field at all', () => {
		const {body} = toChat({input: 'x', tools: [{type: 'web_search'}], tool_choice: 'auto', parallel_tool_calls: true});
		expect(Object.keys(body)).toEqual(['model', 'messages', 'stream', 'stream_options']);
	});

	test('case 14: a forced tool on the denylist is gone and the choice is auto', () => {
		const {body} = toChat(
			{input: 'x', tools: [f, {...f, name: 'g'}], tool_choice: {type: 'function', name: 'f'}},
			{names: {toolDenylist: ['f']}},
		);
		expect(toolNames(body)).toEqual(['g']);
		expect(body['tool_choice']).toBe('auto');
	});

	test('a denied tool of a namespace is named with a slash or by its flat name', () => {
		const tools = [{type: 'namespace', name: 'ns', tools: [f, {...f, name: 'g'}]}];
		expect(toolNames(toChat({input: 'x', tools}, {names: {toolDenylist: ['ns/f']}}).body)).toEqual(['ns__g']);
		expect(toolNames(toChat({input: 'x', tools}, {names: {toolDenylist: ['ns__g']}}).body)).toEqual(['ns__f']);
	});

	test('names with other signs are made safe, and two that become equal stay apart', () => {
		const {body, tools} = toChat({
			input: 'x',
			tools: [
				{...f, name: 'a.b'},
				{...f, name: 'a_b'},
			],
		});
		const names = toolNames(body).map(String);
		expect(new Set(names).size).toBe(2);
		expect(tools.resolve(names[0] ?? '').name).toBe('a.b');
		expect(tools.resolve(names[1] ?? '').name).toBe('a_b');
	});

	test('case 81: a flat name is looked up, never split', () => {
		const {tools} = toChat({input: 'x', tools: [{type: 'namespace', name: 'mcp__x', tools: [{...f, name: 'search'}]}]});
		expect(tools.resolve('mcp__x__search')).toEqual({kind: 'function', namespace: 'mcp__x', name: 'search'});
	});

	test('a name in another spelling is found by case, prefix, number and by being the only child', () => {
		const {tools} = toChat({input: 'x', tools: [f, {type: 'namespace', name: 'ns', tools: [{...f, name: 'child'}]}]});
		expect(['F', 'functions.f', 'default_api:f', 'f:0'].map(name => tools.resolve(name).name)).toEqual([
			'f',
			'f',
			'f',
			'f',
		]);
		expect(tools.resolve('child')).toEqual({kind: 'function', namespace: 'ns', name: 'child'});
		expect(tools.resolve('unknown')).toEqual({kind: 'function', namespace: undefined, name: 'unknown'});
	});

	test('a schema gets an object at its root and loses $schema', () => {
		const tools = [
			{...f, parameters: null},
			{...f, name: 'g', parameters: {$schema: 's', required: ['a']}},
		];
		expect(toChat({input: 'x', tools}).body['tools']).toMatchObject([
			{function: {parameters: {type: 'object', properties: {}}}},
			{function: {parameters: {type: 'object', properties: {}, required: ['a']}}},
		]);
		expect(JSON.stringify(toChat({input: 'x', tools}).body)).not.toContain('$schema');
	});

	test('required is spelled as the provider wants it', () => {
		expect([choice('native'), choice('any'), choice('auto')]).toEqual(['required', 'any', 'auto']);
	});

	test('allowed_tools filters the tools and keeps the mode', () => {
		const {body} = toChat({
			input: 'x',
			tools: [f, {...f, name: 'g'}],
			tool_choice: {type: 'allowed_tools', mode: 'required', tools: [{type: 'function', name: 'g'}]},
		});
		expect(toolNames(body)).toEqual(['g']);
		expect(body['tool_choice']).toBe('required');
	});

	test('a forced tool and thinking: Kimi stops thinking, DashScope gives up the force', () => {
		const body = {input: 'x', tools: [f], tool_choice: 'required', reasoning: {effort: 'high'}};
		const kimi = toChat(body, {chat: {effort: 'kimi-k2', forcedWithThinking: 'drop-thinking'}}).body;
		expect(kimi).toMatchObject({thinking: {type: 'disabled'}, tool_choice: 'required'});
		const qwen = toChat(body, {chat: {effort: 'qwen', forcedWithThinking: 'drop-force'}}).body;
		expect(qwen).toMatchObject({enable_thinking: true, tool_choice: 'auto'});
	});
});
