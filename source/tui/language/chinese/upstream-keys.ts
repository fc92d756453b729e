import type {Words} from '../words.ts';

export const upstreamKeys: Words['upstreamKeys'] = {
	readOnly: '此界面只读。',
	readOnlySwitch: '此界面只读，不能切换上游。',
	readOnlyChange: '此界面只读，不能更改上游。',
	noneSelected: '没有选中上游。',
	disabled: name => `${name} 已在配置中停用。`,
	enableFirst: name => `${name} 已停用，请先在配置中启用。`,
	unpinned: (name, service) => `已取消固定 ${name}，${service} 恢复按顺序选择。`,
	pinned: (name, service) => `下一个 ${service} 请求将发往 ${name}。`,
	preferred: (name, service) => `下一个 ${service} 请求先试 ${name}。`,
	accountsUnknown: '引擎尚未告知这个上游的账户。',
	paused: (provider, accounts) => `新请求不再使用 ${provider} 的账户 ${accounts.join('、')}；再按 p 恢复。`,
	resumed: (provider, accounts) => `请求重新使用 ${provider} 的账户 ${accounts.join('、')}。`,
	noCooldown: name => `${name} 不在冷却中。`,
	dismissed: name => `${name} 的冷却已结束，下一个请求可以试它。`,
	configReread: '已重新读取配置。',
};
