import {wordsOf} from '../language/words.ts';
import {bodyForms, searchViewer, viewerOf} from '../store/body-viewer.ts';
import type {Controls} from './controls.ts';
import {bindingOf} from './key-layer.ts';
import type {Binding} from './keymap.ts';
import type {KeyName} from './keys.ts';

/* The keys of the body viewer: it has the keyboard to itself but for what means the same everywhere. */

/** What goes on as ever while the viewer is open: moving, leaving, and the program's own keys. */
const isEverywhere = ({command, group}: Binding): boolean =>
	(group === 'Move' && !command.startsWith('pane.')) ||
	group === 'Pages' ||
	group === 'Program' ||
	command === 'palette';

const search = (controls: Controls, step: 1 | -1): void =>
	controls.update(state => {
		const viewer = viewerOf(state);
		return viewer === undefined ? state : searchViewer(state, viewer, {search: viewer.search, step});
	});

/** Does what a key means in the viewer; false: it means what it means everywhere. */
export const bodyKey = (key: KeyName, controls: Controls): boolean => {
	const state = controls.state();
	const viewer = viewerOf(state);
	if (viewer === undefined || state.isHelpOpen) {
		return false;
	}

	const binding = bindingOf(key, state);
	if (binding?.command === 'pane.next' || binding?.command === 'pane.previous') {
		controls.bodies.choose({part: viewer.part === 'request' ? 'answer' : 'request'});
	} else if (key === 'v' || key === 'V') {
		const step = key === 'v' ? 1 : bodyForms.length - 1;
		controls.bodies.choose({form: bodyForms[(bodyForms.indexOf(viewer.form) + step) % bodyForms.length] ?? 'pretty'});
	} else if (key === 'n' || key === 'N') {
		search(controls, key === 'n' ? 1 : -1);
	} else if (binding?.command === 'filter') {
		controls.update(current => ({...current, editing: {kind: 'search', text: viewer.search, before: viewer.search}}));
	} else if (binding?.command === 'request.body') {
		controls.update(current => ({...current, viewer: undefined}));
	} else if (binding !== undefined && isEverywhere(binding)) {
		return false;
	} else {
		const text = wordsOf(state).bodies.keys;
		controls.update(current => ({...current, message: {text, tone: 'warn', untilMs: current.nowMs + 4000}}));
	}

	return true;
};
