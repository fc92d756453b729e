import {csvField} from '../base/csv.ts';
import {allTokens, promptTokens, type Tally} from '../observe/usage/tally.ts';
import type {UsageRow, UsageView} from '../observe/usage/usage-view.ts';
import {english} from '../tui/language/english/english.ts';
import {coverageNotes} from '../tui/panes/usage-coverage.ts';
import {isCostIncomplete} from '../tui/panes/usage-format.ts';

/* Usage as data for other programs: fields are only ever added. Unknown is null, never 0. */

const dollars = (nanoUsd: number | undefined): number | null => (nanoUsd === undefined ? null : nanoUsd / 1e9);

const confidenceOf = (tally: Tally): 'none' | 'unknown' | 'partial' | 'estimated' =>
	tally.priced === 0
		? isCostIncomplete(tally)
			? 'unknown'
			: 'none'
		: isCostIncomplete(tally)
			? 'partial'
			: 'estimated';

/** What was counted, with what its cost leaves out. */
export const tallyJson = (tally: Tally) => ({
	requests: tally.requests,
	...tally.endings,
	retried: tally.retried,
	tokens: {
		...{total: allTokens(tally), prompt: promptTokens(tally), input: tally.input, cache_read: tally.cacheRead},
		...{cache_write: tally.cacheWrite, output: tally.output, reasoning: tally.reasoning},
		discarded: tally.discarded,
	},
	cost: {
		usd: confidenceOf(tally) === 'unknown' ? null : dollars(tally.nanoUsd),
		confidence: confidenceOf(tally),
		...{priced: tally.priced, partly_priced: tally.partlyPriced, without_price: tally.unpriced},
		without_usage: tally.answers - tally.withUsage,
	},
	average_ttfb_ms: tally.ttfbs === 0 ? null : Math.round(tally.ttfbMs / tally.ttfbs),
	output_tokens_per_second: tally.generationMs === 0 ? null : (tally.generatedTokens / tally.generationMs) * 1000,
	duration_ms: tally.durationMs,
});

const rowJson = ({key, label, about, tally}: UsageRow) => ({key, name: label, about, ...tallyJson(tally)});

const failureJson = ({label, about, tally}: UsageRow) => ({
	...{code: label, upstream: about, tries: tally.requests, seen: tally.endings.failed},
});

/** A view with the rows that are shown of it. */
export const usageJson = (view: UsageView, rows: readonly UsageRow[], warnings: readonly string[]) => {
	const {period, grouping, coverage, forecast} = view;
	return {
		range: {from_ms: period.fromMs, to_ms: period.toMs, step: period.step},
		by: grouping,
		total: tallyJson(view.total),
		sessions: view.sessions,
		projects: view.projects,
		rows: grouping === 'error' ? rows.map(failureJson) : rows.map(rowJson),
		row_count: view.rowCount,
		bars: view.bars.map(({fromMs, toMs, tally}) => ({from_ms: fromMs, to_ms: toMs, ...tallyJson(tally)})),
		models: view.models.map(rowJson),
		errors: view.failures.map(failureJson),
		prices: view.prices.map(({model, text}) => ({model, price: text ?? null})),
		forecast: {
			...{confidence: forecast.confidence, spent_usd: dollars(forecast.spentNanoUsd)},
			is_spent_partial: forecast.isSpentPartial,
			...{projected_usd: dollars(forecast.projectedNanoUsd), usd_per_hour: dollars(forecast.nanoUsdPerHour)},
			...{window_ms: forecast.windowMs, priced_requests: forecast.priced, until_ms: forecast.untilMs},
			budget_usd: dollars(forecast.budgetNanoUsd),
		},
		coverage: {
			begins_at_ms: coverage.beginsAtMs ?? null,
			...{without_usage: coverage.withoutUsage, without_price: coverage.withoutPrice},
			...{unpriced_models: coverage.unpricedModels, partly_priced: coverage.partlyPriced},
			discarded_tokens: coverage.discardedTokens,
			...{broken_lines: coverage.brokenLines, unreadable_files: coverage.unreadableFiles},
			notes: [...coverageNotes(view, english.coverage).map(({text}) => text), ...warnings],
		},
	};
};

const columns = [
	...['name', 'about', 'requests', 'ok', 'limited', 'refused', 'failed', 'cut', 'cancelled', 'retried'],
	...['input_tokens', 'cache_read_tokens', 'cache_write_tokens', 'output_tokens', 'reasoning_tokens'],
	...['cost_usd', 'cost_confidence'],
];

const errorColumns = ['code', 'upstream', 'tries', 'seen'];

/** The rows as CSV with a line of names; an unknown cost is an empty field. */
export const usageCsv = ({grouping}: UsageView, rows: readonly UsageRow[]): string => {
	const lines = rows.map(({label, about, tally}) => {
		const {endings} = tally;
		const confidence = confidenceOf(tally);
		const cost = confidence === 'unknown' ? '' : String(tally.nanoUsd / 1e9);
		const numbers =
			grouping === 'error'
				? [tally.requests, endings.failed]
				: [
						...[
							tally.requests,
							endings.ok,
							endings.limited,
							endings.refused,
							endings.failed,
							endings.cut,
							endings.cancelled,
						],
						...[tally.retried, tally.input, tally.cacheRead, tally.cacheWrite, tally.output, tally.reasoning],
					];
		const money = grouping === 'error' ? [] : [cost, confidence];
		return [csvField(label), csvField(about), ...numbers.map(String), ...money].join(',');
	});
	return [(grouping === 'error' ? errorColumns : columns).join(','), ...lines].join('\n');
};
