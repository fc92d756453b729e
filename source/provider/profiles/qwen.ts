import {defineProfile} from './profile.ts';

/** Alibaba's DashScope: no JSON mode while thinking (the schema goes as text), no forced tool while thinking, budgets in tokens. */
export const qwen = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'qwen',
		chat: {
			system: 'head-tail',
			vision: false,
			reasoningIn: 'reasoning_content',
			effort: 'qwen',
			budgets: {minimal: 1024, low: 1024, medium: 4096, high: 16_384, xhigh: 38_912, max: 38_912, ultra: 38_912},
			forcedWithThinking: 'drop-force',
			responseFormat: 'none',
			temperatureMax: 1.99,
			fields: ['seed'],
		},
	},
	models: [[/vl|omni|qvq|qwen-?[3-9]\.[5-9]|qwen-?[4-9]/, {chat: {vision: true}}]],
});
