import {fitText, widthOf, wrapText} from '../../base/text-width.ts';
import {bindingsOf, keyOf} from '../input/key-layer.ts';
import {isOnPage, type Binding} from '../input/keymap.ts';
import {showKey} from '../input/keys.ts';
import {framePane, noteOf} from '../panes/pane.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';

const groups: ReadonlyArray<Binding['group']> = ['This page', 'Move', 'Pages', 'Find', 'Program'];

const mostKeyCells = 16;
const entryCells = 38;

/** What has no key is still run from the palette. */
const keysOf = ({keys}: Binding, state: ScreenState): string =>
	keys.length === 0 ? (keyOf('palette', state) ?? '') : keys.map(showKey).join(' ');

const entry = (binding: Binding, state: ScreenState, keyCells: number): Line => {
	const reason = binding.disabledReason?.(state);
	const {commands, help} = wordsOf(state);
	return [
		span(fitText(keysOf(binding, state), keyCells), reason === undefined ? 'accent' : 'muted', reason === undefined),
		span(
			` ${commands[binding.command]}${reason === undefined ? '' : ` ${help.notNow}`}`,
			reason === undefined ? 'text' : 'muted',
		),
	];
};

/** The lines of the help, in as many columns as fit. */
export const helpLines = (state: ScreenState, width: number): readonly Line[] => {
	const words = wordsOf(state).help;
	const perRow = Math.max(1, Math.floor((width - 2) / entryCells));
	const cells = Math.floor((width - 2) / perRow);
	const lines = groups.flatMap((group): readonly Line[] => {
		const bindings = bindingsOf(state).filter(binding => binding.group === group && isOnPage(binding, state.page));
		const keyCells = Math.min(mostKeyCells, Math.max(...bindings.map(binding => widthOf(keysOf(binding, state)))));
		const rows = Math.ceil(bindings.length / perRow);
		const body = Array.from({length: rows}, (_, row): Line => [
			span('  '),
			...bindings
				.slice(row * perRow, row * perRow + perRow)
				.flatMap(binding => fitLine(entry(binding, state, keyCells), cells)),
		]);
		return bindings.length === 0 ? [] : [[span(` ${words.groups[group]}`, 'muted', true)], ...body];
	});
	const notes = wrapText(words.filterHelp, Math.max(20, width - 3)).map((text): Line => [span(` ${text}`, 'muted')]);
	return [...lines, [], ...notes];
};

/** The help over the whole body. */
export const helpPane = (state: ScreenState, height: number, glyphs: Glyphs): readonly Line[] => {
	const width = state.columns;
	const {frame, help} = wordsOf(state);
	const lines = helpLines(state, width - 2);
	const top = Math.max(0, Math.min(state.helpTop, lines.length - (height - 2)));
	const more = top + height - 2 < lines.length ? `j ${glyphs.followDown} ${help.more}` : '';
	const title = `${help.title} ${glyphs.dot} ${frame.titles[state.page]}`;
	return framePane(
		{pane: 'facts', x: 0, y: 0, width, height, isCollapsed: false},
		{
			title,
			note: noteOf([more, 'accent'], [help.escCloses, 'muted']),
			isFocused: true,
			glyphs,
			inside: () => lines.slice(top),
		},
	);
};
