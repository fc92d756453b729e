import {graphemesOf} from '../../base/text-width.ts';
import type {Key} from '../ink.ts';

/**
 * The name of a key as the key table spells it: a character as itself, else `enter`, `esc`, `up`, `ctrl+c`, `shift+tab`,
 * `f5` and so on.
 */
export type KeyName = string;

const specialKeys: ReadonlyArray<readonly [keyof Key, KeyName]> = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pageup'],
	['pageDown', 'pagedown'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'esc'],
	['backspace', 'backspace'],
	['delete', 'backspace'],
];

/**
 * What Ink reports as one event, as key names in order. Keys typed fast arrive as one text (`jjj`), which is three presses
 * (tui.md 1.3).
 */
export const keyNamesOf = (input: string, key: Key): readonly KeyName[] => {
	if (key.eventType === 'release') {
		return [];
	}

	if (key.tab) {
		return [key.shift ? 'shift+tab' : 'tab'];
	}

	const special = specialKeys.find(([flag]) => key[flag] === true);
	if (special !== undefined) {
		return [special[1]];
	}

	if (key.ctrl) {
		return input === '' ? [] : [`ctrl+${input.toLowerCase()}`];
	}

	return key.meta ? [] : graphemesOf(input).map(nameOfCharacter);
};

const nameOfCharacter = (character: string): KeyName => {
	switch (character) {
		case '\r':
		case '\n': {
			return 'enter';
		}

		case '\t': {
			return 'tab';
		}

		case '\u007F': {
			return 'backspace';
		}

		default: {
			// Typed fast, a control character comes in the middle of a text and Ink does not name it.
			const code = character.charCodeAt(0);
			return code > 0 && code < 27 ? `ctrl+${String.fromCharCode(code + 96)}` : character;
		}
	}
};

const shownNames: Readonly<Record<KeyName, string>> = {
	enter: 'Enter',
	esc: 'Esc',
	up: 'Up',
	down: 'Down',
	left: 'Left',
	right: 'Right',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	tab: 'Tab',
	'shift+tab': 'Shift+Tab',
	backspace: 'Backspace',
	' ': 'Space',
};

/** A key as a person reads it: `Enter`, `Ctrl+C`, `F5`, `j`. */
export const showKey = (name: KeyName): string => {
	const shown = shownNames[name];
	if (shown !== undefined) {
		return shown;
	}

	return name.startsWith('ctrl+')
		? `Ctrl+${name.slice(5).toUpperCase()}`
		: /^f\d/.test(name)
			? name.toUpperCase()
			: name;
};

/** Keys by command: what keys.json says over the key table. Commands that are not named keep theirs. */
export type KeyOverrides = ReadonlyMap<string, readonly KeyName[]>;

const otherSpellings: Readonly<Record<string, KeyName>> = {
	return: 'enter',
	escape: 'esc',
	pgup: 'pageup',
	pgdn: 'pagedown',
	pgdown: 'pagedown',
	delete: 'backspace',
	space: ' ',
	backtab: 'shift+tab',
};

/** A terminal sends the same byte for both (ECMA-48, C0), so they cannot be told apart. */
const sameBytes: Readonly<Record<KeyName, KeyName>> = {
	'ctrl+i': 'tab',
	'ctrl+m': 'enter',
	'ctrl+j': 'enter',
	'ctrl+h': 'backspace',
	'ctrl+[': 'esc',
};

/** A key as a person writes it in a file: `ctrl+p`, `PgUp`, `f5`, `x`. `sameAs`: the terminal cannot tell it from that key. */
export const readKeyName = (text: string): KeyName | {readonly sameAs: KeyName | undefined} => {
	if (graphemesOf(text).length === 1) {
		return /^[\p{Control}\p{Format}\n\t]$/u.test(text) ? {sameAs: undefined} : text;
	}

	const name = text.trim().toLowerCase();
	const spelling = otherSpellings[name] ?? name;
	const same = sameBytes[spelling];
	if (same !== undefined) {
		return {sameAs: same};
	}

	return shownNames[spelling] !== undefined || /^(?:ctrl\+[a-z]|f(?:[1-9]|1[0-2]))$/.test(spelling)
		? spelling
		: {sameAs: undefined};
};
