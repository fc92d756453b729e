import {defineProfile} from './profile.ts';

/** llama.cpp's server: templates want one leading system message; forced tools need `--jinja`. */
export const llamaCpp = defineProfile({
	textTools: 'strict',
	quirks: {
		family: 'llama-cpp',
		chat: {reasoningIn: 'reasoning_content', effort: 'template'},
		responses: {nativeTools: [], hostedTools: [], itemIds: false, phase: false, opaqueState: false},
	},
});
