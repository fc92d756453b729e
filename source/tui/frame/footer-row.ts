import {isOnPage, keyTable} from '../input/keymap.ts';
import {showKey} from '../input/keys.ts';
import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, span, spreadLine, widthOfLine, type Line} from '../text/line.ts';

const always: Line = [
	span('/', 'accent', true),
	span(' filter  ', 'muted'),
	span(':', 'accent', true),
	span(' cmd  ', 'muted'),
	span('?', 'accent', true),
	span(' help  ', 'muted'),
	span('q', 'accent', true),
	span(' quit ', 'muted'),
];

/** The last row: the keys of this page at the left (what cannot work now is muted), filter, help and quit at the right. */
export const footerRow = (state: ScreenState): Line => {
	const bindings = keyTable
		.filter(binding => binding.footer !== undefined && isOnPage(binding, state.page))
		.toSorted((left, right) => (left.footer ?? 0) - (right.footer ?? 0));
	let left: Line = [span(' ')];
	for (const {keys, command, disabledReason} of bindings) {
		const isDisabled = disabledReason?.(state) !== undefined;
		const longer: Line = [
			...left,
			span(showKey(keys[0] ?? ''), isDisabled ? 'muted' : 'accent', !isDisabled),
			span(` ${wordsOf(state).commands[command]}  `, 'muted'),
		];
		if (widthOfLine(longer) + widthOfLine(always) > state.columns) {
			break;
		}

		left = longer;
	}

	return fitLine(spreadLine(left, always, state.columns), state.columns);
};
