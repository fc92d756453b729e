import {describe, expect, test} from 'vitest';
import {widthOf} from '../../../source/base/text-width.ts';
import {tabPlaces, tabsRow} from '../../../source/tui/frame/tabs.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {
	initialState,
	pageNames,
	keyOfPage,
	type PageName,
	type ScreenState,
} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {sampleIncidents} from '../../support/sample-screen.ts';

const stateOf = (columns: number, page: PageName): ScreenState => ({
	...initialState({
		columns,
		rows: 24,
		nowMs: 0,
		isReadOnly: false,
		themeName: 'midnight',
		layout: new TranscriptLayout(),
	}),
	page,
	incidents: Array.from({length: 50}, () => sampleIncidents(0))
		.flat()
		.filter(({state}) => state === 'open'),
});

describe('the row of tabs', () => {
	test('has a cell between the shown page and its neighbours, however close they stand', () => {
		expect(plainOf(tabsRow({...stateOf(80, 'settings'), incidents: []}))).toContain(' 8Doc 9 Settings ');
		const marked = tabsRow(stateOf(80, 'sessions')).filter(({look}) => look === 'selection');
		expect(marked.map(({text}) => text)).toEqual(['2 Sessions']);
	});

	test.each([60, 80, 120, 160, 200].flatMap(columns => pageNames.map(page => [columns, page] as const)))(
		'at %i columns %s has every page, the shown one in full, and room for 50 incidents',
		(columns, page) => {
			const state = stateOf(columns, page);
			const row = plainOf(tabsRow(state));
			expect(widthOf(row)).toBe(columns);
			expect(row).toMatch(/! 50 incidents $/);
			const places = tabPlaces(state);
			expect(places.map(place => place.page)).toEqual(pageNames);
			for (const {label, from, to} of places) {
				expect(row.slice(from, to)).toBe(label);
			}

			expect(row).toContain(` ${keyOfPage(page)} ${english.frame.titles[page]} `);
		},
	);

	test('at 80 columns Chinese tabs are whole names', () => {
		for (const page of pageNames) {
			const row = plainOf(tabsRow({...stateOf(80, page), language: 'zh-CN'}));
			expect(widthOf(row)).toBe(80);
			for (const title of Object.values(chinese.frame.titles)) {
				expect(row).toContain(title);
			}
		}
	});

	test('names are as full as the width allows', () => {
		expect(plainOf(tabsRow(stateOf(160, 'dash')))).toContain(' 3 Requests  4 Trace ');
		expect(plainOf(tabsRow(stateOf(80, 'dash')))).toContain(' 3Req  4Tra ');
		expect(plainOf(tabsRow(stateOf(80, 'settings')))).toContain(' 3Req 4Tra ');
		expect(plainOf(tabsRow(stateOf(60, 'dash')))).toContain(' 3  4 ');
	});
});
