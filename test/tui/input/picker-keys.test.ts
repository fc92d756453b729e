import {describe, expect, test} from 'vitest';
import {dispatchKey, dispatchMouse, dispatchPaste} from '../../../source/tui/input/dispatch.ts';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import type {ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {shownChoices, withPicker, type Picker} from '../../../source/tui/store/picker.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleState} from '../../support/sample-state.ts';

const start = sampleState('full', 'sessions', [80, 24]);

const openWith = (change: Partial<Picker> = {}) => {
	const chosen: string[] = [];
	const controls = recordControls(
		withPicker(start, {
			title: 'Fruit',
			choices: [
				{value: 'a', label: 'apple', about: 'red or green'},
				{value: 'b', label: 'banana', isCurrent: true},
				{value: 'c', label: 'cherry', about: 'red'},
			],
			choose: value => void chosen.push(value),
			...change,
		}),
	);
	return {
		chosen,
		press: (...keys: readonly string[]) => {
			for (const key of keys) {
				dispatchKey(key, controls);
			}
		},
		click: (y: number) => dispatchMouse({kind: 'click', x: 10, y}, controls),
		paste: (text: string) => dispatchPaste(text, controls),
		picker: () => controls.state().picker,
		state: controls.state,
	};
};

const labels = (picker: Picker | undefined): readonly string[] =>
	picker === undefined ? [] : shownChoices(picker).map(({label}) => label);

const shown = (state: ScreenState): string => frameLines(state, unicodeGlyphs).map(plainOf).join('\n');

describe('while something is chosen', () => {
	test('what is too long for its row stands whole below the list, and a click still selects the row that it hits', () => {
		const long =
			'The built-in upstreams serve, so that there is nothing to edit yet; write a file first, and start again.';
		const choices = [
			{value: 'a', label: '07:00:01 !', about: long},
			{value: 'b', label: '07:00:02', about: 'short'},
		];
		const {press, state, click} = openWith({choices, does: 'copy'});
		expect(shown(state())).toContain('Enter copy');
		expect(shown(state()).replaceAll(/[│\s]+/g, ' ')).toContain(long);
		const rowOf = (text: string): number =>
			shown(state())
				.split('\n')
				.findIndex(line => line.includes(text));
		const row = rowOf('07:00:02');
		press('down');
		expect(shown(state()).replaceAll(/[│\s]+/g, ' ')).not.toContain(long);
		expect(rowOf('07:00:02')).toBe(row);
		click(rowOf('07:00:01'));
		expect(state().picker?.index).toBe(0);
		click(rowOf('and start again'));
		expect(state().picker?.index).toBe(0);
	});

	test('what holds now is selected first, arrows stay within the list, Enter takes it and closes', () => {
		const {press, chosen, picker} = openWith();
		expect(picker()?.index).toBe(1);
		press('down', 'down', 'down', 'up', 'up', 'up', 'up', 'down', 'enter');
		expect(chosen).toEqual(['b']);
		expect(picker()).toBeUndefined();
	});

	test('letters find by label and by the words beside it, in any order; commands of the page stay away', () => {
		const {press, picker, state} = openWith();
		press('r', 'e', 'd', ' ', 'p');
		expect(labels(picker())).toEqual(['apple']);
		press('backspace', 'backspace');
		expect(labels(picker())).toEqual(['apple', 'cherry']);
		press('ctrl+u', 'q', '2');
		expect(labels(picker())).toEqual([]);
		expect(state().page).toBe('sessions');
	});

	test('Enter on nothing does nothing, Esc and Ctrl+C close without a choice', () => {
		const {press, chosen, picker} = openWith();
		press('x', 'y', 'z', 'enter');
		expect(picker()?.text).toBe('xyz');
		press('esc');
		expect(picker()).toBeUndefined();
		const other = openWith();
		other.press('ctrl+c');
		expect([other.picker(), ...chosen, ...other.chosen]).toEqual([undefined]);
	});

	test('the typed text itself is chosen only where that is allowed, and only where it is new', () => {
		const closed = openWith();
		closed.press('k', 'i', 'w', 'i');
		expect(labels(closed.picker())).toEqual([]);
		const open = openWith({other: 'as typed'});
		open.paste('ki\nwi\u001b');
		expect(labels(open.picker())).toEqual(['ki wi']);
		open.press('enter');
		expect(open.chosen).toEqual(['ki wi']);
		const known = openWith({other: 'as typed'});
		known.press('a');
		expect(labels(known.picker())).toEqual(['apple', 'banana']);
	});
});
