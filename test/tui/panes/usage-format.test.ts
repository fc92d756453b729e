import {assert, integer, property} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {widthOf} from '../../../source/base/text-width.ts';
import {emptyTally} from '../../../source/observe/usage/tally.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {barText, chartLines, mergeValues, sparkText} from '../../../source/tui/panes/usage-charts.ts';
import {formatCost, formatSpan, formatTokens, formatUsd} from '../../../source/tui/panes/usage-format.ts';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {asciiGlyphs, unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {propertyRuns} from '../../support/property-runs.ts';

describe('numbers of usage', () => {
	test.each([
		[0, '0'],
		[980, '980'],
		[45_300, '45.3K'],
		[1_200_000, '1.2M'],
		[999_949, '999.9K'],
		[999_950, '1.0M'],
		[3_040_000_000, '3.0B'],
	])('%i tokens are %s', (count, text) => {
		expect(formatTokens(count)).toBe(text);
	});

	test.each([
		[412, '412ms'],
		[6200, '6.2s'],
		[738_000, '12.3m'],
		[5_400_000, '1.5h'],
		[259_200_000, '3.0d'],
	])('%i ms are %s', (ms, text) => {
		expect(formatSpan(ms)).toBe(text);
	});

	test.each([
		[0, '$0.00'],
		[50_000, '<$0.0001'],
		[31_200_000, '$0.0312'],
		[1_420_000_000, '$1.42'],
		[1_234_000_000_000, '$1234'],
		[123_400_000_000_000, '$123.4K'],
	])('%i nanodollars are %s', (nano, text) => {
		expect(formatUsd(nano)).toBe(text);
	});

	test('no number of tokens needs more than six cells, and larger ones never look smaller', () => {
		assert(
			property(integer({min: 0, max: 900_000_000_000}), count => {
				expect(formatTokens(count).length).toBeLessThanOrEqual(6);
				expect(formatTokens(count)).not.toMatch(/^1000\.0/);
			}),
			propertyRuns(300),
		);
	});

	test('an unknown cost is unknown, a partly known one the least it was, and nothing to pay is a dash', () => {
		const priced = {nanoUsd: 1_420_000_000, priced: 3, answers: 3, withUsage: 3};
		expect(formatCost(emptyTally(), english.usage)).toBe('-');
		expect(formatCost({...emptyTally(), ...priced}, english.usage)).toBe('$1.42');
		expect(formatCost({...emptyTally(), ...priced, unpriced: 1}, english.usage)).toBe('$1.42+');
		expect(formatCost({...emptyTally(), ...priced, answers: 4}, english.usage)).toBe('$1.42+');
		expect(formatCost({...emptyTally(), answers: 1, withUsage: 1, unpriced: 1}, english.usage)).toBe('unknown');
		expect(formatCost({...emptyTally(), answers: 1}, english.usage)).toBe('unknown');
		expect(formatCost({...emptyTally(), answers: 1, withUsage: 1, priced: 1}, english.usage)).toBe('$0.00');
	});
});

describe('charts', () => {
	test('a bar is full only when all of it is there, and empty only when nothing is', () => {
		expect(barText(0, 10, unicodeGlyphs)).toBe('░░░░░░░░░░');
		expect(barText(0.001, 10, unicodeGlyphs)).toBe('█░░░░░░░░░');
		expect(barText(0.999, 10, unicodeGlyphs)).toBe('█████████░');
		expect(barText(7, 10, unicodeGlyphs)).toBe('██████████');
		expect(barText(0.5, 4, asciiGlyphs)).toBe('##..');
	});

	test('values that do not fit are added up with their neighbours, none is lost', () => {
		expect(mergeValues([1, 2, 3, 4, 5], 3)).toEqual([3, 7, 5]);
		expect(mergeValues([1, 2], 30)).toEqual([1, 2]);
	});

	test('a sparkline shows what is small, and nothing for nothing', () => {
		expect(sparkText([0, 1, 50, 100], 9, unicodeGlyphs)).toBe(' ▁▄█');
		expect(sparkText([0, 0], 9, unicodeGlyphs)).toBe('  ');
	});

	test.each([12, 20, 44, 90])(
		'columns with their labels fit into %i cells, the largest is as high as the chart',
		width => {
			const values = Array.from({length: 24}, (_, hour) => hour);
			const labels = values.map(hour => String(hour).padStart(2, '0'));
			for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
				const lines = chartLines({values, labels, top: String, tone: 'chart1', width, height: 3, glyphs});
				expect(lines.map(widthOfLine).filter(cells => cells > width)).toEqual([]);
				if (width >= 20) {
					expect(lines).toHaveLength(4);
					expect(
						plainOf(lines[0] ?? [])
							.trimEnd()
							.endsWith(glyphs.full),
					).toBe(true);
					expect(plainOf(lines[3] ?? [])).toContain('00');
				}
			}

			expect(widthOf(barText(0.3, width, asciiGlyphs))).toBe(width);
		},
	);

	test('a chart of nothing is nothing', () => {
		const chart = {values: [0, 0], labels: ['a', 'b'], top: String, tone: 'chart1', width: 40, height: 3} as const;
		expect(chartLines({...chart, glyphs: unicodeGlyphs})).toEqual([]);
	});
});
