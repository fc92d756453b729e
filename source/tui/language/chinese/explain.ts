import type {Words} from '../words.ts';

export const explain: Words['explain'] = {
	title: '解释',
	nextRequest: '下一个请求',
	asking: '正在询问引擎。',
	chosen: '已选',
	askedFirst: '最先询问',
	inOrder: '顺序：',
	nobody: '没有上游能处理',
	whatIf: '假设',
	editWithEnter: '按 Enter 编辑',
	fields: {service: '服务', model: '模型', session: '会话', down: '故障', up: '恢复', in: '多久后'},
	hints: {
		service: 'codex 或 claude',
		model: '例如 gpt-5.5',
		session: '会话 ID，留空表示新会话',
		down: '无法服务的供应商',
		up: '解除冷却的供应商',
		in: '经过的时间：90s、10m、2h',
	},
	fillIn: '填写任意字段：Enter 输入，再按 Enter 询问。',
	result: '结果',
	noList: '解释页没有可筛选的列表；按 3 看请求，按 w 填写假设。',
	was: chosen => `（原为 ${chosen ?? '无'}）`,
};
