import {createPhraseBook, type Phrase} from './phrases.ts';

/* What is wrong with a configuration (source/config): a place, a key and what it should be. A test holds the phrases to their source. */

const values: readonly Phrase[] = [
	['{key} is {value}, but it takes {what!}.', '{key} 是 {value}，应为{what}。'],
	['{key} is missing.', '缺少 {key}。'],
	['true or false', ' true 或 false'],
	['a string', '字符串'],
	['a number', '数字'],
	['a table', '表'],
	['a list', '列表'],
	['a list of tables', '表的列表'],
	['a list of strings', '字符串列表'],
	['only strings', '字符串'],
	['a whole number from {least} to {most}', ' {least} 到 {most} 的整数'],
	['a number from {least} to {most}', ' {least} 到 {most} 的数'],
	['one of {names}', '其中之一：{names}'],
	['{key} is {name}, which is no preset; {advice}', '{key} 是 {name}，没有这个预设；{advice}'],
	['{key} is {name}, which is no provider profile; {advice}', '{key} 是 {name}，没有这个供应商配置档；{advice}'],
	['it takes one of {names}.', '应为其中之一：{names}。'],
	['did you mean {name}?', '是否想写 {name}？'],
	['"codex-tui provider presets" lists them.', '用 "codex-tui provider presets" 列出。'],
	['{key} takes an absolute path.', '{key} 应为绝对路径。'],
	[
		'{key} is 0, but a weight is above 0; write enabled = false instead.',
		'{key} 是 0，权重须大于 0；请改写 enabled = false。',
	],
	[
		'{key} is 0, but a weight is above 0; take it out of children instead.',
		'{key} 是 0，权重须大于 0；请改为从 children 去掉它。',
	],
	['{key} has more than one * in a model name.', '{key} 的模型名中有多个 *。'],
	['{key} takes a time of day such as "00:00".', '{key} 应为 "00:00" 之类的时刻。'],
	['{key} takes a distance from UTC such as "+08:00", or "Z".', '{key} 应为 "+08:00" 之类与 UTC 的时差，或 "Z"。'],
	['{key} takes "pass", "off" or an effort such as "high".', '{key} 应为 "pass"、"off" 或 "high" 之类的强度。'],
	[
		'{key} has {text}, but it takes windows such as "09:00-18:00" or "mon-fri 22:00-06:00".',
		'{key} 含有 {text}，应为 "09:00-18:00" 或 "mon-fri 22:00-06:00" 之类的时段。',
	],
	[
		'{key} stands in a shape that cannot be edited safely; change it by hand.',
		'{key} 的写法无法安全修改；请手工修改。',
	],
	['{key} stands in a shape that cannot be edited safely; write it by hand.', '{key} 的写法无法安全修改；请手工填写。'],
];

const files: readonly Phrase[] = [
	['this is not valid TOML: {fault}.', '不是有效的 TOML：{fault}。'],
	['the key {key} is not allowed; rename it.', '不允许使用键 {key}，请改名。'],
	['this file is not UTF-8 text; save it as UTF-8.', '文件不是 UTF-8 文本，请存为 UTF-8。'],
	['this file cannot be used: {why}', '无法使用这个文件：{why}'],
	['this file cannot be read: {why}.', '无法读取这个文件：{why}。'],
	['there is no such file.', '没有这个文件。'],
	['{found!}, but this program reads version = 5; {next!}.', '{found}，而本程序读取 version = 5；{next}。'],
	['The file has no version', '文件没有 version'],
	['{key} is {count#}', '{key} 是 {count}'],
	[
		'preview the new file with `codex-tui config migrate`, write it with `--write`',
		'用 `codex-tui config migrate` 预览新文件，加 `--write` 写入',
	],
	['the file is from a newer program', '文件来自更新的程序'],
];

const providers: readonly Phrase[] = [
	['{key} is not an http:// or https:// URL.', '{key} 不是 http:// 或 https:// 的 URL。'],
	[
		'{key} holds a user name or password; use auth_token_env or api_key_env.',
		'{key} 含有用户名或密码；请用 auth_token_env 或 api_key_env。',
	],
	[
		'{key} has a query or a fragment; it takes scheme, host and path only.',
		'{key} 带有查询或片段；只能有协议、主机和路径。',
	],
	[
		'{key} points at the address on which codex-tui itself listens (port {port}); requests would go in a circle.',
		'{key} 指向 codex-tui 自己监听的地址（端口 {port}），请求会绕圈。',
	],
	['{key} has no base_url.', '{key} 没有 base_url。'],
	[
		'{key} has no base_url, and the preset {preset} has none of its own; write base_url = {url}.',
		'{key} 没有 base_url，预设 {preset} 也没有；请写 base_url = {url}。',
	],
	['{key} has neither base_url nor preset nor endpoints.NAME.', '{key} 没有 base_url、preset 和 endpoints.NAME。'],
	['{key} stands beside endpoints.default; keep one of them.', '{key} 与 endpoints.default 并存，请留其一。'],
	[
		'{key} has a dot, a slash, a blank or a control character in its name; routes could not name it.',
		'{key} 的名称含有点、斜杠、空格或控制字符，路由无法引用。',
	],
	[
		'{key} passes the client{apostrophe}s own login on and is allowed for openai.com and chatgpt.com only; use auth_token_env here.',
		'{key} 会转交客户端自己的登录，只允许 openai.com 和 chatgpt.com；这里请用 auth_token_env。',
	],
	[
		'{key} has a character that a header may not hold, such as the end of a line.',
		'{key} 含有请求头不允许的字符，例如换行。',
	],
	[
		'{key} takes the name of an environment variable, not the key itself.',
		'{key} 应为环境变量的名称，而不是密钥本身。',
	],
	['{key} has no label; give each account a name of its own.', '{key} 没有 label；请给每个账户各起一个名称。'],
	['{key} takes up to 64 characters without blanks, # and /.', '{key} 最多 64 个字符，不含空格、# 和 /。'],
	['{key} has no key; give it auth_token_env or api_key_env.', '{key} 没有密钥；请写 auth_token_env 或 api_key_env。'],
	['{key} is {label}, the label of an account above; rename one.', '{key} 是 {label}，上面已有账户用了，请改一个。'],
	['{key} stands beside accounts; move it into one of them.', '{key} 与 accounts 并存，请移入其中一个账户。'],
	['{key} is empty; name at least one account or remove it.', '{key} 是空的；请至少写一个账户，或去掉它。'],
	['{key} is not a header name; use letters, digits and dashes.', '{key} 不是请求头名称；只用字母、数字和短横。'],
	['{key} is set by the engine itself; remove it.', '{key} 由引擎设置，请去掉。'],
	['{key} has a value with characters that a header may not hold.', '{key} 的值含有请求头不允许的字符。'],
	[
		'{key} wants the environment variable {name}, which is not set; set it or remove the header.',
		'{key} 需要环境变量 {name}，但未设置；请设置它或去掉这个请求头。',
	],
	['{key} uses one port twice ({ports}); give each its own.', '{key} 重复使用端口 ({ports})，请各用一个。'],
	[
		'{key} is "none", which is for loopback only; use "token" with this host.',
		'{key} 是 "none"，只能用于本机回环；这个主机请用 "token"。',
	],
	[
		'{key} is {sends}, less than the {most} of {other}; raise one or lower the other.',
		'{key} 是 {sends}，小于 {other} 的 {most}；请调高前者或调低后者。',
	],
];

const routes: readonly Phrase[] = [
	[
		'{key} contradicts the strategy {strategy}; it goes with {other}.',
		'{key} 与策略 {strategy} 矛盾，它属于 {other}。',
	],
	['{key} has no children; name at least one provider or route.', '{key} 没有 children；请至少写一个供应商或路由。'],
	[
		'{key} is conditional and has no {other}; it needs when, then and default.',
		'{key} 是 conditional，但没有 {other}；需要 when、then 和 default。',
	],
	[
		'{key} is tag-preferred and needs prefer_tags with a tag in each map, such as {example}.',
		'{key} 是 tag-preferred，需要 prefer_tags，每项含一个标签，例如 {example}。',
	],
	[
		'{key} is "stop", but nothing enabled below this route matches prefer_tags, so nothing could be tried.',
		'{key} 是 "stop"，但此路由下启用的都不符合 prefer_tags，无可尝试。',
	],
	[
		'{key} has no children and no target; name one provider or route as target.',
		'{key} 没有 children 和 target；请写一个供应商或路由作为 target。',
	],
	[
		'{key} stays with {name}, which is disabled; enable it or name another target.',
		'{key} 固定用 {name}，但它已停用；请启用它或换一个 target。',
	],
	['{key} is a weight for no child; the children are {names}.', '{key} 的权重没有对应的子项；子项有 {names}。'],
	['{key} is higher than avoid_below, which could then never take effect.', '{key} 高于 avoid_below，后者将永不生效。'],
	[
		'{key} is nested more than {count#} routes deep; name its children further up.',
		'{key} 嵌套超过 {count} 层；请把子项提到上层。',
	],
	[
		'{key} unfolds into more than {count#} places to try; share fewer routes.',
		'{key} 展开后超过 {count} 个可试之处；请少共用路由。',
	],
	['{key} closes a circle: {circle}.', '{key} 形成循环：{circle}。'],
	['{key} has the name of a provider; rename one of them.', '{key} 与供应商同名，请改一个。'],
	[
		'{key} names {name}, which is no route, provider or provider.endpoint{hint}',
		'{key} 引用 {name}，没有这样的路由、供应商或 供应商.端点{hint}',
	],
	['{key} is {name}, but there is no such route{hint}', '{key} 是 {name}，没有这个路由{hint}'],
	['{key} would try one endpoint a second time: it lists {both}.', '{key} 会把同一端点试两次：其中有 {both}。'],
	[
		'{key} asks nothing; name at least one of model, path, headers, session, time and so on.',
		'{key} 没有条件；请至少写 model、path、headers、session、time 等之一。',
	],
	['{key} goes round in a circle: {circle}.', '{key} 形成循环：{circle}。'],
];

/** All that is said here, for the test that holds it to the source. */
export const configPhrases: readonly Phrase[] = [...values, ...files, ...providers, ...routes];

const configOf = createPhraseBook(configPhrases);

/** What is wrong with the configuration; what is not known stays as it is. */
export const configText = (sentence: string): string => {
	const [, place, what = ''] = /^(.*?\.\w+(?::\d+){0,2}): (.+)$/s.exec(sentence) ?? [];
	const said = configOf(what);
	return place === undefined || said === undefined ? (configOf(sentence) ?? sentence) : `${place}：${said}`;
};
