import {defineProfile} from './profile.ts';

/** Moonshot's Kimi: reasoning must come back with calls; the temperature is fixed; call ids repeat in every turn. */
export const kimi = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'kimi',
		chat: {
			system: 'head-tail',
			reasoningIn: 'reasoning_content',
			reasoningPlaceholder: 'tool call',
			foreignReasoning: true,
			effort: 'kimi-k2',
			forcedWithThinking: 'drop-thinking',
			responseFormat: 'json_object',
			parallelToolCalls: false,
			fixedSampling: true,
			temperatureMax: 1,
			fields: ['prompt_cache_key'],
		},
		messages: {
			unsignedThinking: true,
			thinking: 'budget',
			efforts: [],
			structuredOutput: false,
			cacheControl: false,
		},
	},
	models: [
		// K3 cannot turn its thinking off, so a forced tool gives way instead.
		[/kimi-k3/, {chat: {effort: 'kimi-k3', forcedWithThinking: 'drop-force'}}],
		[/kimi-k2(?:-|$)/, {chat: {vision: false}}],
	],
});
