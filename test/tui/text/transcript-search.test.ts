import {describe, expect, test} from 'vitest';
import {startAnchor} from '../../../source/tui/text/transcript-layout.ts';
import {richItems, said} from '../../support/rich-transcript.ts';
import {allLines, layoutOf, look, topText} from '../../support/transcript-rows.ts';

describe('a search', () => {
	test('finds every place in its order, folded ones too, and unfolds what it goes to', () => {
		const layout = layoutOf();
		layout.find('attempt 4');
		expect(layout.search.count).toBe(11);
		const place = layout.showHit(1);
		expect(place).toBeDefined();
		expect(topText(layout, place ?? startAnchor)).toContain('attempt 40');
		const spans = layout.page(place ?? startAnchor, 1, {...look, hit: 1})[0] ?? [];
		expect(spans.find(({look: mark}) => mark === 'selection')?.text).toBe('attempt 4');
		expect(layout.search.hitFrom(place ?? startAnchor)).toBe(1);
	});

	test.each([
		['retry', 'Retry RETRY retry', 3],
		['Retry', 'Retry RETRY retry', 1],
		['a.b(', 'a.b( axb(', 1],
		['数量', '行数量 数量', 2],
		['two three', 'one **two** three', 1],
		['', 'text', 0],
	])('for %j in %j finds %i: a capital letter counts, no letter is a pattern', (text, source, count) => {
		const layout = layoutOf([said(source)]);
		layout.find(text);
		expect(layout.search.count).toBe(count);
	});

	test('in marks and text, wrapped or not, shows the same words as without a search', () => {
		const layout = layoutOf(richItems, 30);
		layout.blocks.setAllFolds(false);
		const before = allLines(layout);
		layout.find('e');
		expect(allLines(layout)).toEqual(before);
		expect(layout.search.count).toBeGreaterThan(100);
	});
});
