import type {Words} from '../words.ts';

export const requestKeys: Words['requestKeys'] = {
	nothingSelected: '没有选中任何行。',
	nothingDeeper: '已是最深一层；按 Esc 返回。',
	noneSelected: '没有选中请求。',
	noneBehind: '这个事件没有可查的请求。',
	noSession: '选中的请求不属于任何会话。',
	readOnlyMove: '此界面只读，不能转移请求。',
	hasEnded: '选中的请求已结束；只有进行中的请求可以转移。',
	moved: from => `请求${from === undefined ? '' : `从 ${from} `}转往下一个上游，客户端不会察觉。`,
	wouldFreeze: live => `有 ${live} 个请求正在进行，挂起会使其停住；请等待，或按 q 退出。`,
};
