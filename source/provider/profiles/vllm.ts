import {defineProfile} from './profile.ts';

/** vLLM and SGLang: the template decides about roles and thinking. */
export const vllm = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'vllm',
		chat: {reasoningIn: 'reasoning_content', effort: 'template', fields: ['seed', 'penalties', 'logprobs']},
		responses: {nativeTools: [], hostedTools: [], itemIds: false, phase: false, opaqueState: false},
	},
});
