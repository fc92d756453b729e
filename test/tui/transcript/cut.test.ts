import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {cutText, recutText, type Cut} from '../../../source/tui/transcript/cut.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const piecesOf = (text: string, isMarkdown = true): string[] =>
	cutText(text, isMarkdown).map(({kind, from, to}) => `${kind}: ${text.slice(from, to)}`);

const line = fc.constantFrom(
	'',
	'word',
	'- item',
	'  more of it',
	'```',
	'```ts',
	'~~~',
	'````',
	'  ```js',
	'# head',
	'> quote',
	'x'.repeat(3000),
);

describe('a text', () => {
	test('is cut at empty lines and fences, not inside a list or a fence', () => {
		const long = 'x'.repeat(1000);
		expect(piecesOf('a\nb\n\nc')).toHaveLength(1);
		expect(piecesOf(`a\n${long}\n\nc`)).toEqual([`markdown: a\n${long}\n\n`, 'markdown: c']);
		expect(piecesOf(`- a\n${long}\n\n  c`)).toHaveLength(1);
		expect(piecesOf('a\n```ts\n\nx\n\n```\nb')).toEqual(['markdown: a\n', 'code: \nx\n\n', 'markdown: b']);
		expect(piecesOf('- a\n\n  b\n  ```\n\n  c\n  ```\n- d')).toHaveLength(1);
		expect(piecesOf('a\n\nb', false)).toEqual(['plain: a\n\nb']);
		expect(cutText('```ts x\n1\n```', true)[0]?.fence).toMatchObject({lang: 'ts x'});
	});

	test('is covered by its pieces, but for fences, and no piece is long', () => {
		const text = Array.from({length: 1000}, (_, index) => `line ${index}`).join('\n');
		for (const isMarkdown of [true, false]) {
			const cuts = cutText(text, isMarkdown);
			expect(cuts.map(({from, to}) => text.slice(from, to)).join('')).toBe(text);
			expect(cuts.length).toBeGreaterThan(9);
		}
	});

	test('that grows is cut as if it had come at once, wherever it was torn', () => {
		fc.assert(
			fc.property(fc.array(line, {maxLength: 30}), fc.array(fc.nat(400), {maxLength: 12}), (lines, steps) => {
				const text = lines.join('\n');
				let cuts: readonly Cut[] = [];
				let before = '';
				for (const step of [...steps, text.length]) {
					const now = text.slice(0, Math.min(text.length, before.length + step));
					cuts = recutText(now, true, {before, cuts});
					expect(cuts).toEqual(cutText(now, true));
					before = now;
				}
			}),
			propertyRuns(200),
		);
	});
});
