import {defineProfile} from './profile.ts';

/** NVIDIA NIM: its own limit on answers is tiny, so one is always sent; what the rest takes depends on the model. */
export const nim = defineProfile({
	quirks: {
		family: 'nim',
		chat: {defaultMaxTokens: 16_384, effort: 'omit', parallelToolCalls: false},
	},
});
