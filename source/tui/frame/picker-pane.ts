import {fitText, widthOf} from '../../base/text-width.ts';
import {wordsOf} from '../language/words.ts';
import {topOf} from '../layout.ts';
import {framePane, noteOf} from '../panes/pane.ts';
import {shownChoices, type Picker} from '../store/picker.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, withLook, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const mostRows = 16;
const labelCells = {least: 12, most: 44} as const;

// Its height is that of the whole list, so that nothing jumps while somebody types.
const heightOf = (picker: Picker, bodyRows: number): number =>
	Math.min(mostRows, bodyRows, Math.max(5, picker.choices.length + 4));

/** Which of the shown choices stands in a row of a body of so many; undefined where none does. */
export const choiceAt = (picker: Picker, row: number, bodyRows: number): number | undefined => {
	const height = heightOf(picker, bodyRows);
	const count = shownChoices(picker).length;
	const shown = height - 3;
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
	const longest = Math.max(labelCells.least, ...choices.map(({label}) => widthOf(label)));
	const cells = Math.min(longest, labelCells.most, Math.floor(state.columns / 2));
	const height = heightOf(picker, bodyRows);
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: state.columns, height, isCollapsed: false},
		{
			title: picker.title,
			note: noteOf([String(choices.length), 'muted']),
			isFocused: true,
			glyphs,
			inside: (width, rows) => {
				const shown = Math.max(0, rows - 1);
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
				return [typed, ...lines];
			},
		},
	);
};
