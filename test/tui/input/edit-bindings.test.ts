import {describe, expect, test} from 'vitest';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const routes = (more: Partial<ScreenState> = {}): ScreenState => {
	const {routes: rows, engine} = sampleSnapshot(sampleNowMs);
	const size = {columns: 80, rows: 24, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight'};
	return {...initialState({...size, layout: new TranscriptLayout()}), routes: rows, engine, page: 'routes', ...more};
};

const keys = ['a', 'e', 'E', 'A', 'backspace', ' ', 'K', 'J', '+', '-', 'u'];

const press = (key: string, state: ScreenState) => {
	const recorder = recordControls(state);
	dispatchKey(key, recorder);
	const {message, lists} = recorder.state();
	return {calls: recorder.calls, said: message?.text, selected: lists.routes.selectedKey};
};

describe('the keys that edit providers and routes', () => {
	test('ask for what they say', () => {
		expect(keys.flatMap(key => press(key, routes()).calls)).toEqual([
			...['open add', 'open edit', 'open edit-whole', 'open copy', 'remove codex/relay-a/default'],
			...['make toggle 1', 'make move -1', 'make move 1', 'make weight 1', 'make weight -1', 'undo edit'],
		]);
	});

	test('stay with the upstream that they changed, wherever it goes in the list', () => {
		expect(press(' ', routes()).selected).toBe('codex/relay-a/default');
	});

	test.each<readonly [string, Partial<ScreenState>, string]>([
		['on a read-only screen', {isReadOnly: true}, 'This screen is read-only: it may not edit the configuration.'],
		['in the demo', {editBar: 'demo'}, 'Demo upstreams serve'],
		['with --upstream', {editBar: 'upstream'}, 'The command line says what serves'],
		['far from the file', {editBar: 'elsewhere'}, 'is not on this machine'],
		['in Chinese', {editBar: 'demo', language: 'zh-CN'}, '正在使用内置演示上游'],
	])('say why not %s', (_, state, sentence) => {
		// Undo is of every page, and has sentences of its own.
		for (const key of keys.filter(each => each !== 'u')) {
			const {calls, said} = press(key, routes(state));
			expect(calls).toEqual([]);
			expect(said).toContain(sentence);
		}
	});

	test('say why not where the file has a fault, or nothing is selected', () => {
		const state = routes();
		const engine = state.engine && {...state.engine, configProblem: '/c.toml:3:1: this is not valid TOML.'};
		expect(press('e', {...state, engine}).said).toBe('Mend the file first: /c.toml:3:1: this is not valid TOML.');
		expect(press('backspace', {...state, routes: []}).said).toBe('No upstream is selected.');
		expect(press('a', {...state, routes: []}).calls).toEqual(['open add']);
	});
});
