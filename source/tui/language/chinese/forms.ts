import type {Words} from '../words.ts';

export const forms: Words['forms'] = {
	changed: count => `已改 ${count} 项`,
	preview: '预览',
	yWrites: '按 y 写入',
	workingOut: '正在计算...',
	noChange: '还没有改动。',
	picking: '输入以搜索',
	leave: '不写入就离开？',
	keys: {
		change: '修改',
		next: '换一个值',
		clear: '清空',
		reset: '还原',
		preview: '预览',
		write: '写入',
		toFields: '返回字段',
		close: '关闭',
	},
};
