import type {EngineEvent} from '../../../event/catalogue.ts';
import type {RequestView} from '../../../event/view.ts';

/* Names of what the engine counts by kind: requests by what they are for, decisions by the event that announced them. */

const requestKinds: Readonly<Record<NonNullable<RequestView['kind']>, string>> = {
	turn: '对话',
	compaction: '压缩',
	prewarm: '预热',
	title: '标题',
	subagent: '子代理',
	review: '审查',
	other: '其他',
};

/** Progress and figures are no decisions (source/observe/trace.ts). */
type Decision = Exclude<EngineEvent['type'], 'reply-delta' | 'engine-stats' | 'incident-updated'>;

const decisions: Readonly<Record<Decision, string>> = {
	'request-start': '收到请求',
	'call-identified': '识别调用',
	'route-planned': '规划路由',
	'body-translated': '改写正文',
	'candidate-saturated': '没有空位',
	'wait-end': '等待结束',
	'attempt-start': '开始尝试',
	'attempt-end': '结束尝试',
	'reply-start': '开始回答',
	'reply-silent': '没有输出',
	'reply-end': '结束回答',
	'breaker-changed': '熔断变化',
	'policy-action-changed': '冷却变化',
	'account-changed': '账户变化',
	'pin-changed': '固定变化',
	'config-loaded': '读入配置',
	'config-broken': '配置有误',
	'incident-opened': '事件开始',
	'incident-closed': '事件了结',
	'engine-ready': '引擎就绪',
	'engine-restarting': '引擎重启',
	'client-switched': '客户端接入',
	'log-changed': '日志变化',
	'state-lost': '状态丢失',
	'balance-changed': '余额变化',
};

const nameIn = (names: Readonly<Record<string, string>>, kind: string): string =>
	Object.hasOwn(names, kind) ? (names[kind] ?? kind) : kind;

/** What a request is for; a kind of a newer engine stays as it is. */
export const requestKindName = (kind: string): string => nameIn(requestKinds, kind);

/** What kind of decision it is; one of a newer engine stays as it is. */
export const decisionName = (kind: string): string => nameIn(decisions, kind);
