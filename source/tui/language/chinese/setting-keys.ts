import type {Words} from '../words.ts';

export const settingKeys: Words['settingKeys'] = {
	readOnly: '此界面只读，不能更改设置。',
	noneSelected: '没有选中设置项。',
	standsAt: place => `它写在 ${place}：请到那里修改。`,
	notChangedHere: key => `${key} 不在这里修改。`,
	winsOverFile: (place, key) => `${place} 优先于文件；不带它启动，才能在这里修改 ${key}。`,
	noConfig: '没有使用 config.toml，无法写入。',
	mendFirst: '文件有错误，请先改正；本页会指出位置。',
	theSetting: '设置项',
	noFile: '配置不在这台机器上；请在引擎所在的机器运行 "codex-tui config show"。',
	askWrite: change => `${change} 写入吗？`,
};
