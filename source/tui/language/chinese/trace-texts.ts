import type {Saying} from '../../../event/plan-view.ts';
import type {TraceEntry} from '../../../event/view.ts';
import {durationText} from '../../../observe/duration-text.ts';
import {endpointLabel} from '../../../observe/endpoint-label.ts';
import {requestKindName} from './kind-names.ts';
import {reasonText} from './reason-phrases.ts';
import {modeText, sayingText} from './saying-texts.ts';

/* The lines of the control trace, made anew from the fields of their events (event/catalogue.ts): what the engine wrote is English. */

type Fields = TraceEntry['detail'];

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const textAt = (fields: Fields, key: string): string => {
	const value = fields[key];
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const durationAt = (fields: Fields, key: string): string | undefined => {
	const value = fields[key];
	return typeof value === 'number' ? durationText(value) : undefined;
};

const listAt = (fields: Fields, key: string): readonly Fields[] => {
	const value = fields[key];
	return Array.isArray(value) ? value.filter(isFields) : [];
};

const nameAt = (fields: Fields): string => endpointLabel(textAt(fields, 'endpointKey'));

/** `before` and the text of a field, or nothing where the event has no such field. */
const partAt = (fields: Fields, key: string, [before, after]: readonly [before: string, after: string]): string => {
	const text = textAt(fields, key);
	return text === '' ? '' : before + text + after;
};

const sayingOf = (fields: Fields): Saying => {
	const values = isFields(fields['values']) ? fields['values'] : {};
	const known = Object.entries(values).filter(
		(entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
	);
	return {code: textAt(fields, 'code'), text: textAt(fields, 'text'), values: Object.fromEntries(known)};
};

const callText = (fields: Fields): string =>
	[
		`${textAt(fields, 'client')} ${requestKindName(textAt(fields, 'kind'))}`,
		partAt(fields, 'model', ['，模型 ', '']),
		partAt(fields, 'effort', ['（', '）']),
		partAt(fields, 'sessionId', ['，会话 ', '']),
	].join('');

const planText = (fields: Fields): string => {
	const plan = isFields(fields['plan']) ? fields['plan'] : {};
	const candidates = listAt(plan, 'candidates');
	const usable = candidates.filter(({eligible}) => eligible === true).map(nameAt);
	const skipped = candidates
		.filter(({eligible}) => eligible !== true)
		.map(candidate => {
			const [reason] = listAt(candidate, 'reasons').map(sayingOf);
			return `${nameAt(candidate)}（${reason === undefined ? '不可用' : sayingText(reason)}）`;
		});
	const pin = isFields(plan['pin']) ? plan['pin'] : undefined;
	return [
		`计划：${usable.length === 0 ? '没有候选' : usable.join('、')}`,
		skipped.length === 0 ? '' : `；跳过 ${skipped.join('、')}`,
		pin === undefined ? '' : `；已固定 ${nameAt(pin)}（${modeText(textAt(pin, 'mode'))}）`,
	].join('');
};

const accountNameAt = (fields: Fields): string => {
	const account = textAt(fields, 'account');
	return account === '' || account === 'default' ? nameAt(fields) : `${nameAt(fields)}（账户 ${account}）`;
};

const saturatedText = (fields: Fields): string => {
	const taken = `已占 ${textAt(fields, 'active')}${partAt(fields, 'limit', ['/', ''])}${partAt(fields, 'limitKey', ['，', ''])}`;
	const ahead = textAt(fields, 'ahead');
	const name = accountNameAt(fields);
	return `${ahead === '' ? `${name} 没有空位：跳过` : `等待 ${name} 的空位，前面 ${ahead} 个`}（${taken}）`;
};

const waitText = (fields: Fields): string => {
	const waited = durationAt(fields, 'waitedMs') ?? '';
	const name = accountNameAt(fields);
	switch (fields['result']) {
		case 'place':
			return `等待 ${waited} 后得到 ${name} 的空位`;
		case 'timeout':
			return `等待 ${waited} 后 ${name} 仍没有空位：跳过`;
		default:
			return `对 ${name} 空位的等待在 ${waited} 后停止`;
	}
};

/** Who decided a field (source/engine/sent-ask.ts). */
const changeSources: Readonly<Record<string, string>> = {
	session_override: '会话覆盖',
	profile: '配置档',
	provider_reasoning: '供应商的 reasoning 设置',
};

/** The fields that can be decided (BodyTranslated). */
const changedFields: Readonly<Record<string, string>> = {model: '模型', effort: '推理强度', tier: '等级'};

const bodyText = (fields: Fields): string => {
	const changes = [
		...listAt(fields, 'losses').map(loss => `${reasonText(textAt(loss, 'text'))}（${textAt(loss, 'count')}）`),
		...listAt(fields, 'overrides').map(
			change =>
				`${changedFields[textAt(change, 'field')] ?? textAt(change, 'field')} 由 ${textAt(change, 'from') || '未设置'} 改为 ${textAt(change, 'to')}（${changeSources[textAt(change, 'source')] ?? textAt(change, 'source')}）`,
		),
	];
	const what = fields['isAnswer'] === true ? `改写了 ${nameAt(fields)} 的回答` : `为 ${nameAt(fields)} 改写了请求体`;
	return changes.length === 0 ? what : `${what}：${changes.join('、')}`;
};

const startText = (fields: Fields): string => {
	const reason = textAt(fields, 'reason');
	const said = reasonText(reason);
	return `第 ${textAt(fields, 'attempt')} 次尝试：${nameAt(fields)}${partAt(fields, 'model', ['，模型 ', ''])}；${said}`;
};

const endText = (fields: Fields): string => {
	const name = nameAt(fields);
	const took = durationAt(fields, 'durationMs') ?? '';
	if (fields['outcome'] === 'success') {
		return `${name} 完成，用时 ${took}`;
	}

	if (fields['outcome'] === 'cancelled') {
		return `客户端在 ${took} 后离开 ${name}`;
	}

	const {status} = fields;
	const wait = durationAt(fields, 'retryAfterMs');
	const what =
		typeof status === 'number' && status >= 300 ? `返回 ${status}` : `失败：${reasonText(textAt(fields, 'reason'))}`;
	const next = fields['willRetry'] === true ? '，转到下一个候选' : '';
	return `${name} ${what}${wait === undefined ? '' : `（retry-after ${wait}）`}${next}`;
};

const outcomes: Readonly<Record<string, string>> = {success: '成功', failed: '失败', cancelled: '已取消', cut: '中断'};

const replyText = (fields: Fields): string => {
	const record = isFields(fields['record']) ? fields['record'] : {};
	const retry = isFields(record['retry']) ? record['retry'] : {};
	const outcome = textAt(record, 'outcome');
	return [
		`${outcomes[outcome] ?? outcome}（${textAt(record, 'status_code')}），用时 ${durationAt(record, 'duration_ms') ?? ''}`,
		partAt(retry, 'attempts', ['，共尝试 ', ' 次']),
		textAt(record, 'ending') === '' ? '' : `：${reasonText(textAt(record, 'ending'))}`,
	].join('');
};

const phases: Readonly<Record<string, string>> = {closed: '闭合', open: '断开', 'half-open': '待试'};

const breakerText = (fields: Fields): string => {
	const [phase, reason] = [textAt(fields, 'phase'), textAt(fields, 'reason')];
	const {untilMs, atMs} = fields;
	const left =
		phase !== 'closed' && typeof untilMs === 'number' && typeof atMs === 'number'
			? ` ${durationText(untilMs - atMs)}`
			: '';
	return `${nameAt(fields)} 的熔断器${phases[phase] ?? phase}${left}${reason === '' ? '' : `：${reasonText(reason)}`}`;
};

const lines: Readonly<Record<string, (fields: Fields) => string>> = {
	'request-start': fields =>
		`${textAt(fields, 'method')} ${textAt(fields, 'path')}，${textAt(fields, 'bodyBytes')} 字节`,
	'call-identified': callText,
	'route-planned': planText,
	'candidate-saturated': saturatedText,
	'wait-end': waitText,
	'body-translated': bodyText,
	'attempt-start': startText,
	'attempt-end': endText,
	'reply-start': fields => `${nameAt(fields)} 在 ${durationAt(fields, 'ttfbMs') ?? ''} 后开始回答`,
	'reply-silent': fields => `${nameAt(fields)} 已 ${durationAt(fields, 'silentMs') ?? ''} 没有输出`,
	'reply-end': replyText,
	'breaker-changed': breakerText,
};

/** The line of a decision about a request; undefined for a kind that is not known here. */
export const traceText = ({kind, detail, endpointKey, atMs}: TraceEntry): string | undefined =>
	lines[kind]?.({endpointKey, atMs, ...detail});
