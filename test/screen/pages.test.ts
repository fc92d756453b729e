import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/base/text-width.ts';
import {frameLines} from '../../source/tui/frame/frame.ts';
import {pageNames, panesOfPage, type ScreenState} from '../../source/tui/store/screen-state.ts';
import {plainOf} from '../../source/tui/text/line.ts';
import {asciiGlyphs, unicodeGlyphs} from '../../source/tui/theme/glyphs.ts';
import {sampleNowMs} from '../support/sample-screen.ts';
import {sampleState} from '../support/sample-state.ts';

const sizes = [
	[60, 15],
	[80, 24],
	[120, 40],
	[160, 48],
	[200, 60],
] as const;

const drawn = (state: ScreenState, glyphs = unicodeGlyphs): readonly string[] => frameLines(state, glyphs).map(plainOf);

const expectWhole = (lines: readonly string[], [columns, rows]: readonly [number, number]): void => {
	expect(lines.length).toBe(rows);
	expect(lines.map(widthOf).filter(width => width !== columns)).toEqual([]);
	expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object|Infinity/);
};

describe.each(sizes)('at %ix%i', (columns, rows) => {
	const size = [columns, rows] as const;
	test.each(pageNames.flatMap(page => [[page, 'full'] as const, [page, 'empty'] as const]))(
		'the page %s (%s) fills exactly the screen, with its tab, its keys and its marker',
		(page, fill) => {
			const lines = drawn(sampleState(fill, page, size));
			expectWhole(lines, size);
			expect(lines.at(-1)).toMatch(/\? help {2}q quit/);
			expect(lines[1]).toMatch(fill === 'full' ? /! 1 incident/ : /no incident/);
			expect(lines.join('\n').includes('▸')).toBe(fill === 'full' && page !== 'explain');
		},
	);

	test.each(pageNames)(
		'in Chinese the page %s fills exactly the screen too, with and without data and with the help',
		page => {
			for (const fill of ['full', 'empty'] as const) {
				const state: ScreenState = {...sampleState(fill, page, size), language: 'zh-CN'};
				const lines = drawn(state);
				expectWhole(lines, size);
				expect(lines.at(-1)).toMatch(/\? 帮助 {2}q 退出/);
				expect(lines[1]).toMatch(fill === 'full' ? /! 1 个事件/ : /无事件/);
				expectWhole(drawn({...state, isHelpOpen: true}), size);
				const editing = {kind: 'command', text: '', before: '', index: 0} as const;
				expectWhole(drawn({...state, editing}), size);
			}
		},
	);

	test.each(pageNames.flatMap(page => panesOfPage[page].map(pane => [page, pane] as const)))(
		'on %s the pane %s is whole with the focus, zoomed, and with the help over it',
		(page, pane) => {
			const state = sampleState('full', page, size);
			const focused = {...state, focus: {...state.focus, [page]: pane}};
			expectWhole(drawn(focused), size);
			expectWhole(drawn({...focused, isZoomed: true}), size);
			const help = drawn({...focused, isHelpOpen: true});
			expectWhole(help, size);
			expect(help.join('\n')).toContain('Esc close');
		},
	);
});

describe('what a screen says', () => {
	test('an empty Requests page says where the proxy listens and what to type', () => {
		const text = drawn(sampleState('empty', 'requests', [80, 24])).join('\n');
		expect(text).toContain('http://127.0.0.1:3211');
		expect(text).toContain('codex-tui switch on');
	});

	test('the demo is marked, and a real engine is not', () => {
		const state = sampleState('full', 'dash', [60, 15]);
		expect(drawn(state)[0]).not.toContain('DEMO');
		const {engine} = state;
		expect(engine).toBeDefined();
		expect(drawn({...state, engine: engine && {...engine, isDemo: true}})[0]).toContain('DEMO');
	});

	test('a pin stands in the status row and in the list of upstreams on Dash and on Routes', () => {
		for (const page of ['dash', 'routes'] as const) {
			const lines = drawn(sampleState('full', page, [80, 24]));
			expect(lines[0]).toContain('relay-a ◆ prefer');
			expect(lines.slice(2).find(line => line.includes('◆ prefer'))).toContain('relay-a');
		}
	});

	test('an upstream that is off or has no key is not counted as ready', () => {
		expect(drawn(sampleState('full', 'routes', [80, 24]))[2]).toContain(' 2 ready / 7 ');
	});

	test('the active upstream stays in the status row of the smallest screen', () => {
		expect(drawn(sampleState('full', 'dash', [60, 15]))[0]).toContain('relay-a');
	});

	test('no number is ever cut: cells of numbers end with a digit, a unit or a dash', () => {
		for (const size of sizes) {
			const lines = drawn(sampleState('full', 'requests', size)).filter(line => /\d\d:\d\d:\d\d [✔✖○▶]/.test(line));
			expect(lines.length).toBeGreaterThan(1);
			expect(lines.filter(line => /\d…/.test(line.replaceAll(/[a-z]\S*…/g, '')))).toEqual([]);
		}
	});

	test('an explanation numbers its steps, names the chosen one and says where a step is configured', () => {
		const text = drawn(sampleState('full', 'explain', [80, 24])).join('\n');
		expect(text).toContain('Why did req_1 go to openai?');
		expect(text).toMatch(/2 ✖ relay-b +answered 429, 41 s left {2}config\.toml:9/);
		expect(text).toMatch(/3 ✔ openai +the session is tied to it · chosen/);
		expect(text).toMatch(/ {3}✔ attempt 1 +openai: served it *│/);
		expect(text).toMatch(/in order: openai → 上游-azure *│/);
		expect(text).toMatch(/What if[\s\S]*down +openai[\s\S]*result/);
	});

	test('who was first in the plan but never asked did not choose the way of the request', () => {
		const state = sampleState('full', 'explain', [100, 30]);
		const {answer} = state.explain;
		const steps = answer?.steps.map(step =>
			step.subject === 'openai'
				? {...step, sayings: [...(step.sayings ?? []), {code: 'not_asked', text: 'not asked'}]}
				: step,
		);
		const passed = {
			...state,
			explain: {...state.explain, answer: answer && {...answer, steps: steps ?? []}, imagined: undefined},
		};
		expect(drawn(state).join('\n')).toContain('· chosen');
		expect(drawn(passed).join('\n')).not.toContain('· chosen');
	});

	test('a silent upstream is told with the seconds of its silence, which go on between two heartbeats', () => {
		const state = sampleState('full', 'requests', [160, 48]);
		const silence = {state: 'running', silentMs: 90_000, silentSinceMs: sampleNowMs - 94_300} as const;
		const requests = state.requests.map((row, index) => (index === 0 ? {...row, ...silence} : row));
		expect(drawn({...state, requests}).join('\n')).toMatch(/status +▶ wait +silent 94s/);
		expect(drawn({...sampleState('full', 'dash', [200, 60]), requests}).join('\n')).toMatch(/▶ wait .* silent 94s/);
	});

	test('a request that waits for a place is told with who is full and for how long, and so is one that has waited', () => {
		const state = sampleState('full', 'requests', [160, 48]);
		const note = 'waits for a place at relay-a, 2 before it';
		const waiting = {state: 'running', waitingSinceMs: sampleNowMs - 3100, ttfbMs: undefined, note} as const;
		const [row, ...others] = state.requests;
		if (row === undefined) {
			throw new Error('There is no sample of a request.');
		}

		const lines = drawn({...state, requests: [{...row, ...waiting}, ...others]}).join('\n');
		expect(lines).toMatch(/status +▶ wait +waits for a place at relay-a, 2 before it/);
		expect(lines).toMatch(/timing +no byte yet, all .*, 3\.1s of it for a place/);
		const served = drawn({...state, requests: [{...row, waitedMs: 3100}, ...others]}).join('\n');
		expect(served).toMatch(/timing +first byte .*, all .*, 3\.1s of it for a place/);
		expect(drawn(state).join('\n')).not.toContain('for a place');
	});

	test('a restarting and a silent engine are named with what happens next', () => {
		const state = sampleState('full', 'dash', [80, 24]);
		const {engine} = state;
		const restarting = drawn({...state, engine: engine && {...engine, state: 'restarting'}}).join('\n');
		expect(restarting).toContain('restarting');
		expect(restarting).toContain('starts again');
		const stale = drawn({...state, staleness: {sinceMs: sampleNowMs - 9000, reason: 'it does not answer'}}).join('\n');
		expect(stale).toContain('no answer');
		expect(stale).toContain('12:04:22');
	});

	test('a broken config is named while the last good one serves', () => {
		const state = sampleState('full', 'routes', [120, 40]);
		const {engine} = state;
		const text = drawn({...state, engine: engine && {...engine, configProblem: 'config.toml:7:3: wrong type.'}}).join(
			'\n',
		);
		expect(text).toContain('config.toml:7:3');
		expect(text).toContain('last good one');
	});

	test('below 60x15 there is a notice instead of a page', () => {
		const lines = drawn(sampleState('full', 'dash', [50, 12]));
		expectWhole(lines, [50, 12]);
		expect(lines.join('\n')).toContain('needs 60x15');
	});

	test('with ASCII glyphs the frame itself has no other character', () => {
		const lines = drawn(sampleState('empty', 'dash', [80, 24]), asciiGlyphs);
		expectWhole(lines, [80, 24]);
		expect(lines.join('')).toMatch(/^[\u0020-\u007E]*$/);
	});

	test('the selected incident shows its evidence and advice where there is room', () => {
		const text = drawn(sampleState('full', 'dash', [200, 60])).join('\n');
		expect(text).toContain('add a second key');
		expect(text).toContain('429 Too Many Requests');
		expect(text).toContain('req_0mi9x3f8a0000004');
	});
});
