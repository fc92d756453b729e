import {defineProfile} from './profile.ts';

const refused: readonly string[] = ['prompt_cache_retention', 'safety_identifier'];

/** xAI: native Responses, of which it takes a part (translation.md 4.3); most models answer 400 to an effort. */
export const xai = defineProfile({
	quirks: {
		family: 'xai',
		answer: {inlineThink: false},
		chat: {
			system: 'head-tail',
			effort: 'omit',
			fields: ['seed', 'user', 'logprobs'],
		},
		responses: {
			nativeTools: [],
			hostedTools: ['web_search', 'x_search', 'code_interpreter', 'file_search', 'mcp'],
			itemIds: false,
			phase: false,
			opaqueState: false,
			refusedFields: [...refused, 'reasoning'],
		},
	},
	models: [[/grok-3-mini/, {chat: {effort: 'openai', efforts: ['low', 'high']}, responses: {refusedFields: refused}}]],
});
