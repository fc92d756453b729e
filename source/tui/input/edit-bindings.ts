import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {selectRow} from '../store/moves.ts';
import {listOf} from '../store/selectors.ts';
import type {Controls} from './controls.ts';
import type {Binding} from './keymap.ts';

/* What a person may change in the file on the page Routes. */

/** Why the file cannot be edited now; undefined when it can. */
const whyNotEdit = (state: ScreenState): string | undefined => {
	const words = wordsOf(state).routeEditor;
	if (state.isReadOnly) {
		return words.readOnly;
	}

	if (state.editBar !== undefined) {
		return words.barred[state.editBar];
	}

	const fault = state.engine?.configProblem;
	return fault === undefined ? undefined : words.faulty(fault);
};

const whyNotEditSelected = (state: ScreenState): string | undefined =>
	whyNotEdit(state) ??
	(listOf(state, 'routes').selected === undefined ? wordsOf(state).upstreamKeys.noneSelected : undefined);

const ofSelected =
	(run: (controls: Controls, endpointKey: string) => void) =>
	(controls: Controls): void => {
		const {selected, index} = listOf(controls.state(), 'routes');
		if (selected !== undefined) {
			// What is switched off goes to the end; the next key is to mean the same one.
			controls.update(state => selectRow(state, 'routes', index));
			run(controls, selected.endpointKey);
		}
	};

const onRoutes = (binding: Omit<Binding, 'group' | 'pages'>): Binding => ({
	...binding,
	group: 'This page',
	pages: ['routes'],
});

const step = (kind: 'move' | 'weight', by: 1 | -1) =>
	ofSelected((controls, key) => controls.routeEditor.make(kind, key, by));

/** The rows of the key table that edit providers and routes. */
export const editBindings: readonly Binding[] = [
	onRoutes({
		keys: ['a'],
		command: 'provider.add',
		footer: 3,
		disabledReason: whyNotEdit,
		run: controls => controls.routeEditor.open('add', undefined),
	}),
	onRoutes({
		keys: ['e'],
		command: 'provider.edit',
		footer: 3,
		disabledReason: whyNotEditSelected,
		run: ofSelected((controls, key) => controls.routeEditor.open('edit', key)),
	}),
	onRoutes({
		keys: ['E'],
		command: 'provider.edit-whole',
		disabledReason: whyNotEditSelected,
		run: ofSelected((controls, key) => controls.routeEditor.open('edit-whole', key)),
	}),
	onRoutes({
		keys: ['A'],
		command: 'provider.copy',
		disabledReason: whyNotEditSelected,
		run: ofSelected((controls, key) => controls.routeEditor.open('copy', key)),
	}),
	onRoutes({
		// Terminals do not tell it from Delete for certain; both mean it.
		keys: ['backspace'],
		command: 'provider.remove',
		footer: 7,
		disabledReason: whyNotEditSelected,
		run: ofSelected((controls, key) => controls.routeEditor.remove(key)),
	}),
	onRoutes({
		keys: [' '],
		command: 'provider.enable',
		footer: 4,
		disabledReason: whyNotEditSelected,
		run: ofSelected((controls, key) => controls.routeEditor.make('toggle', key, 1)),
	}),
	onRoutes({
		keys: ['K'],
		command: 'route.earlier',
		footer: 5,
		disabledReason: whyNotEditSelected,
		run: step('move', -1),
	}),
	onRoutes({keys: ['J'], command: 'route.later', footer: 5, disabledReason: whyNotEditSelected, run: step('move', 1)}),
	onRoutes({
		keys: ['+'],
		command: 'weight.more',
		footer: 9,
		disabledReason: whyNotEditSelected,
		run: step('weight', 1),
	}),
	onRoutes({
		keys: ['-'],
		command: 'weight.less',
		footer: 9,
		disabledReason: whyNotEditSelected,
		run: step('weight', -1),
	}),
];
