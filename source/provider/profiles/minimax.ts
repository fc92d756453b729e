import {defineProfile} from './profile.ts';

/** MiniMax: exactly one system message (error 2013 otherwise); `reasoning_split` keeps the thinking out of the text. */
export const minimax = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'minimax',
		chat: {
			vision: false,
			reasoningIn: 'reasoning_details',
			effort: 'minimax',
			parallelToolCalls: false,
			temperatureMax: 1,
			extraBody: {reasoning_split: true},
		},
		responses: {nativeTools: [], hostedTools: [], itemIds: false, phase: false, opaqueState: false},
		messages: {
			unsignedThinking: true,
			thinking: 'budget',
			efforts: [],
			structuredOutput: false,
			cacheControl: false,
		},
	},
	// M2 cannot turn its thinking off.
	models: [[/minimax-m2/, {chat: {effort: 'omit'}, messages: {alwaysThinks: true}}]],
});
