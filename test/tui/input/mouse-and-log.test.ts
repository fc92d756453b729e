import {describe, expect, test} from 'vitest';
import type {Form} from '../../../source/tui/forms/form.ts';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {footerKeys, footerRow} from '../../../source/tui/frame/footer-row.ts';
import {messageRow} from '../../../source/tui/frame/message-row.ts';
import {dispatchKey, dispatchMouse} from '../../../source/tui/input/dispatch.ts';
import {withLog} from '../../../source/tui/store/message-log.ts';
import {initialState, pageNames, type PageName, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {listOf} from '../../../source/tui/store/selectors.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const stateOn = (page: PageName, change: Partial<ScreenState> = {}): ScreenState => {
	const {batch: _, requests, ...data} = sampleSnapshot(sampleNowMs);
	return {
		...initialState({
			...{columns: 120, rows: 30, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight'},
			layout: new TranscriptLayout(),
		}),
		...data,
		requests: requests.toReversed(),
		page,
		...change,
	};
};

/** Where a text stands on the drawn screen. */
const placeOf = (state: ScreenState, text: string): {readonly x: number; readonly y: number} => {
	const lines = frameLines(state, unicodeGlyphs).map(plainOf);
	const y = lines.findLastIndex(line => line.includes(text));
	return {x: lines[y]?.indexOf(text) ?? -1, y};
};

describe('the mouse', () => {
	test('a click on a key of the footer is that key, wherever the footer has room for it', () => {
		for (const page of pageNames) {
			for (const columns of [60, 80, 160]) {
				const state = stateOn(page, {columns});
				const row = plainOf(footerRow(state));
				for (const {line, from, to} of footerKeys(state)) {
					expect(row.slice(from, to)).toBe(plainOf(line));
				}
			}
		}

		const recorder = recordControls(stateOn('requests'));
		const help = footerKeys(recorder.state()).find(({key}) => key === '?');
		dispatchMouse({kind: 'click', x: help?.from ?? 0, y: 29}, recorder);
		expect(recorder.state().isHelpOpen).toBe(true);
	});

	test('two clicks on one row open it, one click and a click on another row only select', () => {
		const recorder = recordControls(stateOn('routes', {columns: 160, rows: 48}));
		dispatchMouse({kind: 'click', x: 5, y: 5}, recorder);
		dispatchMouse({kind: 'click', x: 5, y: 6}, recorder);
		expect(recorder.state().page).toBe('routes');
		dispatchMouse({kind: 'click', x: 5, y: 6}, recorder);
		expect(recorder.state().page).toBe('requests');
		expect(recorder.state().lists.requests.filter).toMatch(/^provider:/);
	});

	test.each([24, 40])('a click on a row of an open picker selects it, at %i rows', rows => {
		const choices = Array.from({length: 30}, (_, at) => ({value: `v${at}`, label: `choice ${at};`}));
		const picker = {title: 'One of them', choices, text: '', index: 12, choose: () => {}};
		const recorder = recordControls(stateOn('sessions', {rows, picker}));
		for (const at of [12, 14, 9]) {
			const place = placeOf(recorder.state(), `choice ${at};`);
			dispatchMouse({kind: 'click', ...place}, recorder);
			expect(recorder.state().picker?.index).toBe(at);
		}

		dispatchMouse({kind: 'click', x: 4, y: 3}, recorder);
		expect(recorder.state().picker?.index).toBe(9);
	});

	test('a click on a row of the palette selects it, and runs nothing', () => {
		const editing = {kind: 'command', text: '', before: '', index: 0} as const;
		const recorder = recordControls(stateOn('dash', {rows: 24, editing}));
		const {y} = placeOf(recorder.state(), '▸');
		dispatchMouse({kind: 'click', x: 6, y: y + 3}, recorder);
		expect(recorder.state().editing).toMatchObject({kind: 'command', index: 3});
		expect(recorder.calls).toEqual([]);
	});

	test.each([80, 160])('a click on a field of a form selects it, at %i columns', columns => {
		const field = {before: '', text: '', hint: '', about: ''};
		const fields = Array.from({length: 40}, (_, at) => ({...field, name: `f${at}`, label: `field ${at};`}));
		const form: Form = {
			...{title: 'Edit', fields, index: 0, typing: undefined, shows: 'fields', previewTop: 0, preview: undefined},
			...{onChange: () => {}, onWrite: () => {}},
		};
		const recorder = recordControls(stateOn('routes', {columns, rows: 24, form}));
		for (const at of [5, 14, 20]) {
			dispatchMouse({kind: 'click', ...placeOf(recorder.state(), `field ${at};`)}, recorder);
			expect(recorder.state().form?.index).toBe(at);
		}
	});
});

describe('what was said', () => {
	test('is kept with its time, the newest first, 100 at most', () => {
		let state = stateOn('dash');
		for (let index = 0; index < 120; index++) {
			const message = {text: `said ${index}`, tone: 'ok' as const, untilMs: 0};
			state = withLog(state, {...state, message});
			state = withLog(state, {...state, detailTop: index});
		}

		expect(state.messages).toHaveLength(100);
		expect(state.messages[0]).toEqual({atMs: sampleNowMs, text: 'said 119', tone: 'ok'});
	});

	test('is shown by the log, and can be copied from there', () => {
		const messages = [{atMs: sampleNowMs, text: 'The file has a fault.', tone: 'error' as const}];
		const recorder = recordControls(stateOn('dash', {messages}));
		dispatchKey('ctrl+o', recorder);
		expect(recorder.state().picker?.choices[0]).toMatchObject({
			label: expect.stringMatching(/^\d\d:\d\d:\d\d !$/),
			about: 'The file has a fault.',
		});
		dispatchKey('enter', recorder);
		expect(recorder.calls).toEqual(['copy The file has a fault.']);
	});
});

describe('! shows what is wrong', () => {
	test('the newest open incident', () => {
		const recorder = recordControls(stateOn('dash'));
		dispatchKey('!', recorder);
		expect(recorder.state().page).toBe('incidents');
		expect(listOf(recorder.state(), 'incidents').selected?.state).toBe('open');
	});

	test('else the newest request that failed, else it says that all is well', () => {
		const recorder = recordControls(stateOn('dash', {incidents: []}));
		dispatchKey('!', recorder);
		expect(recorder.state().page).toBe('requests');
		expect(listOf(recorder.state(), 'requests').selected?.state).toMatch(/failed|cut/);
		const calm = recordControls(stateOn('dash', {incidents: [], requests: []}));
		dispatchKey('!', calm);
		expect(calm.state().message?.text).toContain('No incident is open');
	});
});

test('the pages that Esc leads back through stand above the footer', () => {
	const state = stateOn('trace', {history: ['dash', 'routes', 'requests'], columns: 120});
	expect(plainOf(messageRow(state, unicodeGlyphs))).toMatch(/Dash → Routes → Requests → Trace $/);
	expect(plainOf(messageRow(stateOn('dash'), unicodeGlyphs))).not.toContain('→');
});
