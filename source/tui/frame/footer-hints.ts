import {wordsOf} from '../language/words.ts';
import {selectedField} from '../forms/form.ts';
import type {KeyName} from '../input/keys.ts';
import {viewerOf} from '../store/body-viewer.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf} from '../store/selectors.ts';

/* What the footer says while something lies over the page: its keys, not those of the page below. */

/** One entry of the footer. */
export interface KeyHint {
	/** All that are shown before the label; a click is the first. */
	readonly keys: readonly KeyName[];
	/** Empty: the key alone. */
	readonly label: string;
	readonly isDisabled?: boolean;
}

/** A question, a list, a form or a line that is typed has all keys to itself. */
export const takesAllKeys = ({question, picker, editing, form}: ScreenState): boolean =>
	[question, picker, editing, form].some(open => open !== undefined);

/** There the key of the filter looks for a text. */
export const searchesText = (state: ScreenState): boolean =>
	viewerOf(state) !== undefined || focusOf(state) === 'transcript';

/** The keys of what lies over the page, in the order in which dispatch asks for them; undefined: nothing does. */
export const modalKeys = (state: ScreenState): readonly KeyHint[] | undefined => {
	const words = wordsOf(state).footer;
	const close: KeyHint = {keys: ['esc'], label: words.close};
	const choose: KeyHint = {keys: ['up', 'down'], label: words.choose};
	if (state.picker !== undefined) {
		return [choose, {keys: ['enter'], label: state.picker.does ?? words.take}, close];
	}

	if (state.editing !== undefined) {
		const isCommand = state.editing.kind === 'command';
		const isAsked = state.editing.kind === 'field';
		const enter: KeyHint = {keys: ['enter'], label: isCommand ? words.run : isAsked ? words.ask : words.keep};
		return isCommand
			? [choose, {keys: ['tab'], label: words.complete}, enter, close]
			: [enter, {keys: ['esc'], label: words.takeBack}];
	}

	if (state.question !== undefined) {
		return [
			{keys: ['y'], label: words.yes},
			{keys: ['n'], label: words.no},
		];
	}

	if (state.form?.typing !== undefined) {
		const hasChoices = selectedField(state.form)?.choices !== undefined;
		const take: readonly KeyHint[] = [
			{keys: ['enter'], label: words.take},
			{keys: ['esc'], label: words.takeBack},
		];
		return hasChoices ? [choose, ...take] : take;
	}

	if (state.isHelpOpen) {
		return [{keys: ['j', 'k'], label: words.scroll}, close];
	}

	return viewerOf(state) === undefined
		? undefined
		: [
				{keys: ['tab'], label: words.otherBody},
				{keys: ['v'], label: words.form},
				close,
				{keys: ['n', 'N'], label: words.next},
				{keys: ['j', 'k'], label: words.scroll},
			];
};
