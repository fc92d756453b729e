import type {Words} from '../words.ts';

export const keys: Words['keys'] = {
	noJson: '从这里起不是 JSON，全部沿用默认按键。格式如 {"route.pin": ["ctrl+p"]}。',
	noObject: '应为"命令: 按键列表"的对象，例如 {"route.pin": ["ctrl+p"]}。',
	tooLarge: '文件太大，不像按键文件；全部沿用默认按键。',
	unknownCommand: (command, nearest) =>
		nearest === undefined
			? `没有命令"${command}"，"codex-tui keys"列出全部命令。`
			: `没有命令"${command}"，是否为"${nearest}"？`,
	twice: command => `"${command}"写了两次，沿用默认按键。`,
	noKeys: command => `"${command}"需要按键列表，例如 ["ctrl+p", "x"]；[] 表示不要按键。`,
	unknownKey: key =>
		`终端没有按键"${key.slice(0, 24)}"；可用字母、"ctrl+x"、"f1" 到 "f12"、"enter"、"space"、"tab"、"pgup" 等。`,
	sameKey: (key, same) => `终端分不清"${key}"和"${same}"，请写"${same}"。`,
	mustKeep: (command, key) => `"${command}"必须保留按键 ${key}，可另加其他键。`,
	reserved: (key, owner, command) => `${key} 固定用于"${owner}"，不能给"${command}"。`,
	clash: ({key, command, other, page}) =>
		`在"${page}"页，${key} 会同时表示"${other}"和"${command}"；"${command}"沿用默认按键。`,
	read: count => (count === 0 ? '已恢复默认按键。' : `已重新读取 keys.json，改了 ${count} 项。`),
	more: count => (count === 0 ? '' : `（另有 ${count} 处，见 codex-tui keys）`),
};
