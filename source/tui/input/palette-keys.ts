import {typeFilter} from '../store/typing.ts';
import {wordsOf} from '../language/words.ts';
import {commandsText} from '../store/kept-state.ts';
import type {ScreenState} from '../store/screen-state.ts';
import type {Controls} from './controls.ts';
import type {KeyName} from './keys.ts';
import {paletteEntries} from './palette.ts';

const keptCommands = 50;

/** Keys that mean something of their own in the palette; false: the key types. */
export const paletteKey = (key: KeyName, controls: Controls): boolean => {
	const {editing} = controls.state();
	if (editing?.kind !== 'command') {
		return false;
	}

	switch (key) {
		case 'down':
		case 'up': {
			controls.update(state => select(state, key === 'down' ? 1 : -1));
			return true;
		}

		case 'tab': {
			const entry = paletteEntries(controls.state(), editing.text)[editing.index];
			controls.update(state => typeFilter(state, text => entry?.text ?? text));
			return true;
		}

		case 'enter': {
			run(controls);
			return true;
		}

		default: {
			return false;
		}
	}
};

/** Down and up select among what fits; up on an empty line brings back the command that was run last. */
const select = (state: ScreenState, step: 1 | -1): ScreenState => {
	const {editing, commandHistory} = state;
	if (editing?.kind !== 'command') {
		return state;
	}

	if (editing.text === '' && step === -1 && editing.index === 0) {
		return typeFilter(state, () => commandHistory[0] ?? '');
	}

	const last = paletteEntries(state, editing.text).length - 1;
	return {...state, editing: {...editing, index: Math.max(0, Math.min(editing.index + step, last))}};
};

const run = (controls: Controls): void => {
	const state = controls.state();
	const {editing} = state;
	const entry = editing?.kind === 'command' ? paletteEntries(state, editing.text)[editing.index] : undefined;
	if (entry === undefined) {
		controls.update(current => ({
			...current,
			message: {text: wordsOf(current).palette.nothingToRun, tone: 'warn', untilMs: current.nowMs + 4000},
		}));
		return;
	}

	const {disabledReason} = entry;
	if (disabledReason !== undefined) {
		controls.update(current => ({
			...current,
			message: {text: disabledReason, tone: 'warn', untilMs: current.nowMs + 4000},
		}));
		return;
	}

	controls.update(current => ({
		...current,
		editing: undefined,
		commandHistory: [entry.text, ...current.commandHistory.filter(text => text !== entry.text)].slice(0, keptCommands),
	}));
	controls.terminal.keep('commands', commandsText(controls.state()));
	entry.run(controls);
};
