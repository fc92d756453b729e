import {periodOf, type RangeName} from '../../source/observe/usage/calendar.ts';
import {readEntry} from '../../source/observe/usage/entry.ts';
import {defaultForecast} from '../../source/observe/usage/forecast.ts';
import {UsageBook} from '../../source/observe/usage/usage-book.ts';
import {usageView} from '../../source/observe/usage/usage-sums.ts';
import type {Coverage, Grouping, UsageView} from '../../source/observe/usage/usage-view.ts';
import type {ScreenState} from '../../source/tui/store/screen-state.ts';
import {withUsage} from '../../source/tui/store/usage-page.ts';
import {flatPrice, usageRecord, type LineFacts} from './usage-lines.ts';

/* Invented usage of sixty days: a busy morning, a model without a price, a relay that fails, names in CJK. */

const upstreams: ReadonlyArray<readonly [provider: string, model: string]> = [
	['relay-a', 'gpt-5.3-codex'],
	['relay-a', 'gpt-5.5'],
	['openai', 'gpt-5.5'],
	['中转站-东京', 'mystery-通义千问-3-coder-plus'],
];

const dayMs = 86_400_000;

const factsOf = (index: number, nowMs: number): LineFacts => {
	const [provider, model] = upstreams[Math.floor((index * 2.7) % upstreams.length)] ?? ['relay-a', 'gpt-5.5'];
	// Most of it today, in waves; the rest over the days before.
	const backMs = index < 300 ? (index % 60) * (index % 7) * 86_000 : (index - 300) * 0.08 * dayMs;
	const kind = index % 41;
	return {
		atMs: nowMs - backMs,
		...{provider, model, id: `u${index}`},
		session: `01a9e3f0-7c11-7000-8000-00000000${String(index % 9).padStart(4, '0')}`,
		cwd: index % 3 === 0 ? '/home/me/漢字/リポ' : `/home/me/src/${index % 2 === 0 ? 'api' : 'web'}`,
		tokens: kind === 5 ? undefined : [9000 + index * 31, 200 + (index % 17) * 40, 7000],
		...(kind === 7 ? {status: 502, tokens: undefined, ttfbMs: undefined} : {}),
		...(kind === 11 ? {outcome: 'cut', tokens: undefined} : {}),
		...(kind === 13 ? {outcome: 'cancelled'} : {}),
		...(index % 9 === 4 ? {failedTries: ['status-429']} : {}),
	};
};

const books = new Map<number, UsageBook>();

/** The sample as it is at a moment; made once for each. */
const bookAt = (nowMs: number): UsageBook => {
	const known = books.get(nowMs);
	if (known !== undefined) {
		return known;
	}

	const book = new UsageBook();
	for (let index = 0; index < 900; index++) {
		const entry = readEntry(usageRecord(factsOf(index, nowMs)), flatPrice);
		if (entry !== undefined) {
			book.add(entry);
		}
	}

	books.set(nowMs, book);
	return book;
};

/** A view of the sample. */
export const sampleUsage = (
	nowMs: number,
	asked: {readonly range?: RangeName; readonly grouping?: Grouping; readonly reading?: Partial<Coverage>} = {},
): UsageView =>
	usageView(bookAt(nowMs), {
		...{period: periodOf(asked.range ?? 'today', nowMs), grouping: asked.grouping ?? 'provider', nowMs},
		forecast: {...defaultForecast, dailyBudgetNanoUsd: 5e9},
		priceText: model =>
			model.startsWith('mystery')
				? undefined
				: '$1.75 in, $0.175 cached, $14 out a million (OpenAI list price, 2026-11-06)',
		projectOf: cwd => cwd,
		reading: {isReading: false, filesLeft: 0, brokenLines: 2, unreadableFiles: [], ...asked.reading},
	});

/** A state in which the page Usage has its answer. */
export const withSampleUsage = (
	state: ScreenState,
	range: RangeName = 'today',
	grouping: Grouping = 'provider',
): ScreenState => withUsage(state, {range, grouping, view: sampleUsage(state.nowMs, {range, grouping})});
