import {defineProfile} from './profile.ts';

/** OpenAI: everything of Responses is native; Chat has every optional field (translation.md 1.1, 1.2). */
export const openai = defineProfile({
	quirks: {
		family: 'openai',
		answer: {inlineThink: false},
		chat: {
			maxTokensField: 'max_completion_tokens',
			system: 'keep',
			developerRole: true,
			files: true,
			strict: true,
			fields: [
				'metadata',
				'service_tier',
				'prompt_cache_key',
				'safety_identifier',
				'user',
				'verbosity',
				'logprobs',
				'seed',
				'penalties',
				'store',
			],
		},
	},
	models: [
		// Models that do not think answer 400 to an effort, models that think answer 400 to a temperature.
		[/^(?:gpt-[34]|chatgpt-)/, {chat: {effort: 'omit'}}],
		[/^(?:o\d|codex-)/, {chat: {fixedSampling: true, efforts: ['low', 'medium', 'high']}}],
		[/^gpt-(?:[5-9]|\d\d)/, {chat: {fixedSampling: true}}],
	],
});
