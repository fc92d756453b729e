import {defineProfile} from './profile.ts';

/** Mistral: strict order of roles, call ids of nine letters or digits, `any` for a forced tool. */
export const mistral = defineProfile({
	quirks: {
		family: 'mistral',
		names: {callIds: 'mistral'},
		answer: {inlineThink: false},
		chat: {
			alternate: true,
			fillerAfterTool: 'Understood.',
			effort: 'omit',
			forced: 'any',
			temperatureMax: 1.5,
			fields: ['penalties'],
		},
	},
	models: [
		[/magistral/, {chat: {effort: 'mistral', reasoningIn: 'content-thinking'}}],
		[/codestral|nemo|mathstral|^open-/, {chat: {vision: false}}],
	],
});
