import {defineProfile} from './profile.ts';

/** DeepSeek: while it thinks, every assistant message with calls must bring its `reasoning_content` back, else 400. */
export const deepseek = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'deepseek',
		chat: {
			system: 'head-tail',
			vision: false,
			reasoningIn: 'reasoning_content',
			reasoningPlaceholder: 'tool call',
			foreignReasoning: true,
			effort: 'deepseek',
			forcedWithThinking: 'drop-thinking',
			responseFormat: 'json_object',
			parallelToolCalls: false,
			fields: ['logprobs'],
		},
		// Its /anthropic address wants `thinking` back and signs nothing.
		messages: {
			unsignedThinking: true,
			thinking: 'budget',
			efforts: ['high', 'max'],
			structuredOutput: false,
			cacheControl: false,
		},
	},
	// The model without thinking: a placeholder would only teach it to write one.
	models: [[/^deepseek-chat/, {chat: {reasoningPlaceholder: undefined}}]],
});
