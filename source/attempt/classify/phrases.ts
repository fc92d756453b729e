import type {ErrorClass, FaultScope} from './error-class.ts';
import type {Meaning} from './known-words.ts';

/*
 * Sentences of error bodies, English and Chinese (codex-helper.md 2.4). A sentence is weaker than a machine word, since it may quote what the
 * user wrote: quotations and echoes are cut out, and where the status says that the request is wrong a sentence about the upstream counts only
 * at the start of a text.
 */

/** What a pattern's match means, and the scope that holds unless the text names a model. */
interface Phrase extends Meaning {
	readonly pattern: RegExp;
	/** It counts wherever it stands and whatever the status is: nobody else writes like that. */
	readonly isUnmistakable?: boolean;
}

const phrase = (errorClass: ErrorClass, scope: FaultScope, pattern: RegExp): Phrase => ({errorClass, scope, pattern});

/** Relays hand it on with any status. */
const foreignPhrases: readonly Phrase[] = [
	phrase(
		'foreign_encrypted_content',
		'request',
		/encrypted[_ ]content.{0,80}(?:verif|decrypt|decod|pars|invalid|mismatch|corrupt|belong|recogni|无效|解密|验证|校验)|(?:invalid|verify|decrypt|decode|parse|解密|无效).{0,40}encrypted[_ ]content|(?:invalid|bad).{0,20}signature.{0,20}thinking|thinking.{0,40}signature.{0,40}(?:invalid|verif)/i,
	),
];

const stalePhrases: readonly Phrase[] = [
	phrase(
		'stale_previous_response_id',
		'request',
		/previous[_ ]response.{0,120}(?:not (?:be )?found|does not exist|doesn't exist|(?:is|was) missing|(?:is|has|was) expired|unknown|不存在|找不到|未找到|已过期)|(?:找不到|未找到|不存在).{0,20}previous_response/i,
	),
];

const contextPhrases: readonly Phrase[] = [
	phrase(
		'context_length_exceeded',
		'request',
		/maximum context length|context (?:length|window|limit|size).{0,60}(?:exceed|too (?:long|large|small)|full)|exceed\w*.{0,60}(?:context (?:length|window|limit|size)|model token limit)|prompt is too long|input is too long|input (?:length|token\w*(?: count)?).{0,60}exceed|range of input length|ran out of room|(?:上下文|输入|提示词|tokens?).{0,12}(?:超过|超出|超长|过长)|(?:超过|超出).{0,12}(?:上下文|最大长度|模型.{0,6}长度)/i,
	),
];

const policyPhrases: readonly Phrase[] = [
	phrase(
		'content_policy',
		'request',
		/content (?:policy|filter|management policy)|(?:flagged|rejected|blocked|refused).{0,40}(?:safety|moderation|policy|high risk|usage polic)|safety system|inappropriate content|敏感(?:词|内容|信息)|(?:内容|输入).{0,12}(?:违规|不合规|不安全)|内容安全|不当内容/i,
	),
];

/** Faults of the body's shape (codex-helper.md 2.4, point 5). */
const shapePhrases: readonly Phrase[] = [
	phrase(
		'client_error_non_retryable',
		'request',
		/tool_use|tool_result|tool[_ ]call|non-?empty|(?:is|are|be|field) (?:empty|required|missing)|not a valid|missing required|json|schema|must be|expected|invalid (?:value|type|parameter|argument)|参数.{0,8}(?:错误|无效|缺失|不合法)|格式错误|不能为空/i,
	),
];

const mismatchPhrases: readonly Phrase[] = [
	phrase(
		'routing_mismatch_capability',
		'model',
		/\bmodels?\b.{0,60}(?:not found|does not exist|doesn't exist|not exist|(?:is |are )?not (?:supported|available|allowed|enabled|open)|unsupported|unavailable|no access|not have access|deprecated|decommissioned|retired)|(?:not found|does not support|not support|unsupported|unknown|invalid|unavailable|no such|no access to|not have access to|not allowed to (?:access|use)|permission to (?:access|use))(?: the)?.{0,12}\bmodel\b|^model: \S+$|模型.{0,20}(?:不存在|不支持|未开通|未开放|已下线|不可用|无权|没有权限|未找到|未配置)|(?:不支持|无权(?:访问|使用)?|没有权限(?:访问|使用)?|未开通|找不到)(?:该|此|当前)?.{0,8}模型/i,
	),
	phrase(
		'routing_mismatch_capability',
		'model',
		/service[_ ]?tier.{0,60}(?:not (?:supported|available|allowed)|unsupported|unavailable|invalid|no access)|(?:unsupported|invalid|does not support).{0,20}service[_ ]?tier|reasoning.{0,60}(?:not supported|unsupported|not available|unavailable|does not support)|(?:does not support|unsupported|not support).{0,30}(?:reasoning|thinking)|不支持.{0,12}(?:推理|思考|服务等级)/i,
	),
	phrase(
		'routing_mismatch_capability',
		'model',
		/does(?: not|n't) support.{0,12}(?:image|vision|audio|tool|function|parallel tool|structured output|json_schema|streaming)|no endpoints found that support|(?:image|tool use|function calling).{0,20}(?:is|are) not supported (?:by|for|with) (?:this|the) (?:model|provider)|不支持.{0,6}(?:图片|图像|视觉|工具调用|函数调用)/i,
	),
];

const quotaPhrases: readonly Phrase[] = [
	{
		...phrase('quota_exhausted', 'account', /^your credit balance is too low/i),
		isUnmistakable: true,
	},
	phrase(
		'quota_exhausted',
		'account',
		/insufficient[_ ](?:\w{1,12}[_ ])?(?:quota|balance|funds|credits?)|exceeded (?:your|the) (?:current|monthly|weekly|daily) (?:quota|usage)|(?:quota|credits?) (?:has been |have been |is |are )?(?:exhausted|exceeded|used up|depleted)|exhausted your (?:capacity|quota)|(?:reached|exceeded|hit) (?:your|the|its)(?: \w+){0,3} usage limit|usage limit (?:has been )?(?:reached|exceeded)|(?:credit|account) balance.{0,20}(?:too low|insufficient|negative)|out of credits?|requires more credits|no credits? (?:left|remaining)|payment required|(?:subscription|plan) (?:has )?expired|spending limit|(?:daily|weekly|monthly) (?:usage )?limit (?:reached|exceeded)/i,
	),
	phrase(
		'quota_exhausted',
		'account',
		/(?:额度|配额|余额|限额|积分|点数|套餐|用量).{0,10}(?:不足|用尽|用完|耗尽|已用尽|已到期|已过期|已超|超限|为零|为负)|(?:不足|用尽|用完|耗尽|达到|超过|超出)(?:了)?.{0,10}(?:额度|配额|余额|限额|用量上限|使用上限)|欠费|(?:今日|当日|每日|本周|本月).{0,12}(?:上限|用完|用尽)|预扣费.{0,6}失败|请.{0,6}充值/,
	),
];

const overloadPhrases: readonly Phrase[] = [
	phrase(
		'upstream_overloaded',
		'account',
		/concurren(?:t|cy).{0,40}(?:limit|exceed|reached|too (?:high|many))|too many concurrent|(?:too many|maximum) pending requests|pending requests.{0,30}(?:exceed|limit|reached|full)|并发.{0,12}(?:超|过高|过多|上限|限制|达到)/i,
	),
	phrase(
		'upstream_overloaded',
		'endpoint',
		/\boverloaded\b|\b(?:at|over|out of|no|insufficient|not enough) capacity|capacity (?:constraints?|exceeded|exhausted)|no (?:available|healthy) (?:channels?|accounts?|providers?|instances?|upstreams?|keys?|slots?)|(?:request )?queue (?:is )?full|(?:server|service|system) (?:is )?(?:too |currently )?busy|high (?:demand|load)|websocket_connection_limit_reached/i,
	),
	phrase(
		'upstream_overloaded',
		'endpoint',
		/(?:无|没有)可用的?(?:渠道|账号|账户|通道|节点|密钥)|负载.{0,6}(?:饱和|过高|较高|过大)|排队|繁忙|过载|拥挤|访问量过大|算力.{0,4}(?:不足|紧张)|容量不足/,
	),
];

const ratePhrases: readonly Phrase[] = [
	phrase(
		'upstream_rate_limited',
		'account',
		/rate[ _-]?limit|too many requests|throttl(?:ed|ing)|requests? per (?:second|minute|hour|day)|tokens? per (?:minute|day)|\b[rt]pm\b.{0,20}(?:limit|exceed)|slow down|cooling down|请求.{0,6}(?:频繁|过快|过多)|频率.{0,8}(?:超|过高|过快|限制)|限流|限速|速率.{0,6}(?:限制|超)|调用次数.{0,8}(?:超|上限)|冷却/i,
	),
];

const authPhrases: readonly Phrase[] = [
	{...phrase('auth', 'account', /^this organization has been disabled/i), isUnmistakable: true},
	phrase(
		'auth',
		'account',
		/(?:invalid|incorrect|expired|revoked|disabled|missing|no|wrong) (?:or \w+ )?(?:x-)?api[ -]?key|api[ -]?key (?:is |was |has )?(?:not valid|invalid|expired|revoked|disabled|not provided|missing|not found)|invalid (?:authentication|access token|bearer token)|account (?:has been |is )?(?:deactivated|disabled|suspended|banned|blocked)|organization has been disabled|access terminated|无效的?(?:令牌|密钥|api ?key)|(?:令牌|密钥|api ?key).{0,6}(?:过期|禁用|失效|无效|不存在|错误)|未提供(?:令牌|密钥)|鉴权失败|认证失败|身份验证失败|账[号户].{0,6}(?:封禁|禁用|锁定|停用)/i,
	),
];

const regionPhrases: readonly Phrase[] = [
	phrase(
		'region_blocked',
		'endpoint',
		/(?:country|region|territory|location)(?:, \w+)*.{0,30}(?:not supported|unsupported|not available)|(?:地区|区域).{0,8}(?:不支持|不可用|限制)/i,
	),
];

/** About the upstream, the narrower meaning first. */
const aboutUpstream: readonly Phrase[] = [
	...regionPhrases,
	...quotaPhrases,
	...overloadPhrases,
	...ratePhrases,
	...authPhrases,
];

const longestSentence = 400;
/** How far into a text a sentence about the upstream may begin where the status blames the request. */
const strongStart = 24;

/** A text without what it quotes: `"…"`, `'…'` and the Chinese quotation marks, and all that follows `input:`, `received:` and the like. */
export const withoutQuotations = (text: string): string =>
	text
		.slice(0, 2000)
		.replaceAll(/"[^"]*"|`[^`]*`|“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』/g, ' ')
		.replaceAll(/(?<=^|[\s:([{=,])'[^']*'(?=$|[\s.,:;)\]}])/g, ' ')
		.replace(
			/\b(?:input|prompt|received|got|near|payload|contents?|user (?:message|text|said|asked|wrote|input|query|question)|messages?\[\d+\][\w.[\]]*)\s*[:=]\s.*$/is,
			' ',
		)
		.slice(0, longestSentence)
		.trim();

const ofThisModel = /\b(?:on|for) (?:this|the) model\b/i;
const namesModel = /\bmodel\b|模型|rate limit reached for (?!requests|tokens)\S/i;

/** How the texts of a body are searched. */
export interface PhraseSearch {
	/** The status blames the request (400, 413, 422, …): only what a text begins with tells of the upstream. */
	readonly blamesRequest: boolean;
	/** A machine word blames the request as well: no sentence tells of the upstream, but for the unmistakable ones. */
	readonly hasClientWord: boolean;
	/** Sentences about models, settings and forgotten responses count, and those about what the content is. */
	readonly mayMismatch: boolean;
	/** Sentences about the body's shape count. */
	readonly mayBeShape: boolean;
}

const matches = (candidate: Phrase, text: string, search: PhraseSearch): boolean => {
	const index = candidate.pattern.exec(text)?.index;
	if (index === undefined) {
		return false;
	}

	return (
		candidate.isUnmistakable === true || (!search.hasClientWord && (!search.blamesRequest || index <= strongStart))
	);
};

const meaningOf = ({errorClass, scope}: Phrase, text: string): Meaning => {
	const isThrottle = errorClass === 'upstream_rate_limited' || errorClass === 'upstream_overloaded';
	const isOfModel = isThrottle ? namesModel.test(text) : errorClass === 'quota_exhausted' && ofThisModel.test(text);
	return {errorClass, scope: isOfModel ? 'model' : scope};
};

const anywhere = ({pattern}: Phrase, text: string): boolean => pattern.test(text);

const find = (
	phrases: readonly Phrase[],
	texts: readonly string[],
	test: (found: Phrase, text: string) => boolean,
): Meaning | undefined => {
	for (const found of phrases) {
		const text = texts.find(candidate => test(found, candidate));
		if (text !== undefined) {
			return meaningOf(found, text);
		}
	}

	return undefined;
};

/** What a body's sentences say; undefined where none is known. The order is codex-helper.md 2.4's: state, model, throttle, request. */
export const meaningOfTexts = (texts: readonly string[], search: PhraseSearch): Meaning | undefined => {
	const sentences = texts.map(text => withoutQuotations(text)).filter(text => text !== '');
	// Names of fields stand in quotation marks, and a wrong guess here costs one send.
	const raw = texts.map(text => text.slice(0, longestSentence));
	const isAbout = (found: Phrase, text: string): boolean => matches(found, text, search);
	return (
		find(foreignPhrases, raw, anywhere) ??
		(search.mayMismatch ? find(stalePhrases, raw, anywhere) : undefined) ??
		(search.blamesRequest ? find(contextPhrases, sentences, anywhere) : undefined) ??
		(search.mayMismatch ? find(mismatchPhrases, sentences, anywhere) : undefined) ??
		find(aboutUpstream, sentences, isAbout) ??
		(search.mayMismatch ? find(policyPhrases, sentences, anywhere) : undefined) ??
		(search.mayBeShape ? find(shapePhrases, raw, anywhere) : undefined)
	);
};
