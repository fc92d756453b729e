import {defineProfile} from './profile.ts';

/** LM Studio: its Responses takes functions and MCP servers only. */
export const lmStudio = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'lm-studio',
		chat: {system: 'head-tail', reasoningIn: 'reasoning_content', effort: 'template'},
		responses: {nativeTools: [], hostedTools: ['mcp'], itemIds: false, phase: false, opaqueState: false},
	},
});
