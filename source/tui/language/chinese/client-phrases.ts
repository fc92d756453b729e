import type {Phrase} from './phrases.ts';

/** Whether Codex is pointed at us. */
export const codexPhrases: readonly Phrase[] = [
	['Run "codex-tui switch on".', '运行 "codex-tui switch on"。'],
	['Codex is pointed at {origin}, but the engine listens on {url}.', 'Codex 指向 {origin}，但引擎监听 {url}。'],
	['Point Codex at {url}?', '让 Codex 指向 {url} 吗？'],
	[
		'Codex is pointed at {origin}, where nothing listens: its requests fail.',
		'Codex 指向 {origin}，那里无人监听，请求会失败。',
	],
	[
		'Start codex-tui, or give Codex back what it had with "codex-tui switch heal".',
		'启动 codex-tui，或用 "codex-tui switch heal" 恢复 Codex 原来的设置。',
	],
	['Give Codex back what it had?', '恢复 Codex 原来的设置吗？'],
	[
		'Codex is pointed at codex-tui, but its profile {profile} uses {provider} instead.',
		'Codex 指向 codex-tui，但其配置方案 {profile} 使用 {provider}。',
	],
	[
		'Take model_provider out of [profiles.{profile}], or start Codex with another profile.',
		'从 [profiles.{profile}] 去掉 model_provider，或用其他配置方案启动 Codex。',
	],
	['Codex is pointed at {origin}.', 'Codex 指向 {origin}。'],
	['Codex is not pointed at codex-tui; that is done while it runs.', 'Codex 未指向 codex-tui；运行期间才会指向。'],
	['Codex is not pointed at codex-tui: its requests go elsewhere.', 'Codex 未指向 codex-tui，请求去了别处。'],
	['Codex is pointed at another codex-tui, {url}.', 'Codex 指向另一个 codex-tui：{url}。'],
	[
		'Stop that one, or take Codex over with "codex-tui switch on --yes".',
		'停止那一个，或用 "codex-tui switch on --yes" 接管 Codex。',
	],
	[
		'Mend the file by hand; codex-tui changes nothing that it cannot read.',
		'请手工改正文件；codex-tui 不改动读不懂的内容。',
	],
	['The demo leaves Codex alone.', '演示不改动 Codex。'],
	['Codex has no folder {folder}: it was never started here.', '没有 Codex 的目录 {folder}：从未在此启动过。'],
];

/** Whether Claude Code is pointed at us. */
export const claudePhrases: readonly Phrase[] = [
	['the shell', 'shell'],
	[
		'Set ANTHROPIC_BASE_URL to {door} and ANTHROPIC_AUTH_TOKEN to the text in {token}, both under "env" in {file}.',
		'在 {file} 的 "env" 中，把 ANTHROPIC_BASE_URL 设为 {door}，把 ANTHROPIC_AUTH_TOKEN 设为 {token} 的内容。',
	],
	['Claude Code is pointed at {door}, but without the local token.', 'Claude Code 指向 {door}，但没有本地令牌。'],
	[
		'Claude Code is pointed at {door}, but with another token ({name}).',
		'Claude Code 指向 {door}，但令牌不同 ({name})。',
	],
	['Set ANTHROPIC_AUTH_TOKEN to the text in {file}.', '把 ANTHROPIC_AUTH_TOKEN 设为 {file} 的内容。'],
	['Claude Code is pointed at {door}.', 'Claude Code 指向 {door}。'],
	[
		'Claude Code is pointed at {door}, but also sends the ANTHROPIC_API_KEY of {name}.',
		'Claude Code 指向 {door}，但还会发送 {name} 的 ANTHROPIC_API_KEY。',
	],
	['Take ANTHROPIC_API_KEY out of {name}.', '从 {name} 去掉 ANTHROPIC_API_KEY。'],
	["Claude Code's settings cannot be read: {problem}.", '无法读取 Claude Code 的设置：{problem}。'],
	['it is no JSON object', '不是 JSON 对象'],
	['Mend the file by hand; Claude Code ignores it as it is.', '请手工改正文件；Claude Code 会忽略现在的内容。'],
	[
		'Claude Code is pointed at {origin}, where nothing listens: its requests fail.',
		'Claude Code 指向 {origin}，那里无人监听，请求会失败。',
	],
	['Take ANTHROPIC_BASE_URL out of {name}.', '从 {name} 去掉 ANTHROPIC_BASE_URL。'],
	[
		'Start codex-tui, or take ANTHROPIC_BASE_URL out of {name}.',
		'启动 codex-tui，或从 {name} 去掉 ANTHROPIC_BASE_URL。',
	],
	[
		'No provider is configured under [claude.providers], so Claude Code is not expected here.',
		'[claude.providers] 下没有供应商，这里不需要 Claude Code。',
	],
	['Claude Code goes to {place}, not to codex-tui.', 'Claude Code 去往 {place}，而不是 codex-tui。'],
	['its maker', '它的厂商'],
	['an address that is no URL', '不是 URL 的地址'],
	['The demo leaves Claude Code alone.', '演示不改动 Claude Code。'],
	[
		'Claude Code has no folder {folder}: it was never started here.',
		'没有 Claude Code 的目录 {folder}：从未在此启动过。',
	],
];
