import type {Words} from '../words.ts';

export const log: Words['log'] = {
	title: '消息',
	theMessage: '该消息',
	nothing: '还没有消息。',
	allWell: '没有未解决的事件，记录中的请求也没有失败。',
};
