import {fitText, widthOf, wrapText} from '../../base/text-width.ts';
import {wordsOf} from '../language/words.ts';
import {topOf} from '../layout.ts';
import {framePane, noteOf} from '../panes/pane.ts';
import {shownChoices, type Choice, type Picker} from '../store/picker.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, withLook, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const mostRows = 16;
const labelCells = {least: 12, most: 44} as const;

const mostWholeRows = 3;
/** Before a label and behind it: the marker, whether it holds now, and two blanks. */
const aroundLabel = 6;

const labelCellsOf = (choices: readonly Choice[], columns: number): number =>
	Math.min(
		Math.max(labelCells.least, ...choices.map(({label}) => widthOf(label))),
		labelCells.most,
		Math.floor(columns / 2),
	);

/** What a choice is about, whole, where its row has no room for it. */
const wholeOf = ({about = ''}: Choice, cells: number, columns: number): readonly string[] =>
	aroundLabel + cells + widthOf(about) <= columns - 2 ? [] : wrapText(about, columns - 6).slice(0, mostWholeRows);

interface PickerSize {
	readonly height: number;
	/** Of a choice's label. */
	readonly cells: number;
	/** Choices that are in view. */
	readonly shown: number;
}

// Its height is that of the whole list, so that nothing jumps while somebody types.
const sizeOf = (picker: Picker, columns: number, bodyRows: number): PickerSize => {
	const cells = labelCellsOf(shownChoices(picker), columns);
	const whole = Math.max(0, ...picker.choices.map(choice => wholeOf(choice, cells, columns).length));
	const height = Math.min(mostRows, bodyRows, Math.max(5, picker.choices.length + whole + 4));
	return {height, cells, shown: Math.max(1, height - 3 - whole)};
};

/** Which of the shown choices stands in a row of a body of so many; undefined where none does. */
export const choiceAt = (
	{picker, columns}: {readonly picker: Picker; readonly columns: number},
	row: number,
	bodyRows: number,
): number | undefined => {
	const {height, shown} = sizeOf(picker, columns, bodyRows);
	const count = shownChoices(picker).length;
	// Above the first are the frame and what is typed.
	const at = row - (bodyRows - height) - 2;
	const index = topOf(picker.index, count, shown) + at;
	return at >= 0 && at < shown && index < count ? index : undefined;
};

/** The picker over the lower part of the body; undefined while nothing is to be chosen. */
export const pickerPane = (state: ScreenState, bodyRows: number, glyphs: Glyphs): readonly Line[] | undefined => {
	const {picker} = state;
	if (picker === undefined) {
		return undefined;
	}

	const words = wordsOf(state).picker;
	const choices = shownChoices(picker);
	const {height, cells, shown} = sizeOf(picker, state.columns, bodyRows);
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: state.columns, height, isCollapsed: false},
		{
			title: picker.title,
			note: noteOf([String(choices.length), 'muted']),
			isFocused: true,
			glyphs,
			inside: width => {
				const top = topOf(picker.index, choices.length, shown);
				const lines = choices.slice(top, top + shown).map(({label, about, isCurrent = false}, at): Line => {
					const isSelected = top + at === picker.index;
					const line: Line = [
						span(`${isSelected ? glyphs.selected : ' '} ${isCurrent ? glyphs.done : ' '} `, 'accent', isSelected),
						span(fitText(label, cells), isCurrent ? 'accent' : 'text', isSelected),
						span(about === undefined ? '' : `  ${about}`, 'muted'),
					];
					const fitted = fitLine(line, width, glyphs.ellipsis);
					return isSelected ? withLook(fitted, 'selection') : fitted;
				});
				const typed: Line = [
					span(` ${words.find} `, 'muted'),
					span(picker.text),
					span('_', 'focus', true),
					span(choices.length === 0 ? `   ${words.nothingFits}` : '', 'warn'),
				];
				const selected = choices[picker.index];
				const whole = selected === undefined ? [] : wholeOf(selected, cells, state.columns);
				const gap = Array.from({length: whole.length === 0 ? 0 : shown - lines.length}, (): Line => []);
				return [typed, ...lines, ...gap, ...whole.map((text): Line => [span(`    ${text}`, 'info')])];
			},
		},
	);
};
