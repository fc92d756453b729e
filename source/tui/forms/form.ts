import type {Controls} from '../input/controls.ts';

/*
 * A form: fields with texts, of which some are chosen from a list, and a preview of what it would do. What it is for is known to its owner alone;
 * the form only keeps what was typed and where the cursor is.
 */

/** One row of a form. */
export interface FormField {
	readonly name: string;
	/** Shown at the left. */
	readonly label: string;
	/** What it is, in a sentence. */
	readonly about: string;
	/** What counts while it is empty. */
	readonly hint: string;
	readonly text: string;
	/** It must be filled in: nothing else gives it a value. */
	readonly isNeeded?: boolean | undefined;
	/** What it and those behind it are about; shown where it differs from the field before. */
	readonly group?: string | undefined;
	/** The text at the start. */
	readonly before: string;
	/** What can be chosen, each with a word beside it. */
	readonly choices?: ReadonlyArray<readonly [choice: string, note: string]> | undefined;
	/** Whether another text than the choices may be typed. */
	readonly isFree?: boolean | undefined;
	/** What is typed is never shown; its text at the start is a word in the place of one that is there. */
	readonly isSecret?: boolean | undefined;
}

/** What a form would do. */
export interface FormPreview {
	/** Lines of a unified diff, and of what else is to be said. */
	readonly lines: readonly string[];
	/** Why it cannot be done. */
	readonly problem: string | undefined;
}

/** A form that is open. */
export interface Form {
	readonly title: string;
	readonly fields: readonly FormField[];
	/** The selected field. */
	readonly index: number;
	/** What is being typed into it; `choice` is the selected one of those that fit. */
	readonly typing: {readonly text: string; readonly choice: number} | undefined;
	/** Where there is no room for both, what is shown. */
	readonly shows: 'fields' | 'preview';
	readonly previewTop: number;
	/** Undefined: it is being worked out. */
	readonly preview: FormPreview | undefined;
	/** A text has changed: the owner works the preview out, and may fill in other fields. */
	readonly onChange: (controls: Controls) => void;
	/** The user wants it to be done. */
	readonly onWrite: (controls: Controls) => void;
}

/** The fields that differ from what they were. */
export const changedFields = ({fields}: Form): readonly FormField[] =>
	fields.filter(({text, before}) => text !== before);

/** The text of a field; '' where the form has none of this name. */
export const textOf = ({fields}: Form, name: string): string => fields.find(field => field.name === name)?.text ?? '';

/** The form with other texts in some fields. */
export const withTexts = (form: Form, texts: Readonly<Record<string, string>>): Form => ({
	...form,
	fields: form.fields.map(field => ({...field, text: texts[field.name] ?? field.text})),
});

/** The selected field. */
export const selectedField = ({fields, index}: Form): FormField | undefined => fields[index];

/** The form with another field selected; the first and the last are ends. */
export const moveField = (form: Form, delta: number): Form => ({
	...form,
	typing: undefined,
	index: Math.max(0, Math.min(form.index + delta, form.fields.length - 1)),
});

/** The choices that fit what is typed, by any part of the word or of what stands beside it; those that begin so come first. */
export const fittingChoices = (
	{choices = []}: Pick<FormField, 'choices'>,
	typed: string,
): ReadonlyArray<readonly [choice: string, note: string]> => {
	const wanted = typed.trim().toLowerCase();
	const fits = choices.filter(parts => parts.some(part => part.toLowerCase().includes(wanted)));
	return fits.toSorted(
		([one], [other]) => Number(other.toLowerCase().startsWith(wanted)) - Number(one.toLowerCase().startsWith(wanted)),
	);
};

/** Starts to type into the selected field: with its text, or where a list is chosen from with nothing. */
export const startTyping = (form: Form): Form => {
	const field = selectedField(form);
	const isPicked = field?.choices !== undefined && field.isFree !== true;
	const at = isPicked ? (field.choices ?? []).findIndex(([choice]) => choice === field.text) : 0;
	return {
		...form,
		typing: {text: isPicked || field?.isSecret === true ? '' : (field?.text ?? ''), choice: Math.max(0, at)},
	};
};

/** The text that Enter takes: the selected choice, or what was typed. */
export const typedText = (form: Form): string => {
	const field = selectedField(form);
	const {typing} = form;
	if (field === undefined || typing === undefined) {
		return '';
	}

	const [choice] = fittingChoices(field, typing.text)[typing.choice] ?? [];
	return field.choices === undefined || (field.isFree === true && typing.text !== '')
		? typing.text.trim()
		: (choice ?? field.text);
};

/** The form with what was typed in its field. */
export const takeTyped = (form: Form): Form => {
	const field = selectedField(form);
	return field === undefined ? form : {...withTexts(form, {[field.name]: typedText(form)}), typing: undefined};
};

/** The selected field with the next of its choices; an empty one is among them. */
export const nextChoice = (form: Form, step: 1 | -1): Form => {
	const field = selectedField(form);
	if (field?.choices === undefined) {
		return form;
	}

	const words = ['', ...field.choices.map(([choice]) => choice)];
	const at = Math.max(0, words.indexOf(field.text));
	return withTexts(form, {[field.name]: words[(at + step + words.length) % words.length] ?? ''});
};
