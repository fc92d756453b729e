import {graphemesOf} from '../../base/text-width.ts';
import {viewerOf} from '../store/body-viewer.ts';
import {focusPane, goTo, moveBy, selectRow} from '../store/moves.ts';
import {wordsOf} from '../language/words.ts';
import {typePicker} from '../store/picker.ts';
import {endFilter, typeFilter} from '../store/typing.ts';
import {focusOf, isList, listOf} from '../store/selectors.ts';
import {panesOfPage, type PaneName, type Question, type ScreenState} from '../store/screen-state.ts';
import {clickTranscript} from '../store/transcript-moves.ts';
import {frameRows, layoutOf, topOf} from '../layout.ts';
import {tabPlaces} from '../frame/tabs.ts';
import {bodyKey} from './body-keys.ts';
import type {Controls} from './controls.ts';
import {bindingOf, whyNot} from './key-layer.ts';
import type {Binding} from './keymap.ts';
import type {KeyName} from './keys.ts';
import {pickerKey} from './picker-keys.ts';
import {formKey, formPaste} from '../forms/form-keys.ts';
import {footerKeyAt, isDoubleClick, selectAt} from './mouse-keys.ts';
import {paletteKey} from './palette-keys.ts';
import {settingKey} from './settings-bindings.ts';
import type {MouseEvent} from './tap.ts';
import {wizardKey, wizardPaste} from './wizard-keys.ts';

/* From a key or a mouse event to what it does: a question and a filter being typed come before the key table. */

const messageMs = 4000;

const editKey = (key: KeyName, controls: Controls): void => {
	if (paletteKey(key, controls) || settingKey(key, controls)) {
		return;
	}

	switch (key) {
		case 'enter': {
			controls.update(state => endFilter(state, true));
			return;
		}

		case 'esc':
		case 'ctrl+c': {
			controls.update(state => endFilter(state, false));
			return;
		}

		case 'backspace': {
			controls.update(state => typeFilter(state, text => graphemesOf(text).slice(0, -1).join('')));
			return;
		}

		case 'ctrl+u': {
			controls.update(state => typeFilter(state, () => ''));
			return;
		}

		default: {
			if (graphemesOf(key).length === 1) {
				controls.update(state => typeFilter(state, text => text + key));
			}
		}
	}
};

const answerKey = (key: KeyName, {yes, yesKey}: Question, controls: Controls): void => {
	const isYes = key === 'y' || key === 'enter' || key === yesKey;
	if (isYes || ['n', 'esc', 'q', 'ctrl+c'].includes(key)) {
		controls.update(current => ({...current, question: undefined}));
	}

	if (isYes) {
		yes(controls);
	}
};

/** What a page's own key works on cannot be seen while the help covers it (tui.md 6: an overlay traps the focus). */
const isUnderHelp = ({group}: Binding, {isHelpOpen}: ScreenState): boolean => isHelpOpen && group === 'This page';

/** Does what a key says, or says why it cannot. */
export const dispatchKey = (key: KeyName, controls: Controls): void => {
	const state = controls.state();
	if (state.picker !== undefined) {
		pickerKey(key, state.picker, controls);
		return;
	}

	if (state.editing !== undefined) {
		editKey(key, controls);
		return;
	}

	if (state.question !== undefined) {
		answerKey(key, state.question, controls);
		return;
	}

	if (wizardKey(key, controls) || formKey(key, controls) || bodyKey(key, controls)) {
		return;
	}

	const binding = bindingOf(key, state);
	const reason = binding && (isUnderHelp(binding, state) ? wordsOf(state).notices.underHelp : whyNot(binding, state));
	if (reason !== undefined) {
		controls.update(current => ({
			...current,
			message: {text: reason, tone: 'warn', untilMs: current.nowMs + messageMs},
		}));
		return;
	}

	binding?.run(controls);
};

/** Text that was pasted: into the filter being typed, otherwise nowhere (a paste is no series of commands). */
export const dispatchPaste = (text: string, controls: Controls): void => {
	if (wizardPaste(text, controls)) {
		return;
	}

	const add = (before: string): string => before + text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Control}/gu, '');
	if (!formPaste(add, controls)) {
		controls.update(state =>
			state.picker === undefined ? typeFilter(state, add) : {...state, picker: typePicker(state.picker, add)},
		);
	}
};

const paneAt = (
	state: ScreenState,
	{x, y}: MouseEvent,
): {readonly pane: PaneName; readonly row: number} | undefined => {
	const bodyY = y - frameRows.above;
	const box = layoutOf(state)
		.flat()
		.find(each => x >= each.x && x < each.x + each.width && bodyY >= each.y && bodyY < each.y + each.height);
	const pane = panesOfPage[state.page].find(name => name === box?.pane);
	return box === undefined || pane === undefined ? undefined : {pane, row: bodyY - box.y - 2};
};

const rowAt = (state: ScreenState, pane: PaneName, row: number): ScreenState => {
	const box = layoutOf(state)
		.flat()
		.find(each => each.pane === pane);
	if (pane === 'transcript') {
		// It has no row of titles.
		return clickTranscript(state, row + 1);
	}

	if (!isList(pane) || box === undefined || row < 0) {
		return state;
	}

	const list = listOf(state, pane);
	const index = topOf(list.index, list.rows.length, box.height - 3) + row;
	return index < list.rows.length ? selectRow(state, pane, index) : state;
};

const wheelRows = 3;

/** A click selects and focuses, a second one opens, on a tab it shows the page, on a key of the footer it is that key; the wheel scrolls what is under the pointer. */
export const dispatchMouse = (event: MouseEvent, controls: Controls): void => {
	const state = controls.state();
	const {editing, question, picker, wizard, form} = state;
	const isBusy = [editing, question, picker, wizard, form].some(open => open !== undefined);
	if (isBusy) {
		if (event.kind === 'click' && question === undefined && wizard === undefined) {
			controls.update(current => selectAt(current, event));
		}

		return;
	}

	if (event.kind === 'click' && event.y === 1) {
		const tab = tabPlaces(state).find(({from, to}) => event.x >= from && event.x < to);
		if (tab !== undefined) {
			controls.update(current => goTo(current, tab.page));
		}

		return;
	}

	const footerKey = event.kind === 'click' ? footerKeyAt(state, event) : undefined;
	if (footerKey !== undefined) {
		dispatchKey(footerKey, controls);
		return;
	}

	const place = paneAt(state, event);
	if (state.isHelpOpen || viewerOf(state) !== undefined || place === undefined) {
		controls.update(current =>
			event.kind === 'click' ? current : moveBy(current, event.kind === 'wheel-up' ? -1 : 1),
		);
		return;
	}

	if (event.kind === 'click') {
		const isDouble = isDoubleClick(event, controls);
		controls.update(current => rowAt(focusPane(current, place.pane), place.pane, place.row));
		if (isDouble && place.row >= 0) {
			dispatchKey('enter', controls);
		}

		return;
	}

	const step = place.pane === 'transcript' ? wheelRows : 1;
	controls.update(current =>
		moveBy(
			focusOf(current) === place.pane ? current : focusPane(current, place.pane),
			event.kind === 'wheel-up' ? -step : step,
		),
	);
};
