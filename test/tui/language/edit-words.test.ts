import {describe, expect, test} from 'vitest';
import {changeConfig, type ConfigEdit} from '../../../source/config/edit/config-edit.ts';
import {readField} from '../../../source/config/edit/field-text.ts';
import {fieldsOf} from '../../../source/config/edit/provider-fields.ts';
import type {ProviderName} from '../../../source/config/edit/provider-edit.ts';
import {messageOf} from '../../../source/base/errors.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';

/* What an edit of the configuration says is put together from pieces; here it is made, and must be Chinese as a whole. */

const source = `version = 5

[codex.providers.first]
base_url = "https://first.example/v1"
[codex.providers.second]
base_url = "https://second.example/v1"
enabled = false
[codex.providers.alone]
base_url = "https://alone.example/v1"

[codex.routing]
entry = "main"
[codex.routing.routes.main]
strategy = "ordered-failover"
children = ["first", "second"]
[codex.routing.routes.shares]
strategy = "weighted"
children = ["alone"]
[codex.routing.routes.choice]
strategy = "conditional"
when = {model = "x"}
then = "first"
default = "main"
`;

const nameOf = (provider: string): ProviderName => ({service: 'codex', provider});
const first = nameOf('first');
const second = nameOf('second');
const alone = nameOf('alone');
const other = nameOf('other');
const main = {service: 'codex', route: 'main'} as const;
const address = {field: 'base_url', value: 'https://other.example/v1'};
const last = {route: undefined};

const saidOf = (edit: ConfigEdit): string => {
	try {
		return changeConfig(source, edit, {path: '/home/me/config.toml', env: {}}).what;
	} catch (error) {
		return messageOf(error);
	}
};

const made: ReadonlyArray<readonly [edit: ConfigEdit, chinese: string]> = [
	[{kind: 'add', name: other, fields: [address], placement: 'none'}, '已添加 codex/other。'],
	[{kind: 'add', name: other, fields: [address], placement: last}, '已添加 codex/other，排在路由 main 最后。'],
	[{kind: 'edit', name: first, fields: [address]}, '已修改 codex/first：base_url。'],
	[
		{kind: 'edit', name: first, fields: [address, {field: 'tags', value: {region: 'eu'}}]},
		'已修改 codex/first：base_url, tags。',
	],
	[{kind: 'duplicate', name: first, copy: 'b', placement: 'none'}, '已将 codex/first 复制为 codex/b。'],
	[
		{
			kind: 'all',
			edits: [
				{kind: 'duplicate', name: first, copy: 'b', placement: last},
				{kind: 'edit', name: nameOf('b'), fields: [address]},
			],
		},
		'已将 codex/first 复制为 codex/b，排在路由 main 最后。已修改 codex/b：base_url。',
	],
	[{kind: 'remove', name: second, fromRoutes: true}, '已删除 codex/second，路由中也已去掉。'],
	[{kind: 'enable', name: second, isEnabled: true}, '已启用 codex/second。'],
	[{kind: 'enable', name: first, isEnabled: false}, '已停用 codex/first。'],
	[{kind: 'enable', name: first, isEnabled: true}, 'codex/first 已经启用。'],
	[{kind: 'move', name: second, step: -1}, '路由 codex/main 的次序：second, first。'],
	[{kind: 'weight', name: alone, step: 1}, 'alone 在路由 codex/shares 中的权重为 2。'],
	[{kind: 'route', route: main, values: {sticky: true}}, '已修改路由 codex/main：sticky。'],
	[{kind: 'routing', service: 'codex', values: {entry: 'main'}}, '已修改 codex 的路由设置：entry。'],
];

const refused: ReadonlyArray<readonly [edit: ConfigEdit, chinese: string]> = [
	[{kind: 'add', name: first, fields: [address], placement: last}, '文件中已有 codex/first；请编辑它，或换个名称。'],
	[{kind: 'duplicate', name: first, copy: 'second', placement: last}, '文件中已有 codex/second；请换个名称。'],
	[{kind: 'move', name: first, step: -1}, 'first 已是路由 codex/main 的第一个。'],
	[{kind: 'move', name: second, step: 1}, 'second 已是路由 codex/main 的最后一个。'],
	[{kind: 'edit', name: nameOf('frist'), fields: [address]}, '文件中没有供应商 codex/frist；是否指 first？'],
	[
		{kind: 'edit', name: nameOf('quite-else'), fields: [address]},
		'文件中没有供应商 codex/quite-else；现有 first, second, alone。',
	],
	[{kind: 'move', name: other, step: 1}, 'codex 的路由都不含 other，没有次序可调。'],
	[
		{kind: 'weight', name: first, step: 1},
		'路由 codex/main 是 ordered-failover，权重只用于 strategy = "weighted"（"codex-tui routing set main --strategy weighted"）。',
	],
	[{kind: 'order', route: main, children: ['x']}, 'x 不在路由 codex/main 中；其中有 first, second。'],
	[{kind: 'order', route: {...main, route: 'x'}, children: []}, '没有路由 codex/x；现有 main, shares, choice。'],
	[
		{kind: 'remove', name: first, fromRoutes: true},
		'codex.routing.routes.choice.then 是 first，路由不能没有它；请先改为别的。',
	],
	[
		{kind: 'add', name: other, fields: [{field: 'base_url', value: 'htp:/x'}], placement: last},
		'/home/me/config.toml:12:1：codex.providers.other.base_url 不是 http:// 或 https:// 的 URL。',
	],
];

const refusalOf = (name: string, text: string): string => {
	const field = fieldsOf(false).find(each => each.name === name);
	try {
		return field === undefined ? '' : JSON.stringify(readField(field, text));
	} catch (error) {
		return chinese.engine.answer(messageOf(error));
	}
};

describe('an edit of the configuration', () => {
	test.each([...made, ...refused])('%j is told in Chinese', (edit, wanted) => {
		expect(chinese.engine.answer(saidOf(edit))).toBe(wanted);
	});

	test('a field that cannot be read says so in Chinese, and does not repeat what may be a key', () => {
		expect(refusalOf('auth_token_env', 'sk-123')).toBe('auth_token_env 应为环境变量的名称，而不是密钥本身。');
		expect(refusalOf('tags', 'region')).toBe('tags 应为以逗号分隔的 NAME=VALUE，其中有一项不是。');
		expect(refusalOf('supported_models', 'a, "b')).toBe('supported_models 有未闭合的双引号。');
	});
});
