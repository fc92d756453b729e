import {fitText, widthOf} from '../../base/text-width.ts';
import {showKey} from '../input/keys.ts';
import {paletteEntries} from '../input/palette.ts';
import {topOf} from '../layout.ts';
import {emptyLines, framePane, noteOf} from '../panes/pane.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, withLook, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const mostRows = 14;
const leastTextCells = 34;

/** Which entry of the open palette stands in a row of a body of so many; undefined where none does. */
export const entryAt = (state: ScreenState, row: number, bodyRows: number): number | undefined => {
	const {editing} = state;
	if (editing?.kind !== 'command') {
		return undefined;
	}

	const height = Math.min(mostRows, bodyRows);
	const count = paletteEntries(state, editing.text).length;
	const shown = height - 2;
	const at = row - (bodyRows - height) - 1;
	const index = topOf(editing.index, count, shown) + at;
	return at >= 0 && at < shown && index < count ? index : undefined;
};

/** The palette over the lower part of the body; undefined while nobody types a command. */
export const palettePane = (state: ScreenState, bodyRows: number, glyphs: Glyphs): readonly Line[] | undefined => {
	const {editing} = state;
	if (editing?.kind !== 'command') {
		return undefined;
	}

	const words = wordsOf(state).palette;
	const entries = paletteEntries(state, editing.text);
	const height = Math.min(mostRows, bodyRows);
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: state.columns, height, isCollapsed: false},
		{
			title: words.title,
			note: noteOf([String(entries.length), 'muted']),
			isFocused: true,
			glyphs,
			inside: (width, rows) => {
				if (entries.length === 0) {
					return emptyLines([words.nothingFits], width, rows);
				}

				const top = topOf(editing.index, entries.length, rows);
				const longest = Math.max(leastTextCells, ...entries.map(({text}) => widthOf(text)));
				const cells = Math.min(longest, Math.floor(width / 2));
				return entries.slice(top, top + rows).map((entry, at): Line => {
					const isSelected = top + at === editing.index;
					const tone = entry.disabledReason === undefined ? 'text' : 'muted';
					const key = entry.key === undefined ? '' : showKey(entry.key);
					const line: Line = [
						span(`${isSelected ? glyphs.selected : ' '} ${fitText(entry.text, cells)} `, tone, isSelected),
						span(fitText(key, 8), 'accent'),
						span(entry.disabledReason ?? entry.label, 'muted'),
					];
					const fitted = fitLine(line, width, glyphs.ellipsis);
					return isSelected ? withLook(fitted, 'selection') : fitted;
				});
			},
		},
	);
};
