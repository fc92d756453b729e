import type {Words} from '../words.ts';

export const palette: Words['palette'] = {
	title: '命令',
	nothingFits: '没有匹配的命令。',
	nothingToRun: '没有匹配的命令；Esc 关闭。',
	onlyServes: '只用它',
	triedFirst: '先试它',
	pauses: '不再向其账户发送请求',
	resumes: '恢复向其账户发送请求',
	usageRange: '用量页的时间范围',
	theme: '界面配色',
	languages: {en: '英文 (English)', 'zh-CN': '简体中文'},
	usageBy: {
		provider: '按供应商列出',
		model: '按模型列出',
		session: '按会话列出',
		project: '按项目列出',
		day: '按天列出',
		hour: '按小时列出',
		error: '按错误列出',
	},
};
