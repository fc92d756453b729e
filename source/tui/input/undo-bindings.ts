import {wordsOf} from '../language/words.ts';
import {withPicker} from '../store/picker.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatClock} from '../text/format.ts';
import type {Binding} from './keymap.ts';

/* What was done, and what was said: the way back, and the log. */

const whyNotList = (state: ScreenState): string | undefined => {
	const {readOnly, nothing} = wordsOf(state).undo;
	return state.isReadOnly ? readOnly : state.undos.length === 0 ? nothing : undefined;
};

/** Edits of the file that an earlier run made can be taken back where the file is edited. */
const canReachBack = ({page, editBar}: ScreenState): boolean =>
	editBar === undefined && (page === 'routes' || page === 'settings');

const whyNotUndo = (state: ScreenState): string | undefined =>
	!state.isReadOnly && canReachBack(state) ? undefined : whyNotList(state);

const listUndos = (state: ScreenState): ScreenState =>
	withPicker(state, {
		title: wordsOf(state).undo.title,
		does: wordsOf(state).commands.undo,
		choices: state.undos.map(({label, atMs}, index) => ({
			value: String(index + 1),
			label: `${formatClock(atMs)} ${index === 0 ? '' : wordsOf(state).undo.many(index + 1)}`.trimEnd(),
			about: label,
		})),
		choose: (value, {undo}) => undo.undo(Number(value)),
	});

/** The rows of the key table that are about the way back. */
export const undoBindings: readonly Binding[] = [
	{
		keys: ['u'],
		command: 'undo',
		footer: 4,
		group: 'Program',
		disabledReason: whyNotUndo,
		run: ({state, undo, routeEditor}) => {
			if (state().undos.length === 0) {
				routeEditor.undo();
			} else {
				undo.undo(1);
			}
		},
	},
	{
		keys: ['U'],
		command: 'undo.list',
		group: 'Program',
		disabledReason: whyNotList,
		run: ({update}) => update(listUndos),
	},
];
