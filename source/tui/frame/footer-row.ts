import {formFooter} from '../forms/form-pane.ts';
import {bindingsOf} from '../input/key-layer.ts';
import {isOnPage, type Binding} from '../input/keymap.ts';
import {showKey, type KeyName} from '../input/keys.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, spreadLine, widthOfLine, type Line} from '../text/line.ts';

/** Where a key stands in the footer, for the mouse. */
export interface FooterKey {
	readonly key: KeyName;
	readonly line: Line;
	/** First cell, and the one after the last. */
	readonly from: number;
	readonly to: number;
}

const lineOf = (state: ScreenState, {keys, disabledReason}: Binding, label: string): Line => {
	const isDisabled = disabledReason?.(state) !== undefined;
	const key = span(showKey(keys[0] ?? ''), isDisabled ? 'muted' : 'accent', !isDisabled);
	return [key, span(` ${label}`, 'muted')];
};

const gap: Line = [span('  ')];

const placed = (
	state: ScreenState,
	shown: ReadonlyArray<readonly [Binding, string]>,
	start: number,
): readonly FooterKey[] => {
	let from = start;
	return shown.map(([binding, label]) => {
		const line = lineOf(state, binding, label);
		const to = from + widthOfLine(line);
		const place = {key: binding.keys[0] ?? '', line, from, to};
		from = to + widthOfLine(gap);
		return place;
	});
};

const endOf = (places: readonly FooterKey[]): number => places.at(-1)?.to ?? 0;

/** Filter, commands, help and quit: they stand at the right end of every page. */
const alwaysShown = (state: ScreenState): readonly FooterKey[] => {
	const {attach, commands, help} = wordsOf(state);
	const labels: ReadonlyArray<readonly [Binding['command'], string]> = [
		['filter', commands.filter],
		['palette', help.paletteShort],
		['help', commands.help],
		['quit', state.attached === undefined ? commands.quit : attach.leave],
	];
	const shown = labels.flatMap(([command, label]): ReadonlyArray<readonly [Binding, string]> => {
		const binding = bindingsOf(state).find(each => each.command === command && each.keys.length > 0);
		return binding === undefined ? [] : [[binding, label]];
	});
	return placed(state, shown, state.columns - endOf(placed(state, shown, 0)) - 1);
};

/** The keys of the footer with their places: those of this page at the left, as many as fit, and what is always there. */
export const footerKeys = (state: ScreenState): readonly FooterKey[] => {
	const always = alwaysShown(state);
	const room = (always[0]?.from ?? state.columns) - widthOfLine(gap);
	const {commands} = wordsOf(state);
	const own = bindingsOf(state)
		.filter(binding => binding.footer !== undefined && binding.keys.length > 0 && isOnPage(binding, state.page))
		.toSorted((left, right) => (left.footer ?? 0) - (right.footer ?? 0))
		.map((binding): readonly [Binding, string] => [binding, commands[binding.command]]);
	const places = placed(state, own, 1);
	const tooFar = places.findIndex(({to}) => to > room);
	return [...(tooFar === -1 ? places : places.slice(0, tooFar)), ...always];
};

const joined = (places: readonly FooterKey[]): Line =>
	places.flatMap(({line}, index) => (index === 0 ? line : [...gap, ...line]));

/** The last row: the keys of this page at the left (what cannot work now is muted), filter, help and quit at the right. */
export const footerRow = (state: ScreenState): Line => {
	if (state.form !== undefined) {
		return fitLine(formFooter(state, state.form), state.columns);
	}

	const places = footerKeys(state);
	const always = alwaysShown(state);
	const own = places.slice(0, places.length - always.length);
	return fitLine(spreadLine([span(' '), ...joined(own)], [...joined(always), span(' ')], state.columns), state.columns);
};
