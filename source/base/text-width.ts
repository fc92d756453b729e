import stringWidth from 'string-width';
import {knownWidth} from './cell-width.ts';

/*
 * Text by terminal cells: how wide it is, cut, padded and wrapped. The widths are those of string-width 8.3, the same that
 * Ink uses (tui.md 3), so a line that is right here is right on the screen. Input is plain text without escape sequences.
 */

const printableAscii = /^[\u0020-\u007E]*$/;
const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The cells that a text takes on one line. */
export const widthOf = (text: string): number => knownWidth(text) ?? stringWidth(text);

/** The user-perceived characters of a text, in order. */
export const graphemesOf = (text: string): readonly string[] =>
	printableAscii.test(text) ? text.split('') : Array.from(segmenter.segment(text), ({segment}) => segment);

/** The longest start of a text that fits into `width` cells, without a mark that something is missing. */
export const takeCells = (text: string, width: number): string => {
	if (width <= 0) {
		return '';
	}

	if (printableAscii.test(text)) {
		return text.slice(0, width);
	}

	let used = 0;
	let taken = '';
	for (const {segment} of segmenter.segment(text)) {
		const cells = widthOf(segment);
		if (used + cells > width) {
			return taken;
		}

		used += cells;
		taken += segment;
	}

	return taken;
};

/** The text itself where it fits into `width` cells, otherwise its start with `ellipsis` at the end. */
export const cutText = (text: string, width: number, ellipsis = '…'): string => {
	if (widthOf(text) <= width) {
		return text;
	}

	const mark = takeCells(ellipsis, width);
	return takeCells(text, width - widthOf(mark)) + mark;
};

/** Cut and then filled with spaces to exactly `width` cells; the text stands at the left or the right. */
export const fitText = (text: string, width: number, align: 'left' | 'right' = 'left'): string => {
	const cut = cutText(text, width);
	const gap = ' '.repeat(Math.max(0, width - widthOf(cut)));
	return align === 'left' ? cut + gap : gap + cut;
};

// Chinese and Japanese have no spaces: a line may end at each character, but none begins with a sign that closes (UAX #14, ID, CL, OP).
const ideograph = /[\u3001-\u3029\u3030-\u3098\u309B-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uFF01-\uFF60]/;
const closing = /[、。〉》」』】〕ー！％），．：；？］｝…,.:;!?)\]}]/;
const opening = /[〈《「『【〔（［｛([{]/;

const canBreak = (before: string, after: string): boolean =>
	before === ' ' ||
	(!closing.test(after) &&
		!opening.test(before) &&
		(ideograph.test(after) || (ideograph.test(before) && /[\u0020-\u007E]/.test(after))));

const wrapPoint = (head: string, rest: string): number => {
	if (rest === '' || rest.startsWith(' ')) {
		return head.length;
	}

	// A break far to the left would waste the line: long words (paths, base64) are cut instead.
	if (!ideograph.test(head) && !ideograph.test(rest[0] ?? '')) {
		const space = head.lastIndexOf(' ');
		return space > head.length / 3 ? space + 1 : head.length;
	}

	for (let point = head.length; point > head.length / 3; point--) {
		if (canBreak(head[point - 1] ?? '', head[point] ?? rest[0] ?? '')) {
			return point;
		}
	}

	return head.length;
};

/** Where the display lines of a text start and end, in UTF-16 units. */
export type TextRange = readonly [from: number, to: number];

/**
 * One logical line without tabs as the ranges of its display lines of at most `width` cells. `words`: broken after a space where one is
 * near the end, which then belongs to no line; `cells`: exactly where the width ends, nothing is left out. Wide characters are never
 * halved. Linear in the text's length, also for one line of many megabytes.
 */
export const wrapRanges = (text: string, width: number, breaks: 'words' | 'cells' = 'words'): readonly TextRange[] => {
	const limit = Math.max(2, width);
	const ranges: TextRange[] = [];
	let from = 0;
	while (widthExceeds(text, from, limit)) {
		// No cluster of characters is so long that what fits would not be in it.
		const probe = text.slice(from, from + limit * 16 + 32);
		const head = takeCells(probe, limit);
		const point = Math.max(1, breaks === 'cells' ? head.length : wrapPoint(head, probe.slice(head.length)));
		ranges.push([from, breaks === 'cells' ? from + point : from + probe.slice(0, point).trimEnd().length]);
		from += point;
		if (breaks === 'words' && text[from] === ' ') {
			from++;
		}
	}

	ranges.push([from, text.length]);
	return ranges;
};

/**
 * One logical line as display lines of at most `width` cells: broken after a space where one is near the end, else between
 * characters; wide characters are never halved. Tabs count as two spaces. An empty text is one empty line.
 */
export const wrapText = (text: string, width: number): readonly string[] => {
	const plain = text.replaceAll('\t', '  ');
	return wrapRanges(plain, width).map(([from, to]) => plain.slice(from, to));
};

// A long rest need not be measured whole: no character is narrower than a fraction of its code units times two cells.
const widthExceeds = (text: string, from: number, width: number): boolean => {
	if (text.length - from <= width / 2) {
		return false;
	}

	const probe = text.slice(from, from + width * 16 + 32);
	return widthOf(probe) > width;
};
