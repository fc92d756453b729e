import type {Words} from '../words.ts';

export const picker: Words['picker'] = {
	find: '查找：',
	nothingFits: '没有符合的选项',
};
