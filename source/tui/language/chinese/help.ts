import type {Words} from '../words.ts';

export const help: Words['help'] = {
	groups: {'This page': '本页', Move: '移动', Pages: '页面', Find: '查找', Program: '程序'},
	title: '按键',
	notNow: '(暂不可用)',
	more: '更多',
	escCloses: 'Esc 关闭',
	filterHelp:
		'筛选：词语匹配任意列；也可写 field:value、status>=400、duration>5000，-word 表示排除。字段名有误时会列出所有可用字段。',
	paletteShort: '命令',
};
