import {isDeep, type CheckResult} from '../../event/doctor.ts';
import {wordsOf} from '../language/words.ts';
import {focusPane, goTo, selectCheck} from '../store/moves.ts';
import type {Question, ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import {reportOf} from '../text/doctor-report.ts';
import type {Binding} from './keymap.ts';

/* What a person may do on the page Doctor, and with an alert of the start. */

const selectedCheck = (state: ScreenState): CheckResult | undefined => listOf(state, 'checks').selected;

const whyNotSelected = (state: ScreenState): string | undefined =>
	selectedCheck(state) === undefined ? wordsOf(state).doctorKeys.noneSelected : undefined;

const whyNotRun = (state: ScreenState): string | undefined =>
	state.doctor.running > 0 ? wordsOf(state).doctorKeys.stillLooking : undefined;

const whyNotFix = (state: ScreenState): string | undefined => {
	const check = selectedCheck(state);
	if (check !== undefined && check.repair === undefined && check.fix === undefined) {
		return wordsOf(state).doctorKeys.nothingToFix;
	}

	return check?.repair !== undefined && state.isReadOnly
		? wordsOf(state).doctorKeys.readOnlyMend
		: whyNotSelected(state);
};

/** The check that a request would be sent for: that of the endpoint which the selected one is about. */
const deepIdOf = (check: CheckResult | undefined): string | undefined => {
	const key = /^(?:provider|key|deep):(.+)$/.exec(check?.id ?? '')?.[1];
	return key === undefined ? undefined : `deep:${key}`;
};

const whyNotTest = (state: ScreenState): string | undefined => {
	if (state.isReadOnly) {
		return wordsOf(state).doctorKeys.readOnlyTest;
	}

	return deepIdOf(selectedCheck(state)) === undefined ? wordsOf(state).doctorKeys.selectProvider : whyNotRun(state);
};

const fixOf = (check: CheckResult | undefined): string | undefined => check?.fix;

const providerOf = (id: string): string => /^deep:\w+\/([^/]+)/.exec(id)?.[1] ?? id;

const repairQuestion = (text: string, id: string): Question => ({text, yes: ({doctor}) => doctor.repair(id)});

const fixSelected: Binding['run'] = controls => {
	const check = selectedCheck(controls.state());
	controls.update(state =>
		check?.repair === undefined
			? focusPane(state, 'detail')
			: {...state, question: repairQuestion(wordsOf(state).doctor.said(check.repair), check.id)},
	);
};

const fixAlert: Binding['run'] = controls => {
	const [alert] = controls.state().alerts;
	controls.update(state => {
		const rest = {...state, alerts: state.alerts.slice(1)};
		return alert === undefined
			? rest
			: alert.repair === undefined || state.isReadOnly
				? selectCheck(goTo(rest, 'doctor'), alert.id)
				: {...rest, question: repairQuestion(wordsOf(state).doctor.said(alert.repair), alert.id)};
	});
};

/** The rows of the key table that are about the doctor. */
export const doctorBindings: readonly Binding[] = [
	{
		keys: ['enter'],
		command: 'check.fix',
		group: 'This page',
		pages: ['doctor'],
		footer: 1,
		disabledReason: whyNotFix,
		run: fixSelected,
	},
	{
		keys: ['r'],
		command: 'doctor.run',
		group: 'This page',
		pages: ['doctor'],
		footer: 1,
		disabledReason: whyNotRun,
		run: controls => controls.doctor.run('all'),
	},
	{
		keys: ['H'],
		command: 'check.run',
		group: 'This page',
		pages: ['doctor'],
		footer: 4,
		disabledReason: state =>
			isDeep(selectedCheck(state)?.id ?? '')
				? wordsOf(state).doctorKeys.testCosts
				: (whyNotSelected(state) ?? whyNotRun(state)),
		run: controls => {
			const check = selectedCheck(controls.state());
			controls.doctor.run(check === undefined ? [] : [check.id]);
		},
	},
	{
		keys: ['c'],
		command: 'provider.test',
		group: 'This page',
		pages: ['doctor'],
		footer: 4,
		disabledReason: whyNotTest,
		run: controls => {
			const id = deepIdOf(selectedCheck(controls.state())) ?? '';
			const text = wordsOf(controls.state()).doctorKeys.askTest(providerOf(id));
			controls.update(state => ({...state, question: {text, yes: ({doctor}) => doctor.run([id])}}));
		},
	},
	{
		keys: ['y'],
		command: 'check.copy',
		group: 'This page',
		pages: ['doctor'],
		footer: 2,
		disabledReason: state =>
			fixOf(selectedCheck(state)) === undefined ? wordsOf(state).doctorKeys.nothingToFix : undefined,
		run: controls => {
			const state = controls.state();
			controls.terminal.copy(fixOf(selectedCheck(state)) ?? '', wordsOf(state).doctorKeys.theFix);
		},
	},
	{
		keys: ['Y'],
		command: 'doctor.copy',
		group: 'This page',
		pages: ['doctor'],
		footer: 5,
		disabledReason: state => (state.checks.length === 0 ? wordsOf(state).doctorKeys.nothingLookedAt : undefined),
		run: controls => {
			const state = controls.state();
			const {doctor, doctorKeys} = wordsOf(state);
			controls.terminal.copy(reportOf(state.checks, doctor), doctorKeys.theReport);
		},
	},
	{
		keys: ['F'],
		command: 'alert.fix',
		group: 'Program',
		disabledReason: state => (state.alerts.length === 0 ? wordsOf(state).doctorKeys.noAlert : undefined),
		run: fixAlert,
	},
];
