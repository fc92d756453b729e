import type {Words} from '../words.ts';

export const lists: Words['lists'] = {
	matched: (shown, total) => `${shown}/${total}`,
	follow: '跟随',
};
