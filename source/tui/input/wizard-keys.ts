import {graphemesOf} from '../../base/text-width.ts';
import {languages, wordsOf} from '../language/words.ts';
import {
	atStep,
	isVariable,
	nameVariable,
	selectBy,
	selectedOffer,
	stepBeside,
	toggleTaken,
	variableOf,
	withoutVariable,
	withWizard,
	type WizardState,
} from '../store/wizard-state.ts';
import type {Controls} from './controls.ts';
import type {Binding} from './keymap.ts';
import type {KeyName} from './keys.ts';

/* The keys of the wizard: while it is open they are its alone. Every step can be skipped by Esc, and the whole by q. */

const rowsOfAPage = 10;

const steps: Readonly<Partial<Record<KeyName, number>>> = {
	...{down: 1, j: 1, up: -1, k: -1},
	...{pagedown: rowsOfAPage, pageup: -rowsOfAPage, 'ctrl+d': rowsOfAPage / 2, 'ctrl+u': -rowsOfAPage / 2},
	...{home: -1000, g: -1000, end: 1000, G: 1000},
};

/** What is selected shows at once; a step that is skipped takes it back. */
const showSelected = (controls: Controls): void => {
	const {wizard, themeNames} = controls.state();
	const theme = wizard?.step === 'theme' ? themeNames[wizard.index] : undefined;
	const language = wizard?.step === 'language' ? languages[wizard.index] : undefined;
	if (theme !== undefined) {
		controls.terminal.useTheme(theme);
	}

	if (language !== undefined) {
		controls.terminal.useLanguage(language);
	}
};

const goOn = (controls: Controls): void => {
	const {wizard} = controls.state();
	const next = wizard && stepBeside(wizard, 1);
	if (next === undefined) {
		controls.wizard.close();
		return;
	}

	controls.update(state => atStep(state, next));
	if (next === 'review') {
		controls.wizard.preview();
	}
};

/** Enter: the step's answer counts. */
const take = (wizard: WizardState, controls: Controls): void => {
	const {themeName, language} = controls.state();
	switch (wizard.step) {
		case 'upstreams': {
			const nameless = withoutVariable(wizard);
			if (nameless !== undefined) {
				const problem = wordsOf(controls.state()).wizard.variableIsMissing(nameless.name);
				controls.update(state => withWizard(state, {problem, index: wizard.view?.offers.indexOf(nameless) ?? 0}));
				return;
			}

			break;
		}

		case 'codex': {
			controls.update(state => withWizard(state, {switchesCodex: wizard.index === 0}));
			break;
		}

		case 'theme': {
			controls.terminal.chooseTheme(themeName);
			controls.update(state => withWizard(state, {before: {...wizard.before, themeName}}));
			break;
		}

		case 'language': {
			controls.terminal.chooseLanguage(language);
			controls.update(state => withWizard(state, {before: {...wizard.before, language}}));
			break;
		}

		case 'review': {
			if (wizard.text !== undefined) {
				controls.wizard.write();
			}

			return;
		}

		case 'written': {
			controls.wizard.startAgain();
			return;
		}
	}

	goOn(controls);
};

/** Esc: as if the step had not been there. */
const skip = (wizard: WizardState, controls: Controls): void => {
	switch (wizard.step) {
		case 'upstreams': {
			controls.update(state => withWizard(state, {taken: []}));
			break;
		}

		case 'codex': {
			controls.update(state => withWizard(state, {switchesCodex: undefined}));
			break;
		}

		case 'theme': {
			controls.terminal.useTheme(wizard.before.themeName);
			break;
		}

		case 'language': {
			controls.terminal.useLanguage(wizard.before.language);
			break;
		}

		case 'review':
		case 'written': {
			controls.wizard.close();
			return;
		}
	}

	goOn(controls);
};

const endTyping = (typed: string, controls: Controls): void => {
	const problem = wordsOf(controls.state()).wizard.noVariable;
	controls.update(state => (isVariable(typed) ? nameVariable(state, typed) : withWizard(state, {typing: '', problem})));
};

const typeKey = (key: KeyName, typed: string, controls: Controls): void => {
	const typing = (text: string | undefined): void =>
		controls.update(state => {
			// A sign that no name has is not left out: what remained of a key could pass for a name.
			const isName = text === undefined || text === '' || isVariable(text);
			const problem = isName ? undefined : wordsOf(state).wizard.noVariable;
			return withWizard(state, {typing: text, problem});
		});
	switch (key) {
		case 'enter': {
			endTyping(typed, controls);
			return;
		}

		case 'esc':
		case 'ctrl+c': {
			typing(undefined);
			return;
		}

		case 'backspace': {
			typing(typed.slice(0, -1));
			return;
		}

		case 'ctrl+u': {
			typing('');
			return;
		}

		default: {
			if (graphemesOf(key).length === 1) {
				typing(typed + key);
			}
		}
	}
};

const startTyping = (wizard: WizardState, controls: Controls): void => {
	const offer = selectedOffer(wizard);
	if (offer !== undefined) {
		controls.update(state => withWizard(state, {typing: variableOf(wizard, offer) ?? '', problem: undefined}));
	}
};

/** Does what a key says while the wizard is open; false where it is not. */
export const wizardKey = (key: KeyName, controls: Controls): boolean => {
	const {wizard} = controls.state();
	if (wizard === undefined) {
		return false;
	}

	const by = steps[key];
	if (wizard.typing !== undefined) {
		typeKey(key, wizard.typing, controls);
	} else if (key === 'q' || key === 'ctrl+c') {
		controls.terminal.useTheme(wizard.before.themeName);
		controls.terminal.useLanguage(wizard.before.language);
		controls.wizard.close();
	} else if (key === 'enter') {
		take(wizard, controls);
	} else if (key === 'esc') {
		skip(wizard, controls);
	} else if ((key === 'left' || key === 'shift+tab') && wizard.step !== 'written') {
		controls.update(state => atStep(state, stepBeside(wizard, -1) ?? 'upstreams'));
	} else if (key === 'space' || key === ' ') {
		controls.update(toggleTaken);
	} else if (key === 'e') {
		startTyping(wizard, controls);
	} else if (by !== undefined) {
		controls.update(state => selectBy(state, by));
		showSelected(controls);
	}

	return true;
};

/** A paste while a name is typed. What is no name may be a key, and is not even shown. */
export const wizardPaste = (text: string, controls: Controls): boolean => {
	const {wizard} = controls.state();
	if (wizard?.typing === undefined) {
		return wizard !== undefined;
	}

	const pasted = text.trim();
	if (isVariable(pasted)) {
		controls.update(state => withWizard(state, {typing: pasted, problem: undefined}));
	} else {
		const problem = wordsOf(controls.state()).wizard.noVariable;
		controls.update(state => withWizard(state, {problem}));
	}

	return true;
};

/** The row of the key table that opens the wizard. */
export const wizardBinding: Binding = {
	keys: ['W'],
	command: 'wizard',
	group: 'Program',
	disabledReason: state => (state.setUp !== 'none' ? undefined : wordsOf(state).wizard.notHere),
	run: controls => controls.wizard.open(),
};
