import type {Words} from '../words.ts';

export const undo: Words['undo'] = {
	title: '可以撤销的操作',
	nothing: '没有可撤销的更改。',
	undone: label => `已撤销：「${label}」`,
	undoneMany: (count, label) => `已撤销 ${count} 步，最后一步是：「${label}」`,
	many: count => `撤销 ${count} 步`,
	readOnly: '此界面只读，没有更改可撤销。',
};
