import {defineProfile} from './profile.ts';

/** Google's Chat address: each call keeps its `extra_content.google.thought_signature`. */
export const geminiOpenAi = defineProfile({
	quirks: {
		family: 'gemini',
		answer: {inlineThink: false},
		chat: {efforts: ['minimal', 'low', 'medium', 'high'], parallelToolCalls: false},
	},
	models: [
		[/gemini-2\.5-flash/, {chat: {efforts: ['none', 'minimal', 'low', 'medium', 'high']}}],
		[/gemini-(?:1|2\.0)|gemma|learnlm/, {chat: {effort: 'omit'}}],
	],
});
