import type {Words} from '../words.ts';

export const reader: Words['reader'] = {
	selected: '已选：',
	label: (title, text) => `${title}：${text}`,
	comma: '，',
	page: (title, incidents) => `页面 ${title}，${incidents}`,
	keys: '按键',
	pages: '页面',
	arrow: '然后',
	pinned: '已固定：',
	arrows: {left: '左', up: '上', right: '右', down: '下'},
};
