import {describe, expect, test} from 'vitest';
import {graphemesOf} from '../../../source/base/text-width.ts';
import type {Controls} from '../../../source/tui/input/controls.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {fitOf, paletteEntries} from '../../../source/tui/input/palette.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';

const start = (): ScreenState => {
	const {batch: _, ...data} = sampleSnapshot(sampleNowMs);
	const layout = new TranscriptLayout();
	return {
		...initialState({columns: 80, rows: 24, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight', layout}),
		...data,
	};
};

const press = (controls: Controls, ...keys: readonly string[]): void => {
	for (const key of keys) {
		dispatchKey(key, controls);
	}
};

describe('the command palette', () => {
	test('finds commands by their letters in order, those that stand together first', () => {
		expect(fitOf('route pin relay-b', 'rpb')).toBeDefined();
		expect(fitOf('route pin relay-b', 'bpr')).toBeUndefined();
		expect(fitOf('page trace', 'page tr')).toBeLessThan(fitOf('pause request', 'pagetr') ?? Infinity);
		const [first] = paletteEntries(start(), 'page trace');
		expect(first?.text).toBe('page trace');
	});

	test('runs what is selected and remembers it for the next time', () => {
		const controls = recordControls(start());
		press(controls, ':', ...graphemesOf('pagetrace'), 'enter');
		expect(controls.state()).toMatchObject({page: 'trace', editing: undefined, commandHistory: ['page trace']});
		press(controls, ':', 'up');
		expect(controls.state().editing).toMatchObject({text: 'page trace'});
	});

	test('completes with Tab, takes an object, and asks the engine', () => {
		const controls = recordControls(start());
		press(controls, ':', ...graphemesOf('route pin relay-b'), 'tab', 'enter');
		expect(controls.actions).toMatchObject([{type: 'pin', endpointKey: 'codex/relay-b/default', mode: 'only'}]);
	});

	test('chooses a theme and a language by their names', () => {
		const controls = recordControls({...start(), themeNames: ['midnight', 'paper']});
		press(controls, ':', ...graphemesOf('theme paper'), 'enter');
		press(controls, ':', ...graphemesOf('lang zh'), 'enter');
		press(controls, ':', ...graphemesOf('lang en'), 'enter');
		expect(controls.calls).toEqual(['choose theme paper', 'choose language zh-CN', 'choose language en']);
	});

	test('says why a command cannot run and stays open', () => {
		const controls = recordControls({...start(), isReadOnly: true});
		press(controls, ':', ...graphemesOf('route pin relay-b'), 'enter');
		expect(controls.actions).toEqual([]);
		expect(controls.state().message?.text).toContain('read-only');
		expect(controls.state().editing).toBeDefined();
		press(controls, 'esc');
		expect(controls.state().editing).toBeUndefined();
	});

	test('changes no filter, whatever is typed and however it ends', () => {
		const controls = recordControls(start());
		const {lists} = controls.state();
		press(controls, ':', ...graphemesOf('xyz'), 'enter', 'backspace', 'ctrl+u', 'esc');
		expect(controls.state().lists).toEqual(lists);
	});
});
