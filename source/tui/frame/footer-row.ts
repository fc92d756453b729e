import {formFooter} from '../forms/form-pane.ts';
import {inFooterOrder} from '../input/footer-order.ts';
import {bindingsOf} from '../input/key-layer.ts';
import type {Binding} from '../input/keymap.ts';
import {showKey, type KeyName} from '../input/keys.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf} from '../store/selectors.ts';
import {fitLine, span, spreadLine, widthOfLine, type Line} from '../text/line.ts';
import {modalKeys, searchesText, takesAllKeys, type KeyHint} from './footer-hints.ts';

/** Where a key stands in the footer, for the mouse. */
export interface FooterKey {
	readonly key: KeyName;
	readonly line: Line;
	/** First cell, and the one after the last. */
	readonly from: number;
	readonly to: number;
}

const hintOf = (state: ScreenState, {keys, disabledReason}: Binding, label: string): KeyHint => ({
	...{keys: keys.slice(0, 1), label},
	isDisabled: disabledReason?.(state) !== undefined,
});

const lineOf = ({keys, label, isDisabled = false}: KeyHint): Line => {
	const key = span(keys.map(showKey).join(' '), isDisabled ? 'muted' : 'accent', !isDisabled);
	return label === '' ? [key] : [key, span(` ${label}`, 'muted')];
};

const gap: Line = [span('  ')];

const placed = (hints: readonly KeyHint[], start: number): readonly FooterKey[] => {
	let from = start;
	return hints.map(hint => {
		const line = lineOf(hint);
		const to = from + widthOfLine(line);
		const place = {key: hint.keys[0] ?? '', line, from, to};
		from = to + widthOfLine(gap);
		return place;
	});
};

const endOf = (places: readonly FooterKey[]): number => places.at(-1)?.to ?? 0;

/** Filter, commands, help and quit: they stand at the right end of every page, the first two without a word where there is little room. */
const alwaysShown = (state: ScreenState, isShort: boolean): readonly FooterKey[] => {
	if (takesAllKeys(state)) {
		return [];
	}

	const {attach, bodies, commands, help} = wordsOf(state);
	const labels: ReadonlyArray<readonly [Binding['command'], string]> = [
		['filter', isShort ? '' : searchesText(state) ? bodies.search : commands.filter],
		['palette', isShort ? '' : help.paletteShort],
		['help', commands.help],
		['quit', state.attached === undefined ? commands.quit : attach.leave],
	];
	const shown = labels.flatMap(([command, label]): readonly KeyHint[] => {
		const binding = bindingsOf(state).find(each => each.command === command && each.keys.length > 0);
		return binding === undefined ? [] : [hintOf(state, binding, label)];
	});
	return placed(shown, state.columns - endOf(placed(shown, 0)) - 1);
};

/** In a form the key that opens elsewhere changes the field. */
const labelOf = (state: ScreenState, {command}: Binding): string => {
	const {commands} = wordsOf(state);
	return commands[command === 'open' && focusOf(state) === 'whatif' ? 'setting.change' : command];
};

const ownHints = (state: ScreenState): readonly KeyHint[] =>
	modalKeys(state) ??
	inFooterOrder(state, bindingsOf(state)).map(binding => hintOf(state, binding, labelOf(state, binding)));

const roomBefore = (state: ScreenState, always: readonly FooterKey[]): number =>
	(always[0]?.from ?? state.columns) - widthOfLine(gap);

/** As many as fit, in their order; what cannot work now is left out first. */
const fitting = (hints: readonly KeyHint[], room: number): readonly FooterKey[] => {
	const chosen = new Set<KeyHint>();
	const byUse = [...hints.filter(({isDisabled}) => isDisabled !== true), ...hints];
	for (const hint of byUse) {
		const tried = hints.filter(each => each === hint || chosen.has(each));
		if (endOf(placed(tried, 1)) > room) {
			continue;
		}

		chosen.add(hint);
	}

	return placed(
		hints.filter(hint => chosen.has(hint)),
		1,
	);
};

const partsOf = (state: ScreenState): {readonly own: readonly FooterKey[]; readonly always: readonly FooterKey[]} => {
	const hints = ownHints(state);
	const full = alwaysShown(state, false);
	const isShort = endOf(placed(hints, 1)) > roomBefore(state, full);
	const always = isShort ? alwaysShown(state, true) : full;
	return {own: fitting(hints, roomBefore(state, always)), always};
};

/** The keys of the footer with their places: those of the pane in hand at the left, as many as fit, and what is always there. */
export const footerKeys = (state: ScreenState): readonly FooterKey[] => {
	const {own, always} = partsOf(state);
	return [...own, ...always];
};

const joined = (places: readonly FooterKey[]): Line =>
	places.flatMap(({line}, index) => (index === 0 ? line : [...gap, ...line]));

/** The last row: the keys that work now at the left (what cannot is muted), filter, help and quit at the right. */
export const footerRow = (state: ScreenState): Line => {
	if (state.form !== undefined && state.form.typing === undefined && state.question === undefined) {
		return fitLine(formFooter(state, state.form), state.columns);
	}

	const {own, always} = partsOf(state);
	return fitLine(spreadLine([span(' '), ...joined(own)], [...joined(always), span(' ')], state.columns), state.columns);
};
