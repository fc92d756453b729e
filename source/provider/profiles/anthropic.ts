import {defineProfile} from './profile.ts';

const webSearch = {type: 'web_search_20250305', name: 'web_search'} as const;

/** Anthropic's Messages (translation.md 3.1); which models take what was seen in Claude Code's requests (claude-wire.md 2-3). */
export const anthropic = defineProfile({
	quirks: {
		family: 'anthropic',
		answer: {inlineThink: false},
		messages: {midSystem: true, maxTokens: 64_000, webSearch},
	},
	models: [
		[
			/claude-(?:3-[05]|3-(?:opus|sonnet|haiku))/,
			{messages: {midSystem: false, thinking: 'none', efforts: [], maxTokens: 4096, structuredOutput: false}},
		],
		[/haiku/, {messages: {midSystem: false, thinking: 'budget', efforts: [], maxTokens: 32_000}}],
		[
			/claude-(?:3-7|(?:opus|sonnet)-4(?:-[015])?(?:-\d{8})?$)/,
			{messages: {midSystem: false, thinking: 'budget', efforts: [], maxTokens: 32_000, structuredOutput: false}},
		],
	],
});
