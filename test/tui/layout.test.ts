import {describe, expect, test} from 'vitest';
import {frameRows, layoutOf, type PageLayout} from '../../source/tui/layout.ts';
import {panesOfPage} from '../../source/tui/store/screen-state.ts';
import {sampleState} from '../support/sample-state.ts';

const heightsOf = (layout: PageLayout): Readonly<Record<string, number>> =>
	Object.fromEntries(layout.flat().map(({pane, height}) => [pane, height]));

describe('the panes of Dash', () => {
	const full = sampleState('full', 'dash', [110, 32]);

	test.each(panesOfPage.dash)(
		'with %s in hand fill the screen, and no pane has empty rows while another lacks some',
		pane => {
			const state = {...full, focus: {...full.focus, dash: pane}};
			const heights = heightsOf(layoutOf(state));
			expect(Object.values(heights).reduce((sum, height) => sum + height, 0)).toBe(
				32 - frameRows.above - frameRows.below,
			);
			expect(heights['routes']).toBeLessThanOrEqual(full.routes.length + 3);
			expect(heights['sessions']).toBeLessThanOrEqual(full.sessions.length + 3);
			for (const other of panesOfPage.dash) {
				const without = heightsOf(layoutOf({...full, focus: {...full.focus, dash: other}}));
				expect(heights[pane]).toBeGreaterThanOrEqual(without[pane] ?? 0);
			}
		},
	);

	test('give what nobody needs to the requests', () => {
		const heights = heightsOf(layoutOf({...sampleState('empty', 'dash', [110, 60])}));
		expect(heights['requests']).toBeGreaterThan(30);
	});

	test('beside each other leave the rows that upstreams and sessions do not need to requests and incidents', () => {
		const heights = heightsOf(layoutOf(sampleState('full', 'dash', [200, 60])));
		expect(heights['routes']).toBe(full.routes.length + 5);
		expect(heights['routes']).toBe(heights['sessions']);
		expect(heights['requests']).toBe(56 - full.routes.length - 5);
	});
});
