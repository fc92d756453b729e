import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {widthOf, wrapRanges, wrapText} from '../../source/base/text-width.ts';
import {propertyRuns} from '../support/property-runs.ts';

const texts = fc
	.string({unit: fc.constantFrom('a', 'b', ' ', '字', '，', '😀', 'é', '-', 'word '), maxLength: 200})
	.filter(text => !text.includes('\t'));

describe('the display lines of a text', () => {
	test('fit, and leave nothing out but blanks at a break; cut by cells, nothing at all', () => {
		fc.assert(
			fc.property(texts, fc.integer({min: 2, max: 40}), (text, width) => {
				const words = wrapRanges(text, width);
				expect(
					words
						.map(([from, to]) => text.slice(from, to))
						.join('')
						.replaceAll(' ', ''),
				).toBe(text.replaceAll(' ', ''));
				expect(wrapText(text, width)).toEqual(words.map(([from, to]) => text.slice(from, to)));
				const cells = wrapRanges(text, width, 'cells');
				expect(cells.map(([from, to]) => text.slice(from, to)).join('')).toBe(text);
				for (const [from, to] of [...words, ...cells]) {
					expect(widthOf(text.slice(from, to))).toBeLessThanOrEqual(width);
				}
			}),
			propertyRuns(200),
		);
	});

	test('of one line of 2 MB are found in a time that does not grow with its square', () => {
		const start = performance.now();
		expect(wrapRanges('x'.repeat(2_000_000), 100)).toHaveLength(20_000);
		expect(performance.now() - start).toBeLessThan(2000);
	});
});
