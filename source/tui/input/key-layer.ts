import {wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {isOnPage, keyTable, type Binding} from './keymap.ts';
import {showKey, type KeyName, type KeyOverrides} from './keys.ts';

/* The user's keys over the key table: a table of the same shape, made once for each load of keys.json. */

const tables = new WeakMap<KeyOverrides, readonly Binding[]>();

/** A key table with other keys: those of the commands that are named. */
export const withOverrides = (table: readonly Binding[], overrides: KeyOverrides): readonly Binding[] =>
	table.map(binding => {
		const keys = overrides.get(binding.command);
		return keys === undefined ? binding : {...binding, keys};
	});

/** The key table with the user's keys. */
export const bindingsOf = ({keyOverrides}: Pick<ScreenState, 'keyOverrides'>): readonly Binding[] => {
	if (keyOverrides.size === 0) {
		return keyTable;
	}

	const made = tables.get(keyOverrides) ?? withOverrides(keyTable, keyOverrides);
	tables.set(keyOverrides, made);
	return made;
};

/** What a key does on the shown page. */
export const bindingOf = (key: KeyName, state: Pick<ScreenState, 'keyOverrides' | 'page'>): Binding | undefined =>
	bindingsOf(state).find(binding => binding.keys.includes(key) && isOnPage(binding, state.page));

/** Why a command cannot work now, in a sentence; undefined: it can. A screen that is attached without the right to act says how to get it. */
export const whyNot = ({disabledReason}: Binding, state: ScreenState): string | undefined => {
	const reason = disabledReason?.(state);
	const isBarred = state.isReadOnly && state.attached !== undefined && reason !== undefined;
	return isBarred && disabledReason?.({...state, isReadOnly: false}) !== reason
		? wordsOf(state).attach.readOnlyHere
		: reason;
};

/** The key of a command as a person reads it; undefined where the user took all of its keys away. */
export const keyOf = (command: Binding['command'], state: Pick<ScreenState, 'keyOverrides'>): string | undefined => {
	const [key] = bindingsOf(state).find(binding => binding.command === command)?.keys ?? [];
	return key === undefined ? undefined : showKey(key);
};
