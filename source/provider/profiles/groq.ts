import {defineProfile} from './profile.ts';

/** Groq: 400 to any reasoning in the history, and to an effort that the model does not take. */
export const groq = defineProfile({
	quirks: {
		family: 'groq',
		chat: {
			maxTokensField: 'max_completion_tokens',
			system: 'head-tail',
			vision: false,
			effort: 'omit',
			responseFormat: 'json_object',
			fields: ['service_tier', 'seed', 'user'],
		},
	},
	models: [
		[/gpt-oss/, {chat: {effort: 'openai', efforts: ['low', 'medium', 'high'], responseFormat: 'json_schema'}}],
		[/llama-4|vision/, {chat: {vision: true}}],
	],
});
