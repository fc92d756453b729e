import {describe, expect, test} from 'vitest';
import {chatMessages, toChat} from './bridge.ts';
import {assistant, call, codes, developer, f, output, reasoning, user} from './items.ts';

const effort = (level: string, chat: object) => toChat({input: 'x', reasoning: {effort: level}}, {chat}).body;

describe('reasoning (translation.md 1.3, 1.8, 1.9.8)', () => {
	const deepseek = {
		family: 'deepseek',
		chat: {reasoningIn: 'reasoning_content' as const, reasoningPlaceholder: 'tool call'},
	};
	const turn = [user('go'), reasoning('I think'), call('a'), output('a'), user('on')];

	test('case 28: DeepSeek gets the reasoning on the message with the call', () => {
		const [, message] = chatMessages({input: turn}, deepseek);
		expect(message).toMatchObject({role: 'assistant', reasoning_content: 'I think', tool_calls: [{id: 'a'}]});
	});

	test('case 29: lost reasoning is replaced by the placeholder', () => {
		const [, message] = chatMessages({input: [user('go'), call('a'), output('a')]}, deepseek);
		expect(message?.['reasoning_content']).toBe('tool call');
	});

	test('case 30: Groq gets no reasoning key at all', () => {
		expect(JSON.stringify(chatMessages({input: turn}))).not.toContain('reasoning');
	});

	test('case 31: reasoning between two user messages is not given to a later answer', () => {
		const input = [user('a'), reasoning('lost'), user('b'), assistant('c'), user('d')];
		expect(JSON.stringify(chatMessages({input}, deepseek))).not.toContain('lost');
	});

	test('reasoning at the end of a turn belongs to the answer before it', () => {
		const [, message] = chatMessages({input: [user('a'), assistant('b'), reasoning('late'), user('c')]}, deepseek);
		expect(message).toEqual({role: 'assistant', content: 'b', reasoning_content: 'late'});
	});

	test('a summary beside the ciphertext of another maker is nobody else’s thought', () => {
		const item = {...reasoning('summary'), encrypted_content: 'gAAAAB'};
		expect(JSON.stringify(chatMessages({input: [user('a'), item, assistant('b'), user('c')]}, deepseek))).not.toContain(
			'summary',
		);
	});

	test('case 34: ultra is xhigh for OpenRouter, max for DeepSeek, and nothing for a model that takes no field', () => {
		expect(effort('ultra', {effort: 'openrouter'})['reasoning']).toEqual({effort: 'xhigh'});
		expect(effort('ultra', {effort: 'deepseek'})).toMatchObject({thinking: {type: 'enabled'}, reasoning_effort: 'max'});
		expect(effort('ultra', {effort: 'omit'})).not.toHaveProperty('reasoning_effort');
	});

	test('case 35: none is the lowest level where thinking cannot be turned off', () => {
		expect(effort('none', {effort: 'kimi-k3'})['reasoning_effort']).toBe('low');
		expect(effort('none', {effort: 'zai', efforts: ['low', 'high']})).toMatchObject({reasoning_effort: 'low'});
	});

	test('nothing said is nothing sent, and an explicit none is an explicit off', () => {
		expect(toChat({input: 'x'}, {chat: {effort: 'deepseek'}}).body).not.toHaveProperty('thinking');
		expect(effort('none', {effort: 'deepseek'})['thinking']).toEqual({type: 'disabled'});
		expect(effort('none', {effort: 'qwen'})).toMatchObject({enable_thinking: false});
		expect(effort('none', {effort: 'qwen'})).not.toHaveProperty('thinking_budget');
	});

	test('the ladder takes the smallest listed level that is not below the wanted one', () => {
		const listed = {effort: 'openai', efforts: ['low', 'high']};
		expect(effort('medium', listed)['reasoning_effort']).toBe('high');
		expect(effort('max', listed)['reasoning_effort']).toBe('high');
		expect(effort('minimal', listed)['reasoning_effort']).toBe('low');
	});
});

describe('top-level fields (translation.md 1.1)', () => {
	const schema = {type: 'object', properties: {a: {type: 'string'}}};
	const format = {type: 'json_schema', name: 'out', schema, strict: true};

	test('a JSON schema is nested as Chat wants it', () => {
		expect(toChat({input: 'x', text: {format}}).body['response_format']).toEqual({
			type: 'json_schema',
			json_schema: {name: 'out', schema, strict: true},
		});
	});

	test('case 36: a provider without schemas gets json_object and the schema as a system text', () => {
		const {body} = toChat({input: 'x', text: {format}}, {chat: {responseFormat: 'json_object'}});
		expect(body['response_format']).toEqual({type: 'json_object'});
		expect(JSON.stringify(body['messages'])).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1));
	});

	test('the limit of tokens goes into the field that the provider has', () => {
		expect(toChat({input: 'x', max_output_tokens: 5}).body['max_tokens']).toBe(5);
		const openai = toChat({input: 'x', max_output_tokens: 5}, {chat: {maxTokensField: 'max_completion_tokens'}}).body;
		expect(openai['max_completion_tokens']).toBe(5);
		expect(toChat({input: 'x'}, {chat: {defaultMaxTokens: 16_384}}).body['max_tokens']).toBe(16_384);
	});

	test('fixed sampling leaves temperature out, other providers get it clamped', () => {
		expect(toChat({input: 'x', temperature: 1.5}, {chat: {temperatureMax: 1}}).body['temperature']).toBe(1);
		expect(toChat({input: 'x', temperature: 1.5}, {chat: {fixedSampling: true}}).body).not.toHaveProperty(
			'temperature',
		);
	});

	test('a provider without stream_options gets none', () => {
		expect(toChat({input: 'x'}, {chat: {streamOptions: false}}).body).toEqual({
			model: 'upstream',
			messages: [{role: 'user', content: 'x'}],
			stream: true,
		});
	});

	test('a field that nobody knows is counted, not forwarded', () => {
		const {body, losses} = toChat({input: 'x', mystery: 1});
		expect(body).not.toHaveProperty('mystery');
		expect(codes(losses)).toEqual(['unknown-field']);
	});

	test('the same request gives the same bytes', () => {
		const body = {input: [developer('a'), user('b'), call('c'), output('c')], tools: [f], reasoning: {effort: 'low'}};
		expect(JSON.stringify(toChat(body).body)).toBe(JSON.stringify(toChat(structuredClone(body)).body));
	});
});
