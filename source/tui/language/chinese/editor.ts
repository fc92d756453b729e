import type {Words} from '../words.ts';

export const editor: Words['editor'] = {
	notHere: '无法从此界面启动编辑器。',
	readOnly: '此界面只读，不打开编辑器。',
	ended: end =>
		end.kind === 'closed'
			? `${end.program} 已关闭；保存的内容立即生效。`
			: end.kind === 'failed'
				? `${end.program} 以 ${end.why} 结束；请检查文件是否如你所愿。`
				: `无法启动编辑器（${end.tried.join('、')}）；请设置 EDITOR。`,
};
