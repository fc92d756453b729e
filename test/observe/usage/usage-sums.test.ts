import {array, assert, constantFrom, integer, property, record} from 'fast-check';
import {afterEach, describe, expect, test} from 'vitest';
import {binsOf, periodOf, type RangeName} from '../../../source/observe/usage/calendar.ts';
import {readEntry} from '../../../source/observe/usage/entry.ts';
import {defaultForecast, type ForecastSettings} from '../../../source/observe/usage/forecast.ts';
import {addTally, emptyTally, type Tally} from '../../../source/observe/usage/tally.ts';
import {slotMs, UsageBook} from '../../../source/observe/usage/usage-book.ts';
import {usageView} from '../../../source/observe/usage/usage-sums.ts';
import {groupings, type Grouping, type UsageView} from '../../../source/observe/usage/usage-view.ts';
import {propertyRuns} from '../../support/property-runs.ts';
import {flatPrice, usageRecord, type LineFacts} from '../../support/usage-lines.ts';

const zoneBefore = process.env['TZ'];

afterEach(() => {
	if (zoneBefore === undefined) {
		delete process.env['TZ'];
	} else {
		process.env['TZ'] = zoneBefore;
	}
});

const noon = (): number => new Date(2026, 10, 21, 12, 0).getTime();

const bookOf = (lines: readonly LineFacts[]): UsageBook => {
	const book = new UsageBook();
	for (const line of lines) {
		const entry = readEntry(usageRecord(line), flatPrice);
		expect(entry).toBeDefined();
		if (entry !== undefined) {
			book.add(entry);
		}
	}

	return book;
};

interface Asked {
	readonly range?: RangeName;
	readonly grouping?: Grouping;
	readonly nowMs?: number;
	readonly forecast?: ForecastSettings;
}

const viewOf = (book: UsageBook, {range = 'today', grouping = 'provider', nowMs = noon(), ...rest}: Asked): UsageView =>
	usageView(book, {
		...{period: periodOf(range, nowMs), grouping, nowMs},
		forecast: rest.forecast ?? defaultForecast,
		priceText: model => (model.startsWith('mystery') ? undefined : '$1 a million (test list, 2026-11-01)'),
		projectOf: cwd => cwd.replace(/\/sub$/, ''),
		reading: {isReading: false, filesLeft: 0, brokenLines: 0, unreadableFiles: []},
	});

const requestsBy = (view: UsageView): Record<string, number> =>
	Object.fromEntries(view.rows.map(({label, tally}) => [label, tally.requests]));

const tallyOf = (facts: Partial<LineFacts>): Tally | undefined =>
	readEntry(usageRecord({atMs: noon(), ...facts}), flatPrice)?.tally;

describe('a request is counted', () => {
	test('with cached tokens inside the input for codex and beside it for claude: never twice', () => {
		expect(tallyOf({tokens: [1000, 100, 400, 50]})).toMatchObject({input: 550, cacheRead: 400, cacheWrite: 50});
		expect(tallyOf({service: 'claude', tokens: [1000, 100, 400, 50]})).toMatchObject({
			...{input: 1000, cacheRead: 400, cacheWrite: 50},
		});
	});

	test.each([
		[200, 'success', 'ok'],
		[429, 'failed', 'limited'],
		[401, 'failed', 'refused'],
		[502, 'failed', 'failed'],
		[200, 'cut', 'cut'],
		[499, 'cancelled', 'cancelled'],
	] as const)('status %i with the outcome %s ended %s', (status, outcome, ending) => {
		expect(tallyOf({status, outcome})?.endings[ending]).toBe(1);
	});

	test('an unknown price is unknown and never 0', () => {
		expect(tallyOf({model: 'mystery-1'})).toMatchObject({nanoUsd: 0, priced: 0, unpriced: 1});
		expect(tallyOf({})).toMatchObject({nanoUsd: 1_100_000, priced: 1, unpriced: 0});
	});

	test('an answer without tokens is told apart from a call that has none', () => {
		expect(tallyOf({tokens: undefined})).toMatchObject({answers: 1, withUsage: 0});
		expect(tallyOf({tokens: undefined, kind: 'prewarm'})).toMatchObject({answers: 0});
		expect(tallyOf({tokens: undefined, path: '/v1/models'})).toMatchObject({answers: 0, withUsage: 0});
		expect(tallyOf({tokens: undefined, status: 502, ttfbMs: undefined})).toMatchObject({answers: 0});
		expect(tallyOf({tokens: undefined, outcome: 'cancelled'})).toMatchObject({answers: 1, withUsage: 0});
	});

	test('the rate is over the time behind the first byte, over all of it where that would be absurd', () => {
		expect(tallyOf({ttfbMs: 1000, durationMs: 6000})).toMatchObject({generationMs: 5000, generatedTokens: 100});
		expect(tallyOf({ttfbMs: 5990, durationMs: 6000})).toMatchObject({generationMs: 6000});
	});

	test.each([
		undefined,
		null,
		7,
		[],
		{},
		{timestamp_ms: 'x', status_code: 200},
		{timestamp_ms: 1e300, status_code: 200},
	])('%j is no request', value => {
		expect(readEntry(value, flatPrice)).toBeUndefined();
	});

	test('tokens that nobody can have do not spoil the sums', () => {
		const tally = tallyOf({tokens: [1e308, -5, 1e300]});
		expect(tally).toMatchObject({cacheRead: 1e12, output: 0});
		expect(Number.isFinite(tally?.nanoUsd)).toBe(true);
	});

	test('times that no request takes do not spoil the sums, nor do negative ones', () => {
		const monthMs = 31 * 24 * 3_600_000;
		expect(tallyOf({durationMs: 1e308, ttfbMs: 1e308})).toMatchObject({durationMs: monthMs, ttfbMs: monthMs});
		expect(tallyOf({durationMs: -5, ttfbMs: -5})).toMatchObject({durationMs: 0, ttfbMs: 0});
	});

	test('names from outside are fit for a terminal and no longer than names', () => {
		const entry = readEntry(
			usageRecord({atMs: noon(), model: `\u001B]52;c;AAAA\u0007gpt\u202E${'x'.repeat(999)}`}),
			flatPrice,
		);
		expect(entry?.model).toMatch(/^gptx{197}$/);
	});
});

describe('a day', () => {
	test.each(['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Shanghai'])(
		'in %s begins and ends at its own midnight',
		zone => {
			process.env['TZ'] = zone;
			const midnight = new Date(2026, 10, 21).getTime();
			const next = new Date(2026, 10, 22).getTime();
			const book = bookOf([midnight - 1, midnight, next - 1, next].map(atMs => ({atMs})));
			expect(viewOf(book, {}).total.requests).toBe(2);
			expect(requestsBy(viewOf(book, {range: 'week', grouping: 'day', nowMs: next}))).toEqual({
				...{'2026-11-22': 1, '2026-11-21': 2, '2026-11-20': 1},
			});
			expect(viewOf(book, {range: 'yesterday'}).total.requests).toBe(1);
		},
	);

	test.each([
		['Europe/Berlin', [2026, 2, 29], 23],
		['Europe/Berlin', [2026, 9, 25], 25],
		['Europe/Berlin', [2026, 10, 21], 24],
		['Australia/Lord_Howe', [2026, 9, 4], 24],
	] as const)('in %s on %j has %i bars, and every request is in one of them', (zone, [year, month, date], bars) => {
		process.env['TZ'] = zone;
		const nowMs = new Date(year, month, date, 12).getTime();
		const period = periodOf('today', nowMs);
		const all = Array.from({length: (period.toMs - period.fromMs) / slotMs}, (_, index) => ({
			atMs: period.fromMs + index * slotMs + 1,
		}));
		const view = viewOf(bookOf(all), {nowMs});
		expect(view.bars).toHaveLength(bars);
		expect(view.bars.reduce((sum, {tally}) => sum + tally.requests, 0)).toBe(all.length);
	});

	test('the hour that is lived twice is one row with the requests of both', () => {
		process.env['TZ'] = 'Europe/Berlin';
		const nowMs = new Date(2026, 9, 25, 12).getTime();
		const twoMs = new Date(2026, 9, 25, 0).getTime() + 2 * 3_600_000;
		const book = bookOf([{atMs: twoMs}, {atMs: twoMs + 3_600_000}]);
		expect(requestsBy(viewOf(book, {grouping: 'hour', nowMs}))).toEqual({'02:00': 2});
	});

	test('sixty days across a change of the clocks are sixty days', () => {
		process.env['TZ'] = 'America/New_York';
		const bins = binsOf(periodOf('all', noon()));
		expect(bins).toHaveLength(60);
		expect(new Set(bins.map(({label}) => label)).size).toBe(60);
	});
});

describe('rows', () => {
	const lines: readonly LineFacts[] = [
		{atMs: noon() - 1000, cwd: '/src/api', session: 'a'},
		{atMs: noon() - 2000, cwd: '/src/api/sub', session: 'b', failedTries: ['status-429', 'status-429']},
		{atMs: noon() - 3000, provider: 'openai', model: 'mystery-1', session: undefined},
		{atMs: noon() - 4000, provider: '中转站', status: 502, tokens: undefined, ttfbMs: undefined},
	];

	test.each([
		['provider', {'relay-a': 2, openai: 1, 中转站: 1}],
		['model', {'gpt-5.5': 3, 'mystery-1': 1}],
		['session', {a: 1, b: 1, s1: 1, '(unknown)': 1}],
		['project', {'/src/api': 2, '(unknown)': 2}],
		['hour', {'11:00': 4}],
	] as const)('are made by %s', (grouping, wanted) => {
		expect(requestsBy(viewOf(bookOf(lines), {grouping}))).toEqual(wanted);
	});

	test('errors are failed attempts, hidden ones too, with how many the client got', () => {
		const view = viewOf(bookOf(lines), {grouping: 'error'});
		expect(view.rows.map(({label, about, tally}) => [label, about, tally.requests, tally.endings.failed])).toEqual([
			['status-429', 'relay-b', 2, 0],
			['status-502', '中转站', 1, 1],
		]);
	});

	test('coverage counts what the figures leave out, and names the models without a price', () => {
		const view = viewOf(bookOf([...lines, {atMs: noon(), tokens: undefined}]), {});
		expect(view.coverage).toMatchObject({withoutUsage: 1, withoutPrice: 1, unpricedModels: ['mystery-1']});
		expect(view.prices).toContainEqual({model: 'gpt-5.5', text: '$1 a million (test list, 2026-11-01)'});
		expect(view.prices).toContainEqual({model: 'mystery-1', text: undefined});
	});

	test('made-up names are not told apart beyond a number that nobody has', () => {
		const view = viewOf(bookOf(Array.from({length: 3000}, (_, index) => ({atMs: noon(), session: `s${index}`}))), {
			grouping: 'session',
		});
		expect(view.total.requests).toBe(3000);
		expect(view.rowCount).toBe(2001);
		expect(view.rows).toHaveLength(1000);
	});

	test('add up to the total in every grouping, in every order, and so do the bars', () => {
		const names = constantFrom('a', 'b', 'c');
		const facts = record({
			minute: integer({min: 0, max: 60 * 23}),
			provider: names,
			model: constantFrom('gpt-5.5', 'mystery-1'),
			session: names,
			cwd: names,
			status: constantFrom(200, 429, 502),
		});
		assert(
			property(array(facts, {maxLength: 40}), drawn => {
				const start = new Date(2026, 10, 21).getTime();
				const all = drawn.map(({minute, ...fact}) => ({...fact, atMs: start + minute * 60_000}));
				for (const grouping of groupings.filter(name => name !== 'error')) {
					const view = viewOf(bookOf(all), {grouping});
					const [rows, bars] = [emptyTally(), emptyTally()];
					view.rows.forEach(({tally}) => addTally(rows, tally));
					view.bars.forEach(({tally}) => addTally(bars, tally));
					expect(rows).toEqual(view.total);
					expect(bars).toEqual(view.total);
					expect(viewOf(bookOf(all.toReversed()), {grouping})).toEqual(view);
				}
			}),
			propertyRuns(40),
		);
	});
});

describe('the forecast', () => {
	const budget = {...defaultForecast, dailyBudgetNanoUsd: 5e9};
	const spend = (count: number, change: Partial<LineFacts> = {}): UsageBook =>
		bookOf(Array.from({length: count}, () => ({atMs: noon() - 1000, tokens: [400_000, 100_000] as const, ...change})));

	test('goes on as in the last hour until midnight, and says what it assumes', () => {
		const {forecast} = viewOf(spend(2), {forecast: budget});
		expect(forecast).toMatchObject({
			...{confidence: 'estimated', spentNanoUsd: 1e9, nanoUsdPerHour: 1e9, projectedNanoUsd: 13e9},
			...{priced: 2, windowMs: 3_600_000, budgetNanoUsd: 5e9},
		});
	});

	test.each([
		['no data', spend(0)],
		['low sample', spend(1)],
		['no data', spend(5, {model: 'mystery-1'})],
		['no data', spend(5, {atMs: noon() - 3 * 3_600_000})],
	] as const)('tells nothing with %s', (confidence, book) => {
		expect(viewOf(book, {}).forecast).toMatchObject({confidence, projectedNanoUsd: undefined});
	});

	test('with unpriced requests in the hour it is marked, switched off it is silent', () => {
		const mixed = bookOf([{atMs: noon()}, {atMs: noon()}, {atMs: noon(), model: 'mystery-1'}]);
		expect(viewOf(mixed, {}).forecast.confidence).toBe('partial pricing');
		expect(viewOf(mixed, {forecast: {...budget, isEnabled: false}}).forecast).toMatchObject({
			...{confidence: 'disabled', projectedNanoUsd: undefined},
		});
	});
});
