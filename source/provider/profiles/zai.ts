import {defineProfile} from './profile.ts';

/** Z.AI's GLM: `max_tokens` only, no `stream_options`, JSON objects without a schema, tools by `auto` only, arguments streamed on request. */
export const zai = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'zai',
		chat: {
			streamOptions: false,
			vision: false,
			reasoningIn: 'reasoning_content',
			foreignReasoning: true,
			effort: 'zai',
			forced: 'auto',
			noneDropsTools: true,
			responseFormat: 'json_object',
			parallelToolCalls: false,
			temperatureMax: 1,
			extraBody: {tool_stream: true},
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
		[/glm-\d(?:\.\d)?v/, {chat: {vision: true}}],
		// From 5.3 on thinking cannot be turned off: an explicit `none` becomes the lowest level.
		[/glm-(?:5\.[3-9]|[6-9])/, {chat: {efforts: ['low', 'medium', 'high', 'max']}}],
		[/glm-5\.2/, {chat: {efforts: ['none', 'low', 'medium', 'high', 'max']}}],
	],
});
