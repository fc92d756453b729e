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

/** The tabs with full names where they fit, else the others as stubs. */
export const tabPlaces = (state: ScreenState): readonly TabPlace[] => {
	const isNarrow = state.columns < 50;
	let from = 1;
	return pageNames.map(page => {
		const {key, title, stub} = pageTabs[page];
		const label = ` ${key} ${isNarrow && page !== state.page ? stub : title} `;
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
