import {configText} from './config-phrases.ts';
import {lossPhrases} from './loss-phrases.ts';
import {createPhraseBook, type Phrase} from './phrases.ts';

/** What broke on the way to an upstream. */
export const transportPhrases: readonly Phrase[] = [
	['nothing listens there (connection refused)', '那里无人监听（连接被拒绝）'],
	['its host name does not resolve', '域名无法解析'],
	['its host name does not resolve at the moment', '域名暂时无法解析'],
	['its host cannot be reached', '无法到达主机'],
	['its network cannot be reached', '无法到达网络'],
	['no connection in time', '未能及时建立连接'],
	['it reset the connection', '重置了连接'],
	['it closed the connection while the request was sent', '在发送请求时关闭了连接'],
	['it closed the connection', '关闭了连接'],
	['its headers are larger than 16 KiB', '响应头超过 16 KiB'],
	['its body is shorter than it said', '正文比声明的短'],
	['its certificate is self-signed', '证书是自签名的'],
	['its certificate chain is self-signed', '证书链是自签名的'],
	['its certificate has expired', '证书已过期'],
	['its certificate is for another host', '证书属于另一主机'],
	['its certificate cannot be verified', '证书无法验证'],
	['a configured header holds a character that HTTP does not allow', '配置的请求头含有 HTTP 不允许的字符'],
	['its answer is compressed in a way that was not asked for', '回答用了未请求的压缩方式'],
	['its answer is not HTTP', '回答不是 HTTP'],
	['the connection failed ({code})', '连接失败 ({code})'],
];

const answers: readonly Phrase[] = [
	['answered {status}', '返回 {status}'],
	['answered {status}: {what!}', '返回 {status}：{what}'],
	['answered {status} with a web page', '以网页返回 {status}'],
	['answered {status}, a redirect that is not followed with a key', '返回 {status}：带密钥时不跟随的重定向'],
	['failed in its stream ({code})', '流中出错 ({code})'],
	['failed in its stream ({code}): {what!}', '流中出错 ({code})：{what}'],
	['it does not serve this region', '不服务这个地区'],
	['it does not offer that', '不提供这一项'],
	['its quota is used up', '配额已用完'],
	['it refused the key', '拒绝了密钥'],
	['it is overloaded', '过载'],
	['not found there', '那里找不到'],
	['too many requests', '请求过多'],
	['the client left', '客户端已离开'],
	['ended its stream before the answer was complete', '回答未完就结束了流'],
	['broke off: {what}', '中断：{what}'],
	['complete ({event})', '完成 ({event})'],
	['cannot be asked in its protocol: {what}', '无法用它的协议询问：{what}'],
	['imagined to be down', '假设它不可用'],
];

/** Why an attempt was made (source/engine/search); a test holds these to their source. */
export const attemptPhrases: readonly Phrase[] = [
	['first in the order', '顺序最前'],
	['first in the order that can serve ({count#} skipped)', '顺序中首个可用的（跳过 {count} 个）'],
	['the next that can serve', '下一个可用的'],
	['you pinned it', '您已固定它'],
	["it can read the session's state", '它能读取会话的状态'],
	['the session stays with it', '会话留在那里'],
	['nobody else can serve: it waits for a place at this account', '没有别的可用：等待这个账户空出位置'],
	['nothing else can serve: one last try before its cooldown ends', '没有别的可用：在冷却结束前最后一试'],
	['beside the one that says nothing', '与没有输出的那个并行'],
	['you moved the request to it', '您把请求转移到这里'],
	['its connection failed: once more', '连接失败：再试一次'],
	['the same again, as [retry] asks for', '按 [retry] 再试一次'],
	['the same again without the encrypted reasoning that it cannot read', '去掉它读不了的加密推理后再试'],
	[
		'the same again without the previous_response_id that it does not know',
		'去掉它不认识的 previous_response_id 后再试',
	],
	['the same again, mended as its refusal asks for', '按它拒绝的理由修正后再试'],
	['the same again, mended once more as its refusal asks for', '按它拒绝的理由再次修正后再试'],
];

/** What is wrong with an answer that came (source/engine/reply, source/engine/bridge). */
const badAnswers: readonly Phrase[] = [
	['it answered with a web page', '返回了网页'],
	['it answered without a body', '回答没有正文'],
	['its answer is larger than {count#} MiB', '回答超过 {count} MiB'],
	['its answer is larger than an answer can be', '回答超过上限'],
	['its answer cannot be translated: {what}', '回答无法转换：{what}'],
	['its answer ended before it was complete', '回答未完就结束'],
	['it answered {type} instead of an event stream', '返回 {type}，而不是事件流'],
	[
		'it compressed its stream ({encoding}) although plain text was asked for',
		'未按要求返回明文，压缩了流 ({encoding})',
	],
	['silent for {count#} s in the middle of its answer', '回答中途静默 {count} 秒'],
	['no {what} within {count#} s', '{count} 秒内没有{what}'],
	['byte', '首字节'],
	['event', '事件'],
	['answer', '回答'],
	['its answer is longer than {count#} KiB', '回答超过 {count} KiB'],
	['its answer is compressed although that was not asked for', '未经要求压缩了回答'],
	['it redirects (status {status}), which is not followed with a key', '返回重定向 ({status})，带密钥时不跟随'],
	['you moved the request on', '您转移了请求'],
	['its rival spoke first', '并行的另一个先回答'],
	['it was no longer needed', '已不再需要'],
	['it answers again', '恢复回答'],
	['imagined to be down', '假设它故障'],
];

/** What keeps an incident open. */
const evidence: readonly Phrase[] = [
	['{code}: {what!}', '{code}：{what}'],
	['{what!} (the client noticed)', '{what}（客户端已察觉）'],
	['{status}, retry-after {wait}', '{status}，retry-after {wait}'],
	['no route could be tried', '没有可尝试的路由'],
	['the last attempt: {what!}', '最后一次尝试：{what}'],
	['the last attempt: {what}', '最后一次尝试：{what}'],
	['missing env {name} ({place})', '未设置变量 {name} ({place})'],
	['missing env {name}', '未设置变量 {name}'],
	[
		'state.db: {what}; what it should keep is written as soon as it can be, and lost if the engine ends before.',
		'state.db：{what}；要保存的内容一旦能写入就会写入，引擎若先结束则会丢失。',
	],
	[
		'state.db cannot be opened ({what}); state of this run is kept in memory only.',
		'无法打开 state.db ({what})；本次运行的状态只保存在内存中。',
	],
	[
		'state.db was damaged ({what}); it was set aside as {file} and a new one was begun.',
		'state.db 已损坏 ({what})；已移为 {file}，并新建一份。',
	],
	[
		'state.db is damaged ({what}) and cannot be set aside: {why}; this run keeps its state in memory only.',
		'state.db 已损坏 ({what}) 且无法移开：{why}；本次运行的状态只保存在内存中。',
	],
	['session {id}: {what!}', '会话 {id}：{what}'],
	['cannot be written: {code}', '无法写入：{code}'],
	['restart {count#}: {reason}', '第 {count} 次重启：{reason}'],
	['its thread ended unexpectedly', '它的线程意外结束'],
	['event loop {duration} late', '事件循环延迟 {duration}'],
];

const notes: readonly Phrase[] = [
	['the engine restarted', '引擎已重启'],
	['replay of {request}', '重放 {request}'],
	['repaired {count#} item(s)', '修复 {count} 项'],
	['repeated at {name}', '在 {name} 重试'],
	['failed over from {name}', '从 {name} 转移而来'],
	['no place at {name}', '{name} 没有空位'],
	['waits for a place at {name}, {count#} before it', '等待 {name} 的空位，前面 {count} 个'],
	['waited for a place at {name}', '等到了 {name} 的空位'],
	['waited in vain for a place at {name}', '没有等到 {name} 的空位'],
	['hopeless', '没有上游能处理；按 i 看原因'],
	['will-pass', '当时没有上游能处理；按 i 看原因'],
	['quota-spent', '所有上游的额度都已用尽'],
	['context-overflow', '超过模型的上下文'],
	['request-fault', '上游认为请求本身有误'],
	['mid-stream-break', '回答中断'],
	['local-token', '没有本地令牌'],
	['bad-request', '不是可读的请求'],
];

const phraseOf = createPhraseBook([
	...transportPhrases,
	...answers,
	...badAnswers,
	...attemptPhrases,
	...lossPhrases,
	...evidence,
	...notes,
]);

/** What became of an attempt, and what is noted of a request; what nobody knows stays as it is. */
export const reasonText = (reason: string): string =>
	phraseOf(reason) ?? (/\.toml\b/.test(reason) ? configText(reason) : reason);
