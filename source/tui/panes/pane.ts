import {fitText, widthOf, wrapText} from '../../base/text-width.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf} from '../store/selectors.ts';
import {tableLines, type Column} from '../table/columns.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, widthOfLine, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';

/** A pane to be framed. */
export interface PaneDrawing {
	readonly title: string;
	/** Short facts in the upper right corner. */
	readonly note: Line;
	readonly isFocused: boolean;
	readonly glyphs: Glyphs;
	/** Draws the inside at its exact size. */
	readonly inside: (width: number, height: number) => readonly Line[];
}

const topLine = (
	{title, note, isFocused, glyphs}: PaneDrawing,
	width: number,
	corners: readonly [string, string],
): Line => {
	const edge: Tone = isFocused ? 'borderFocus' : 'border';
	const {horizontal} = glyphs;
	const left: Line = [
		span(`${corners[0]}${horizontal} `, edge),
		span(title, isFocused ? 'focus' : 'text', true),
		span(' ', edge),
	];
	const right: Line = note.length === 0 ? [] : [span(' ', edge), ...note, span(' ', edge)];
	const tail = span(`${horizontal}${corners[1]}`, edge);
	const room = width - widthOfLine(left) - 2;
	const shown = widthOfLine(right) <= room - 1 ? right : [];
	const rule = span(horizontal.repeat(Math.max(0, room - widthOfLine(shown))), edge);
	return fitLine([...left, rule, ...shown, tail], width, glyphs.ellipsis);
};

/** A pane with its frame, title and note: exactly the lines of its box. A collapsed one is its title alone. Where nothing is drawn: title and lines. */
export const framePane = (box: PaneBox, drawing: PaneDrawing): readonly Line[] => {
	const {glyphs, isFocused} = drawing;
	if (glyphs.spoken !== undefined) {
		return [[span(drawing.title), span('  '), ...drawing.note], ...drawing.inside(box.width - 2, box.height - 2)];
	}

	if (box.isCollapsed) {
		return [topLine(drawing, box.width, [glyphs.horizontal, glyphs.horizontal])];
	}

	const edge: Tone = isFocused ? 'borderFocus' : 'border';
	const width = box.width - 2;
	const height = box.height - 2;
	const inside = drawing.inside(width, height);
	const side = span(glyphs.vertical, edge);
	const body = Array.from({length: height}, (_, row): Line => [
		side,
		...fitLine(inside[row] ?? [], width, glyphs.ellipsis),
		side,
	]);
	const bottom: Line = [span(`${glyphs.bottomLeft}${glyphs.horizontal.repeat(width)}${glyphs.bottomRight}`, edge)];
	return [topLine(drawing, box.width, [glyphs.topLeft, glyphs.topRight]), ...body, bottom];
};

/** A pane that is a table. */
interface ListDrawing<Row> extends Pick<PaneDrawing, 'title' | 'note' | 'isFocused' | 'glyphs'> {
	readonly rows: readonly Row[];
	/** Index of the selected row. */
	readonly selected: number;
	readonly columns: (width: number) => ReadonlyArray<Column<Row>>;
	/** What to say where there is no row. */
	readonly empty: ReadonlyArray<string | undefined>;
}

/** A framed table, or the sentences in its place. */
export const listPane = <Row>(
	box: PaneBox,
	{rows, selected, columns, empty, ...frame}: ListDrawing<Row>,
): readonly Line[] =>
	framePane(box, {
		...frame,
		inside: (width, height) =>
			rows.length === 0
				? emptyLines(empty, width, height)
				: tableLines({
						...{columns: columns(width), rows, selected, width, height},
						...{isFocused: frame.isFocused, glyphs: frame.glyphs},
					}),
	});

/** One fact of a detail pane: a label and what there is to say, of which the first `lead` characters are a name. */
export type Fact = readonly [label: string, text: string | undefined, tone?: Tone, lead?: number];

const labelCells = {least: 9, most: 20} as const;

/** Facts as lines: the label muted at the left, the text wrapped beside it; facts without text are left out. */
export const factLines = (facts: readonly Fact[], width: number): readonly Line[] => {
	const longest = Math.max(0, ...facts.map(([label]) => widthOf(label)));
	const cells = Math.min(labelCells.most, Math.max(labelCells.least, longest + 2));
	return facts.flatMap(([label, text, tone, lead = 0]) =>
		text === undefined || text === ''
			? []
			: text.split('\n').flatMap((part, index) =>
					wrapText(part, width - cells - 1).map((line, at): Line => {
						const isFirst = index === 0 && at === 0;
						return [
							span(fitText(` ${isFirst ? label : ''}`, cells), 'muted'),
							...(isFirst && lead > 0 ? [span(line.slice(0, lead), 'muted')] : []),
							span(isFirst ? line.slice(lead) : line, tone ?? 'text'),
						];
					}),
				),
	);
};

/** Sentences for a list that is empty: they say what to do next, with the command. */
export const emptyLines = (
	sentences: ReadonlyArray<string | undefined>,
	width: number,
	height: number,
): readonly Line[] => {
	const lines = sentences.flatMap(sentence =>
		sentence === undefined ? [] : wrapText(sentence, Math.max(8, width - 4)).map(text => [span(`  ${text}`, 'muted')]),
	);
	return height > lines.length + 2 ? [[], ...lines] : lines;
};

/** A small count or word for a pane's upper right corner. */
export const noteOf = (...parts: ReadonlyArray<readonly [text: string, tone: Tone] | undefined>): Line =>
	parts
		.filter(part => part !== undefined)
		.filter(([text]) => widthOf(text) > 0)
		.flatMap(([text, tone], index) => [...(index === 0 ? [] : [span('  ')]), span(text, tone)]);

/** A pane that shows one selected thing at length. */
interface DetailDrawing extends Pick<PaneDrawing, 'title' | 'note' | 'glyphs'> {
	/** What to say where nothing is selected. */
	readonly empty: string;
	/** The lines for a width; undefined where nothing is selected. */
	readonly lines: ((width: number) => readonly Line[]) | undefined;
}

/** A framed detail pane, scrolled as far as its lines go. */
export const detailPane = (state: ScreenState, box: PaneBox, drawing: DetailDrawing): readonly Line[] => {
	const {empty, lines, ...frame} = drawing;
	return framePane(box, {
		...frame,
		isFocused: focusOf(state) === 'detail',
		inside: (width, height) => {
			if (lines === undefined) {
				return emptyLines([empty], width, height);
			}

			const all = lines(width);
			return all.slice(Math.max(0, Math.min(state.detailTop, all.length - height)));
		},
	});
};
