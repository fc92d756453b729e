import type {Words} from '../words.ts';

export const incidents: Words['incidents'] = {
	title: '事件',
	open: count => `${count} 个未结`,
	noMatch: '没有符合筛选条件的事件，按 Esc 清除筛选。',
	none: '没有事件，一切正常。',
	columns: {state: '状态', id: '编号', what: '内容', times: '次数', since: '开始', age: '历时'},
	states: {open: '未结', closed: '已结'},
	detail: '事件',
	nothingSelected: '选择一个事件，查看其依据。',
	facts: {what: '内容', advice: '建议', effect: '影响', closes: '了结', about: '关于', evidence: '依据'},
	closed: clock => `已于 ${clock} 了结`,
	about: (scope, rule, times) => `${scope}  （规则 ${rule}，${times} 次）`,
};
