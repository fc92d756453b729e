import type {Bin, Period} from './calendar.ts';
import type {Forecast, ForecastSettings} from './forecast.ts';
import type {Tally} from './tally.ts';

/* The answer to one question about usage: plain values for the page, the command and its JSON. */

/** What rows are made by. */
export const groupings = ['provider', 'model', 'session', 'project', 'day', 'hour', 'error'] as const;

/** One of {@link groupings}. */
export type Grouping = (typeof groupings)[number];

/** One row. In the grouping `error` it is failed attempts: `requests` are these, `endings.failed` those that the client got. */
export interface UsageRow {
	/** Endpoint key, model, session, folder, day, hour or code; empty: not known. */
	readonly key: string;
	readonly label: string;
	/** A second word: the folder of a session, the upstream of an error, the price of a model. */
	readonly about: string;
	readonly tally: Tally;
	/** Tokens in each bar. */
	readonly spark: readonly number[];
}

/** One bar of the charts with what is in it. */
export interface UsageBar extends Bin {
	readonly tally: Tally;
}

/** What the figures leave out, and why. */
export interface Coverage {
	/** When the oldest known request began. */
	readonly beginsAtMs: number | undefined;
	/** The ledger is being read: there may be more. */
	readonly isReading: boolean;
	/** Files of the ledger that are still to be read. */
	readonly filesLeft: number;
	/** Lines that are no record of a request. */
	readonly brokenLines: number;
	/** Names of files that could not be read to their end. */
	readonly unreadableFiles: readonly string[];
	/** Answers without tokens. */
	readonly withoutUsage: number;
	/** Answers with tokens whose model has no price, and these models, the most used first. */
	readonly withoutPrice: number;
	readonly unpricedModels: readonly string[];
	readonly partlyPriced: number;
	/** Tokens of attempts that gave no answer. */
	readonly discardedTokens: number;
}

/** A question with its answer. */
export interface UsageView {
	readonly period: Period;
	readonly grouping: Grouping;
	readonly total: Tally;
	readonly rows: readonly UsageRow[];
	/** Rows that there are; more than {@link rows} where those were too many. */
	readonly rowCount: number;
	readonly sessions: number;
	readonly projects: number;
	readonly bars: readonly UsageBar[];
	/** By model and by failure whatever the rows are by, the largest first. */
	readonly models: readonly UsageRow[];
	readonly failures: readonly UsageRow[];
	readonly coverage: Coverage;
	readonly forecast: Forecast;
	/** The prices of the models that are in it, each with source and date. */
	readonly prices: ReadonlyArray<{readonly model: string; readonly text: string | undefined}>;
}

/** What a view is made with. */
export interface ViewOptions {
	readonly period: Period;
	readonly grouping: Grouping;
	readonly nowMs: number;
	readonly forecast: ForecastSettings;
	/** `$1.75 in, $14 out a million (OpenAI list price, 2026-11-06)`; undefined: nobody knows it. */
	readonly priceText: (model: string) => string | undefined;
	/** The folder that a client's working directory belongs to. */
	readonly projectOf: (cwd: string) => string;
	readonly reading: Pick<Coverage, 'isReading' | 'filesLeft' | 'brokenLines' | 'unreadableFiles'>;
}
