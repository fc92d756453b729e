import {graphemesOf} from '../../base/text-width.ts';
import {movePicker, shownChoices, typePicker, type Picker} from '../store/picker.ts';
import type {Controls} from './controls.ts';
import type {KeyName} from './keys.ts';

const steps: Readonly<Record<KeyName, number>> = {
	down: 1,
	up: -1,
	tab: 1,
	'shift+tab': -1,
	pagedown: 8,
	pageup: -8,
	home: -Infinity,
	end: Infinity,
};

/** What a key does while something is chosen: arrows select, Enter chooses, Esc closes, everything else types. */
export const pickerKey = (key: KeyName, picker: Picker, controls: Controls): void => {
	const change = (next: Picker | undefined): void => controls.update(state => ({...state, picker: next}));
	const step = steps[key];
	if (step !== undefined) {
		change(movePicker(picker, step));
	} else if (key === 'enter') {
		const choice = shownChoices(picker)[picker.index];
		if (choice !== undefined) {
			change(undefined);
			picker.choose(choice.value, controls);
		}
	} else if (key === 'esc' || key === 'ctrl+c') {
		change(undefined);
	} else if (key === 'backspace') {
		change(typePicker(picker, text => graphemesOf(text).slice(0, -1).join('')));
	} else if (key === 'ctrl+u') {
		change(typePicker(picker, () => ''));
	} else if (graphemesOf(key).length === 1) {
		change(typePicker(picker, text => text + key));
	}
};
