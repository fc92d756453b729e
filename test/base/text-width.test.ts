import {assert, integer, nat, property, string} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cutText, fitText, graphemesOf, takeCells, widthOf, wrapText} from '../../source/base/text-width.ts';
import {propertyRuns} from '../support/property-runs.ts';

describe('text by cells', () => {
	test.each([
		['abc', 3],
		['中转站-东京', 11],
		['リポ', 4],
		['e\u0301', 1],
		['👍🏽', 2],
		['●◐○▸…', 5],
		['', 0],
	])('%s takes %i cells', (text, cells) => {
		expect(widthOf(text)).toBe(cells);
	});

	test('a cut never halves a wide character and marks what is missing', () => {
		expect(cutText('中转站-东京', 6)).toBe('中转…');
		expect(cutText('中转站', 6)).toBe('中转站');
		expect(takeCells('中转站', 5)).toBe('中转');
		expect(cutText('abc', 0)).toBe('');
	});

	test('a fitted text has exactly its cells at either side', () => {
		expect(fitText('中', 5)).toBe('中   ');
		expect(fitText('41', 5, 'right')).toBe('   41');
		assert(
			property(string({unit: 'grapheme'}), nat(40), (text, width) => {
				const plain = text.replaceAll(/\p{Control}/gu, '');
				expect(widthOf(fitText(plain, width))).toBe(width);
			}),
			propertyRuns(100),
		);
	});

	test('a wrapped text is no wider than asked and loses nothing but spaces', () => {
		assert(
			property(string({unit: 'grapheme', maxLength: 300}), integer({min: 2, max: 60}), (text, width) => {
				const plain = text.replaceAll(/\p{Control}|\p{Cf}/gu, '');
				const lines = wrapText(plain, width);
				expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width);
				expect(lines.join('').replaceAll(/\s/g, '')).toBe(plain.replaceAll(/\s/g, ''));
			}),
			propertyRuns(100),
		);
	});

	test('a line breaks after a word where one ends nearby, and inside a word that is too long', () => {
		expect(wrapText('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
		expect(wrapText('a'.repeat(25), 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]);
		expect(wrapText('中转站东京', 5)).toEqual(['中转', '站东', '京']);
		expect(wrapText('', 10)).toEqual(['']);
	});

	test('a Chinese line ends at any character, but none begins with a closing sign or cuts a Latin word', () => {
		expect(wrapText('请在请求页选择，再按回车', 14)).toEqual(['请在请求页选', '择，再按回车']);
		expect(wrapText('运行 codex-tui switch on，然后输入', 20)).toEqual(['运行 codex-tui', 'switch on，然后输入']);
		expect(wrapText('没有价格：my-local-model。', 16)).toEqual(['没有价格：', 'my-local-model。']);
		expect(wrapText('限制（推理）', 6)).toEqual(['限制', '（推', '理）']);
	});

	test('characters are what a person sees as one', () => {
		expect(graphemesOf('jé👍🏽')).toEqual(['j', 'é', '👍🏽']);
	});
});
