import type {Words} from '../words.ts';

export const attach: Words['attach'] = {
	attachedTo: where => `已附加 ${where}`,
	readOnly: '只读',
	mayAct: '可操作',
	staleSince: clock => `${clock} 起无更新`,
	leave: '离开',
	readOnlyHere: '此界面只读；用 codex-tui attach --allow-actions 打开才可更改。',
};
