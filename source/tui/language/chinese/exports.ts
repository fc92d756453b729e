import type {Words} from '../words.ts';

export const exports: Words['exports'] = {
	nothingSelected: '未选中任何行。',
	nothingShown: '当前没有行可导出。',
	cannotSort: '此列表有自己的顺序。',
	nowhere: '此界面没有可导出的文件夹。',
	written: (rows, path) => `已将 ${rows} 行写入 ${path}`,
	theRow: '该行',
	copyAs: '复制为',
	asJson: '该行的 JSON',
	asId: '仅 ID',
};
