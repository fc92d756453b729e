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
];

const losses: readonly Phrase[] = [
	[
		'left out, since {name} cannot read it: {count#} encrypted reasoning item(s)',
		'{name} 读不了，已略去 {count} 项加密推理',
	],
	[
		'previous_response_id was left out: {name} does not know that response',
		'{name} 不认识那个回答，已略去 previous_response_id',
	],
];

/** What keeps an incident open. */
const evidence: readonly Phrase[] = [
	['{code}: {what!}', '{code}：{what}'],
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
	['every upstream failed', '所有上游都失败'],
];

const phraseOf = createPhraseBook([...transportPhrases, ...answers, ...losses, ...evidence, ...notes]);

/** What became of an attempt, and what is noted of a request; what nobody knows stays as it is. */
export const reasonText = (reason: string): string => phraseOf(reason) ?? reason;
