import type {Words} from '../words.ts';
import {incidentTexts} from './incident-texts.ts';
import {sayingTexts} from './saying-texts.ts';

const saying: Words['engine']['reason'] = ({code, text, values = {}}) => {
	const said = sayingTexts[code]?.(values) ?? text;
	const {leftMs} = values;
	return typeof leftMs === 'number' ? `${said}，还剩 ${Math.ceil(leftMs / 1000)} 秒` : said;
};

const subjects: Readonly<Record<string, string>> = {pin: '固定', session: '会话', state: '状态'};

export const engine: Words['engine'] = {
	incident: incident => incidentTexts[incident.rule]?.(incident.scope) ?? incident,
	scope: scope =>
		scope
			.replace(/^all routes of (.+)$/, '$1 的全部路由')
			.replace(/^engine$/, '引擎')
			.replace(/^config$/, '配置'),
	reason: saying,
	question: ({asked, question}) => (asked === undefined ? question : saying(asked)),
	subject: subject =>
		subjects[subject] ?? subject.replace(/^route (.+)$/, '路由 $1').replace(/^attempt (\d+)$/, '第 $1 次尝试'),
	step: ({sayings, text}) => sayings?.map(saying).join('；') ?? text,
};
