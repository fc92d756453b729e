import {createPhraseBook, type Phrase} from './phrases.ts';

/* What a conversation tells of itself (source/observe/transcript): what an upstream or a client said stays as it is. */

const notePhrases: readonly Phrase[] = [
	['(the answer was cut here)', '（回答在此中断）'],
	['(reasoning)', '（推理）'],
	['(reasoning, encrypted)', '（推理，已加密）'],
	['(compacted history, encrypted)', '（压缩的历史，已加密）'],
	['(the history before this was compacted)', '（之前的历史已压缩）'],
	['summary', '摘要'],
	['(image)', '（图片）'],
	['(image, {count#} kB)', '（图片，{count} kB）'],
	['(image {name})', '（图片 {name}）'],
	['(generated image)', '（生成的图片）'],
	['(file {name})', '（文件 {name}）'],
	['(document {name})', '（文档 {name}）'],
	['(document )', '（文档）'],
	['(file )', '（文件）'],
	['(stopped: {why})', '（停止：{why}）'],
	['(incomplete: no reason given)', '（未完成：未说明原因）'],
	['(incomplete: {why})', '（未完成：{why}）'],
	['(a line that is too long to show)', '（有一行太长，无法显示）'],
	['(a {dialect} body cannot be shown)', '（无法显示 {dialect} 的正文）'],
	['(the request is larger than what is kept for transcripts)', '（请求超过对话的保留上限）'],
	["(the request's {count#} bytes are no JSON object)", '（请求的 {count} 字节不是 JSON 对象）'],
	[
		'The text of this request is no longer held: only the newest 64 MiB are.',
		'这个请求的文字已不再保留：只留最新的 64 MiB。',
	],
	['the upstream reported an error', '上游报告了错误'],
];

const noteOf = createPhraseBook(notePhrases);

/** A note in a conversation; what is not known stays as it is. */
export const noteText = (note: string): string => noteOf(note) ?? note;

/** What must be known of a preset (source/provider/presets). */
const presetPhrases: readonly Phrase[] = [
	[
		'Keys of .cn and .ai are two kinds; set base_url for the other one.',
		'.cn 与 .ai 的密钥不通用；用另一种时请改 base_url。',
	],
	[
		'Codex{a}s own login, for its owner{a}s own use: it may not be shared or resold.',
		'Codex 自己的登录，仅供本人使用：不得共享或转售。',
	],
	[
		'A key of the API is meant: a Claude plan{a}s login may be used by Anthropic{a}s own programs only.',
		'这里要 API 密钥：Claude 订阅的登录只允许 Anthropic 自己的程序使用。',
	],
	['A subscription{a}s key: the vendor allows it for coding tools only.', '订阅的密钥：供应商只允许用于编程工具。'],
	['Keys without a licence are for trying things out, not for production.', '没有许可证的密钥只供试用，不可用于生产。'],
	[
		'What is sent with a key of the free tier may be used to train Google{a}s products.',
		'用免费层密钥发送的内容可能被用来训练 Google 的产品。',
	],
	[
		'Google allows its own programs only; use an OAuth client of your own and read its terms first.',
		'Google 只允许自己的程序；请用自己的 OAuth 客户端，并先阅读其条款。',
	],
	['Models without Responses: set dialect = "chat".', '不支持 Responses 的模型：请写 dialect = "chat"。'],
	[
		'Set headers = {headers}; without it the server answers 403 upgrade_required.',
		'请写 headers = {headers}，否则服务器返回 403 upgrade_required。',
	],
	[
		'Its context is 4096 tokens unless OLLAMA_CONTEXT_LENGTH says more: too little for Codex.',
		'不设 OLLAMA_CONTEXT_LENGTH 时上下文只有 4096 词元，Codex 不够用。',
	],
	['Start llama-server with --jinja, or no tool is called.', '启动 llama-server 时加 --jinja，否则不会调用工具。'],
	[
		'Start it with --enable-auto-tool-choice and the --tool-call-parser of the model.',
		'启动时加 --enable-auto-tool-choice 和该模型的 --tool-call-parser。',
	],
	[
		'Codex also has {fields} for it, which is not carried over: add headers if it needs them.',
		'Codex 中它还有 {fields}，不会带过来；需要时请写 headers。',
	],
];

const presetNoteOf = createPhraseBook(presetPhrases);

/** What must be known of a preset; what is not known stays as it is. */
export const presetNoteText = (note: string): string => presetNoteOf(note) ?? note;
