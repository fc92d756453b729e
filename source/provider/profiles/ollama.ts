import {defineProfile} from './profile.ts';

/** Ollama's /v1. Its context stays at 4096 whatever a request says: `num_ctx` is ignored there (the preset's note says so). */
export const ollama = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'ollama',
		chat: {system: 'head-tail', reasoningIn: 'reasoning', effort: 'omit', parallelToolCalls: false},
		responses: {nativeTools: [], hostedTools: [], itemIds: false, phase: false, opaqueState: false},
	},
	models: [
		// A model that does not think answers 400 to an effort.
		[
			/gpt-oss|deepseek-(?:r1|v3)|qwen3|qwq|magistral|glm|kimi|minimax/,
			{chat: {effort: 'openai', efforts: ['none', 'low', 'medium', 'high']}},
		],
	],
});
