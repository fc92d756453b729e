import {describe, expect, test} from 'vitest';
import {profileNames, type ProfileName} from '../../source/provider/profiles/names.ts';
import {profiles, quirksOf} from '../../source/provider/profiles/profiles.ts';
import {decodeResponsesRequest} from '../../source/translate/codec/responses/decode-request.ts';
import {encodeResponsesRequest} from '../../source/translate/codec/responses/encode-request.ts';
import {encodeChatRequest} from '../../source/translate/codec/chat/encode-request.ts';
import type {JsonObject} from '../../source/wire/json-value.ts';

const f = {type: 'function', name: 'f', parameters: {type: 'object', properties: {}}};
const history = [
	{type: 'message', role: 'user', content: 'go'},
	{type: 'reasoning', summary: [{type: 'summary_text', text: 'hm'}], encrypted_content: null},
	{type: 'function_call', call_id: 'functions.f:0', name: 'f', arguments: '{}'},
	{type: 'function_call_output', call_id: 'functions.f:0', output: 'ok'},
	{type: 'message', role: 'user', content: 'on'},
];

const toChat = (profile: ProfileName, model: string, body: JsonObject = {}): JsonObject => {
	const {request} = decodeResponsesRequest({model, input: history, tools: [f], ...body});
	return encodeChatRequest(request, {model, stream: true, quirks: quirksOf(profile, model)}).body;
};

const messagesOf = (body: JsonObject): readonly JsonObject[] =>
	Array.isArray(body['messages']) ? body['messages'] : [];

const withCalls = (body: JsonObject): JsonObject => messagesOf(body).find(message => message['tool_calls']) ?? {};

const toResponses = (profile: ProfileName, model: string): JsonObject => {
	const {request} = decodeResponsesRequest({
		model,
		input: [{type: 'message', id: 'msg_1', role: 'assistant', content: 'x'}, ...history],
		tools: [
			{type: 'custom', name: 'apply_patch'},
			{type: 'namespace', name: 'mcp__x__', tools: [f]},
			{type: 'web_search', external_web_access: true},
		],
		reasoning: {effort: 'high'},
		safety_identifier: 's',
		prompt_cache_retention: '24h',
	});
	return encodeResponsesRequest(request, {model, stream: true, quirks: quirksOf(profile, model)}).body;
};

const kindsOf = ({tools}: JsonObject): readonly unknown[] =>
	(Array.isArray(tools) ? tools : []).map((tool: JsonObject) => tool['type']);

describe('provider profiles (translation.md 1.10)', () => {
	test('every name has a profile with complete rows', () => {
		expect(Object.keys(profiles).toSorted()).toEqual([...profileNames].toSorted());
		for (const {quirks, models} of Object.values(profiles)) {
			for (const row of [quirks, ...models.map(model => model.quirks)]) {
				expect(Object.keys(row.chat)).toHaveLength(Object.keys(profiles.generic.quirks.chat).length);
				expect(row.family).toBe(quirks.family);
			}
		}
	});

	test('DeepSeek gets its reasoning back on every message with calls', () => {
		expect(withCalls(toChat('deepseek', 'deepseek-reasoner'))).toMatchObject({reasoning_content: 'hm'});
		const lost = history.filter(({type}) => type !== 'reasoning');
		expect(withCalls(toChat('deepseek', 'deepseek-v4', {input: lost}))).toMatchObject({reasoning_content: 'tool call'});
		expect(withCalls(toChat('deepseek', 'deepseek-chat', {input: lost}))).not.toHaveProperty('reasoning_content');
	});

	test('a forced tool turns the thinking off for DeepSeek and Kimi', () => {
		const forced = {tool_choice: 'required', reasoning: {effort: 'high'}};
		expect(toChat('deepseek', 'deepseek-v4', forced)).toMatchObject({
			thinking: {type: 'disabled'},
			tool_choice: 'required',
		});
		expect(toChat('kimi', 'kimi-k2.6', forced)).toMatchObject({thinking: {type: 'disabled'}, tool_choice: 'required'});
		expect(toChat('kimi', 'kimi-k3', forced)).toMatchObject({reasoning_effort: 'high', tool_choice: 'auto'});
	});

	test('Kimi gets no temperature, and K3 no thinking field', () => {
		expect(toChat('kimi', 'kimi-k2.6', {temperature: 0.2})).not.toHaveProperty('temperature');
		const body = toChat('kimi', 'kimi-k3', {reasoning: {effort: 'none'}});
		expect(body).toMatchObject({reasoning_effort: 'low'});
		expect(body).not.toHaveProperty('thinking');
	});

	test('Qwen: thinking by budget, a forced tool gives way, the schema goes as text', () => {
		const body = toChat('qwen', 'qwen3-max', {
			reasoning: {effort: 'medium'},
			tool_choice: {type: 'function', name: 'f'},
			text: {format: {type: 'json_schema', name: 's', schema: {type: 'object'}}},
		});
		expect(body).toMatchObject({enable_thinking: true, thinking_budget: 4096, tool_choice: 'auto'});
		expect(body).not.toHaveProperty('response_format');
		expect(messagesOf(body)[0]).toMatchObject({role: 'system', content: expect.stringContaining('JSON Schema')});
	});

	test('Mistral: ids of nine characters, `any`, a filler between a result and a user', () => {
		const body = toChat('mistral', 'mistral-large-latest', {tool_choice: 'required'});
		expect(body).toMatchObject({tool_choice: 'any'});
		expect(messagesOf(body).map(({role}) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
		expect(JSON.stringify(withCalls(body))).toMatch(/"id":"[A-Za-z\d]{9}"/);
	});

	test('Magistral gets its thinking back as a content array', () => {
		const {content} = withCalls(toChat('mistral', 'magistral-medium-latest'));
		expect(content).toEqual([{type: 'thinking', thinking: [{type: 'text', text: 'hm'}]}]);
		expect(toChat('mistral', 'magistral-medium-latest', {reasoning: {effort: 'high'}})).toMatchObject({
			prompt_mode: 'reasoning',
		});
	});

	test('Groq and xAI get no reasoning at all (case 30)', () => {
		for (const [profile, model] of [
			['groq', 'llama-3.3-70b-versatile'],
			['xai', 'grok-4'],
			['nim', 'meta/llama'],
		] as const) {
			expect(JSON.stringify(toChat(profile, model))).not.toContain('hm');
			expect(toChat(profile, model, {reasoning: {effort: 'high'}})).not.toHaveProperty('reasoning_effort');
		}

		expect(toChat('groq', 'openai/gpt-oss-120b', {reasoning: {effort: 'max'}})).toMatchObject({
			reasoning_effort: 'high',
		});
	});

	test('effort ultra: OpenRouter xhigh, DeepSeek max, grok-4 nothing (case 34)', () => {
		const effort = {reasoning: {effort: 'ultra'}};
		expect(toChat('openrouter', 'openai/gpt-5', effort)).toMatchObject({reasoning: {effort: 'xhigh'}});
		expect(toChat('deepseek', 'deepseek-v4', effort)).toMatchObject({reasoning_effort: 'max'});
		expect(toChat('xai', 'grok-4', effort)).not.toHaveProperty('reasoning_effort');
		expect(toChat('xai', 'grok-3-mini', effort)).toMatchObject({reasoning_effort: 'high'});
	});

	test('effort none: GLM-5.3 and Kimi K3 get the lowest level (case 35)', () => {
		expect(toChat('zai', 'glm-5.3', {reasoning: {effort: 'none'}})).toMatchObject({
			thinking: {type: 'enabled', clear_thinking: false},
			reasoning_effort: 'low',
		});
	});

	test('Z.AI: only max_tokens, no stream_options, tools by auto, arguments as a stream', () => {
		const body = toChat('zai', 'glm-5.3', {tool_choice: 'required', max_output_tokens: 5});
		expect(body).toMatchObject({max_tokens: 5, tool_choice: 'auto', tool_stream: true});
		expect(body).not.toHaveProperty('stream_options');
		expect(toChat('zai', 'glm-4.7', {tool_choice: 'none'})).not.toHaveProperty('tools');
	});

	test('MiniMax: one system message and the reasoning split off; M2 cannot be told not to think', () => {
		const system = {type: 'message', role: 'developer', content: 'rule'};
		const body = toChat('minimax', 'MiniMax-M2.5', {
			instructions: 'first',
			input: [...history, system],
			reasoning: {effort: 'none'},
		});
		expect(messagesOf(body).filter(({role}) => role === 'system')).toHaveLength(1);
		expect(body).toMatchObject({reasoning_split: true});
		expect(body).not.toHaveProperty('thinking');
		expect(toChat('minimax', 'MiniMax-M3', {reasoning: {effort: 'none'}})).toMatchObject({
			thinking: {type: 'disabled'},
		});
	});

	test('NVIDIA NIM always gets a limit, OpenAI the field it knows', () => {
		expect(toChat('nim', 'meta/llama')).toMatchObject({max_tokens: 16_384});
		expect(toChat('openai', 'gpt-5.5', {max_output_tokens: 9, temperature: 1})).toMatchObject({
			max_completion_tokens: 9,
		});
		expect(toChat('openai', 'gpt-5.5', {temperature: 1})).not.toHaveProperty('temperature');
		expect(toChat('openai', 'gpt-4.1', {temperature: 1, reasoning: {effort: 'low'}})).toMatchObject({temperature: 1});
		expect(toChat('openai', 'gpt-4.1', {reasoning: {effort: 'low'}})).not.toHaveProperty('reasoning_effort');
	});

	test('a local template is told to think or not', () => {
		for (const profile of ['llama-cpp', 'vllm', 'lm-studio'] as const) {
			expect(toChat(profile, 'm', {reasoning: {effort: 'none'}})).toMatchObject({
				chat_template_kwargs: {enable_thinking: false},
			});
		}

		expect(toChat('ollama', 'qwen3:8b', {reasoning: {effort: 'none'}})).toMatchObject({reasoning_effort: 'none'});
		expect(toChat('ollama', 'llama3.2', {reasoning: {effort: 'none'}})).not.toHaveProperty('reasoning_effort');
	});

	test('strict Responses servers get functions only, and nothing that they refuse (4.3)', () => {
		expect(kindsOf(toResponses('xai', 'grok-4'))).toEqual(['function', 'function', 'web_search']);
		expect(kindsOf(toResponses('lm-studio', 'qwen3'))).toEqual(['function', 'function']);
		expect(kindsOf(toResponses('openai', 'gpt-5.5'))).toEqual(['custom', 'namespace', 'web_search']);
		const grok = toResponses('xai', 'grok-4');
		expect(Object.keys(grok)).not.toEqual(
			expect.arrayContaining([expect.stringMatching(/^(?:reasoning|safety_identifier|prompt_cache_retention)$/)]),
		);
		expect(JSON.stringify(grok)).not.toContain('msg_1');
		expect(toResponses('xai', 'grok-3-mini')).toHaveProperty('reasoning');
	});

	test('text tool calls are looked for in models that leak them, never at OpenAI, Anthropic and Google (5.2)', () => {
		const strict = profileNames.filter(name => profiles[name].textTools === 'strict');
		expect(strict).toEqual([
			'deepseek',
			'kimi',
			'qwen',
			'zai',
			'minimax',
			'ollama',
			'llama-cpp',
			'vllm',
			'lm-studio',
			'command-code',
		]);
	});

	test('a name of a model is matched in any case, and an unknown one gets the profile’s own row', () => {
		expect(quirksOf('kimi', 'KIMI-K3-Preview')).toBe(quirksOf('kimi', 'kimi-k3'));
		expect(quirksOf('kimi', 'something')).toBe(profiles.kimi.quirks);
		expect(quirksOf('anthropic', 'claude-haiku-4-5-20251001').messages).toMatchObject({
			thinking: 'budget',
			midSystem: false,
		});
		expect(quirksOf('anthropic', 'claude-opus-4-8').messages).toMatchObject({thinking: 'adaptive', midSystem: true});
	});
});
