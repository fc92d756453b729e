import {claudePhrases, codexPhrases} from './client-phrases.ts';
import {createPhraseBook, type Phrase} from './phrases.ts';
import {transportPhrases} from './reason-phrases.ts';

const engine: readonly Phrase[] = [
	['Codex and SDKs', 'Codex 和 SDK'],
	['the control API', '控制 API'],
	['Port {port} takes connections for {who}.', '{who} 可以连接端口 {port}。'],
	['The engine runs, but port {port} takes no connections for {who}.', '引擎在运行，但 {who} 无法连接端口 {port}。'],
	['Stop codex-tui and start it again.', '停止 codex-tui，再重新启动。'],
	[
		'No engine runs, and the port is not known while the configuration cannot be read.',
		'没有引擎在运行；配置无法读取，端口未知。',
	],
	['Nothing listens for {who}: no provider is configured for it.', '没有为 {who} 监听：未配置供应商。'],
	['The engine has not told its port for {who}.', '引擎未告知 {who} 的端口。'],
	['Port {port}, which codex-tui wants for {who}, is taken.', 'codex-tui 要给 {who} 用的端口 {port} 已被占用。'],
	['No engine runs; port {port} for {who} is free.', '没有引擎在运行；{who} 的端口 {port} 空闲。'],
	[
		'Port {port} is in use by {who}; stop it, or choose another port with --port or [listen] in config.toml. If it is a codex-tui of another home, "codex-tui attach --home FOLDER" shows it.',
		'端口 {port} 被 {who} 占用；停止它，或用 --port 或 config.toml 的 [listen] 另选端口。如果它是另一个主目录的 codex-tui，可用 "codex-tui attach --home FOLDER" 查看。',
	],
	['another process', '另一个进程'],
	['There is no local token yet; the first start makes one.', '还没有本地令牌，首次启动时生成。'],
	['The local token cannot be read: {reason}.', '无法读取本地令牌：{reason}。'],
	['Make {file} readable for you.', '让自己可以读取 {file}。'],
	['The token file does not hold a local token, or cannot be read.', '令牌文件中没有本地令牌，或无法读取。'],
	[
		'Remove {file} and start codex-tui again; clients are pointed anew then.',
		'删除 {file} 并重新启动 codex-tui，届时会重新设置客户端。',
	],
	[
		'The local token is there; no engine runs that could be asked whether it takes it.',
		'本地令牌存在；没有引擎在运行，无法确认它是否接受。',
	],
	['The engine takes the local token.', '引擎接受本地令牌。'],
	[
		'The engine that runs refuses the local token: the file was changed since it started.',
		'运行中的引擎拒绝本地令牌：启动后文件有改动。',
	],
	[
		'The engine did not answer whether it takes the local token ({status}).',
		'引擎没有回答是否接受本地令牌 ({status})。',
	],
	['The doctor cannot mend {id} by itself; do what its line says.', '诊断无法自行修复 {id}，请按其说明处理。'],
	['This check broke: {reason}', '这项检查出错：{reason}'],
];

const config: readonly Phrase[] = [
	['The demo has upstreams of its own and reads no file.', '演示自带上游，不读取文件。'],
	['There is no config.toml; only the demo can run.', '没有 config.toml，只能运行演示。'],
	[
		'Write {file}: one provider with base_url and auth_token_env is enough.',
		'编写 {file}：一个带 base_url 和 auth_token_env 的供应商即可。',
	],
	['Mend the line; "codex-tui config check" says more.', '改正这一行；"codex-tui config check" 有更多说明。'],
	[
		'Do as it says; "codex-tui config check" lists all warnings.',
		'按提示处理；"codex-tui config check" 列出全部警告。',
	],
	['config.toml names no provider: nothing can be served.', 'config.toml 没有供应商，无法服务。'],
	['Add a provider to {file}.', '在 {file} 中添加供应商。'],
	['config.toml is valid and has {count#} endpoint(s).', 'config.toml 有效，有 {count} 个端点。'],
];

const keys: readonly Phrase[] = [
	['{name} is disabled.', '{name} 已停用。'],
	[
		'{name}: {variables} is not set in this shell; whether the engine has it stands on the page Routes.',
		'{name}：此 shell 未设置 {variables}；引擎是否有它，请看路由页。',
	],
	['{name} lacks its key: {variable} is not set.', '{name} 缺少密钥：未设置 {variable}。'],
	['{name} lacks keys: {variables} is not set.', '{name} 缺少密钥：未设置 {variables}。'],
	[
		'Set {variables} in the shell that starts codex-tui, and start it again.',
		'在启动 codex-tui 的 shell 中设置 {variables}，再重新启动。',
	],
	[
		"it is a Claude plan's login, which Anthropic allows in its own programs only: use a key of the API",
		'它是 Claude 套餐的登录，Anthropic 只允许用于自家程序：请使用 API 密钥',
	],
	[
		'Give it a credential that its owner allows here; the terms are linked in "codex-tui provider presets".',
		'请使用其所有者允许在此使用的凭据；条款链接见 "codex-tui provider presets"。',
	],
	['{name} has what it needs ({sources}).', '{name} 所需齐全 ({sources})。'],
	['{name} has what it needs ({sources}). Mind: {terms}', '{name} 所需齐全 ({sources})。注意：{terms}'],
	['{name}: account {account}: {text!}.', '{name}：账户 {account}：{text}。'],
];

const providers: readonly Phrase[] = [
	['{name}: {text!}.', '{name}：{text}。'],
	['{name} (account {account}): {text!}.', '{name}（账户 {account}）：{text}。'],
	['{name}: {step}, {text!}.', '{name}：{step}，{text}。'],
	['it refuses the key ({said})', '拒绝了密钥 ({said})'],
	['it has no list of models ({status}), so its key was not tried', '没有模型列表 ({status})，未试密钥'],
	['it has no list of models, so its key was not tried', '没有模型列表，未试密钥'],
	['it answered {said}', '回答 {said}'],
	['it answered, but with no list of models', '有回答，但不是模型列表'],
	['it takes the key and lists {count#} model(s)', '接受密钥，列出 {count} 个模型'],
	[
		"the client's own login goes through; only a request of the client tries it",
		'透传客户端自己的登录，只有客户端的请求才能验证',
	],
	['{variable} is not set, so it was not asked', '未设置 {variable}，没有询问'],
	['plain HTTP on this machine', '本机的明文 HTTP'],
	['there is no TLS: whoever is on the way reads the key', '没有 TLS：途中任何人都能读到密钥'],
	['Check the host in base_url ({url}), and the network.', '检查 base_url ({url}) 中的主机和网络。'],
	['Start the server that should listen on {origin}.', '启动应当监听 {origin} 的服务器。'],
	[
		'Check base_url ({url}) and the network; a firewall may be in the way.',
		'检查 base_url ({url}) 和网络，可能有防火墙阻挡。',
	],
	[
		'Check base_url ({url}) and the clock of this machine; for a certificate authority of your own set NODE_EXTRA_CA_CERTS.',
		'检查 base_url ({url}) 和本机时钟；自建证书机构请设置 NODE_EXTRA_CA_CERTS。',
	],
	['Check the key of {table} and its base_url ({url}).', '检查 {table} 的密钥和 base_url ({url})。'],
	['{name} has no account that is enabled.', '{name} 没有启用的账户。'],
	['an address needs no name', '是地址，无需解析'],
	['no answer within {seconds} s', '{seconds} 秒内没有回答'],
	['{protocol}, certificate until {date}', '{protocol}，证书有效至 {date}'],
	['an unknown day', '未知日期'],
];

const deep: readonly Phrase[] = [
	['its answer failed: {said}', '回答失败：{said}'],
	['its answer never ended', '回答没有结束'],
	['its answer was cut by the limit of tokens', '回答被词元上限截断'],
	['its answer ended ({reason})', '回答已结束 ({reason})'],
	['it wrote the tool call as text instead of calling', '把工具调用写成了文字，没有真正调用'],
	['it called no tool although it was told to', '没有按要求调用工具'],
	['it called a tool that was not declared', '调用了未声明的工具'],
	['it called the tool rightly', '正确调用了工具'],
	['it called the tool, with another word', '调用了工具，但词不对'],
	['it called the tool with arguments that do not fit their schema', '调用工具的参数不符合其 schema'],
	['reasoning is off for it in the configuration', '配置中关闭了它的推理'],
	['it shows its thoughts', '展示了思考'],
	['it shows its thoughts ({count#} tokens)', '展示了思考 ({count} 词元)'],
	['it thinks without showing it', '思考但不展示'],
	['it thinks without showing it ({count#} tokens)', '思考但不展示 ({count} 词元)'],
	['it showed no thoughts; not every model has any', '没有展示思考；并非每个模型都有'],
	['it does not say what it used: its tokens and costs stay unknown', '不告知用量：词元和费用未知'],
	['it counts: {input} tokens in, {output} out', '会计数：输入 {input}，输出 {output} 词元'],
	['it counts wrongly: {input} tokens in, {output} out', '计数有误：输入 {input}，输出 {output} 词元'],
	[
		'See what it says, and whether base_url, dialect and model are right.',
		'看它说了什么，并确认 base_url、dialect 和 model 是否正确。',
	],
	[
		'Codex needs tool calls: choose another model, or set the right profile for this provider.',
		'Codex 需要工具调用：换一个模型，或为这个供应商设置正确的 profile。',
	],
	[
		'Nothing can be done here but choosing another provider; its requests work.',
		'除了换供应商别无他法；它的请求可用。',
	],
	['Set reasoning = "off" under {table} and test again.', '在 {table} 下设 reasoning = "off" 后再测试。'],
	['{name} (each of {count#} account(s)): {text!}.', '{name}（{count} 个账户都是）：{text}。'],
	['it answers, calls tools and counts with {model}', '用 {model} 能回答、调用工具并计数'],
	['it refused the test ({said})', '拒绝了测试 ({said})'],
	["it takes the client's own login, which only the client has", '使用客户端自己的登录，只有客户端才有'],
	['it was not tested: {variable} is not set', '未测试：未设置 {variable}'],
	['it speaks {dialect}, which the test does not', '使用 {dialect} 协议，测试不支持'],
	['{name} answers, calls tools and counts with {model}.', '{name} 用 {model} 能回答、调用工具并计数。'],
	['{name} refused the test ({said}).', '{name} 拒绝了测试 ({said})。'],
	['no whole answer within {seconds} s', '{seconds} 秒内没有完整回答'],
	["{name} takes the client's own login, which only the client has.", '{name} 使用客户端自己的登录，只有客户端才有。'],
	['{name} was not tested: {variable} is not set.', '{name} 未测试：未设置 {variable}。'],
	['{name} was not tested: no model is named for it.', '{name} 未测试：没有为它指定模型。'],
	['Name one under supported_models of {table}.', '在 {table} 的 supported_models 中写一个。'],
	['{name} speaks {dialect}, which the test does not.', '{name} 使用 {dialect} 协议，测试不支持。'],
];

const files: readonly Phrase[] = [
	['{folders#} folder(s)', '{folders} 个目录'],
	['{files#} file(s)', '{files} 个文件'],
	['{folders#} folder(s) and {files#} file(s)', '{folders} 个目录和 {files} 个文件'],
	['{names} and {count#} more', '{names} 等另外 {count} 个'],
	['{text} (and {count#} more)', '{text}（另有 {count} 条）'],
	['There is no home folder yet; the first start makes it.', '还没有主目录，首次启动时创建。'],
	['{what} in the home belong to another user.', '主目录中有 {what}属于其他用户。'],
	[
		'Give them back to yourself with chown, or set CODEX_TUI_HOME to a folder of yours.',
		'用 chown 改归自己，或把 CODEX_TUI_HOME 设为自己的目录。',
	],
	['The home is yours alone: {what}.', '主目录只有你能访问：{what}。'],
	['Make {what} yours alone?', '让 {what}只有你能访问吗？'],
	[
		'{what} can be read by other users of this machine, the home itself among them.',
		'{what}可被本机其他用户读取，包括主目录本身。',
	],
	[
		'{what} can be read by other users of this machine, once somebody gets into the home.',
		'一旦有人进入主目录，{what}可被本机其他用户读取。',
	],
	[
		'{what} can be read by other users of this machine, with the keys and tokens in it.',
		'{what}连同其中的密钥和令牌可被本机其他用户读取。',
	],
	[
		'{what} can be read by other users of this machine, with the keys and tokens in them.',
		'{what}连同其中的密钥和令牌可被本机其他用户读取。',
	],
	['Run chmod {mode} {file}.', '运行 chmod {mode} {file}。'],
	[
		'Run "codex-tui doctor --fix": folders get 0700, files 0600.',
		'运行 "codex-tui doctor --fix"：目录设为 0700，文件设为 0600。',
	],
	['Codex and Claude Code keep no credentials in files here.', 'Codex 和 Claude Code 没有在这里的文件中存放凭据。'],
	['What the clients keep of keys is yours alone: {what}.', '客户端存放的密钥只有你能访问：{what}。'],
	['Nothing was open to others any more.', '已经没有对他人开放的内容。'],
	['{what} is yours alone now.', '{what}现在只有你能访问。'],
	['{what} are yours alone now.', '{what}现在只有你能访问。'],
	['The mode of {file} cannot be changed: {reason}.', '无法更改 {file} 的权限：{reason}。'],
];

const machine: readonly Phrase[] = [
	['no colours', '无颜色'],
	['16 colours', '16 色'],
	['256 colours', '256 色'],
	['24-bit colour', '24 位色'],
	['{bits#} bits of colour', '{bits} 位色'],
	['The terminal {name} shows {colours}.', '终端 {name} 显示 {colours}。'],
	['The terminal without a name shows {colours}.', '未命名的终端显示 {colours}。'],
	[
		'This is no terminal; the screen would not start here, `codex-tui serve` does.',
		'这不是终端，界面无法在此启动，`codex-tui serve` 可以。',
	],
	[
		'Set TERM=xterm-256color, or COLORTERM=truecolor, where your terminal can do it; NO_COLOR switches colours off.',
		'终端支持时请设 TERM=xterm-256color 或 COLORTERM=truecolor；NO_COLOR 会关闭颜色。',
	],
	['The terminal takes UTF-8.', '终端支持 UTF-8。'],
	['The locale is not UTF-8: marks and frames are drawn in ASCII.', '区域设置不是 UTF-8：标记和边框用 ASCII 绘制。'],
	[
		'Set LANG to a UTF-8 locale such as C.UTF-8 before you start codex-tui.',
		'启动 codex-tui 前把 LANG 设为 UTF-8 区域，例如 C.UTF-8。',
	],
	['The theme files are whole.', '主题文件完好。'],
	['Nothing is wrong with the keys of the screen.', '界面按键没有问题。'],
	['Mend keys.json; it is read again at once.', '改正 keys.json，会立即重新读取。'],
	['Mend the theme file; it is read again at once.', '改正主题文件，会立即重新读取。'],
	['The terminal has {size} cells; the screen needs {least}.', '终端有 {size} 格，界面需要 {least}。'],
	['Enlarge the window.', '请放大窗口。'],
	['The terminal has {size} cells.', '终端有 {size} 格。'],
	[
		'The terminal has {size} cells; from 120 columns on details stand beside the lists.',
		'终端有 {size} 格；达到 120 列时，详情会显示在列表旁边。',
	],
	['{program} is not in PATH.', 'PATH 中没有 {program}。'],
	['{program} is there but does not tell its version.', '{program} 存在，但不告知版本。'],
	['Run "{command} --version" and see.', '运行 "{command} --version" 查看。'],
	[
		'{program} {version} is older than {least}, with which codex-tui was measured.',
		'{program} {version} 比 codex-tui 实测过的 {least} 旧。',
	],
	['Update {program}.', '更新 {program}。'],
	['Node {version} is too old: codex-tui needs {least}.', 'Node {version} 太旧：codex-tui 需要 {least}。'],
	['Install Node {version} or newer.', '安装 Node {version} 或更新的版本。'],
	[
		'Certificates are not checked: anybody on the way can read your keys.',
		'没有检查证书：途中任何人都能读到你的密钥。',
	],
	[
		'Unset NODE_TLS_REJECT_UNAUTHORIZED; for a certificate authority of your own use NODE_EXTRA_CA_CERTS.',
		'取消 NODE_TLS_REJECT_UNAUTHORIZED；自建证书机构请用 NODE_EXTRA_CA_CERTS。',
	],
	["No variable of the environment is in the clients' way.", '没有环境变量妨碍客户端。'],
	[
		'A client started here may ask the outbound proxy for 127.0.0.1 instead of codex-tui.',
		'在此启动的客户端可能会向外部代理请求 127.0.0.1，而不是 codex-tui。',
	],
	['Add 127.0.0.1 and localhost to NO_PROXY.', '把 127.0.0.1 和 localhost 加入 NO_PROXY。'],
];

/** Says what a check of the doctor found, or how to fix it; undefined where nobody knows the sentence. */
export const doctorPhrase = createPhraseBook([
	...[...engine, ...config, ...codexPhrases, ...claudePhrases],
	...[...keys, ...providers, ...deep, ...files, ...machine],
	...transportPhrases,
]);
