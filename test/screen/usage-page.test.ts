import {describe, expect, test} from 'vitest';
import {widthOf} from '../../source/base/text-width.ts';
import {frameLines} from '../../source/tui/frame/frame.ts';
import {tabPlaces} from '../../source/tui/frame/tabs.ts';
import {initialState, pageNames, type ScreenState} from '../../source/tui/store/screen-state.ts';
import {withUsage, type LookUsage} from '../../source/tui/store/usage-page.ts';
import {rangeNames, periodOf} from '../../source/observe/usage/calendar.ts';
import {groupings} from '../../source/observe/usage/usage-view.ts';
import {plainOf} from '../../source/tui/text/line.ts';
import {TranscriptLayout} from '../../source/tui/text/transcript-layout.ts';
import {asciiGlyphs, unicodeGlyphs} from '../../source/tui/theme/glyphs.ts';
import {sampleBrain} from '../support/sample-brain.ts';
import {sampleNowMs} from '../support/sample-screen.ts';
import {sampleUsage, withSampleUsage} from '../support/sample-usage.ts';
import {openScreen} from '../support/screen.ts';

const stateAt = (columns: number, rows: number): ScreenState => ({
	...initialState({
		...{columns, rows, nowMs: sampleNowMs, isReadOnly: false, themeName: 'midnight'},
		layout: new TranscriptLayout(),
	}),
	page: 'usage',
	brain: sampleBrain(sampleNowMs),
});

const drawn = (state: ScreenState, glyphs = unicodeGlyphs): string => frameLines(state, glyphs).map(plainOf).join('\n');

const sizes = [
	[60, 15],
	[61, 17],
	[80, 24],
	[100, 20],
	[120, 15],
	[120, 40],
	[160, 48],
	[200, 60],
] as const;

describe.each(sizes)('the page Usage at %ix%i', (columns, rows) => {
	test.each(groupings)(
		'by %s is whole in short and long ranges, with either focus, and has no half number',
		grouping => {
			for (const range of ['today', 'week', 'all'] as const) {
				const state = withSampleUsage(stateAt(columns, rows), range, grouping);
				for (const focus of ['usage', 'detail'] as const) {
					const text = drawn({...state, focus: {...state.focus, usage: focus}});
					expect(text.split('\n').map(widthOf)).toEqual(Array.from({length: rows}, () => columns));
					expect(text).not.toMatch(/undefined|NaN|Infinity|\[object/);
					expect(text).not.toMatch(/\$[\d.]*…/);
				}
			}
		},
	);

	test('while nothing was read, and where nothing can be, it says so', () => {
		expect(drawn(stateAt(columns, rows))).toContain('Reading the ledger.');
		const notice = 'requests.jsonl cannot be read: EACCES';
		expect(drawn(withUsage(stateAt(columns, rows), {notice}))).toContain(notice);
	});

	test('a time without requests says what to do', () => {
		const view = {...sampleUsage(sampleNowMs), rows: [], rowCount: 0};
		expect(drawn(withUsage(stateAt(columns, rows), {view}))).toContain('No request in this time.');
	});
});

describe('what the page Usage says', () => {
	test('at 80x24: figures, pills, rows, budget, forecast, the weightiest warning and the course of the day', () => {
		const text = drawn(withSampleUsage(stateAt(80, 24)));
		expect(text).toMatch(/requests +ok +cost +tokens +in +out +cached +first byte/);
		expect(text).toMatch(/✔ \d+ ok {3}✖ \d+ failed \(5xx\) {3}✖ \d+ cut/);
		expect(text).toMatch(/▸ relay-a +\d+ +\d\d% +[\d.]+M +[\d.]+K +\d\d% +\$\d\.\d\d\+/);
		expect(text).toMatch(/中转站-东京.*unknown/);
		expect(text).toMatch(/budget +█+░+ \d+% \$\d\.\d\d\+ of \$5\.00 today/);
		expect(text).toMatch(/forecast at least \$[\d.]+ by 00:00 \(\$[\d.]+\/h in the last 1\.1h\)/);
		expect(text).toMatch(/! \d+ answers have no known price and no part in the cost/);
		expect(text).toMatch(/00 {2}02 {2}04/);
	});

	test('at 160x48 the detail has charts, the row, models, errors and prices with source and date', () => {
		const state = withSampleUsage(stateAt(160, 48), 'week', 'model');
		const text = drawn({...state, isZoomed: true, focus: {...state.focus, usage: 'detail'}, rows: 90});
		for (const part of [
			'Cost per day',
			'Tokens per day',
			'Models',
			'Errors',
			'Prices',
			'(OpenAI list price, 2026-11-06)',
		]) {
			expect(text).toContain(part);
		}

		expect(text).toMatch(/status-429 relay-b +█+░* +\d+ tries +0 seen/);
		expect(text).toMatch(/mystery-通义\S* +unknown/);
	});

	test('while older files are read it says so, and that the figures are not whole', () => {
		const view = sampleUsage(sampleNowMs, {range: 'month', reading: {isReading: true, filesLeft: 3}});
		const text = drawn(withUsage(stateAt(160, 48), {view, range: 'month'}));
		expect(text).toContain('reading the ledger');
		expect(text).toContain('3 older files are still to be read.');
	});

	test('with ASCII glyphs bars and charts are ASCII too', () => {
		const text = drawn(withSampleUsage(stateAt(160, 48), 'today', 'hour'), asciiGlyphs);
		// Names keep their characters; everything that is drawn is ASCII.
		expect(text.replaceAll(/[\n\p{sc=Han}]/gu, '')).toMatch(/^[\u0020-\u007E]*$/);
		expect(text).toMatch(/#{5,}\.+/);
	});

	test('the tabs of all pages stand beside each other at every width, with the count of incidents', () => {
		for (let columns = 60; columns <= 220; columns++) {
			for (const page of pageNames) {
				const places = tabPlaces({...stateAt(columns, 24), page});
				expect(places.at(-1)?.to ?? 0).toBeLessThanOrEqual(columns - ' ! 99 incidents'.length);
			}
		}
	});
});

const look: LookUsage = ({period, grouping}) => {
	const nowMs = Date.now();
	const range = rangeNames.find(name => periodOf(name, nowMs).fromMs === period.fromMs) ?? 'today';
	return Promise.resolve(sampleUsage(nowMs, {range, grouping}));
};

describe('the keys of the page Usage', () => {
	test('] and [ change the range, v the rows, s and S their order, / filters, Enter goes to the requests', async () => {
		await using screen = await openScreen({lookUsage: look, columns: 120, rows: 40});
		await screen.type('7');
		await screen.until('Usage today');
		await screen.until(/▸ relay-a/);
		await screen.type(']]');
		await screen.until('Usage last 7 days');
		await screen.type('[');
		await screen.until('Usage yesterday');
		await screen.type('[[');
		await screen.until('Today is the shortest range.');
		await screen.type('v');
		await screen.until('By model');
		await screen.type('ss');
		await screen.until('▼ requests');
		await screen.type('S');
		await screen.until('▲ requests');
		await screen.type('SV/name:openai\r');
		await screen.until(/▸ openai/);
		await screen.until('1 of 3');
		await screen.type('\r');
		await screen.until('/provider:openai');
	});

	test('the palette leads to a grouping and a range from any page', async () => {
		await using screen = await openScreen({lookUsage: look});
		await screen.type(':usage by project\r');
		await screen.until('By project');
		await screen.type(':usage range month\r');
		await screen.until('Usage last 30 days');
	});

	test('where the ledger is elsewhere the page says which command shows it', async () => {
		await using screen = await openScreen();
		await screen.type('7');
		await screen.until('codex-tui usage');
	});
});
