import type {Words} from '../words.ts';

export const doctorKeys: Words['doctorKeys'] = {
	noneSelected: '没有选中检查项。',
	stillLooking: '诊断仍在进行，请等它结束。',
	readOnlyMend: '此界面只读，不能修复。',
	readOnlyTest: '此界面只读，不能发送收费请求。',
	selectProvider: '请选中一个密钥或供应商：会向它发送一个小请求。',
	testCosts: '再次测试会产生费用：按 c 测试，测试前会询问。',
	askTest: provider => `向 ${provider} 的每个账户发送一个小请求吗？会产生费用。`,
	nothingToFix: '这一项无需修复。',
	nothingLookedAt: '尚未检查任何项。',
	noAlert: '没有警告。',
	theFix: '修复方法',
	theReport: '报告',
	startUnchecked: reason => `启动检查未能完成：${reason}`,
	brokeOff: reason => `诊断中断：${reason}`,
	noDoctor: '这里无法诊断。',
};
