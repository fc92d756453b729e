import type {Words} from '../words.ts';

const keySources: Readonly<Record<string, string>> = {inline: '文件内', client: '客户端自带', none: '无需密钥'};

/** The names of a route's settings (source/engine/brain/brain-view.ts); a test holds these to their source. */
export const settingNames: Readonly<Record<string, string>> = {
	prefers: '优先',
	'only those': '仅限这些',
	'behind from': '靠后，用量自',
	'skipped from': '跳过，用量自',
	'hedge after': '并行，静默满',
};

export const routes: Words['routes'] = {
	title: '路由',
	graph: '图',
	ready: count => `${count} 个就绪`,
	noMatch: '没有符合筛选条件的上游，按 Esc 清除筛选。',
	none: '还没有配置上游。',
	begin: file => `请写入 ${file}，保存后立即生效。`,
	columns: {
		provider: '供应商',
		state: '状态',
		pin: '固定',
		service: '服务',
		share: '成功',
		firstByte: '首字节',
		load: '负载',
		quota: '配额',
		accounts: '账户',
		dialect: '协议',
		auth: '密钥',
		lastReason: '最近原因',
		route: '路由',
		weight: '权重',
		location: '位置',
	},
	quotaOut: '用尽',
	modes: {only: '仅用', prefer: '优先'},
	states: {
		ready: '就绪',
		cooling: age => `冷却 ${age}`,
		due: '待试',
		probing: '探测中',
		off: '停用',
		noKey: '无密钥',
		paused: '已暂停',
		spent: '已用尽',
		refused: '被拒绝',
	},
	asking: '正在向引擎询问路由。',
	sessionPolicy: policy => `会话策略 ${policy}`,
	backAfter: duration => `${duration} 后返回`,
	looksBackAfter: duration => `${duration} 后回头试探`,
	lastResort: what => `最后手段 ${what}`,
	keySource: label => keySources[label] ?? label.replace(/^missing env /, '未设置变量 ').replace(/^env /, '变量 '),
	setting: (name, text) => `${settingNames[name] ?? name} ${text === 'yes' ? '' : text}`.trimEnd(),
	otherwise: '否则',
	ifHolds: condition => `若 ${condition}`,
	andHolds: condition => `且 ${condition}`,
	unrouted: '不在任何路由中',
	day: (month, day) => `${month + 1}月${day}日`,
};
