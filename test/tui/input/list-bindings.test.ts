import {describe, expect, test} from 'vitest';
import {footerRow} from '../../../source/tui/frame/footer-row.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {requestsPane} from '../../../source/tui/panes/requests-pane.ts';
import {initialState, type PageName, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {nextSort} from '../../../source/tui/store/list-sort.ts';
import {listOf} from '../../../source/tui/store/selectors.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {exportText, itemText} from '../../../source/tui/text/list-export.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const stateOn = (page: PageName, change: Partial<ScreenState> = {}): ScreenState => {
	const {batch: _, requests, ...data} = sampleSnapshot(sampleNowMs);
	return {
		...initialState({
			columns: 160,
			rows: 48,
			nowMs: sampleNowMs,
			isReadOnly: false,
			themeName: 'midnight',
			layout: new TranscriptLayout(),
		}),
		...data,
		requests: requests.toReversed(),
		page,
		...change,
	};
};

const press = (state: ScreenState, ...keys: readonly string[]) => {
	const recorder = recordControls(state);
	for (const key of keys) {
		dispatchKey(key, recorder);
	}

	return recorder;
};

describe('the order of a list', () => {
	test('s sorts by the next field, largest first, S turns it round, and after the last field it is the own order again', () => {
		const start = stateOn('requests');
		const sorted = press(start, 's').state();
		const durations = listOf(sorted, 'requests').rows.flatMap(({durationMs}) => durationMs ?? []);
		expect(durations.length).toBeGreaterThan(3);
		expect(durations).toEqual(durations.toSorted((left, right) => right - left));
		const turned = listOf(press(sorted, 'S').state(), 'requests').rows;
		expect(turned.flatMap(({durationMs}) => durationMs ?? [])).toEqual(durations.toReversed());
		expect(turned.at(-1)?.durationMs).toBeUndefined();
		const around = press(start, 's', 's', 's', 's', 's', 's', 's').state();
		expect(listOf(around, 'requests').rows).toEqual(start.requests);
	});

	test('stands in the corner of the pane, and goes on over new rows', () => {
		const {state} = press(stateOn('requests'), 's', 's', 'S');
		const box = {pane: 'requests', x: 0, y: 0, width: 100, height: 20, isCollapsed: false} as const;
		expect(requestsPane(state(), box, unicodeGlyphs).map(plainOf)[0]).toContain('by ttfb (reversed)');
		const later = {...state(), requests: state().requests.slice(2)};
		expect(listOf(later, 'requests').rows).toHaveLength(later.requests.length);
	});
});

describe('E', () => {
	test('shows errors only and says so as a filter, and takes that back beside the words that stood there', () => {
		const start = stateOn('requests');
		const lists = {...start.lists, requests: {selectedKey: undefined, filter: 'gpt'}};
		const only = press({...start, lists}, 'E');
		expect(only.state().lists.requests.filter).toBe('gpt error:yes');
		const {rows, problem} = listOf(only.state(), 'requests');
		expect(problem).toBeUndefined();
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(({state}) => state === 'failed' || state === 'cut')).toBe(true);
		dispatchKey('E', only);
		expect(only.state().lists.requests.filter).toBe('gpt');
		expect(plainOf(footerRow(start))).toContain('E errors only');
	});

	test('finds the failed attempts of a trace', () => {
		const shown = press(stateOn('trace'), 'E').state();
		const {rows, total} = listOf(shown, 'trace');
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.length).toBeLessThan(total);
	});
});

describe('a row or a list that leaves the screen', () => {
	test('y copies the row as words that the filter understands', () => {
		const {calls} = press(stateOn('requests'), 'y');
		expect(calls[0]).toMatch(/^copy id=\S+ .*state=\w+ provider=\S+/);
		const filter = (itemText(stateOn('routes'), 'routes') ?? '').split(' ')[0] ?? '';
		const {lists} = stateOn('routes');
		const found = listOf(stateOn('routes', {lists: {...lists, routes: {selectedKey: undefined, filter}}}), 'routes');
		expect(found.rows).toHaveLength(1);
	});

	test('Y offers its forms', () => {
		const recorder = press(stateOn('requests'), 'Y', 'i', 'd', 'enter');
		const selected = listOf(recorder.state(), 'requests').selected;
		expect(recorder.calls).toEqual([`copy ${selected?.requestId}`]);
	});

	test('x and X export what the list shows', () => {
		expect(press(stateOn('incidents'), 'x', 'X').calls).toEqual(['export incidents jsonl', 'export incidents csv']);
		const {lists} = stateOn('routes');
		const none = stateOn('routes', {lists: {...lists, routes: {selectedKey: undefined, filter: 'nobody'}}});
		const recorder = press(none, 'x');
		expect(recorder.calls).toEqual([]);
		expect(recorder.state().message?.text).toContain('nothing to export');
	});

	test('JSON lines are one object a line, CSV has the fields of the filter, and no cell is a formula', () => {
		const [first, ...others] = stateOn('requests').requests;
		expect(first).toBeDefined();
		const rows = first === undefined ? [] : [{...first, note: '=HYPERLINK("http://x"),"y"', model: '@a\nb'}, ...others];
		const state = stateOn('requests', {requests: rows});
		const lines = exportText(state, 'requests', 'jsonl').trimEnd().split('\n');
		expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(rows)));
		const csv = exportText(state, 'requests', 'csv');
		expect(csv.split('\n')[0]).toMatch(/^id,status,state,provider/);
		expect(csv).toContain('"\'=HYPERLINK(""http://x""),""y"""');
		expect(csv).toContain('"\'@a\nb"');
	});

	test('what a request cost can be sorted, filtered and exported, and what has no known cost stands last', () => {
		const requests = stateOn('requests')
			.requests.slice(0, 3)
			.map((row, index) => ({
				...row,
				...(index < 2 && {cost: {nanoUsd: (index + 1) * 30_000_000, isPartial: index === 1}}),
			}));
		const on = (list: Partial<ScreenState['lists']['requests']>): ScreenState => {
			const state = stateOn('requests', {requests});
			return {...state, lists: {...state.lists, requests: {...state.lists.requests, ...list}}};
		};
		const shown = (state: ScreenState) =>
			listOf(state, 'requests').rows.map(row => requests.findIndex(each => each.requestId === row.requestId));
		expect(shown(on({sort: {field: 'cost', isReversed: false}}))).toEqual([1, 0, 2]);
		expect(shown(on({sort: {field: 'cost', isReversed: true}}))).toEqual([0, 1, 2]);
		expect(shown(on({filter: 'cost>0.05'}))).toEqual([1]);
		expect(nextSort('requests', {field: 'attempts', isReversed: false})?.field).toBe('cost');
		const [header = '', ...rows] = exportText(on({}), 'requests', 'csv').trimEnd().split('\n');
		const at = header.split(',').indexOf('cost');
		expect(rows.map(row => row.split(',')[at])).toEqual(['0.03', '0.06', '']);
		const [first = ''] = exportText(on({}), 'requests', 'jsonl').split('\n');
		expect(JSON.parse(first)).toMatchObject({cost: {nanoUsd: 30_000_000, isPartial: false}});
	});
});
