import type {Words} from '../words.ts';

export const notices: Words['notices'] = {
	theme: name => `主题：${name}。`,
	themeReread: name => `已重新读取主题 ${name}。`,
	mouseOn: '鼠标可滚动并选中行。',
	mouseOff: '鼠标已交还终端：拖动即可选取文字。',
	copied: what => `${what}已复制到剪贴板（需终端支持 OSC 52）。`,
	nothingSaid: '还没有对话内容。',
	noLedger: '账本不在这台机器上；请在引擎所在的机器运行 `codex-tui usage`。',
	longestRange: '没有更长的范围；`codex-tui usage --days N` 可查看全部。',
	shortestRange: '今天是最短的范围。',
	serviceNames: '服务只能是 codex 或 claude。',
	noTime: text => `"${text}" 不是时长：请写 90s、10m、2h 或 1d。`,
	underHelp: '先按 Esc 关闭帮助：它挡住了这个键的对象。',
};
