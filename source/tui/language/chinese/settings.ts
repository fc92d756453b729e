import type {Words} from '../words.ts';
import {settingTexts} from './setting-texts.ts';
import {settingValue} from './setting-values.ts';

export const settings: Words['settings'] = {
	title: '设置',
	changed: count => `已设置 ${count} 项`,
	columns: {key: '设置项', value: '值', usual: '默认', origin: '来源'},
	inFile: value => `（文件：${value}）`,
	noMatch: filter => `没有设置项符合筛选条件 "${filter}"，按 Esc 清除筛选。`,
	mendFile: '请改正文件，保存后立即重新读取。',
	reading: '正在读取配置。',
	lastGood: fault => `${fault} 显示的是上一份正确的配置。`,
	origins: {
		environment: name => `环境变量 ${name}`,
		flag: name => `参数 ${name}`,
		preset: name => `预设 ${name}`,
		derived: name => `取自 ${name}`,
		memory: '已记住',
		usual: '默认',
	},
	note: ({note, instead}) =>
		instead === '--demo'
			? '没有文件：由内置的演示上游服务，以下为默认值。'
			: instead === '--upstream'
				? '没有文件：由命令行（或 CODEX_TUI_UPSTREAM）指定上游。'
				: note,
	about: ({key, about}) => settingTexts[key] ?? about,
	value: settingValue,
	detail: '设置项',
	nothingSelected: '选择一个设置项，查看其作用和来源。',
	facts: {
		what: '作用',
		value: '值',
		fileSays: '文件中',
		usual: '默认',
		origin: '来源',
		takes: '可填',
		counts: '生效',
		enter: '回车',
		fault: '错误',
		note: '说明',
	},
	takes: {text: '文本', number: '数字', boolean: 'true 或 false'},
	applies: {'at once': '立即', 'at the next start': '下次启动时'},
	enterChanges: '更改；写入前会先显示改动',
	tabNext: 'Tab 下一个，',
	typing: 'Enter 显示改动，Esc 取消',
};
