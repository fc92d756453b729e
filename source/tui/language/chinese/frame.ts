import type {Words} from '../words.ts';

const titles: Words['frame']['titles'] = {
	dash: '总览',
	routes: '路由',
	sessions: '会话',
	requests: '请求',
	trace: '轨迹',
	explain: '解释',
	incidents: '事件',
	usage: '用量',
	doctor: '诊断',
	settings: '设置',
};

export const frame: Words['frame'] = {
	titles,
	// Two signs are as short as a name gets.
	stubs: titles,
	openIncidents: count => (count === 0 ? '无事件' : `${count} 个事件`),
	quitWhileLive: live => `有 ${live} 个请求正在进行，退出会将其中断。退出吗？`,
	spoken: '界面语言：简体中文。',
	tooSmall: {
		needs: size => `至少需要 ${size}`,
		has: size => `现在是 ${size}`,
		goesOn: '代理仍在运行。',
		enlarge: '请放大窗口；q 退出',
	},
};
