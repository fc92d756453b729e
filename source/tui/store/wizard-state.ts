import type {TakenUpstream, UpstreamOffer, WizardView} from '../../event/wizard.ts';
import {languages, type Language} from '../language/words.ts';
import type {ScreenState} from './screen-state.ts';

/* The wizard of the first start: which step it is at and what was answered. Pure: what is asked of the machine stands in wizard-desk.ts. */

/** The steps in their order; `codex` and `review` only where an upstream was taken. */
const wizardSteps = ['upstreams', 'codex', 'theme', 'language', 'review', 'written'] as const;

/** One of {@link wizardSteps}. */
export type WizardStep = (typeof wizardSteps)[number];

/** The form while it is open. */
export interface WizardState {
	readonly step: WizardStep;
	/** Undefined until the machine was looked at. */
	readonly view: WizardView | undefined;
	/** The selected row of the step's list. */
	readonly index: number;
	/** In the order in which they are tried. */
	readonly taken: readonly TakenUpstream[];
	/** The name of a variable that is being typed for the selected upstream. */
	readonly typing: string | undefined;
	readonly switchesCodex: boolean | undefined;
	/** What would be written. */
	readonly text: string | undefined;
	readonly problem: string | undefined;
	/** What a skipped step goes back to. */
	readonly before: {readonly themeName: string; readonly language: Language};
}

/** The form as it opens. */
export const openedWizard = ({themeName, language}: ScreenState): WizardState => ({
	step: 'upstreams',
	view: undefined,
	index: 0,
	taken: [],
	typing: undefined,
	switchesCodex: undefined,
	text: undefined,
	problem: undefined,
	before: {themeName, language},
});

/** The form after a look at the machine: what was found and has its key is taken already. */
export const withView = (wizard: WizardState, view: WizardView): WizardState => ({
	...wizard,
	view,
	taken: view.offers
		.filter(({found, isKeySet, needsKey}) => found !== undefined && (isKeySet || !needsKey))
		.map(({id}) => ({id, keyVariable: undefined})),
});

const isAsked = (step: WizardStep, {taken}: WizardState): boolean =>
	taken.length > 0 || step === 'upstreams' || step === 'theme' || step === 'language';

/** The steps that are asked, for "2 of 5". */
export const askedSteps = (wizard: WizardState): readonly WizardStep[] =>
	wizardSteps.filter(step => step !== 'written' && isAsked(step, wizard));

/** The rows of the step's list. */
export const rowCount = ({wizard, themeNames}: Pick<ScreenState, 'wizard' | 'themeNames'>): number => {
	switch (wizard?.step) {
		case 'upstreams': {
			return wizard.view?.offers.length ?? 0;
		}

		case 'codex': {
			return 2;
		}

		case 'theme': {
			return themeNames.length;
		}

		case 'language': {
			return languages.length;
		}

		case 'review': {
			return wizard.text?.split('\n').length ?? 0;
		}

		default: {
			return 0;
		}
	}
};

const indexAt = (step: WizardStep, {wizard, themeName, themeNames, language}: ScreenState): number =>
	step === 'theme'
		? Math.max(0, themeNames.indexOf(themeName))
		: step === 'language'
			? languages.indexOf(language)
			: step === 'codex' && wizard?.switchesCodex === false
				? 1
				: 0;

/** The step before or behind; undefined behind the last one. */
export const stepBeside = (wizard: WizardState, by: 1 | -1): WizardStep | undefined => {
	const steps = askedSteps(wizard);
	return steps[Math.max(0, steps.indexOf(wizard.step) + by)];
};

/** The form at a step, with what is in use now selected. */
export const atStep = (state: ScreenState, step: WizardStep): ScreenState =>
	state.wizard === undefined
		? state
		: {...state, wizard: {...state.wizard, step, index: indexAt(step, state), typing: undefined, problem: undefined}};

/** The form with a change. */
export const withWizard = (state: ScreenState, change: Partial<WizardState>): ScreenState =>
	state.wizard === undefined ? state : {...state, wizard: {...state.wizard, ...change}};

/** Another row is selected. */
export const selectBy = (state: ScreenState, by: number): ScreenState => {
	const index = Math.max(0, Math.min(rowCount(state) - 1, (state.wizard?.index ?? 0) + by));
	return withWizard(state, {index, problem: undefined});
};

/** The upstream under the cursor. */
export const selectedOffer = (wizard: WizardState): UpstreamOffer | undefined =>
	wizard.step === 'upstreams' ? wizard.view?.offers[wizard.index] : undefined;

/** The variable that holds the key of an upstream, as it would be written. */
export const variableOf = (wizard: WizardState, offer: UpstreamOffer): string | undefined =>
	wizard.taken.find(({id}) => id === offer.id)?.keyVariable ?? offer.keyVariable;

/** Takes the selected upstream, or leaves it. */
export const toggleTaken = (state: ScreenState): ScreenState => {
	const {wizard} = state;
	const id = wizard && selectedOffer(wizard)?.id;
	if (wizard === undefined || id === undefined) {
		return state;
	}

	const others = wizard.taken.filter(each => each.id !== id);
	const taken = others.length < wizard.taken.length ? others : [...others, {id, keyVariable: undefined}];
	return withWizard(state, {taken, problem: undefined});
};

/** Whether a text can be the name of a variable; what is none may be a key, and is not shown. */
export const isVariable = (text: string): boolean => /^[A-Za-z_]\w{0,99}$/.test(text);

/** Takes the selected upstream with the key of this variable; it keeps its place in the order. */
export const nameVariable = (state: ScreenState, keyVariable: string): ScreenState => {
	const {wizard} = state;
	const id = wizard && selectedOffer(wizard)?.id;
	if (wizard === undefined || id === undefined) {
		return state;
	}

	const named = {id, keyVariable};
	const isTaken = wizard.taken.some(each => each.id === id);
	const taken = isTaken ? wizard.taken.map(each => (each.id === id ? named : each)) : [...wizard.taken, named];
	return withWizard(state, {taken, typing: undefined, problem: undefined});
};

/** The first upstream that was taken and has no variable for the key that it needs. */
export const withoutVariable = (wizard: WizardState): UpstreamOffer | undefined =>
	wizard.view?.offers.find(
		offer => offer.needsKey && variableOf(wizard, offer) === undefined && wizard.taken.some(({id}) => id === offer.id),
	);
