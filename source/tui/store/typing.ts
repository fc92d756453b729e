import {searchViewer, viewerOf} from './body-viewer.ts';
import {withField} from './explain-form.ts';
import {withList} from './moves.ts';
import {activeList, focusOf} from './selectors.ts';
import {endSearch, startSearch, typeSearch} from './transcript-moves.ts';
import type {ScreenState} from './screen-state.ts';

/* What is being typed: how it begins, changes and ends. */

/** Starts to type a filter for the list that has the focus, or what to look for in the conversation. */
export const startFilter = (state: ScreenState): ScreenState => {
	if (focusOf(state) === 'transcript' && viewerOf(state) === undefined) {
		return startSearch(state);
	}

	const list = activeList(state);
	const before = state.lists[list].filter;
	return {...state, isHelpOpen: false, editing: {kind: 'filter', list, text: before, before}};
};

/** Opens the palette; the text is typed in already. */
export const openPalette = (state: ScreenState, {text}: {readonly text: string} = {text: ''}): ScreenState => ({
	...state,
	isHelpOpen: false,
	editing: {kind: 'command', text, before: '', index: 0},
});

/** Changes the filter that is being typed. */
export const typeFilter = (state: ScreenState, change: (text: string) => string): ScreenState =>
	state.editing === undefined
		? state
		: state.editing.kind === 'find'
			? typeSearch(state, change(state.editing.text))
			: {
					...state,
					editing: {
						...state.editing,
						text: change(state.editing.text),
						...(state.editing.kind === 'command' ? {index: 0} : {}),
					},
				};

/** Ends typing: keeps the filter, or the one before it. */
export const endFilter = (state: ScreenState, isKept: boolean): ScreenState => {
	const {editing} = state;
	if (editing === undefined) {
		return state;
	}

	if (editing.kind === 'find') {
		return endSearch(state, isKept);
	}

	const text = isKept ? editing.text.trim() : editing.before;
	const ended = {...state, editing: undefined};
	if (editing.kind === 'command' || editing.kind === 'setting') {
		return ended;
	}

	if (editing.kind === 'search') {
		return ended.viewer === undefined ? ended : searchViewer(ended, ended.viewer, {search: text, step: undefined});
	}

	return editing.kind === 'field'
		? withField(ended, editing.field, text)
		: withList(ended, editing.list, {filter: text});
};
