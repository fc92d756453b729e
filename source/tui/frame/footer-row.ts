import {formFooter} from '../forms/form-pane.ts';
import {bindingsOf, keyOf} from '../input/key-layer.ts';
import {isOnPage, type Binding} from '../input/keymap.ts';
import {showKey} from '../input/keys.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, spreadLine, widthOfLine, type Line} from '../text/line.ts';

const alwaysShown = (state: ScreenState): Line => {
	const {attach, commands, help} = wordsOf(state);
	return (
		[
			['filter', commands.filter],
			['palette', help.paletteShort],
			['help', commands.help],
			['quit', state.attached === undefined ? commands.quit : attach.leave],
		] as const satisfies ReadonlyArray<readonly [Binding['command'], string]>
	).flatMap(([command, label], index, all): Line => {
		const key = keyOf(command, state);
		const end = index === all.length - 1 ? ' ' : '  ';
		return key === undefined ? [] : [span(key, 'accent', true), span(` ${label}${end}`, 'muted')];
	});
};

/** The last row: the keys of this page at the left (what cannot work now is muted), filter, help and quit at the right. */
export const footerRow = (state: ScreenState): Line => {
	if (state.form !== undefined) {
		return fitLine(formFooter(state, state.form), state.columns);
	}

	const always = alwaysShown(state);
	const bindings = bindingsOf(state)
		.filter(binding => binding.footer !== undefined && binding.keys.length > 0 && isOnPage(binding, state.page))
		.toSorted((left, right) => (left.footer ?? 0) - (right.footer ?? 0));
	const words = wordsOf(state);
	let left: Line = [span(' ')];
	for (const {keys, command, disabledReason} of bindings) {
		const isDisabled = disabledReason?.(state) !== undefined;
		const longer: Line = [
			...left,
			span(showKey(keys[0] ?? ''), isDisabled ? 'muted' : 'accent', !isDisabled),
			span(` ${words.commands[command]}  `, 'muted'),
		];
		if (widthOfLine(longer) + widthOfLine(always) > state.columns) {
			break;
		}

		left = longer;
	}

	return fitLine(spreadLine(left, always, state.columns), state.columns);
};
