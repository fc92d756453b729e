import type {Controls} from '../input/controls.ts';
import type {ScreenState} from './screen-state.ts';

/** One thing that can be chosen. */
export interface Choice {
	readonly value: string;
	readonly label: string;
	/** A few words beside it. */
	readonly about?: string | undefined;
	/** It is what holds now. */
	readonly isCurrent?: boolean;
}

/** A list over the page from which one thing is chosen: the keys are the picker's alone until it is closed. */
export interface Picker {
	readonly title: string;
	readonly choices: readonly Choice[];
	/** What Enter does, in a word; undefined: it takes what is selected. */
	readonly does?: string | undefined;
	/** What was typed: only choices that have all its words are shown. */
	readonly text: string;
	/** The selected one of those that are shown. */
	readonly index: number;
	/** What is said beside the typed text where that may be chosen too; undefined: only what is listed. */
	readonly other?: string | undefined;
	/** Runs with the chosen value; the picker is closed by then. */
	readonly choose: (value: string, controls: Controls) => void;
}

/** Opens a picker; what holds now is selected. */
export const withPicker = (state: ScreenState, picker: Omit<Picker, 'text' | 'index'>): ScreenState => {
	const index = Math.max(
		0,
		picker.choices.findIndex(({isCurrent}) => isCurrent === true),
	);
	return {...state, isHelpOpen: false, picker: {...picker, text: '', index}};
};

/** The choices that fit what was typed, and the typed text itself where it may be chosen. */
export const shownChoices = ({choices, text, other}: Picker): readonly Choice[] => {
	const words = text.toLowerCase().split(/\s+/);
	const fitting = choices.filter(({label, about = ''}) => {
		const whole = `${label} ${about}`.toLowerCase();
		return words.every(word => whole.includes(word));
	});
	const typed = text.trim();
	const isNew = other !== undefined && typed !== '' && !choices.some(({value}) => value === typed);
	return isNew ? [...fitting, {value: typed, label: typed, about: other}] : fitting;
};

/** Selects the choice that is so many further; both ends stay. */
export const movePicker = (picker: Picker, step: number): Picker => ({
	...picker,
	index: Math.max(0, Math.min(shownChoices(picker).length - 1, picker.index + step)),
});

/** Changes what was typed; the first that fits is selected. */
export const typePicker = (picker: Picker, change: (text: string) => string): Picker => ({
	...picker,
	text: change(picker.text),
	index: 0,
});
