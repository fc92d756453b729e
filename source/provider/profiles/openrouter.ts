import {defineProfile} from './profile.ts';

/** OpenRouter: `reasoning` as an object, `reasoning_details` back as they came; the rest depends on the model behind it. */
export const openrouter = defineProfile({
	quirks: {
		family: 'openrouter',
		answer: {inlineThink: false},
		chat: {
			system: 'keep',
			files: true,
			reasoningIn: 'reasoning_details',
			effort: 'openrouter',
			efforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
			fields: ['seed', 'penalties', 'logprobs', 'user', 'verbosity'],
		},
	},
	models: [
		[/^anthropic\//, {chat: {toolImages: 'native'}}],
		[/^openai\//, {chat: {developerRole: true}}],
		[/^(?:mistralai|minimax|z-ai)\//, {chat: {system: 'merge-head'}}],
	],
});
