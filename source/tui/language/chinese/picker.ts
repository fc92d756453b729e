import type {Words} from '../words.ts';

export const picker: Words['picker'] = {
	keys: '输入即查找  Enter 选定  Esc 关闭',
	find: '查找：',
	nothingFits: '没有符合的选项',
};
