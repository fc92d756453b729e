import {describe, expect, test} from 'vitest';
import {dispatchKey, dispatchMouse} from '../../../source/tui/input/dispatch.ts';
import {frameLines} from '../../../source/tui/frame/frame.ts';
import {initialState, type ScreenState} from '../../../source/tui/store/screen-state.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {recordControls} from '../../support/controls.ts';
import {sampleNowMs, sampleSnapshot} from '../../support/sample-screen.ts';
import {layoutOf} from '../../support/transcript-rows.ts';

/** The page Requests with the conversation zoomed and in focus, from its first line on. */
const reading = (change: Partial<ScreenState> = {}): ScreenState => {
	const {batch: _, requests, ...data} = sampleSnapshot(sampleNowMs);
	const layout = layoutOf();
	const initial = initialState({
		columns: 80,
		rows: 24,
		nowMs: sampleNowMs,
		isReadOnly: false,
		themeName: 'midnight',
		layout,
	});
	return {
		...initial,
		...data,
		requests: requests.filter(({state}) => state !== 'running').toReversed(),
		page: 'requests',
		isZoomed: true,
		focus: {...initial.focus, requests: 'transcript'},
		transcript: {...initial.transcript, isFollowing: false},
		...change,
	};
};

const press = (keys: readonly string[], start = reading()) => {
	const controls = recordControls(start);
	for (const key of keys) {
		dispatchKey(key, controls);
	}

	return controls;
};

const textOf = (state: ScreenState): string => frameLines(state, unicodeGlyphs).map(plainOf).join('\n');
const typed = (text: string): readonly string[] => text.split('');

describe('in the conversation', () => {
	test('Space unfolds the marked block and folds it again', () => {
		expect(textOf(press([]).state())).toMatch(/│▸rules Rule 1[\s\S]*… 37 more lines/);
		expect(textOf(press([' ']).state())).toMatch(/▸rules Rule 1[\s\S]*Rule 12 of/);
		expect(textOf(press([' ', ' ']).state())).toBe(textOf({...press([]).state()}));
	});

	test('J and K go from block to block, - makes an outline, + shows everything', () => {
		expect(textOf(press(['J', 'J']).state())).toMatch(/▸user {2}The retry test/);
		expect(textOf(press(['J', 'J', 'K']).state())).toMatch(/▸short summary/);
		const outline = textOf(press(['-']).state());
		expect(outline).toContain('… 39 more lines');
		expect(outline).toMatch(/M src\/net\/retry.ts \+1 -1 +│\n│ +… 7 more/);
		expect(textOf(press(['-', '+']).state())).toContain('Rule 18 of');
	});

	test('/ searches while it is typed, n and N go on, the corner says where; Esc takes the marks away first', () => {
		const search = press(['/', ...typed('attempt 1')]);
		expect(textOf(search.state())).toMatch(/search \/attempt 1_ {3}1 of 11/);
		const kept = press(['enter', 'n', 'n'], search.state());
		expect(textOf(kept.state())).toContain('3 of 11');
		expect(textOf(kept.state())).toContain('attempt 11');
		expect(textOf(press(['N', 'N', 'N'], kept.state()).state())).toContain('11 of 11');
		const cleared = press(['esc'], kept.state());
		expect(textOf(cleared.state())).not.toContain('of 11');
		expect(cleared.state().isZoomed).toBe(true);
		expect(press(['esc'], cleared.state()).state().isZoomed).toBe(false);
	});

	test('Esc while typing goes back to where the reader was; what is nowhere is said', () => {
		const before = press(['j', 'j']);
		const back = press(['/', ...typed('attempt 40'), 'esc'], before.state());
		expect(back.state().transcript.anchor).toEqual(before.state().transcript.anchor);
		expect(textOf(press(['/', ...typed('zzzz')]).state())).toContain('not found');
		expect(textOf(press(['/', ...typed('zzzz'), 'enter', 'n']).state())).toContain('"zzzz" is not in this');
	});

	test('x exports, ^ goes to the session, Enter to the trace', () => {
		expect(press(['x']).calls).toEqual(['export transcript']);
		const session = press(['^']).state();
		expect([session.page, session.lists.sessions.selectedKey]).toEqual(['sessions', session.requests[0]?.sessionId]);
		expect(press(['enter']).state().page).toBe('trace');
	});

	test('without the focus fold keys say how to get it', () => {
		const start = reading();
		const state = press([' '], {...start, isZoomed: false, focus: {...start.focus, requests: 'requests'}}).state();
		expect(state.message?.text).toContain('Tab');
	});

	test('a click marks a block, and on a folded end shows it', () => {
		const controls = recordControls(reading());
		dispatchMouse({kind: 'click', x: 10, y: 7}, controls);
		expect(textOf(controls.state())).toMatch(/▸short/);
		dispatchMouse({kind: 'click', x: 10, y: 6}, controls);
		expect(textOf(controls.state())).toContain('Rule 12 of');
	});

	test('folding at the end keeps the end, and a fold above it keeps the place', () => {
		const atEnd = press(['G']);
		expect(atEnd.state().transcript.isFollowing).toBe(true);
		const folded = press(['-'], atEnd.state()).state();
		const {layout, anchor} = folded.transcript;
		expect(layout.isAtEnd(anchor, 18)).toBe(true);
	});
});
