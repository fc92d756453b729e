import {describe, expect, test} from 'vitest';
import {readModelList, modelListUrl, modelSourceOf} from '../../source/provider/presets/model-list.ts';
import {findPreset, presets} from '../../source/provider/presets/presets.ts';

/** presets.md: name, address, dialect, header of the key, profile. */
const rows = [
	['openai', 'https://api.openai.com/v1', 'responses', 'authorization', 'openai'],
	['chatgpt', 'https://chatgpt.com/backend-api/codex', 'responses', 'client', 'openai'],
	['anthropic', 'https://api.anthropic.com', 'messages', 'x-api-key', 'anthropic'],
	['deepseek', 'https://api.deepseek.com/v1', 'chat', 'authorization', 'deepseek'],
	['kimi', 'https://api.moonshot.cn/v1', 'chat', 'authorization', 'kimi'],
	['qwen', 'https://dashscope.aliyuncs.com/compatible-mode/v1', 'chat', 'authorization', 'qwen'],
	['mistral', 'https://api.mistral.ai/v1', 'chat', 'authorization', 'mistral'],
	['groq', 'https://api.groq.com/openai/v1', 'chat', 'authorization', 'groq'],
	['xai', 'https://api.x.ai/v1', 'responses', 'authorization', 'xai'],
	['openrouter', 'https://openrouter.ai/api/v1', 'chat', 'authorization', 'openrouter'],
	['opencode-zen', 'https://opencode.ai/zen/v1', 'chat', 'authorization', 'generic'],
	['opencode-go', 'https://opencode.ai/zen/go/v1', 'chat', 'authorization', 'generic'],
	['command-code', 'https://api.commandcode.ai', 'command-code', 'authorization', 'command-code'],
	['crof', 'https://crof.ai/v1', 'chat', 'authorization', 'generic'],
	['openadapter', 'https://api.openadapter.in/v1', 'chat', 'authorization', 'generic'],
	['zai', 'https://api.z.ai/api/coding/paas/v4', 'chat', 'authorization', 'zai'],
	['nvidia-nim', 'https://integrate.api.nvidia.com/v1', 'chat', 'authorization', 'nim'],
	['kilo', 'https://api.kilo.ai/api/gateway', 'chat', 'authorization', 'generic'],
	['gemini', 'https://generativelanguage.googleapis.com/v1beta', 'gemini', 'x-goog-api-key', 'gemini'],
	[
		'gemini-openai',
		'https://generativelanguage.googleapis.com/v1beta/openai',
		'chat',
		'authorization',
		'gemini-openai',
	],
	['code-assist', 'https://cloudcode-pa.googleapis.com', 'code-assist', 'oauth', 'gemini'],
	['minimax', 'https://api.minimax.io/v1', 'chat', 'authorization', 'minimax'],
	['ollama', 'http://127.0.0.1:11434/v1', 'chat', 'none', 'ollama'],
	['llama-cpp', 'http://127.0.0.1:8080/v1', 'chat', 'authorization', 'llama-cpp'],
	['vllm', 'http://127.0.0.1:8000/v1', 'chat', 'authorization', 'vllm'],
	['lm-studio', 'http://127.0.0.1:1234/v1', 'chat', 'none', 'lm-studio'],
	['azure-openai', undefined, 'responses', 'api-key', 'openai'],
	['custom', undefined, undefined, 'asked', 'generic'],
] as const;

describe('presets (presets.md)', () => {
	test.each(rows)('%s is as the table says', (...row) => {
		const [name, baseUrl, dialect, auth, profile] = row;
		const preset = findPreset(name);
		expect(preset).toMatchObject({name, profile});
		expect(preset?.baseUrl).toBe(baseUrl);
		expect(preset?.dialect).toBe(dialect);
		expect(preset?.auth.kind === 'key' ? preset.auth.header : preset?.auth.kind).toBe(auth);
	});

	test('there is no other, and all but custom have a docs link', () => {
		expect(presets.map(({name}) => name).toSorted()).toEqual(rows.map(([name]) => name).toSorted());
		for (const {name, docs} of presets) {
			expect(name === 'custom' || docs?.startsWith('https://')).toBe(true);
		}
	});

	test('a hosted preset is https, and a plain address is this machine', () => {
		for (const {baseUrl, otherUrls} of presets) {
			for (const url of [baseUrl ?? [], otherUrls].flat()) {
				expect(url).toMatch(/^https:\/\/|^http:\/\/127\.0\.0\.1:/);
			}
		}
	});
});

const idsIn = (value: unknown) => readModelList(value)?.models.map(({id}) => id);

describe('model lists (watchdog.md 1.3)', () => {
	test('are where the dialect has them', () => {
		expect(modelListUrl('openai', 'https://x.example/v1/')?.href).toBe('https://x.example/v1/models');
		expect(modelListUrl('anthropic', 'https://x.example')?.href).toBe('https://x.example/v1/models?limit=1000');
		expect(modelListUrl('anthropic', 'https://x.example/v1')?.href).toBe('https://x.example/v1/models?limit=1000');
		expect(modelListUrl('gemini', 'https://x.example/v1beta')?.href).toBe(
			'https://x.example/v1beta/models?pageSize=1000',
		);
		expect(modelListUrl(modelSourceOf('chat', findPreset('command-code')), 'https://x.example')).toBeUndefined();
		expect(modelSourceOf('chat', findPreset('gemini'))).toBe('openai');
	});

	test('are read in all spellings', () => {
		expect(idsIn({data: [{id: 'a'}, {id: 'b'}, {id: 'a'}, {}]})).toEqual(['a', 'b']);
		expect(idsIn({models: [{name: 'models/gemini-3-pro'}]})).toEqual(['gemini-3-pro']);
		expect(idsIn(['x', 'y'])).toEqual(['x', 'y']);
		expect(readModelList({error: {message: 'no'}})).toBeUndefined();
	});

	test.each([
		['OpenRouter', {context_length: 1000, architecture: {input_modalities: ['text', 'image']}}, 1000, true],
		['Groq', {context_window: 1000}, 1000, undefined],
		['Mistral', {max_context_length: 1000, capabilities: {vision: false}}, 1000, false],
		['vLLM', {max_model_len: 1000}, 1000, undefined],
		['Google', {inputTokenLimit: 1000}, 1000, undefined],
		['llama.cpp', {meta: {n_ctx_train: 1000}, capabilities: ['completion', 'multimodal']}, 1000, true],
		['Moonshot', {context_length: 1000, supports_image_in: true}, 1000, true],
		['nonsense', {context_length: -1, capabilities: {vision: 'yes'}}, undefined, undefined],
	] as const)('tell of a model what %s says of it', (...[, facts, contextWindow, takesImages]) => {
		expect(readModelList({data: [{id: 'a', ...facts}]})?.models).toEqual([{id: 'a', contextWindow, takesImages}]);
	});

	test('have nothing in them that is no name: a star would be a rule for all models', () => {
		const ids = ['*', 'gpt-*', 'a*b*c', '__proto__', 'constructor', 'x'.repeat(257), 'gpt-5'];
		expect(idsIn({data: ids.map(id => ({id}))})).toEqual(['gpt-5']);
	});

	test('end at 5000 ids and hold no control characters', () => {
		const many = {data: Array.from({length: 5001}, (_, index) => ({id: `m${index}`}))};
		expect(readModelList(many)).toMatchObject({isCut: true});
		expect(idsIn(many)).toHaveLength(5000);
		expect(idsIn({data: [{id: 'a\u001B[31mb\nc\u0000'}, {id: '\u0007'}]})).toEqual(['ab c']);
	});
});
