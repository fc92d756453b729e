import {widthOf} from '../../base/text-width.ts';
import {openIncidents} from '../store/selectors.ts';
import {wordsOf} from '../language/words.ts';
import {keyOfPage, pageNames, type PageName, type ScreenState} from '../store/screen-state.ts';
import {fitLine, span, spreadLine, type Line, type Span} from '../text/line.ts';

/** Where a tab stands in its row, for the mouse. */
export interface TabPlace {
	readonly page: PageName;
	readonly label: string;
	/** First cell, and the one after the last. */
	readonly from: number;
	readonly to: number;
}

/** The others beside the shown page, which is always full: full as well, as stubs, as stubs close together, or as digits. */
const forms = ['full', 'stub', 'tight', 'digit'] as const;

type TabForm = (typeof forms)[number];

const labelOf = (state: ScreenState, page: PageName, form: TabForm): string => {
	const {titles, stubs} = wordsOf(state).frame;
	const key = keyOfPage(page);
	return {
		full: ` ${key} ${titles[page]} `,
		stub: ` ${key}${stubs[page]} `,
		tight: ` ${key}${stubs[page]}`,
		digit: ` ${key} `,
	}[form];
};

/** The longest count of incidents. */
const countCells = widthOf(' ! 99 incidents ');

const placesIn = (state: ScreenState, form: TabForm): readonly TabPlace[] => {
	let from = 1;
	return pageNames.map(page => {
		const isShown = page === state.page;
		// Where the others stand close together, so does it: one cell on each side.
		const label =
			isShown && form === 'tight'
				? labelOf(state, page, 'full').trimEnd()
				: labelOf(state, page, isShown ? 'full' : form);
		const place = {page, label, from, to: from + widthOf(label)};
		from = place.to;
		return place;
	});
};

/** The tabs in the fullest form that leaves room for the count of incidents. */
export const tabPlaces = (state: ScreenState): readonly TabPlace[] => {
	const all = forms.map(form => placesIn(state, form));
	return all.find(places => (places.at(-1)?.to ?? 0) + countCells <= state.columns) ?? all.at(-1) ?? [];
};

const shown = (text: string): Span => ({text, bold: true, look: 'selection'});

/** The row of tabs; open incidents are always counted at its end. */
export const tabsRow = (state: ScreenState): Line => {
	const tabs: Line = [
		span(' '),
		...tabPlaces(state).flatMap(({page, label}): Line => {
			if (page !== state.page) {
				return [span(label, 'muted')];
			}

			return label.endsWith(' ') ? [shown(label)] : [span(' '), shown(label.trimStart())];
		}),
	];
	const open = openIncidents(state);
	const said = wordsOf(state).frame.openIncidents(open);
	const count = open === 0 ? span(`${said} `, 'muted') : span(`! ${said} `, 'error', true);
	return fitLine(spreadLine(tabs, [count], state.columns), state.columns);
};
