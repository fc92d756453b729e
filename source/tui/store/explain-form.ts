import {readDelay} from '../../base/delay.ts';
import type {ExplainQuestion, WhatIf} from '../../event/explain.ts';
import {wordsOf} from '../language/words.ts';
import {whatIfFields, type ScreenState, type WhatIfField} from './screen-state.ts';

/* The page Explain: which question is asked, and the form of the what-if. */

/** Selects a field of the form. */
export const moveField = (state: ScreenState, delta: number): ScreenState => {
	const index = whatIfFields.indexOf(state.explain.field) + delta;
	const field = whatIfFields[Math.max(0, Math.min(index, whatIfFields.length - 1))] ?? 'model';
	return {...state, explain: {...state.explain, field}};
};

/** Starts to type into the selected field. */
export const startField = (state: ScreenState): ScreenState => {
	const {field, form} = state.explain;
	return {
		...state,
		focus: {...state.focus, explain: 'whatif'},
		editing: {kind: 'field', field, text: form[field], before: form[field]},
	};
};

/** Takes a typed field into the form. */
export const withField = (state: ScreenState, field: WhatIfField, text: string): ScreenState => ({
	...state,
	explain: {...state.explain, form: {...state.explain.form, [field]: text}},
});

/** Whether the form asks for anything. */
export const hasWhatIf = ({explain: {form}}: ScreenState): boolean =>
	whatIfFields.some(field => field !== 'service' && form[field].trim() !== '');

const namesIn = (text: string): readonly string[] | undefined => {
	const names = text.split(/[\s,]+/).filter(name => name !== '');
	return names.length === 0 ? undefined : names;
};

const textIn = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

/** The question of the upper pane. */
export const questionOf = ({explain: {requestId, form}, requests}: ScreenState): ExplainQuestion => ({
	service:
		requests.find(row => row.requestId === requestId)?.service ?? (form.service === 'claude' ? 'claude' : 'codex'),
	requestId,
});

/** The question of the form; a sentence where a field is wrong. */
export const whatIfOf = (state: ScreenState): ExplainQuestion | string => {
	const {form} = state.explain;
	const words = wordsOf(state).notices;
	if (form.service !== 'codex' && form.service !== 'claude') {
		return words.serviceNames;
	}

	const delay = textIn(form.in) === undefined ? undefined : readDelay(form.in);
	if (typeof delay === 'string') {
		return words.noTime(form.in);
	}

	const whatIf: WhatIf = {down: namesIn(form.down), up: namesIn(form.up), inMs: delay};
	return {service: form.service, model: textIn(form.model), sessionId: textIn(form.session), whatIf};
};
