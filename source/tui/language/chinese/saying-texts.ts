import type {Saying, SayingValues} from '../../../event/plan-view.ts';
import {endpointLabel} from '../../../observe/endpoint-label.ts';
import {reasonText} from './reason-phrases.ts';

const percentOf = (share: string | number | undefined): string => `${Math.round(Number(share ?? 0) * 100)}%`;

const modes: Readonly<Record<string, string>> = {only: '仅用', prefer: '优先'};
/** The mode of a pin. */
export const modeText = (mode: string | number | undefined): string => modes[mode ?? ''] ?? String(mode ?? '');

const scopes: Readonly<Record<string, string>> = {session: '本会话', global: '全局'};

const hardAffinity = 'affinity_policy 为 hard：会话留在它的上游';
const compactState = '带状态的压缩请求需要会话已有归属';

const stateText = ({subject, other}: SayingValues): string =>
	other === 'state_bound_compact_missing_affinity'
		? compactState
		: other === 'hard_affinity'
			? `会话绑定在 ${subject ?? '另一个上游'}（affinity_policy 为 hard）`
			: `会话的状态只有 ${subject ?? '签发者'} 能读取`;

/** What became of the session's tie, after `name 上次为它服务：`. */
const affinityTexts = {
	none: '没有记录',
	endpoint_gone: '已不在配置中',
	policy_off: '策略不考虑它',
	unavailable: '现在无法服务',
	other_group_is_better: '更优的组可以服务',
	fallback_ttl_elapsed: '时限已到，试更优的组',
	reprobe_preferred: '该再试更优的组了',
	pinned_elsewhere: '已固定另一个',
	sticky: '会话留在那里',
	compact: '压缩请求先去那里',
	hard: '会话不能去别处',
	state: '它能读取会话的状态',
};

const affinitySayings = Object.fromEntries(
	Object.entries(affinityTexts).map(([reason, text]) => [
		`affinity_${reason}`,
		({name, policy}: SayingValues) => `上次由 ${name} 服务：${text}（${policy}）`,
	]),
);

/** What the engine says about a plan, by its code. What an upstream itself has said (`subject` of a cooldown) stays as it is. */
export const sayingTexts: Readonly<Record<string, (values: SayingValues) => string>> = {
	...affinitySayings,
	unsupported_model: ({subject}) => `supported_models 不允许 ${subject ?? '这个模型'}`,
	runtime_disabled: ({subject}) => (subject === undefined ? '已在配置中停用' : `账户 ${subject} 已停用`),
	cooldown: ({subject}) => (subject === undefined ? '上游给出了限制' : reasonText(String(subject))),
	breaker_open: ({subject, count}) =>
		subject === undefined ? `连续失败 ${count ?? 0} 次` : reasonText(String(subject)),
	usage_exhausted: ({subject, count, limit}) =>
		limit === undefined
			? String(subject ?? '额度已用尽')
			: `额度已用 ${percentOf(count)}，stop_below 允许 ${percentOf(limit)}`,
	missing_auth: ({subject}) => `未设置 ${subject ?? '密钥'}`,
	auth_failed: ({subject}) => `${subject ?? '密钥被拒绝'}；请更换密钥，或固定它再试`,
	concurrency_saturated: ({subject, count, limit}) =>
		`正在处理 ${count ?? 0}/${limit ?? 0} 个请求${subject === undefined ? '' : `（${subject}）`}`,
	dialect_mismatch: ({subject, other}) => `它使用 ${other ?? '另一种协议'}，请求使用 ${subject ?? '未知协议'}`,
	capability_missing: ({subject, other}) => `不支持 ${subject ?? '所需能力'}（${other ?? 'learned'}）`,
	probe_running: () => '正在试探，其余请求走别处',
	state_bound: stateText,
	not_pinned: ({subject}) => `已固定 ${subject === undefined ? '另一个上游' : endpointLabel(String(subject))}`,
	account_paused: ({subject}) => `您已暂停 ${subject ?? '它'}`,
	quota_group: ({subject, other}) => `额度组 ${subject ?? ''} 中账户 ${other ?? ''} 的额度已用尽`,
	condition_not_met: ({subject}) => `路由 ${subject ?? ''} 走了另一分支`,
	pinned: ({mode}) => (mode === 'prefer' ? '您设为优先' : '您已固定它：只能由它服务'),
	affinity: () => '会话留在上次为它服务的上游',
	state_home: () => '它能读取会话的状态',
	needs_repair: () => '只有舍弃其他上游签发的状态，它才能服务',
	attempt_avoided: () => '它中断过本轮的回答：最后才试',
	state_bound_compact_missing_affinity: () => compactState,
	provider_state_bound: () => '只有签发状态的上游能读取它',
	hard_affinity: () => hardAffinity,
	hard_first_attempt: () => 'affinity_policy 为 hard，而会话还没有上游：由最先询问的上游决定',
	branch_then: () => '条件成立：走 then 分支',
	branch_default: () => '条件不成立：走 default 分支',
	pin: ({name, mode, scope}) => `已固定 ${name}（${modeText(mode)}，${scopes[scope ?? ''] ?? scope}）`,
	pin_unknown: ({name}) => `固定的 ${name} 不在任何路由中。请取消固定，或把它加入路由。`,
	pin_disabled: ({name}) => `固定的 ${name} 已在配置中停用。请取消固定，或将其启用。`,
	pin_was: ({name, mode}) => `当时固定了 ${name}（${modeText(mode)}）`,
	place: ({group, by}) => `第 ${group} 组${by === '' ? '' : `，经 ${by}`}`,
	not_asked: () => '未询问',
	attempt_success: ({name}) => `${name}：完成`,
	attempt_running: ({name}) => `${name}：正在回答`,
	...Object.fromEntries(
		['soft', 'hard', 'auth', 'neutral'].map(outcome => [
			`attempt_${outcome}`,
			({name, reason}: SayingValues) => `${name}：${reasonText(String(reason ?? ''))}`,
		]),
	),
	attempt_cancelled: ({name}) => `${name}：客户端已取消`,
	next: ({service, model}) => `下一个 ${service} 请求${model === undefined ? '' : `（${model}）`}会去哪里？`,
	what_if: ({service, model}) =>
		`假设如此，下一个 ${service} 请求${model === undefined ? '' : `（${model}）`}会去哪里？`,
	went_to: ({requestId, name}) => `${requestId} 为什么去了 ${name}？`,
	nobody_could: ({requestId}) => `${requestId} 为什么没有上游能处理？`,
};

/** What the engine says, by its code; what has no text here stays as it is. */
export const sayingText = ({code, text, values = {}}: Saying): string => {
	const said = sayingTexts[code]?.(values) ?? text;
	const {leftMs} = values;
	return typeof leftMs === 'number' ? `${said}，还剩 ${Math.ceil(leftMs / 1000)} 秒` : said;
};
