import type {Words} from '../words.ts';

export const footer: Words['footer'] = {
	close: '关闭',
	choose: '选择',
	take: '选定',
	run: '执行',
	complete: '补全',
	keep: '确定',
	ask: '询问',
	takeBack: '取消',
	yes: '是',
	no: '否',
	scroll: '滚动',
	otherBody: '请求/应答',
	form: '形式',
	next: '下一处',
};
