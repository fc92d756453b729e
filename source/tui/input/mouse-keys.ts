import {fieldAt} from '../forms/form-pane.ts';
import {footerKeys} from '../frame/footer-row.ts';
import {entryAt} from '../frame/palette-pane.ts';
import {choiceAt} from '../frame/picker-pane.ts';
import {frameRows} from '../layout.ts';
import type {ScreenState} from '../store/screen-state.ts';
import type {Controls} from './controls.ts';
import type {KeyName} from './keys.ts';
import type {MouseEvent} from './tap.ts';

/* What the mouse does as a key would: a click on a key of the footer, and the second of two clicks on one row. */

/** The key of the footer that stands there. */
export const footerKeyAt = (state: ScreenState, {x, y}: MouseEvent): KeyName | undefined =>
	y === state.rows - 1 ? footerKeys(state).find(({from, to}) => x >= from && x < to)?.key : undefined;

/** Two clicks within this time on one row are a double click. */
const doubleClickMs = 400;

const lastClicks = new WeakMap<Controls, {readonly y: number; readonly atMs: number; readonly page: string}>();

/** Whether this click is the second one on its row; it is remembered for the next one. */
export const isDoubleClick = ({y}: MouseEvent, controls: Controls): boolean => {
	const last = lastClicks.get(controls);
	const {page} = controls.state();
	const atMs = performance.now();
	const isDouble = last !== undefined && last.y === y && last.page === page && atMs - last.atMs < doubleClickMs;
	if (isDouble) {
		lastClicks.delete(controls);
	} else {
		lastClicks.set(controls, {y, atMs, page});
	}

	return isDouble;
};

/** A click on a row of an open picker, palette or form selects it; elsewhere it does nothing. */
export const selectAt = (state: ScreenState, {x, y}: MouseEvent): ScreenState => {
	const {picker, editing, form} = state;
	const row = y - frameRows.above;
	const bodyRows = state.rows - frameRows.above - frameRows.below;
	if (form !== undefined) {
		const index = fieldAt(state, {x, row}, bodyRows);
		return index === undefined ? state : {...state, form: {...form, index}};
	}

	if (picker !== undefined) {
		const index = choiceAt({picker, columns: state.columns}, row, bodyRows);
		return index === undefined ? state : {...state, picker: {...picker, index}};
	}

	const index = entryAt(state, row, bodyRows);
	return index === undefined || editing?.kind !== 'command' ? state : {...state, editing: {...editing, index}};
};
