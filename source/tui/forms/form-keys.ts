import {graphemesOf} from '../../base/text-width.ts';
import type {Controls} from '../input/controls.ts';
import type {KeyName} from '../input/keys.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {
	changedFields,
	fittingChoices,
	moveField,
	nextChoice,
	selectedField,
	startTyping,
	takeTyped,
	withTexts,
	type Form,
} from './form.ts';

/* The keys of an open form: they are the form's alone until it is closed. */

/** The width from which fields and preview stand beside each other. */
export const wideForm = 110;

type Change = (form: Form) => Form;

const change = (controls: Controls, by: Change): void =>
	controls.update(state => (state.form === undefined ? state : {...state, form: by(state.form)}));

/** A change of a text, of which the owner is told. */
const changeText = (controls: Controls, by: Change): void => {
	const before = controls.state().form;
	change(controls, by);
	const {form} = controls.state();
	if (form !== undefined && form.fields !== before?.fields) {
		form.onChange(controls);
	}
};

const type = (controls: Controls, by: (text: string) => string): void =>
	change(controls, form =>
		form.typing === undefined ? form : {...form, typing: {text: by(form.typing.text), choice: 0}},
	);

const moveChoice = (form: Form, step: 1 | -1): Form => {
	const field = selectedField(form);
	const count = field === undefined ? 0 : fittingChoices(field, form.typing?.text ?? '').length;
	return form.typing === undefined || count === 0
		? form
		: {...form, typing: {...form.typing, choice: (form.typing.choice + step + count) % count}};
};

const typingKeys: Readonly<Record<KeyName, (controls: Controls) => void>> = {
	enter: controls => changeText(controls, takeTyped),
	tab: controls => {
		changeText(controls, takeTyped);
		change(controls, form => moveField(form, 1));
	},
	esc: controls => change(controls, form => ({...form, typing: undefined})),
	'ctrl+c': controls => change(controls, form => ({...form, typing: undefined})),
	backspace: controls => type(controls, text => graphemesOf(text).slice(0, -1).join('')),
	'ctrl+u': controls => type(controls, () => ''),
	up: controls => change(controls, form => moveChoice(form, -1)),
	down: controls => change(controls, form => moveChoice(form, 1)),
};

const close = (controls: Controls): void => controls.update(state => ({...state, form: undefined}));

/** A form with changes is not thrown away by one key. */
const leave = (controls: Controls): void => {
	const state = controls.state();
	const {form} = state;
	if (form !== undefined && changedFields(form).length > 0) {
		controls.update(current => ({...current, question: {text: wordsOf(state).forms.leave, yes: close}}));
		return;
	}

	close(controls);
};

const isPreviewShown = ({form, columns}: ScreenState): boolean => form?.shows === 'preview' || columns >= wideForm;

const togglePreview: Change = form => ({...form, shows: form.shows === 'fields' ? 'preview' : 'fields', previewTop: 0});

/** What would be written is seen before it is. */
const write = (controls: Controls): void => {
	const state = controls.state();
	if (!isPreviewShown(state)) {
		change(controls, togglePreview);
	} else if (state.form?.preview !== undefined && state.form.preview.problem === undefined) {
		state.form.onWrite(controls);
	}
};

const move =
	(delta: number) =>
	(controls: Controls): void =>
		change(controls, form => {
			const end = Math.max(0, (form.preview?.lines.length ?? 0) - 1);
			return form.shows === 'preview'
				? {...form, previewTop: Math.max(0, Math.min(form.previewTop + delta, end))}
				: moveField(form, delta);
		});

const inFields =
	(by: Change) =>
	(controls: Controls): void => {
		if (controls.state().form?.shows === 'fields') {
			changeText(controls, by);
		}
	};

const clear: Change = form => withTexts(form, {[selectedField(form)?.name ?? '']: ''});
const reset: Change = form => withTexts(form, {[selectedField(form)?.name ?? '']: selectedField(form)?.before ?? ''});

const formKeys: ReadonlyArray<readonly [keys: readonly KeyName[], run: (controls: Controls) => void]> = [
	[['down', 'j', 'tab'], move(1)],
	[['up', 'k', 'shift+tab'], move(-1)],
	[['pagedown', 'ctrl+d'], move(8)],
	[['pageup', 'ctrl+u'], move(-8)],
	[['home', 'g'], move(-1000)],
	[['end', 'G'], move(1000)],
	[['right', 'l', ' '], inFields(form => nextChoice(form, 1))],
	[['left', 'h'], inFields(form => nextChoice(form, -1))],
	[['enter'], inFields(startTyping)],
	[['backspace', 'x'], inFields(clear)],
	[['r'], inFields(reset)],
	[['p'], controls => change(controls, togglePreview)],
	[['y', 'ctrl+s'], write],
];

const leaveKey = (controls: Controls): void => {
	const {form} = controls.state();
	if (form?.shows === 'preview') {
		change(controls, togglePreview);
	} else {
		leave(controls);
	}
};

/** Does what a key says in an open form; false where none is open. */
export const formKey = (key: KeyName, controls: Controls): boolean => {
	const {form} = controls.state();
	if (form === undefined) {
		return false;
	}

	if (form.typing !== undefined) {
		const run = Object.hasOwn(typingKeys, key) ? typingKeys[key] : undefined;
		if (run !== undefined) {
			run(controls);
		} else if (graphemesOf(key).length === 1) {
			type(controls, text => text + key);
		}

		return true;
	}

	if (['esc', 'q', 'b', 'ctrl+c'].includes(key)) {
		leaveKey(controls);
		return true;
	}

	formKeys.find(([keys]) => keys.includes(key))?.[1](controls);
	return true;
};

/** Text that was pasted goes into the field that is typed into; false where none is. */
export const formPaste = (add: (before: string) => string, controls: Controls): boolean => {
	const {form} = controls.state();
	type(controls, add);
	return form !== undefined;
};
