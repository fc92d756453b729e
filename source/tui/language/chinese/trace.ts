import type {Words} from '../words.ts';
import {decisionName} from './kind-names.ts';

export const trace: Words['trace'] = {
	title: '轨迹',
	titleOf: (dot, clock) => `轨迹 ${dot} ${clock} 的请求`,
	noMatch: '没有符合筛选条件的决策，按 Esc 清除筛选。',
	forgotten: '这个请求的决策已不再保留。',
	selectNewer: '请在请求页（按 3）选择较新的请求。',
	columns: {time: '时间', kind: '决策', target: '目标', what: '内容'},
	kind: decisionName,
	detail: '决策',
	nothingSelected: '选择一个决策，查看其原因。',
	facts: {plan: '计划', what: '内容', target: '目标', request: '请求'},
};
