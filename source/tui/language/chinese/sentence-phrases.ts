import {configText} from './config-phrases.ts';
import {editPhrases} from './edit-phrases.ts';
import {createPhraseBook, type Phrase} from './phrases.ts';

/** What the page Settings is answered (source/command/config-show-desk.ts). */
const settings: readonly Phrase[] = [
	['{key} is not changed here.', '{key} 不在这里修改。'],
	['{key} is {value} already.', '{key} 已经是 {value}。'],
	['{key} takes one of {choices}.', '{key} 可取：{choices}。'],
	['{key} takes true or false.', '{key} 可取 true 或 false。'],
	['{key} is {value} again.', '{key} 已恢复为 {value}。'],
	['{key} is {value} now; u takes it back.', '{key} 现在是 {value}；按 u 撤销。'],
	['{key}: {before} -> {after} (remembered).', '{key}：{before} 改为 {after}（由程序记住）。'],
	['{key}: {before} -> {after} (new in config.toml).', '{key}：{before} 改为 {after}（新写入 config.toml）。'],
	['{key}: {before} -> {after} ({place}).', '{key}：{before} 改为 {after}（{place}）。'],
	['{key} = {value} is written; u takes it back.', '已写入 {key} = {value}；按 u 撤销。'],
	[
		'{key} = {value} is written and counts at the next start; u takes it back.',
		'已写入 {key} = {value}，下次启动生效；按 u 撤销。',
	],
	['{key} = {value} is written.', '已写入 {key} = {value}。'],
	['Taken back: {what}', '已撤销：{what}'],
	['There is no change to write; type it again.', '没有要写入的更改；请重新输入。'],
	['There is no change of this page to take back.', '本页没有可撤销的更改。'],
	['There is no edit of {file} to take back.', '{file} 没有可撤销的更改。'],
	[
		'{file} was changed after the last edit ({what}), so it is not taken back; change it by hand.',
		'{file} 在上次更改（{what}）之后又被改过，没有撤销；请手工修改。',
	],
	[
		'There is no config.toml in use, so nothing can be written; make one and start again.',
		'没有使用 config.toml，无法写入；请创建后重新启动。',
	],
	[
		'{place} wins over the file for {key}; start without it to change it here.',
		'{place} 对 {key} 优先于文件；不带它启动，才能在这里修改。',
	],
	['{file} is gone; the engine keeps what it has read.', '{file} 已不存在；引擎沿用读到的内容。'],
];

/** Why the engine refuses to do something (source/engine). */
const refusals: readonly Phrase[] = [
	['The engine is not running; it starts again by itself.', '引擎没有运行；它会自动重新启动。'],
	[
		'A finished part of the answer was delivered to the client: it would notice a move. Wait for the end of the answer.',
		'客户端已收到回答的完整部分，会察觉转移。请等回答结束。',
	],
	['The request was sent {sends} times already, which is the most.', '请求已发送 {sends} 次，达到上限。'],
	['No other upstream can take the request over; it goes on as it is.', '没有其他上游能接手这个请求；它照常继续。'],
	[
		'No other upstream can take the request over ({why}); it goes on as it is.',
		'没有其他上游能接手这个请求（{why}）；它照常继续。',
	],
	['The request runs on {name} already.', '请求已在 {name} 上运行。'],
	[
		"There is no endpoint {name} in the request's route; see the Routes page.",
		'请求的路由中没有端点 {name}；请看路由页。',
	],
	['There is no endpoint {name}; see the Routes page for their names.', '没有端点 {name}；名称见路由页。'],
	['There is no endpoint {name}; see the Routes page.', '没有端点 {name}；请看路由页。'],
	['There is no provider or endpoint "{name}"; there are {known}.', '没有供应商或端点 "{name}"；现有 {known}。'],
	['There is no request {id} (any more).', '请求 {id} 不存在或已不再保留。'],
	[
		'The plan of {id} is not kept any more; control_trace.jsonl has it.',
		'{id} 的计划已不再保留；可查 control_trace.jsonl。',
	],
	[
		'No request {id} is running: it has ended, or its id is wrong; see the Requests page.',
		'请求 {id} 没有在运行：已结束或编号有误；请看请求页。',
	],
	[
		'This engine runs without a configuration file: there is nothing to reload.',
		'引擎没有使用配置文件：没有可重读的内容。',
	],
	['The demo has no configuration file to reload.', '演示没有可重读的配置文件。'],
	['The engine does not listen yet; try again in a moment.', '引擎尚未监听；请稍后再试。'],
];

/** Why an attached screen hears nothing (source/command/attach-link.ts). */
const unreachable: readonly Phrase[] = [
	['it does not answer ({why})', '没有响应（{why}）'],
	['the connection to it ended', '连接已断开'],
	['it was not asked yet', '尚未连接'],
];

/** All that is said here, for the test that holds it to the source. */
export const sentencePhrases: readonly Phrase[] = [...settings, ...refusals, ...unreachable];

const sentenceOf = createPhraseBook([...sentencePhrases, ...editPhrases]);

/** What was answered to a key, also where it would make the configuration wrong; what is not known stays as it is. */
export const sentenceText = (sentence: string): string => sentenceOf(sentence) ?? configText(sentence);
