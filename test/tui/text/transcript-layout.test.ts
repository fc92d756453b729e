import {describe, expect, test} from 'vitest';
import type {Transcript} from '../../../source/event/view.ts';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {startAnchor, TranscriptLayout, type Anchor} from '../../../source/tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleTranscript} from '../../support/sample-transcript.ts';

const height = 20;
const look = {glyphs: unicodeGlyphs};

const textAt = (layout: TranscriptLayout, anchor: Anchor): string =>
	layout.page(anchor, height, look).map(plainOf).join('\n');

const layoutOf = (transcript: Transcript, width = 78): TranscriptLayout => {
	const layout = new TranscriptLayout();
	layout.update(transcript);
	layout.resize(width);
	layout.blocks.setAllFolds(false);
	return layout;
};

const long = (lines: number): Transcript => ({
	...sampleTranscript('r', 1),
	items: [
		{
			kind: 'tool-output',
			title: undefined,
			text: Array.from({length: lines}, (_, index) => `line ${index} ${'x'.repeat(index % 90)}`).join('\n'),
			isLive: false,
		},
	],
});

describe('a conversation', () => {
	test('scrolls line by line from the first to the last without skipping one', () => {
		const layout = layoutOf(sampleTranscript('r', 5));
		const seen: string[] = [];
		let anchor = startAnchor;
		for (let step = 0; step < 500 && !layout.isAtEnd(anchor, height); step++) {
			seen.push(plainOf(layout.page(anchor, 1, look)[0] ?? []));
			anchor = layout.move(anchor, 1, height);
		}

		const all = [...seen, ...layout.page(anchor, height, look).map(plainOf)];
		let back = layout.lastPage(height);
		expect(back).toEqual(anchor);
		for (const line of seen.toReversed()) {
			back = layout.move(back, -1, height);
			expect(plainOf(layout.page(back, 1, look)[0] ?? [])).toBe(line);
		}

		expect(back).toEqual(startAnchor);
		expect(all.at(-1)).toContain('the last line of the conversation');
	});

	test.each([20, 54, 78, 158])('has no line wider than %i cells, also with wide characters', width => {
		const layout = layoutOf(sampleTranscript('r', 2), width);
		const lines = layout.page(startAnchor, 1000, look);
		expect(lines.length).toBeGreaterThan(15);
		expect(Math.max(...lines.map(widthOfLine))).toBeLessThanOrEqual(width);
	});

	test('keeps its place when the width changes and when text is added', () => {
		const layout = layoutOf(long(1000));
		const anchor = {block: 0, piece: 2, row: 40, offset: 0};
		const [first] = textAt(layout, anchor).split('\n');
		expect(first).toContain('line 240');
		layout.resize(40);
		expect(textAt(layout, anchor).split('\n')[0]).toContain('line 240');
		layout.resize(78);
		layout.update(long(1400));
		expect(textAt(layout, anchor).split('\n')[0]).toBe(first);
	});

	test('of 200,000 wrapped lines goes anywhere at once: only what is shown is wrapped', () => {
		const layout = layoutOf(long(150_000), 50);
		const start = performance.now();
		let anchor = layout.lastPage(height);
		expect(textAt(layout, anchor)).toContain('line 149999');
		for (let page = 0; page < 50; page++) {
			anchor = layout.move(anchor, -height, height);
			textAt(layout, anchor);
		}

		layout.resize(60);
		textAt(layout, anchor);
		layout.lastPage(height);
		expect(performance.now() - start).toBeLessThan(400);
	});

	test('of nothing is empty and moves nowhere', () => {
		const layout = new TranscriptLayout();
		expect(layout.isEmpty).toBe(true);
		expect(layout.move(startAnchor, 5, height)).toEqual(startAnchor);
		expect(layout.page(startAnchor, height, look)).toEqual([]);
	});
});
