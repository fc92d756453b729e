import type {Words} from '../words.ts';
import {configText} from './config-phrases.ts';
import {incidentTexts} from './incident-texts.ts';
import {noteText} from './note-phrases.ts';
import {sayingText} from './saying-texts.ts';
import {sentenceText} from './sentence-phrases.ts';
import {traceText} from './trace-texts.ts';

const subjects: Readonly<Record<string, string>> = {pin: '固定', session: '会话', state: '状态'};

export const engine: Words['engine'] = {
	incident: incident => incidentTexts[incident.rule]?.(incident.scope) ?? incident,
	scope: scope =>
		scope
			.replace(/^all routes of (.+)$/, '$1 的全部路由')
			.replace(/^engine$/, '引擎')
			.replace(/^config$/, '配置'),
	reason: sayingText,
	question: ({asked, question}) => (asked === undefined ? question : sayingText(asked)),
	subject: subject =>
		subjects[subject] ?? subject.replace(/^route (.+)$/, '路由 $1').replace(/^attempt (\d+)$/, '第 $1 次尝试'),
	step: ({sayings, text}) => sayings?.map(sayingText).join('；') ?? text,
	answer: sentenceText,
	problem: configText,
	note: noteText,
	trace: entry => traceText(entry) ?? entry.what,
};
