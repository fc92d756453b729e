import type {Words} from '../words.ts';

export const messages: Words['messages'] = {
	filter: '筛选',
	shownOfClears: (shown, total) => `显示 ${shown}/${total}   Esc 清除`,
	yesOrNo: 'y 是  n 否',
	engineRestarts: '引擎已停止，正在重启；请求会等待，无需操作。',
	shownSince: clock => `显示的是 ${clock} 的状态。`,
	engineTrouble: reason => `正在重试。引擎：${reason}。`,
	doesNotAnswer: '没有响应',
	lastGoodStays: '继续使用上一份有效配置。',
	showsHow: '查看方法',
	fixes: '修复',
	later: '稍后',
	more: count => `还有 ${count} 条`,
	waiting: '正在等待引擎',
	engine: '引擎',
	loopP99: ms => `循环 p99 ${ms}ms`,
	droppedEvents: count => `丢弃了 ${count} 个界面事件`,
	configWarnings: (count, first) => `${count} 条配置警告：${first}`,
};
