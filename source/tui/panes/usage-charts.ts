import {cutText, fitText, widthOf} from '../../base/text-width.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';

/* Bars, sparklines and columns of cells. With ASCII glyphs there are whole cells only. */

const eighths = ['▁', '▂', '▃', '▄', '▅', '▆', '▇'];

/** A cell that is filled from below by a part of it; what is there at all is seen. */
const cellOf = (part: number, glyphs: Glyphs): string => {
	if (part <= 0) {
		return ' ';
	}

	if (glyphs.full !== '█') {
		return part >= 0.5 ? glyphs.full : glyphs.empty;
	}

	return part >= 1 ? glyphs.full : (eighths[Math.max(0, Math.ceil(part * 8) - 1)] ?? glyphs.full);
};

/** Adjacent values added up, so that there are at most `most`. */
export const mergeValues = (values: readonly number[], most: number): readonly number[] => {
	const each = Math.max(1, Math.ceil(values.length / Math.max(1, most)));
	return Array.from({length: Math.ceil(values.length / each)}, (_, index) =>
		values.slice(index * each, index * each + each).reduce((sum, value) => sum + value, 0),
	);
};

/** One row of columns, at most `width` cells. */
export const sparkText = (values: readonly number[], width: number, glyphs: Glyphs): string => {
	const merged = mergeValues(values, width);
	const most = Math.max(0, ...merged);
	return merged.map(value => (most === 0 ? ' ' : cellOf(value / most, glyphs))).join('');
};

/** A bar of exactly `width` cells, filled to a share from 0 to 1; something is never shown as nothing, nor a part as all. */
export const barText = (share: number, width: number, glyphs: Glyphs): string => {
	const part = Math.max(0, Math.min(1, share));
	const least = part > 0 ? 1 : 0;
	const most = part < 1 ? width - 1 : width;
	const cells = width <= 1 ? least : Math.max(least, Math.min(most, Math.round(part * width)));
	return glyphs.full.repeat(cells) + glyphs.empty.repeat(Math.max(0, width - cells));
};

/** A chart to be drawn: one column for each value, with its label below. */
export interface Chart {
	readonly values: readonly number[];
	readonly labels: readonly string[];
	/** The largest value in words; stands at the upper left. */
	readonly top: (value: number) => string;
	readonly tone: Tone;
	readonly width: number;
	/** Rows of columns; the labels take one more. */
	readonly height: number;
	readonly glyphs: Glyphs;
}

const topCells = 9;

/** The labels below columns of `cells` each, as many as do not touch. */
const labelText = (labels: readonly string[], cells: number): string => {
	let text = '';
	for (const [index, label] of labels.entries()) {
		const from = index * cells;
		text += from > text.length || text === '' ? ' '.repeat(from - text.length) + label : '';
	}

	return text;
};

/** The columns with the largest value at the left and the labels below; nothing where every value is 0. */
export const chartLines = ({values, labels, top, tone, width, height, glyphs}: Chart): readonly Line[] => {
	const room = width - topCells - 1;
	const shown = mergeValues(values, room);
	const each = Math.max(1, Math.ceil(values.length / Math.max(1, room)));
	const most = Math.max(0, ...shown);
	if (most === 0 || room < 4 || height < 1) {
		return [];
	}

	const cells = Math.min(6, Math.floor(room / shown.length));
	const gap = cells >= 3 ? 1 : 0;
	const rows = Array.from({length: height}, (_, row): Line => {
		const below = height - 1 - row;
		const columns = shown.map(value => {
			const filled = (value / most) * height - below;
			return cellOf(filled, glyphs).repeat(cells - gap) + ' '.repeat(gap);
		});
		return [
			span(fitText(row === 0 ? top(most) : '', topCells, 'right'), 'muted'),
			span(' '),
			span(columns.join(''), tone),
		];
	});
	const shownLabels = labels.filter((_, index) => index % each === 0);
	const axis = labelText(shownLabels, cells).slice(0, room);
	return [...rows, [span(' '.repeat(topCells + 1)), span(axis, 'muted')]];
};

/** A line of a ranking: a name, a bar, and what it stands for. */
export interface Share {
	readonly name: string;
	readonly share: number;
	readonly text: string;
	readonly tone: Tone;
}

/** Names, bars and words in three columns of `width` cells. */
export const shareLines = (shares: readonly Share[], width: number, glyphs: Glyphs): readonly Line[] => {
	const textCells = Math.max(0, ...shares.map(({text}) => widthOf(text)));
	const nameCells = Math.min(Math.max(8, ...shares.map(({name}) => widthOf(name))), Math.floor(width * 0.4));
	const barCells = Math.min(40, width - nameCells - textCells - 4);
	return shares.map(({name, share, text, tone}): Line => [
		span(` ${fitText(cutText(name, nameCells, glyphs.ellipsis), nameCells)} `),
		span(barCells < 4 ? '' : barText(share, barCells, glyphs), tone),
		span(`${barCells < 4 ? '' : ' '}${fitText(text, textCells, 'right')}`, 'muted'),
	]);
};
