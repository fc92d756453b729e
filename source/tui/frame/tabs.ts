import {widthOf} from '../../base/text-width.ts';
import {openIncidents} from '../store/selectors.ts';
import {pageNames, pageTabs, type PageName, type ScreenState} from '../store/screen-state.ts';
import {fitLine, span, spreadLine, type Line} from '../text/line.ts';

/** Where a tab stands in its row, for the mouse. */
export interface TabPlace {
	readonly page: PageName;
	readonly label: string;
	/** First cell, and the one after the last. */
	readonly from: number;
	readonly to: number;
}

const labelOf = (page: PageName, isStub: boolean): string => {
	const {key, title, stub} = pageTabs[page];
	return ` ${key} ${isStub ? stub : title} `;
};

/** All full names with the cell between them, and the longest count of incidents. */
const fullCells = pageNames.reduce((sum, page) => sum + widthOf(labelOf(page, false)) + 1, 0);
const countCells = widthOf(' ! 99 incidents ');

/** The tabs with full names where they fit, else the others as stubs. */
export const tabPlaces = (state: ScreenState): readonly TabPlace[] => {
	const isNarrow = fullCells + countCells > state.columns;
	let from = 1;
	return pageNames.map(page => {
		const label = labelOf(page, isNarrow && page !== state.page);
		const place = {page, label, from, to: from + widthOf(label)};
		from = place.to + 1;
		return place;
	});
};

/** The row of tabs; open incidents are always counted at its end. */
export const tabsRow = (state: ScreenState): Line => {
	const tabs = tabPlaces(state).flatMap(({page, label}): Line => [
		span(' '),
		page === state.page ? {text: label, bold: true, look: 'selection'} : span(label, 'muted'),
	]);
	const open = openIncidents(state);
	const count =
		open === 0 ? span('no incident ', 'muted') : span(`! ${open} incident${open === 1 ? '' : 's'} `, 'error', true);
	return fitLine(spreadLine(tabs, [count], state.columns), state.columns);
};
