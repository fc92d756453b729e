import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {footerRow} from '../../../source/tui/frame/footer-row.ts';
import {helpLines} from '../../../source/tui/frame/help.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {readKeyFile} from '../../../source/tui/input/key-file.ts';
import {bindingOf, bindingsOf, withOverrides} from '../../../source/tui/input/key-layer.ts';
import {isOnPage, keyTable} from '../../../source/tui/input/keymap.ts';
import {paletteEntries} from '../../../source/tui/input/palette.ts';
import {wordsOf} from '../../../source/tui/language/words.ts';
import {initialState, pageNames, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {recordControls} from '../../support/controls.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const english = wordsOf({language: 'en'});
const read = (text: string) => readKeyFile(text, english);

const stateWith = (text: string, change: Partial<ScreenState> = {}): ScreenState => ({
	...initialState({
		columns: 160,
		rows: 48,
		nowMs: 0,
		isReadOnly: false,
		themeName: 'midnight',
		layout: new TranscriptLayout(),
	}),
	keyOverrides: read(text).overrides,
	...change,
});

describe('keys.json', () => {
	test('with a name of sixty thousand letters, or six thousand names, is read in time and never throws', () => {
		const startMs = performance.now();
		const long = JSON.stringify({'theme.next': [], ['a'.repeat(60_000)]: []});
		expect([...read(long).overrides.keys()]).toEqual(['theme.next']);
		expect(read(long).faults).toHaveLength(1);
		const many = JSON.stringify(Object.fromEntries(Array.from({length: 6000}, (_, index) => [`a${index}`, []])));
		expect(read(many).faults).toHaveLength(1);
		expect(performance.now() - startMs).toBeLessThan(1000);
	});

	test('gives commands other keys, and takes keys away', () => {
		const {overrides, faults} = read('{"route.pin": ["Ctrl+P", "ä"], "theme.next": [], "explain.what-if": "space"}');
		expect(faults).toEqual([]);
		expect([...overrides]).toEqual([
			['route.pin', ['ctrl+p', 'ä']],
			['theme.next', []],
			['explain.what-if', [' ']],
		]);
	});

	test.each([
		['{\n"route.pni": ["x"]}', 2, 'there is no command "route.pni"; is it "route.pin"?'],
		['{"zzzzzzzzzzzz": ["x"]}', 1, '"codex-tui keys" lists them'],
		['{\n\n"route.pin": ["x",\n"hyper+x"]}', 4, '"hyper+x" is no key that a terminal tells'],
		['{"route.pin": ["ctrl+i"]}', 1, 'a terminal cannot tell "ctrl+i" from "tab"'],
		['{\n"route.pin": 7}', 2, '"route.pin" needs a list of keys'],
		['{\n"route.pin": [7]}', 2, '"route.pin" needs a list of keys'],
		['{\n"quit": ["x"]}', 2, '"quit" must keep the key q'],
		['{"back": []}', 1, '"back" must keep the key Esc'],
		['{"route.pin": ["q"]}', 1, 'q always means "quit", so "route.pin" cannot have it'],
		['{"route.pin": ["esc"]}', 1, 'Esc always means "back"'],
		['{"route.pin": ["x"],\n"route.pin": ["y"]}', 2, '"route.pin" stands here twice'],
		['{\n"route.pin": ["x"],\n}', 3, 'is no JSON from here on'],
		['{\n"route.pin": [', 2, 'is no JSON from here on'],
		['[1]', 1, 'must be an object'],
	])('%j: line %i, one sentence, and the default stays', (text, line, sentence) => {
		const {overrides, faults} = read(text);
		expect(faults).toEqual([{line, text: expect.stringContaining(sentence)}]);
		expect(overrides.size).toBe(0);
	});

	test('a file that is too large for keys is not looked at', () => {
		expect(read(`{"route.pin": ["${'x'.repeat(70_000)}"]}`).faults).toEqual([
			{line: 1, text: expect.stringContaining('too large')},
		]);
	});

	test('a key with two meanings on one page: both are named, and the later one keeps its default', () => {
		const {overrides, faults} = read('{"route.pin": ["ä"],\n"route.view": ["ä"],\n"theme.next": ["ö"]}');
		expect(faults).toEqual([
			{
				line: 2,
				text: 'on the page Routes ä would mean "route.pin" and "route.view"; "route.view" keeps its default keys.',
			},
		]);
		expect([...overrides.keys()]).toEqual(['route.pin', 'theme.next']);
		expect(read('{"route.pin": ["j"]}').faults[0]?.text).toContain('"list.next"');
	});

	test('two commands may change places', () => {
		const {overrides, faults} = read('{"route.pin": ["O"], "route.prefer": ["o"]}');
		expect(faults).toEqual([]);
		expect(overrides.size).toBe(2);
	});

	test('whatever stands in it, no key has two meanings on a page, and q and Esc are where they were', () => {
		const key = fc.constantFrom('a', 'o', 'O', 'x', 'q', 'esc', 'tab', 'ctrl+p', 'f1', 'no', '');
		const file = fc.dictionary(fc.constantFrom(...keyTable.map(({command}) => command), 'nobody'), fc.array(key));
		fc.assert(
			fc.property(file, content => {
				const table = withOverrides(keyTable, read(JSON.stringify(content, undefined, '\t')).overrides);
				for (const page of pageNames) {
					const bindings = table.filter(binding => isOnPage(binding, page));
					const keys = bindings.flatMap(binding => binding.keys);
					expect(new Set(keys).size).toBe(keys.length);
					expect(bindings.find(({keys: own}) => own.includes('q'))?.command).toBe('quit');
					expect(bindings.find(({keys: own}) => own.includes('esc'))?.command).toBe('back');
				}
			}),
			propertyRuns(150),
		);
	});

	test('any text is read without an exception', () => {
		fc.assert(
			fc.property(fc.string(), text => {
				expect(Array.isArray(read(text).faults)).toBe(true);
			}),
			propertyRuns(200),
		);
	});
});

describe("the user's keys", () => {
	const text = '{"theme.next": ["ctrl+t"], "help": ["f1", "ü"], "page.dash": ["0"], "language.next": []}';

	test('are made into a table once for a load, not once for a key', () => {
		const state = stateWith(text);
		const later: ScreenState = {...state, page: 'routes'};
		expect(bindingsOf(state)).toBe(bindingsOf(later));
		expect(bindingsOf(stateWith('{}'))).toBe(keyTable);
	});

	test('do what they say, and the old ones no longer', () => {
		const state = stateWith(text);
		const recorder = recordControls(state);
		for (const key of ['ctrl+t', 'T', 'L']) {
			dispatchKey(key, recorder);
		}

		expect(recorder.calls).toEqual(['theme']);
		expect(bindingOf('f1', state)?.command).toBe('help');
	});

	test('stand in the footer, the help and the palette', () => {
		const state = stateWith(text);
		expect(plainOf(footerRow(state))).toContain('F1 help');
		const help = helpLines(state, 158).map(plainOf).join('\n');
		expect(help).toMatch(/Ctrl\+T +next theme/);
		expect(help).toMatch(/F1 ü +help/);
		expect(paletteEntries(state, 'theme next')[0]?.key).toBe('ctrl+t');
		expect(paletteEntries(state, 'language')[0]?.key).toBeUndefined();
	});
});
