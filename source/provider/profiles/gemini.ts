import {defineProfile} from './profile.ts';

/** Google's generateContent (translation.md 3.3); also behind Code Assist. Names begin with a letter, which takes a place of 64. */
export const gemini = defineProfile({
	quirks: {
		family: 'gemini',
		names: {maxToolNameLength: 63},
		answer: {inlineThink: false},
		gemini: {toolImages: true, fixedTemperature: true, jsonWithTools: true, search: 'alone'},
	},
	models: [
		[/gemini-3(?:\.\d)?-pro/, {gemini: {efforts: ['low', 'medium', 'high']}}],
		[
			/gemini-2\.5-pro/,
			{
				gemini: {
					thinking: 'budget',
					efforts: ['minimal', 'low', 'medium', 'high'],
					toolImages: false,
					fixedTemperature: false,
					jsonWithTools: false,
				},
			},
		],
		[
			/gemini-2\.5/,
			{
				gemini: {
					thinking: 'budget',
					efforts: ['none', 'minimal', 'low', 'medium', 'high'],
					toolImages: false,
					fixedTemperature: false,
					jsonWithTools: false,
				},
			},
		],
		[
			/gemini-(?:1|2\.0)|gemma|learnlm/,
			{
				gemini: {
					jsonSchema: false,
					thinking: 'none',
					efforts: [],
					toolImages: false,
					fixedTemperature: false,
					jsonWithTools: false,
				},
			},
		],
	],
});
