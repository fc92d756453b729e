import {footerKeys} from '../frame/footer-row.ts';
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
