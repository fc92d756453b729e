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

/** How the tabs of the other pages are written, the widest first; the shown page always has its full name. */
const styles: ReadonlyArray<(page: PageName) => string> = [
	page => ` ${pageTabs[page].key} ${pageTabs[page].title} `,
	page => ` ${pageTabs[page].key} ${pageTabs[page].stub} `,
	page => `${pageTabs[page].key}${pageTabs[page].stub}`,
	page => ` ${pageTabs[page].key} `,
];

const fullLabel = (page: PageName): string => ` ${pageTabs[page].key} ${pageTabs[page].title} `;
const countCells = widthOf(' ! 99 incidents ');

/** The cells of a style whichever page is shown, with the cell between two tabs and the longest count of incidents. */
const cellsOf = (style: (page: PageName) => string): number => {
	const cells = pageNames.map(page => widthOf(style(page)));
	const longest = Math.max(...pageNames.map((page, index) => widthOf(fullLabel(page)) - (cells[index] ?? 0)));
	return cells.reduce((sum, width) => sum + width + 1, longest + countCells);
};

const widths = styles.map(cellsOf);

/** The tabs as wide as they fit. */
export const tabPlaces = (state: ScreenState): readonly TabPlace[] => {
	const style = styles[widths.findIndex(cells => cells <= state.columns)] ?? styles[3] ?? fullLabel;
	let from = 1;
	return pageNames.map(page => {
		const label = page === state.page ? fullLabel(page) : style(page);
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
