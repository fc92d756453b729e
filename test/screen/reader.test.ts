import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/base/text-width.ts';
import {ReaderView, readerLines} from '../../source/tui/frame/reader-lines.ts';
import {wordsOf} from '../../source/tui/language/words.ts';
import {pageNames, panesOfPage, type ScreenState} from '../../source/tui/store/screen-state.ts';
import {sampleState} from '../support/sample-state.ts';
import {openScreen} from '../support/screen.ts';

const drawn = /[\u2190-\u21FF\u2500-\u25FF\u2700-\u27BF\u2800-\u28FF]/u;

const expectReadable = (lines: readonly string[], {columns, rows}: ScreenState): void => {
	expect(lines.length).toBe(rows);
	expect(lines.filter(line => widthOf(line) > columns)).toEqual([]);
	expect(lines.join('\n')).not.toMatch(drawn);
	expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object| {2}/);
};

describe.each(['en', 'zh-CN'] as const)('for a screen reader in %s', language => {
	test.each(pageNames)('%s is sentences: status, page, title, rows with the selected one, message and keys', page => {
		const state: ScreenState = {...sampleState('full', page, [100, 40]), language};
		const {reader, frame, commands} = wordsOf(state);
		const lines = readerLines(state);
		expectReadable(lines, state);
		expect(lines[0]).toMatch(/^codex-tui/);
		expect(lines.slice(1, 3)).toContain(reader.page(frame.titles[page], frame.openIncidents(1)));
		const text = lines.join('\n');
		const shown = page === 'explain' ? {...state, focus: {...state.focus, explain: 'whatif' as const}} : state;
		expect(readerLines(shown).filter(line => line.startsWith(reader.selected)).length).toBe(1);
		expect(text).toContain(`${reader.keys}${language === 'en' ? ': ' : '：'}`);
		expect(text.replaceAll('\n', '')).toContain(commands.quit);
		expect(text).toContain(reader.pages);
	});

	test.each(pageNames)('every pane of %s, empty too, on a small terminal, under the help and the palette', page => {
		for (const fill of ['full', 'empty'] as const) {
			for (const pane of panesOfPage[page]) {
				const state: ScreenState = {...sampleState(fill, page, [80, 24]), language};
				const focused = {...state, focus: {...state.focus, [page]: pane}};
				const editing = {kind: 'command', text: '', before: '', index: 0} as const;
				for (const each of [focused, {...focused, isHelpOpen: true}, {...focused, editing}]) {
					expectReadable(readerLines(each), each);
				}
			}
		}
	});
});

test('the selected row is said with the titles of its columns', () => {
	const said = readerLines(sampleState('full', 'incidents', [100, 40])).join('\n');
	expect(said).toMatch(/\nselected: STATE: open, ID: INC-\d+, /);
});

test('time alone changes no line, and news does', () => {
	const view = new ReaderView();
	const state = sampleState('full', 'requests', [100, 40]);
	const before = view.linesOf(state);
	expect(view.linesOf({...state, nowMs: state.nowMs + 7000})).toBe(before);
	expect(view.linesOf({...state, requests: state.requests.slice(1)})).not.toEqual(before);
});

test('a terminal is given lines only, without the mouse, and of a move only what it changed', async () => {
	await using screen = await openScreen({
		columns: 120,
		rows: 40,
		environment: {TERM: 'xterm', INK_SCREEN_READER: 'true'},
	});
	expect(screen.text()).not.toMatch(drawn);
	expect(screen.text()).toContain('Page Dash');
	expect(screen.output.bytes).not.toContain('\u001B[?1000h');
	await screen.type('6');
	await screen.until('selected: STATE: ');
	const from = screen.output.bytes.length;
	await screen.type('j');
	await screen.type('j');
	const written = screen.output.bytes.slice(from);
	expect(written).toContain('selected:');
	expect(written).not.toContain('Pages:');
});
