import type {Words} from '../words.ts';

export const status: Words['status'] = {
	noAnswer: '无响应',
	starting: '启动中',
	restarting: '重启中',
	allDown: '全部不可用',
	degraded: '部分不可用',
	healthy: '正常',
	switched: {on: '已接入', off: '未接入', elsewhere: '指向别处'},
	route: '路由',
	lastFiveMinutes: '5分钟',
	live: count => `${count} 进行中`,
	cooling: count => `${count} 冷却中`,
	configReadAt: clock => `配置 ${clock}`,
};
