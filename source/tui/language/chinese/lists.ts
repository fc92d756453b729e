import type {Words} from '../words.ts';

export const lists: Words['lists'] = {
	matched: (shown, total) => `${shown}/${total}`,
	follow: '跟随',
	sorted: (field, isReversed) => `按 ${field}${isReversed ? ' 倒序' : ' 排序'}`,
};
