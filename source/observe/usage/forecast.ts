import {startOfDay, addDays} from './calendar.ts';
import {slotMs, type UsageBook} from './usage-book.ts';

/* What today will cost if it goes on like this (codex-helper.md 3.6, forecast), and what it may cost. */

/** `[ui.usage_forecast]`; money in whole nanodollars. */
export interface ForecastSettings {
	readonly isEnabled: boolean;
	/** The spending of this long a time is what goes on. */
	readonly windowMs: number;
	/** With fewer priced requests in the window nothing is foretold. */
	readonly leastPriced: number;
	/** Undefined: none was set. */
	readonly dailyBudgetNanoUsd: number | undefined;
}

/** codex-helper's defaults; no budget. */
export const defaultForecast: ForecastSettings = {
	isEnabled: true,
	windowMs: 3_600_000,
	leastPriced: 2,
	dailyBudgetNanoUsd: undefined,
};

/** How much a forecast is worth. */
export type ForecastConfidence = 'disabled' | 'no data' | 'low sample' | 'partial pricing' | 'estimated';

/** A forecast with everything that it assumes. */
export interface Forecast {
	readonly confidence: ForecastConfidence;
	/** What was spent since midnight, as far as prices are known. */
	readonly spentNanoUsd: number;
	/** More was spent: something of today has no known price. */
	readonly isSpentPartial: boolean;
	/** At midnight; undefined where nothing is foretold. */
	readonly projectedNanoUsd: number | undefined;
	readonly nanoUsdPerHour: number | undefined;
	readonly windowMs: number;
	/** Priced requests in the window. */
	readonly priced: number;
	/** Midnight. */
	readonly untilMs: number;
	readonly budgetNanoUsd: number | undefined;
}

const sums = (book: UsageBook, fromMs: number, toMs: number) => {
	const sum = {nanoUsd: 0, priced: 0, unpriced: 0};
	for (const {cells} of book.between(fromMs, toMs)) {
		for (const {tally} of cells.values()) {
			sum.nanoUsd += tally.nanoUsd;
			sum.priced += tally.priced;
			sum.unpriced += tally.unpriced + tally.partlyPriced + tally.answers - tally.withUsage;
		}
	}

	return sum;
};

const confidenceOf = (
	{isEnabled, leastPriced}: ForecastSettings,
	{priced, unpriced}: {readonly priced: number; readonly unpriced: number},
): ForecastConfidence => {
	if (!isEnabled) {
		return 'disabled';
	}

	if (priced === 0) {
		return 'no data';
	}

	return priced < leastPriced ? 'low sample' : unpriced > 0 ? 'partial pricing' : 'estimated';
};

/** Today's forecast. */
export const forecastOf = (book: UsageBook, settings: ForecastSettings, nowMs: number): Forecast => {
	const midnight = startOfDay(nowMs);
	const untilMs = addDays(nowMs, 1);
	// Whole slots: the window is up to a quarter of an hour longer, and the rate is over what it really is.
	const windowFromMs = Math.floor((nowMs - settings.windowMs) / slotMs) * slotMs;
	const recent = sums(book, windowFromMs, nowMs + 1);
	const {nanoUsd: spentNanoUsd, unpriced} = sums(book, midnight, untilMs);
	const confidence = confidenceOf(settings, recent);
	const isTold = confidence === 'estimated' || confidence === 'partial pricing';
	const perMs = recent.nanoUsd / (nowMs - windowFromMs);
	return {
		confidence,
		spentNanoUsd,
		isSpentPartial: unpriced > 0,
		projectedNanoUsd: isTold ? Math.round(spentNanoUsd + perMs * (untilMs - nowMs)) : undefined,
		nanoUsdPerHour: isTold ? Math.round(perMs * 3_600_000) : undefined,
		windowMs: nowMs - windowFromMs,
		priced: recent.priced,
		untilMs,
		budgetNanoUsd: settings.dailyBudgetNanoUsd,
	};
};
