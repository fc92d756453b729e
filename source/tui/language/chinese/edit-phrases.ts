import type {Phrase} from './phrases.ts';

/* What an edit of the configuration did, or why it is refused (source/config/edit, source/command/route-desk.ts). */

const done: readonly Phrase[] = [
	['{name} is added.', '已添加 {name}。'],
	['{name} is added, last in the route {route}.', '已添加 {name}，排在路由 {route} 最后。'],
	['{name}: {fields} is changed.', '已修改 {name}：{fields}。'],
	['{name}: {fields} are changed.', '已修改 {name}：{fields}。'],
	['{copy} is a copy of {name}.', '已将 {name} 复制为 {copy}。'],
	['{copy} is a copy of {name}. {changed!}', '已将 {name} 复制为 {copy}。{changed}'],
	['{copy} is a copy of {name}, last in the route {route}.', '已将 {name} 复制为 {copy}，排在路由 {route} 最后。'],
	[
		'{copy} is a copy of {name}, last in the route {route}. {changed!}',
		'已将 {name} 复制为 {copy}，排在路由 {route} 最后。{changed}',
	],
	['{name} is removed.', '已删除 {name}。'],
	['{name} is removed, from the routes too.', '已删除 {name}，路由中也已去掉。'],
	['{name} is enabled.', '已启用 {name}。'],
	['{name} is disabled.', '已停用 {name}。'],
	['{name} is enabled already.', '{name} 已经启用。'],
	['{name} is disabled already.', '{name} 已经停用。'],
	['The route {route} tries {children}.', '路由 {route} 的次序：{children}。'],
	['The route {route}: {keys} is changed.', '已修改路由 {route}：{keys}。'],
	['The route {route}: {keys} are changed.', '已修改路由 {route}：{keys}。'],
	['The routing of {service}: {keys} is changed.', '已修改 {service} 的路由设置：{keys}。'],
	['The routing of {service}: {keys} are changed.', '已修改 {service} 的路由设置：{keys}。'],
	['{child} weighs {weight} in the route {route}.', '{child} 在路由 {route} 中的权重为 {weight}。'],
	['The first configuration was written.', '已写入第一份配置。'],
];

const refused: readonly Phrase[] = [
	['There is no provider {name} in the file.', '文件中没有供应商 {name}。'],
	['There is no provider {name} in the file; there are {known}.', '文件中没有供应商 {name}；现有 {known}。'],
	['There is no provider {name} in the file; did you mean {near}?', '文件中没有供应商 {name}；是否指 {near}？'],
	['There is no endpoint {name} in the file.', '文件中没有端点 {name}。'],
	['There is no endpoint {name} in the file; there are {known}.', '文件中没有端点 {name}；现有 {known}。'],
	['There is no endpoint {name} in the file; did you mean {near}?', '文件中没有端点 {name}；是否指 {near}？'],
	['A provider has no field {field}; it takes one of {known}.', '供应商没有字段 {field}；可用：{known}。'],
	['An endpoint has no field {field}; it takes one of {known}.', '端点没有字段 {field}；可用：{known}。'],
	['{name} is in the file already; edit it, or take another name.', '文件中已有 {name}；请编辑它，或换个名称。'],
	['{name} is in the file already; take another name.', '文件中已有 {name}；请换个名称。'],
	[
		'Routes name {name}: {places}. Take it out there first, or remove it with --from-routes.',
		'路由引用了 {name}：{places}。请先在那里去掉，或用 --from-routes 删除。',
	],
	['There is no route {route}; there is main.', '没有路由 {route}；现有 main。'],
	['There is no route {route}; there are {known}.', '没有路由 {route}；现有 {known}。'],
	[
		'{key} is {name}, and the route cannot be without it; name another one first.',
		'{key} 是 {name}，路由不能没有它；请先改为别的。',
	],
	['{name} is no child of the route {route}; it has none.', '{name} 不在路由 {route} 中；它没有子项。'],
	[
		'{name} is no child of the route {route}; its children are {children}.',
		'{name} 不在路由 {route} 中；其中有 {children}。',
	],
	[
		'No route of {service} has {name} among its children, so it has no place there.',
		'{service} 的路由都不含 {name}，没有次序可调。',
	],
	['{child} is the first of the route {route} already.', '{child} 已是路由 {route} 的第一个。'],
	['{child} is the last of the route {route} already.', '{child} 已是路由 {route} 的最后一个。'],
	[
		'The route {route} is {strategy}; weights count with strategy = "weighted" only ("{command}").',
		'路由 {route} 是 {strategy}，权重只用于 strategy = "weighted"（"{command}"）。',
	],
	[
		'The remembered edit does not lead back to the file as it was; nothing is undone.',
		'记下的更改无法恢复文件原样，没有撤销。',
	],
	['{field} has a double quote that does not end.', '{field} 有未闭合的双引号。'],
	['{field} has a text in double quotes that cannot be read: {text}.', '{field} 双引号中的文字无法读取：{text}。'],
	[
		'{field} takes NAME=VALUE with commas between; one part is none.',
		'{field} 应为以逗号分隔的 NAME=VALUE，其中有一项不是。',
	],
	['Nothing would change, so nothing is written.', '没有变化，未写入。'],
	[
		'{file} was changed by another program in the meantime; look at the change again.',
		'{file} 已被其他程序改动；请重新查看更改。',
	],
	['{file} was changed by another program in the meantime; try again.', '{file} 已被其他程序改动；请重试。'],
	['{file} could not be written: {why}.', '无法写入 {file}：{why}。'],
	['{file} was not written: {why}.', '未写入 {file}：{why}。'],
	['it is not a regular file, move it away first', '它不是普通文件，请先移走'],
	['it belongs to another user', '它属于其他用户'],
	['it is a link that leads nowhere', '它是指向不存在之处的链接'],
	[
		'{file} is there already and is left as it is; "codex-tui provider add" and the page Routes add to it.',
		'{file} 已存在，保持原样；可用 "codex-tui provider add" 或路由页添加。',
	],
];

/** All of them. */
export const editPhrases: readonly Phrase[] = [...done, ...refused];
