import {describe, expect, test} from 'vitest';
import {helpLines} from '../../../source/tui/frame/help.ts';
import {messageRow} from '../../../source/tui/frame/message-row.ts';
import {footerKeys, footerRow} from '../../../source/tui/frame/footer-row.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {languages} from '../../../source/tui/language/words.ts';
import {pageNames, type PageName, type PaneName, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import type {UndoStep} from '../../../source/tui/store/undo-desk.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleState} from '../../support/sample-state.ts';

const undone: UndoStep = {label: 'Something was done.', atMs: 0, take: async () => undefined};

/** A page on a small screen, with the focus there, after something was done. */
const stateOn = (page: PageName, pane?: PaneName): ScreenState => {
	const state = sampleState('full', page, [80, 24]);
	return {...state, undos: [undone], focus: {...state.focus, ...(pane !== undefined && {[page]: pane})}};
};

const keysOf = (state: ScreenState): readonly string[] => footerKeys(state).map(({key}) => key);

/** What a new user wants on a page, and its keys. */
const wanted: ReadonlyArray<{
	readonly task: string;
	readonly page: PageName;
	readonly pane: PaneName;
	readonly keys: readonly string[];
}> = [
	{task: 'switch upstream on Dash', page: 'dash', pane: 'routes', keys: ['o', 'O', 'u']},
	{task: 'switch upstream, add and edit one, undo', page: 'routes', pane: 'routes', keys: ['o', 'O', 'a', 'e', 'u']},
	{
		task: 'find why a request failed, look into it, send it elsewhere',
		page: 'requests',
		pane: 'requests',
		keys: ['i', 'd', 'c', 'u'],
	},
	{
		task: 'override the effort of a session, undo it',
		page: 'sessions',
		pane: 'sessions',
		keys: ['enter', 'e', 'm', 'o', 'u'],
	},
	{task: 'fold and search a conversation', page: 'requests', pane: 'transcript', keys: [' ', '-', '+', 'J']},
	{
		task: 'fold and search the conversation of a session',
		page: 'sessions',
		pane: 'transcript',
		keys: [' ', '-', '+', 'J'],
	},
	{task: 'see what other days cost', page: 'usage', pane: 'usage', keys: ['v', ']', 's']},
	{task: 'mend what is wrong', page: 'doctor', pane: 'checks', keys: ['enter', 'r']},
	{task: 'change a setting, undo it', page: 'settings', pane: 'settings', keys: ['enter', 'u']},
];

describe('the footer at 80 columns', () => {
	test.each(wanted.flatMap(row => languages.map(language => ({...row, language}))))(
		'tells how to $task ($language)',
		({page, pane, keys, language}) => {
			expect(keysOf({...stateOn(page, pane), language})).toEqual(expect.arrayContaining([...keys]));
		},
	);

	test.each(pageNames)('on %s keeps filter, commands, help and quit', page => {
		expect(keysOf(stateOn(page)).slice(-4)).toEqual(['/', ':', '?', 'q']);
		expect(plainOf(footerRow(stateOn(page)))).toMatch(/\? help {2}q quit $/);
	});

	test('leaves out first what cannot work now', () => {
		const state = stateOn('routes');
		expect(keysOf(state)).toContain('o');
		expect(keysOf({...state, isReadOnly: true})).not.toContain('a');
	});
});

describe('the footer of what lies over the page', () => {
	test.each([
		['?', /j k scroll {2}Esc close .*\? help {2}q quit $/],
		[':', /^ Up Down choose {2}Tab complete {2}Enter run {2}Esc close *$/],
		['/', /^ Enter keep {2}Esc take back *$/],
		['c', /^ Up Down choose {2}Enter replay {2}Esc close *$/],
		['Y', /^ Up Down choose {2}Enter copy {2}Esc close *$/],
	] as const)('after %s are its own keys', (key, shown) => {
		const recorder = recordControls(stateOn('requests'));
		dispatchKey(key, recorder);
		expect(plainOf(footerRow(recorder.state()))).toMatch(shown);
	});

	test('a question that fills the row is whole: its keys stand in the footer', () => {
		const question = {text: `Remove ${'x'.repeat(60)} from it?`, yes: () => undefined};
		const state = {...stateOn('dash'), question};
		expect(plainOf(messageRow(state, unicodeGlyphs)).trim()).toBe(question.text);
		const short = {...state, question: {...question, text: 'Really?'}};
		expect(plainOf(messageRow(short, unicodeGlyphs)).trim()).toBe('Really? y yes  n no');
	});

	test('a field of what if keeps its example while it is typed', () => {
		const state = {...stateOn('explain'), editing: {kind: 'field', field: 'in', text: '9', before: ''} as const};
		expect(plainOf(messageRow(state, unicodeGlyphs))).toContain('9_   so much later: 90s, 10m, 2h');
		expect(plainOf(footerRow(state))).toMatch(/^ Enter ask {2}Esc take back *$/);
	});

	test('Enter in the fields of what if is called what it does', () => {
		expect(plainOf(footerRow(stateOn('explain', 'whatif')))).toMatch(/^ Enter change /);
		expect(plainOf(footerRow(stateOn('requests', 'requests')))).toMatch(/^ Enter open /);
	});

	test('a question is answered with two keys and no other', () => {
		const question = {text: 'Really?', yes: () => undefined};
		expect(keysOf({...stateOn('dash'), question})).toEqual(['y', 'n']);
	});
});

test('small screens say above the footer why the selected request failed', () => {
	const state = stateOn('requests');
	const failed = state.requests.find(each => each.state === 'failed');
	expect(failed?.attempts.length).toBeGreaterThan(0);
	const {requests: list} = state.lists;
	const lists = {...state.lists, requests: {...list, selectedKey: failed?.requestId}};
	const row = plainOf(messageRow({...state, lists}, unicodeGlyphs));
	expect(row).toMatch(/^ ✖ \S+ (?:\d{3}|\S+)/);
	expect(row).toContain(String(failed?.note).slice(0, 20));
});

test.each(languages)('at 80 columns the help cuts no entry (%s)', language => {
	for (const page of pageNames) {
		const state = {...stateOn(page), language, isReadOnly: true};
		expect(helpLines(state, 78).map(plainOf).join('\n')).not.toContain('…');
	}
});
