import {cutText, graphemesOf, takeCells, widthOf} from '../../base/text-width.ts';
import type {Tone} from '../theme/theme.ts';

/*
 * What every view draws with: a line is a list of spans, a span is plain text with a meaning (tone). Colours come in only
 * when the theme paints a finished line, so views and their tests know nothing of escape sequences.
 */

/** A piece of a line. `text` is plain and has no line break. */
export interface Span {
	readonly text: string;
	readonly tone?: Tone | undefined;
	readonly bold?: boolean | undefined;
	readonly italic?: boolean | undefined;
	/** Lays the colours of the selection or of the header under the text. */
	readonly look?: 'selection' | 'header' | undefined;
}

/** One row of the screen or of a part of it. */
export type Line = readonly Span[];

/** A span; the short way to write one. */
export const span = (text: string, tone?: Tone, bold?: boolean): Span => ({text, tone, bold});

/** The plain text of a line. */
export const plainOf = (line: Line): string => line.map(({text}) => text).join('');

/** The cells that a line takes. */
export const widthOfLine = (line: Line): number => line.reduce((sum, {text}) => sum + widthOf(text), 0);

/** Exactly `width` cells: too long is cut with `ellipsis`, too short is filled with spaces. */
export const fitLine = (line: Line, width: number, ellipsis = '…'): Line => {
	const fitted: Span[] = [];
	let left = width;
	for (const [index, part] of line.entries()) {
		const cells = widthOf(part.text);
		if (cells > left || (cells === left && widthOfLine(line.slice(index + 1)) > 0)) {
			const text = cells > left ? cutText(part.text, left, ellipsis) : takeCells(part.text, left - 1) + ellipsis;
			fitted.push({...part, text});
			left -= widthOf(text);
			break;
		}

		fitted.push(part);
		left -= cells;
	}

	return left > 0 ? [...fitted, span(' '.repeat(left))] : fitted;
};

/** `left` and `right` at the two ends of exactly `width` cells; where both do not fit, `left` is cut. */
export const spreadLine = (left: Line, right: Line, width: number): Line => {
	const rightCells = widthOfLine(right);
	return rightCells >= width ? fitLine(right, width) : [...fitLine(left, width - rightCells), ...right];
};

/** Exactly `height` lines of `width` cells: the rest is cut off or filled with blank ones. */
export const fitLines = (lines: readonly Line[], width: number, height: number): readonly Line[] =>
	Array.from({length: Math.max(0, height)}, (_, index) => fitLine(lines[index] ?? [], width));

/** Puts blocks of equal height side by side. */
export const joinBlocks = (blocks: ReadonlyArray<readonly Line[]>): readonly Line[] =>
	(blocks[0] ?? []).map((_, row) => blocks.flatMap(block => block[row] ?? []));

/** Keeps the start and the end of a long identifier, for example `01a9…7c`. */
export const shortenMiddle = (text: string, width: number, ellipsis = '…'): string => {
	if (widthOf(text) <= width) {
		return text;
	}

	const tail = graphemesOf(text).slice(-2).join('');
	return takeCells(text, width - widthOf(tail) - widthOf(ellipsis)) + ellipsis + tail;
};

/** Lays the colours of the selection or of the header under a whole line. */
export const withLook = (line: Line, look: 'selection' | 'header'): Line => line.map(part => ({...part, look}));
