import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/base/text-width.ts';
import {frameLines} from '../../source/tui/frame/frame.ts';
import {initialState, type ScreenState} from '../../source/tui/store/screen-state.ts';
import {plainOf} from '../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../source/tui/text/transcript-layout.ts';
import {asciiGlyphs, unicodeGlyphs} from '../../source/tui/theme/glyphs.ts';
import {sampleBrain} from '../support/sample-brain.ts';
import {sampleNowMs, sampleSnapshot} from '../support/sample-screen.ts';

/* The page Routes with everything that the engine tells of its routing (issue 3: "show all of it at 80×24 and 160×48"). */

const sizes = [
	[60, 15],
	[80, 24],
	[160, 48],
	[200, 60],
] as const;

const stateOf = ([columns, rows]: readonly [number, number], change: Partial<ScreenState> = {}): ScreenState => {
	const {engine, routes} = sampleSnapshot(sampleNowMs);
	const layout = new TranscriptLayout();
	return {
		...initialState({columns, rows, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight', layout}),
		...{engine, routes, page: 'routes', brain: sampleBrain(sampleNowMs)},
		...change,
	};
};

const drawn = (state: ScreenState, glyphs = unicodeGlyphs): readonly string[] => frameLines(state, glyphs).map(plainOf);

const selecting = (provider: string): Partial<ScreenState> => {
	const {lists} = stateOf([80, 24]);
	return {lists: {...lists, routes: {selectedKey: `codex/${provider}/default`, filter: ''}}};
};

/** The whole detail pane: zoomed on a screen that is tall enough for all of it. */
const detailOf = (provider: string): string => {
	const state = stateOf([160, 120], {...selecting(provider), isZoomed: true});
	return drawn({...state, focus: {...state.focus, routes: 'detail'}}).join('\n');
};

describe.each(sizes)('at %ix%i', (columns, rows) => {
	test.each(['list', 'graph'] as const)('the %s is whole, in both sets of glyphs, and cuts no number', view => {
		for (const glyphs of [unicodeGlyphs, asciiGlyphs]) {
			for (const route of ['relay-a', 'relay-b', 'azure-eu', 'spare']) {
				const lines = drawn(stateOf([columns, rows], {routesView: view, ...selecting(route)}), glyphs);
				expect(lines).toHaveLength(rows);
				expect(lines.map(widthOf).filter(width => width !== columns)).toEqual([]);
				expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object|Infinity/);
				// An id is shortened in its middle; a number never.
				const text = lines.slice(2, -2).map(line => line.replaceAll(/[\da-f]{8}[…~]/g, ''));
				expect(text.filter(line => /\d[…~]/.test(line))).toEqual([]);
			}
		}
	});
});

describe('the list', () => {
	test('puts the number of a preference group before its first upstream and a rail before the others', () => {
		const text = drawn(stateOf([80, 24])).join('\n');
		expect(text).toMatch(/ 0 relay-a/);
		expect(text).toMatch(/ 1 relay-b .*\n.* │ openai/);
		expect(text).toMatch(/ 2 中转站-东京/);
		expect(text).toMatch(/ - azure-eu/);
	});

	test('says how busy, how used and how well manned an upstream is where there is room', () => {
		const [header = '', first = ''] = drawn(stateOf([80, 24])).filter(line => /PROVIDER| 0 relay-a/.test(line));
		expect(header).toMatch(/LOAD QUOTA ACCT/);
		expect(first).toMatch(/2\/8 +31% +1\/6/);
		expect(drawn(stateOf([60, 15])).find(line => line.includes('PROVIDER'))).not.toContain('QUOTA');
	});

	test('says paused where every account is, and does not count it as ready', () => {
		const lines = drawn(stateOf([80, 24]));
		expect(lines.find(line => line.includes('中转站-东京'))).toContain('○ paused');
		expect(lines[2]).toContain(' 2 ready ');
	});

	test('shows what events told while the engine has not answered yet', () => {
		const text = drawn(stateOf([80, 24], {brain: undefined})).join('\n');
		expect(text).toMatch(/ 0 relay-a +● ready/);
		expect(text).not.toContain('QUOTA');
	});
});

describe('the detail pane', () => {
	const text = detailOf('relay-a');

	test('says until when an upstream cools down, but not of one that is paused: that has no end', () => {
		expect(detailOf('relay-b')).toMatch(/state +◐ cool 41s until 12:05:12, 3 hard failures in a row/);
		const brain = sampleBrain(sampleNowMs);
		const accounts = brain.accounts.map(account => ({...account, isPaused: true}));
		const state = stateOf([160, 48], {...selecting('relay-b'), brain: {...brain, accounts}});
		expect(drawn(state).join('\n')).toMatch(/state +○ paused, 3 hard/);
	});

	test('shows every account with its state, weight, quota, quota group and where its key comes from', () => {
		expect(text).toMatch(
			/accounts +work +● ready +2\/6 busy · weight 3 · quota 31% · shares quota team · env RELAY_KEY/,
		);
		expect(text).toMatch(/home +○ paused/);
		expect(text).toMatch(/old +✖ no key .* missing env OLD_KEY/);
		expect(text).toMatch(/spent +◐ spent .* balance \$0\.00/);
		expect(text).toMatch(/limited +◐ cool 41s/);
		expect(text).toMatch(/refused +✖ refused/);
		expect(text).toMatch(/unused +○ off/);
	});

	test('shows cooldowns with cause and end, and models with a breaker of their own', () => {
		expect(text).toMatch(/cooldown +limited · over its limit · until 12:05:12 \(41s, you moved it\) · answered 429/);
		expect(text).toMatch(/refused · key refused · until its key changes or D · answered 401/);
		expect(text).toMatch(/models +◐ cool 30s +gpt-5\.5 · work · 2 hard failures · model_not_found/);
	});

	test('shows balance, limit with its queue, pins of the service and of sessions, and tied sessions', () => {
		expect(text).toMatch(/balance +work · \$4\.20 left · daily \$5\.80 of \$10\.00 used, anew [\d:]+ · read 12:03:31/);
		expect(text).toContain('$4.20 of the balance are left.');
		expect(text).toMatch(/limit +2 of 8 busy · shared by relays · 1 of 4 wait/);
		expect(text).toMatch(/pin +relay-a · tried first/);
		expect(text).toMatch(/session 01a9e3f0…007c · only · until 12:34:31/);
		expect(text).toMatch(/sessions +3 are tied to it \(fallback-sticky\)/);
	});

	test('shows its place in the graph and what was learned of it', () => {
		expect(text).toMatch(/group +0 +/);
		expect(text).toMatch(/route +paid ordered-failover · hedge after 2s · config\.toml:74/);
		expect(text).toMatch(/domain +relays/);
		expect(text).toMatch(/learned +✔ vision · gpt-5\.5 · traffic 11:04:31/);
		expect(text).toMatch(/✖ websocket · seen once, not believed yet · probe 12:03:31/);
		expect(detailOf('openai')).toMatch(
			/group +1 · beside relay-b[\s\S]*route +pair weighted · weight 1 · config\.toml:80/,
		);
		expect(detailOf('azure-eu')).toMatch(/group +in no route for an ordinary request/);
	});
});

describe('the graph', () => {
	test('draws every route with its strategy, conditions and line, and the upstreams below it with their state', () => {
		const lines = drawn(stateOf([160, 48], {routesView: 'graph', ...selecting('openai')})).map(line =>
			line.slice(0, 89),
		);
		const text = lines.join('\n');
		expect(text).toContain('Routes · graph');
		expect(text).toMatch(/codex {2}sessions fallback-sticky .*\n.* back after 10m00s .*\n.* last resort earliest /);
		expect(text).toMatch(/main {2}conditional .*config\.toml:60/);
		expect(text).toMatch(
			/├─ if model gpt-5\*.*\n.*│ {2}and time 22:00-06:00 Sat Sun.*\n.*│ {2}╰─ eu {2}manual-sticky .*config\.toml:70/,
		);
		expect(text).toMatch(
			/╰─ otherwise.*\n.* {3}╰─ paid {2}ordered-failover .*config\.toml:74.*\n.* {6}│ {2}hedge after 2s /,
		);
		expect(text).toMatch(
			/├─ pair {2}weighted.*\n.*│ {2}├─ relay-b +◐ cool 41s +3 .*\n.*▸.*│ {2}╰─ openai +● ready +1 /,
		);
		expect(text).toMatch(/in no route.*\n.*╰─ local-vllm +○ off/);
		expect(text).toMatch(/relay-a ◆ prefer/);
	});

	test('says that it asks while the engine has not answered', () => {
		expect(drawn(stateOf([80, 24], {routesView: 'graph', brain: undefined})).join('\n')).toContain('Asking the engine');
	});
});
