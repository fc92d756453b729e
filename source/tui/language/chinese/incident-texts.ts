import {endpointLabel} from '../../../observe/endpoint-label.ts';
import type {IncidentTexts} from '../english/engine.ts';

const accountOf = (scope: string): string => {
	const [endpointKey = scope, account] = scope.split('#');
	return account === undefined ? endpointLabel(endpointKey) : `${endpointLabel(endpointKey)} 的账户 ${account}`;
};

const serviceOf = (scope: string): string => scope.replace(/^all routes of /, '');

/** What an incident says, by its rule; made of what it is about. */
export const incidentTexts: Readonly<Record<string, (scope: string) => IncidentTexts>> = {
	'rate-limited': scope => ({
		title: `${endpointLabel(scope)} 被限流`,
		effect: `限流期间请求改走其他路由或等待；${endpointLabel(scope)} 在限流结束前不会被使用。`,
		advice: `添加第二个密钥或另一个供应商，或在路由中把 ${endpointLabel(scope)} 往后放。`,
		closesWhen: '连续两次尝试成功，或 10 分钟内未再限流',
	}),
	'repeated-5xx': scope => ({
		title: `${endpointLabel(scope)} 返回服务器错误`,
		effect: '请求转到下一个路由，每次都要多花失败尝试的时间。',
		advice: `查看 ${endpointLabel(scope)} 的状态页；若持续出错，用 \`o\` 固定另一个路由。`,
		closesWhen: '连续两次尝试成功，或 10 分钟内没有服务器错误',
	}),
	'stream-cut': scope => ({
		title: `${endpointLabel(scope)} 在回答中途断流`,
		effect: '回答在另一路由重新开始，或就此中断、由客户端重试。',
		advice: `在路由中把 ${endpointLabel(scope)} 往后放；自带较短时限的中转常会这样。`,
		closesWhen: '连续两次尝试成功，或 10 分钟内没有断流',
	}),
	'auth-failure': scope => ({
		title: `${endpointLabel(scope)} 拒绝了密钥`,
		effect: `${endpointLabel(scope)} 无法服务；请求改走其他路由。`,
		advice: `更换 ${endpointLabel(scope)} 的密钥或其环境变量，或停用这个端点。`,
		closesWhen: '一次尝试成功，或端点从配置中移除',
	}),
	'all-routes-down': scope => ({
		title: `${serviceOf(scope)} 的全部路由都不可用`,
		effect: `${serviceOf(scope)} 的请求以错误结束。`,
		advice: '在路由页查看各路由的原因；添加供应商，或等最短的冷却结束。',
		closesWhen: '下一个请求成功',
	}),
	'config-broken': () => ({
		title: '配置文件有错误',
		effect: '继续使用上一份有效配置；之后的修改不生效。',
		advice: '改正下面指出的行并保存；文件会立即重新读取。',
		closesWhen: '文件可以读取',
	}),
	'missing-auth': scope => ({
		title: `${accountOf(scope)} 没有密钥`,
		effect: `每次选路都会跳过 ${accountOf(scope)}。`,
		advice: '启动前设置下面指出的环境变量，或将其停用。',
		closesWhen: '读取到的配置中它有密钥，或已停用',
	}),
	'engine-crashed': () => ({
		title: '引擎崩溃后已重新启动',
		effect: '当时正在进行的请求中断，由客户端重试。',
		advice: '查看 engine.log 中那段时间的内容，连同崩溃前的几行一并反馈。',
		closesWhen: '10 分钟内没有崩溃',
	}),
	'engine-slow': () => ({
		title: '引擎运行缓慢',
		effect: '回答来得晚，而且一阵一阵的。',
		advice: '检查是否有其他程序占用处理器；减少并行请求也有帮助。',
		closesWhen: '连续 30 秒没有延迟',
	}),
	'log-write-failed': scope => ({
		title: `${scope.slice(scope.lastIndexOf('/') + 1)} 无法写入`,
		effect: '请求照常处理，但不会记入这份日志。',
		advice: '腾出磁盘空间，或恢复文件夹的所有者；之后会自动继续写入。',
		closesWhen: '可以再次写入',
	}),
	'state-lost': () => ({
		title: 'state.db 已损坏或无法使用',
		effect: '请求照常处理。固定、冷却、暂停的账户和会话归属可能丢失；无法写入期间，重启后不会保留。',
		advice: '检查是否有其他程序占用该文件、磁盘是否已满；损坏的文件已移到旁边，可以删除。',
		closesWhen: '10 分钟内 state.db 没有故障',
	}),
	'state-left-out': scope => ({
		title: `有会话到达 ${endpointLabel(scope)} 时缺少隐藏状态`,
		effect: '对话继续，但模型看不到之前的思考，提示缓存也重新开始。',
		advice: '无需处理。共用一个账户的供应商应设同一个 continuity_domain；固定可让会话留在原处。',
		closesWhen: '10 分钟内没有其他会话如此',
	}),
};
