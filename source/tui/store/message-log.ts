import {formatClock} from '../text/format.ts';
import {wordsOf} from '../language/words.ts';
import {withPicker} from './picker.ts';
import type {ScreenState} from './screen-state.ts';

/** A sentence that stood above the footer. */
export interface LoggedMessage {
	readonly atMs: number;
	readonly text: string;
	readonly tone: 'ok' | 'warn' | 'error';
}

const keptMessages = 100;

/** Keeps the sentence that is new in `after`. */
export const withLog = (before: ScreenState, after: ScreenState): ScreenState => {
	const {message, nowMs} = after;
	if (message === undefined || message === before.message) {
		return after;
	}

	const {text, tone} = message;
	return {...after, messages: [{atMs: nowMs, text, tone}, ...after.messages].slice(0, keptMessages)};
};

/** Opens the log, newest first; what is chosen goes to the clipboard. */
export const openLog = (state: ScreenState): ScreenState =>
	withPicker(state, {
		title: wordsOf(state).log.title,
		does: wordsOf(state).commands['setting.copy'],
		choices: state.messages.map(({atMs, text, tone}, index) => ({
			value: String(index),
			label: `${formatClock(atMs)} ${tone === 'ok' ? '' : '!'}`.trimEnd(),
			about: text,
		})),
		choose: (value, {terminal, state: now}) =>
			terminal.copy(state.messages[Number(value)]?.text ?? '', wordsOf(now()).log.theMessage),
	});
