import {expect, test} from 'vitest';
import {graphemesOf} from '../../../source/base/text-width.ts';
import {dispatchKey} from '../../../source/tui/input/dispatch.ts';
import {boxOf} from '../../../source/tui/layout.ts';
import {withKept} from '../../../source/tui/store/kept-state.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {TranscriptLayout} from '../../../source/tui/text/transcript-layout.ts';
import {recordControls} from '../../support/controls.ts';

const stateOf = (columns: number, rows: number): ScreenState => ({
	...initialState({columns, rows, nowMs: 0, isReadOnly: false, themeName: 'midnight', layout: new TranscriptLayout()}),
	page: 'trace',
});

test.each([
	[160, 48, 'width'],
	[80, 24, 'height'],
] as const)('at %ix%i > makes the list larger and < smaller, to an end, and it is kept', (columns, rows, side) => {
	const recorder = recordControls(stateOf(columns, rows));
	const size = (): number => boxOf(recorder.state(), 'trace')?.[side] ?? 0;
	const before = size();
	dispatchKey('>', recorder);
	expect(size()).toBeGreaterThan(before);
	dispatchKey('<', recorder);
	expect(size()).toBe(before);
	for (let index = 0; index < 20; index++) {
		dispatchKey('<', recorder);
	}

	expect(size()).toBeGreaterThan(4);
	expect(recorder.kept.at(-1)).toBe('splits trace=-5');
	expect(
		boxOf(
			withKept(stateOf(columns, rows), name => (name === 'splits' ? 'trace=-5' : undefined)),
			'trace',
		)?.[side],
	).toBe(size());
});

test('commands of the palette are kept, and what nobody of us wrote is not taken', () => {
	const recorder = recordControls(stateOf(80, 24));
	for (const key of [':', ...graphemesOf('theme next'), 'enter']) {
		dispatchKey(key, recorder);
	}

	expect(recorder.kept).toEqual(['commands theme next']);
	const kept = withKept(stateOf(80, 24), name => (name === 'commands' ? 'theme next\n\u001B[31m\n\nhelp' : 7));
	expect(kept.commandHistory).toEqual(['theme next', 'help']);
	expect(kept.splits).toEqual({});
});
