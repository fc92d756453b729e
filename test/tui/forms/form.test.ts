import {describe, expect, test} from 'vitest';
import {fieldsOf} from '../../../source/config/edit/provider-fields.ts';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {dispatchKey, dispatchPaste} from '../../../source/tui/input/dispatch.ts';
import {changedFields, textOf, type Form, type FormField} from '../../../source/tui/forms/form.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf, widthOfLine} from '../../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls, type RecordedControls} from '../../support/controls.ts';

const field = (name: string, more: Partial<FormField> = {}): FormField => ({
	...{name, label: name, about: `About ${name}.`, hint: '', text: '', before: ''},
	...more,
});

const colours = [
	['red', 'warm'],
	['blue', 'cold'],
	['green', 'cold'],
] as const;

const open = (more: Partial<ScreenState> = {}, form: Partial<Form> = {}) => {
	const events: string[] = [];
	const size = {columns: 80, rows: 24, nowMs: 1, isReadOnly: false, themeName: 'midnight'};
	const state = initialState({...size, layout: new TranscriptLayout()});
	const controls = recordControls({
		...state,
		form: {
			title: 'A form',
			fields: [
				field('name', {text: 'one', before: 'one'}),
				field('colour', {choices: colours}),
				field('free', {choices: colours, isFree: true}),
				field('secret', {isSecret: true, text: '(set)', before: '(set)'}),
			],
			...{index: 0, typing: undefined, shows: 'fields', previewTop: 0},
			preview: {lines: ['+new', '-old'], problem: undefined},
			onChange: () => void events.push('change'),
			onWrite: () => void events.push('write'),
			...form,
		},
		...more,
	});
	return {controls, events};
};

const press = (controls: RecordedControls, ...keys: readonly string[]): void => {
	for (const key of keys) {
		dispatchKey(key, controls);
	}
};

const typed = (text: string): readonly string[] => text.split('');

const textsOf = (controls: RecordedControls): Readonly<Record<string, string>> =>
	Object.fromEntries(controls.state().form?.fields.map(({name, text}) => [name, text]) ?? []);

const shown = (controls: RecordedControls): string =>
	frameLines(controls.state(), unicodeGlyphs).map(plainOf).join('\n');

describe('a form', () => {
	test('takes what is typed with Enter or Tab, gives it back with Esc, and tells its owner of changes only', () => {
		const {controls, events} = open();
		press(controls, 'enter', 'ctrl+u', ...typed('two'), 'esc');
		expect(events).toEqual([]);
		press(controls, 'enter', 'backspace', 'x', 'tab', 'enter', 'esc', 'up');
		expect(textsOf(controls)['name']).toBe('onx');
		expect(events).toEqual(['change']);
		press(controls, 'r');
		expect(textsOf(controls)['name']).toBe('one');
		press(controls, 'x');
		expect(textsOf(controls)['name']).toBe('');
		press(controls, 'enter');
		dispatchPaste(' pasted\nline ', controls);
		press(controls, 'enter');
		expect(textsOf(controls)['name']).toBe('pasted line');
	});

	test('choices are found by what is typed, gone through with Space, and cleared', () => {
		const {controls} = open();
		press(controls, 'j', 'enter', ...typed('cold'), 'down');
		expect(shown(controls)).toMatch(/▸ green +cold/);
		expect(shown(controls)).not.toContain('warm');
		press(controls, 'enter');
		expect(textsOf(controls)['colour']).toBe('green');
		press(controls, ' ', ' ');
		expect(textsOf(controls)['colour']).toBe('red');
		press(controls, 'left', 'left');
		expect(textsOf(controls)['colour']).toBe('green');
		press(controls, 'enter', ...typed('purple'), 'enter');
		expect(textsOf(controls)['colour']).toBe('green');
		press(controls, 'j', 'enter', ...typed('purple'), 'enter');
		expect(textsOf(controls)['free']).toBe('purple');
	});

	test('a secret is stars while it is typed and after, and the word for one that is there stays readable', () => {
		const {controls} = open();
		expect(shown(controls)).toContain('(set)');
		press(controls, 'G', 'enter', ...typed('plain'));
		expect(shown(controls)).toContain('*****_');
		press(controls, 'enter');
		expect(shown(controls)).not.toContain('plain');
		expect(textsOf(controls)['secret']).toBe('plain');
	});

	test('where there is room for one only, y shows the preview first and writes from there', () => {
		const {controls, events} = open();
		press(controls, 'y');
		expect(events).toEqual([]);
		expect(shown(controls)).toContain('+new');
		press(controls, 'esc');
		expect(shown(controls)).toContain('A form');
		press(controls, 'p', 'y');
		expect(events).toEqual(['write']);
		const wide = open({columns: 160});
		expect(shown(wide.controls)).toMatch(/A form[\s\S]*Preview/);
		press(wide.controls, 'y');
		expect(wide.events).toEqual(['write']);
	});

	test('nothing is written while there is a problem, or while the preview is worked out', () => {
		const wrong = open({columns: 160}, {preview: {lines: [], problem: 'It cannot be.'}});
		expect(shown(wrong.controls)).toContain('It cannot be.');
		press(wrong.controls, 'y');
		const early = open({columns: 160}, {preview: undefined});
		press(early.controls, 'y');
		expect([...wrong.events, ...early.events]).toEqual([]);
	});

	test('is left at once while nothing is changed, and asks where something is', () => {
		const {controls} = open();
		press(controls, 'q');
		expect(controls.state().form).toBeUndefined();
		const changed = open();
		press(changed.controls, 'x', 'esc', 'n');
		expect(changed.controls.state().form).toBeDefined();
		press(changed.controls, 'esc');
		expect(shown(changed.controls)).toContain('Leave without writing? y yes  n no');
		press(changed.controls, 'y');
		expect(changed.controls.state().form).toBeUndefined();
		expect(changed.controls.calls).toEqual([]);
	});

	test('says what a field is while it is typed, and offers the next value only where there are values', () => {
		const {controls} = open();
		expect(shown(controls)).not.toContain('Space next value');
		press(controls, 'enter', 'x');
		expect(shown(controls)).toMatch(/About name\. *\n Enter take it {2}Esc take back/);
		press(controls, 'esc', 'j');
		expect(shown(controls)).toContain('Space next value');
		press(controls, 'enter');
		expect(shown(controls)).toContain('About colour.  type to search');
	});

	test('a preview that goes on below says so and with which key, and offers to write only what can be written', () => {
		const long = {lines: Array.from({length: 60}, (_, row) => `+line ${row}`), problem: undefined};
		const {controls} = open({}, {preview: long});
		press(controls, 'p');
		expect(shown(controls)).toMatch(/─ Preview ─+ j ▼ more {2}y writes it/);
		expect(shown(controls)).toContain(' j k scroll  y write  Esc back to the fields');
		press(controls, 'G');
		expect(shown(controls)).toContain('+line 59');
		expect(shown(controls)).not.toContain('more');
		const wide = open({columns: 160, rows: 30}, {preview: long});
		expect(shown(wide.controls)).toContain('p ▼ more');
		const focused = (): readonly string[] =>
			['A form', 'Preview'].filter(title =>
				frameLines(wide.controls.state(), unicodeGlyphs).some(line =>
					line.some(({text, tone}) => text === title && tone === 'focus'),
				),
			);
		expect(focused()).toEqual(['A form']);
		press(wide.controls, 'p', 'j', 'j');
		expect(focused()).toEqual(['Preview']);
		expect(shown(wide.controls)).not.toMatch(/\+line 1\b/);
		press(wide.controls, 'esc');
		expect(wide.controls.state().form?.shows).toBe('fields');
		const nothing = open({}, {preview: {lines: [], problem: undefined}});
		press(nothing.controls, 'p');
		expect(shown(nothing.controls)).toContain(' j k scroll  Esc back to the fields');
	});

	test('a blank stands between the longest name and its value', () => {
		const [longest = ''] = [...fieldsOf(true), ...fieldsOf(false)]
			.map(({name}) => name)
			.toSorted((left, right) => right.length - left.length);
		const {controls} = open({}, {fields: [field(longest, {text: '8', before: '8'})]});
		expect(shown(controls)).toContain(`${longest} 8`);
	});

	test('keys of the page do nothing while it is open', () => {
		const {controls} = open();
		press(controls, '3', '?', ':', '/', 'o', 'T');
		expect(controls.state().page).toBe('dash');
		expect(controls.state().form).toBeDefined();
		expect([...controls.calls, ...controls.actions]).toEqual([]);
	});

	test.each([
		[60, 15],
		[80, 24],
		[109, 30],
		[110, 24],
		[200, 60],
	])('fills a screen of %i x %i exactly, in every state', (columns, rows) => {
		const long = 'https://very-long.example/'.repeat(12);
		const {controls} = open({columns, rows}, {preview: {lines: [`+${long}`], problem: undefined}});
		const steps = [[], ['enter', ...typed(long)], ['enter'], ['j', 'enter'], ['esc', 'p']];
		for (const keys of steps) {
			press(controls, ...keys);
			const lines = frameLines(controls.state(), unicodeGlyphs);
			expect(lines.map(widthOfLine)).toEqual(Array.from({length: rows}, () => columns));
		}
	});

	test('what is changed is what differs from the start', () => {
		const {controls} = open();
		press(controls, 'x', 'j', ' ');
		const {form} = controls.state();
		expect(form && changedFields(form).map(({name}) => name)).toEqual(['name', 'colour']);
		expect(form && textOf(form, 'nothing')).toBe('');
	});
});
