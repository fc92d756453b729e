import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {startAnchor, TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {asciiGlyphs, unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {richItems, richTranscript, said} from '../../support/rich-transcript.ts';
import {allLines, layoutOf, look, tools, topText} from '../../support/transcript-rows.ts';

const height = 20;
describe('a conversation with everything in it', () => {
	test('shows each kind in its way', () => {
		const text = allLines(layoutOf()).join('\n');
		for (const part of [
			'rules Rule 1 of the house.',
			'… 37 more lines',
			'short summary  Another language model',
			'user  The retry test is flaky.',
			'note  (image, 48 kB)',
			'think Looking for the timer',
			'tool  exec_command  cmd: rg -n "retry" src',
			'tool  apply_patch  M src/net/retry.ts +1 -1',
			'tool  Edit  replace_all: true',
			'tool  Write  W notes/新.md +3',
			'model ## What I changed',
			'│ export const fakeClock',
		]) {
			expect(text).toContain(part);
		}
	});

	test('in ASCII has no sign of ours that is none, and in Chinese has Chinese labels', () => {
		const layout = layoutOf();
		const ascii = layout.page(startAnchor, 500, {glyphs: asciiGlyphs}).map(plainOf).join('\n');
		expect(ascii).not.toMatch(/[│─┼▌…→]/);
		const words = chinese.transcript;
		const inChinese = layout.page(startAnchor, 500, {glyphs: unicodeGlyphs, words}).map(plainOf).join('\n');
		expect(inChinese).toContain('还有 37 行');
		expect(inChinese).toContain('模型  ## What I changed');
	});

	test('lays its answer out anew only from the last piece on while it grows, and ends as if it had come at once', () => {
		const answer = richItems.at(-1)?.text ?? '';
		let lexed = 0;
		const layout = new TranscriptLayout();
		layout.use({
			...tools,
			lex: text => {
				lexed += text.length;
				return tools.lex(text);
			},
		});
		layout.resize(78);
		const long = answer.repeat(20);
		for (let end = 100; end < long.length; end += 100) {
			layout.update(richTranscript('r', [said(long.slice(0, end), 'assistant', true)]));
			layout.page(layout.lastPage(height), height, look);
		}

		layout.update(richTranscript('r', [said(long)]));
		expect(allLines(layout)).toEqual(allLines(layoutOf([said(long)])));
		// Every look at the whole of it would have read some two million characters.
		expect(lexed).toBeLessThan(long.length * 12);
	});

	test('leaves one empty line between two blocks of Markdown, however many were written', () => {
		const text = 'a\n\n\n\n| b |\n|--|\n| c |\n\n\n```js\nd\n```\n\n\ne';
		expect(allLines(layoutOf([said(text)]))).toEqual([
			'model a',
			'',
			'      b',
			'      ─',
			'      c',
			'',
			'      │ js',
			'      │ d',
			'',
			'      e',
		]);
	});

	test('marks a live answer at its end', () => {
		const lines = allLines(layoutOf([said('one **two', 'assistant', true)]));
		expect(lines).toEqual(['model one **two ▌']);
	});
});

describe('folds', () => {
	test('hide long tool output at first; unfolded and folded again everything is as before', () => {
		const layout = layoutOf();
		const before = allLines(layout);
		const block = richItems.findIndex(({kind}) => kind === 'tool-output');
		expect(before.some(line => line.endsWith('… 52 more lines'))).toBe(true);
		layout.blocks.setFold(block, false);
		expect(allLines(layout)).toHaveLength(before.length + 51);
		layout.blocks.setFold(block, true);
		expect(allLines(layout)).toEqual(before);
		layout.blocks.setAllFolds(false);
		expect(allLines(layout).join('\n')).not.toContain('more lines');
		layout.blocks.setAllFolds(true);
		expect(allLines(layout).filter(line => line.includes('more lines')).length).toBeGreaterThan(3);
	});

	test('of a conversation end with it', () => {
		const layout = layoutOf();
		const before = allLines(layout);
		layout.blocks.setAllFolds(false);
		layout.update(richTranscript('r'));
		expect(allLines(layout)).not.toEqual(before);
		layout.startAnew();
		layout.update(richTranscript('other'));
		expect(allLines(layout)).toEqual(before);
	});
});

const anyItem = fc.constantFrom(
	...richItems,
	said('字'.repeat(300)),
	said('x'.repeat(5000), 'tool-output'),
	said('', 'user'),
);

type Change =
	| {readonly kind: 'width'; readonly width: number}
	| {readonly kind: 'fold'; readonly block: number}
	| {readonly kind: 'all'; readonly isFolded: boolean}
	| {readonly kind: 'grow'};

const anyChange: fc.Arbitrary<Change> = fc.oneof(
	fc.record({kind: fc.constant('width' as const), width: fc.integer({min: 16, max: 200})}),
	fc.record({kind: fc.constant('fold' as const), block: fc.nat(11)}),
	fc.record({kind: fc.constant('all' as const), isFolded: fc.boolean()}),
	fc.constant({kind: 'grow' as const}),
);

describe('the reader', () => {
	test('stays at the same text when the pane gets another width, and no line is wider than the pane', () => {
		fc.assert(
			fc.property(
				fc.array(anyItem, {minLength: 1, maxLength: 12}),
				fc.nat(200),
				fc.array(fc.integer({min: 16, max: 200}), {maxLength: 5}),
				(items, down, widths) => {
					const layout = layoutOf(items);
					layout.blocks.setAllFolds(false);
					const anchor = layout.move(startAnchor, down, 1);
					const before = topText(layout, anchor);
					for (const width of widths) {
						layout.resize(width);
						const page = layout.page(anchor, height, look);
						expect(Math.max(0, ...page.map(widthOfLine))).toBeLessThanOrEqual(width);
						expect(layout.blocksOfPage(anchor, 1)[0]?.block).toBe(anchor.block);
					}

					layout.resize(78);
					expect(topText(layout, anchor)).toBe(before);
				},
			),
			propertyRuns(60),
		);
	});

	test('is in the same block, or where it was folded, whatever is folded and however much is added', () => {
		fc.assert(
			fc.property(fc.nat(150), fc.array(anyChange, {maxLength: 8}), (down, changes) => {
				const items = [...richItems];
				const layout = layoutOf(items);
				const anchor = layout.move(startAnchor, down, 1);
				for (const change of changes) {
					if (change.kind === 'width') {
						layout.resize(change.width);
					} else if (change.kind === 'fold') {
						layout.blocks.setFold(change.block, layout.blocks.foldOf(change.block) === undefined);
					} else if (change.kind === 'all') {
						layout.blocks.setAllFolds(change.isFolded);
					} else {
						items.push(said('more'));
						layout.update(richTranscript('r', items));
					}

					const [first] = layout.blocksOfPage(anchor, 1);
					expect(first?.block).toBe(anchor.block);
				}

				layout.resize(78);
				layout.blocks.setAllFolds(false);
				const shown = layout.blocksOfPage(anchor, 1)[0];
				expect(shown?.block).toBe(anchor.block);
			}),
			propertyRuns(60),
		);
	});

	test('walks every line once, down and up again, with folds and wide characters', () => {
		const layout = layoutOf(richItems, 40);
		const all = allLines(layout);
		let anchor = startAnchor;
		const down = [topText(layout, anchor)];
		for (let step = 1; step < all.length; step++) {
			anchor = layout.move(anchor, 1, 1);
			down.push(topText(layout, anchor));
		}

		expect(down.map(line => line.trimEnd())).toEqual(all.map(line => line.slice(6)));
		for (const line of down.toReversed()) {
			expect(topText(layout, anchor)).toBe(line);
			anchor = layout.move(anchor, -1, 1);
		}

		expect(anchor).toEqual(startAnchor);
	});
});
