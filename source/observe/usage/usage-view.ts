import {endpointLabel} from '../endpoint-label.ts';
import {binsOf, dayText, hourText, type Bin, type Period} from './calendar.ts';
import {forecastOf, type Forecast, type ForecastSettings} from './forecast.ts';
import {addTally, allTokens, emptyTally, type Tally} from './tally.ts';
import type {Slot, UsageBook, UsageCell} from './usage-book.ts';

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

/** A page shows no more rows than anybody scrolls through. */
const mostRows = 1000;
const mostShares = 12;

interface Group {
	readonly key: string;
	readonly label: string;
	about: string;
	readonly tally: Tally;
	readonly spark: number[];
}

class Groups {
	readonly #groups = new Map<string, Group>();
	readonly #bars: number;

	constructor(bars: number) {
		this.#bars = bars;
	}

	get size(): number {
		return this.#groups.size;
	}

	get(key: string, label: string, about = ''): Group {
		const known = this.#groups.get(key);
		if (known !== undefined) {
			// A session may wander through folders: the same one is named whatever was read first.
			known.about = about < known.about ? about : known.about;
			return known;
		}

		const group = {key, label, about, tally: emptyTally(), spark: Array.from({length: this.#bars}, () => 0)};
		this.#groups.set(key, group);
		return group;
	}

	/** The largest first, by tokens and then by requests. */
	rows(most: number): readonly UsageRow[] {
		return [...this.#groups.values()]
			.toSorted(
				(left, right) =>
					allTokens(right.tally) - allTokens(left.tally) ||
					right.tally.requests - left.tally.requests ||
					left.key.localeCompare(right.key),
			)
			.slice(0, most);
	}
}

const unknown = '(unknown)';

interface Named {
	readonly key: string;
	readonly label: string;
	readonly about?: string;
}

/** How a row of each grouping is called; errors are made of failures, not of cells. */
const namers: Readonly<
	Record<Exclude<Grouping, 'error'>, (cell: UsageCell, slot: Slot, options: ViewOptions) => Named>
> = {
	provider: ({endpointKey}) => ({
		key: endpointKey,
		label: endpointKey === '' ? '(none)' : endpointLabel(endpointKey),
		about: endpointKey.split('/')[0] ?? '',
	}),
	model: ({model}, _slot, {priceText}) => ({
		key: model,
		label: model || unknown,
		about: model === '' ? '' : (priceText(model) ?? 'price unknown'),
	}),
	session: ({session, cwd}, _slot, {projectOf}) => ({
		key: session,
		label: session || unknown,
		about: cwd === '' ? '' : projectOf(cwd),
	}),
	project: ({cwd}, _slot, {projectOf}) => {
		const project = cwd === '' ? '' : projectOf(cwd);
		return {key: project, label: project || unknown};
	},
	day: (_cell, {fromMs}) => {
		const day = dayText(fromMs);
		return {key: day, label: day};
	},
	hour: (_cell, {fromMs}) => {
		const hour = hourText(fromMs);
		return {key: hour, label: hour};
	},
};

/** The bar that a slot belongs to. */
const barFinder = (bins: readonly Bin[]): ((atMs: number) => number) => {
	let last = 0;
	return atMs => {
		const bin = bins[last];
		if (bin === undefined || atMs < bin.fromMs || atMs >= bin.toMs) {
			last = bins.findIndex(({fromMs, toMs}) => atMs >= fromMs && atMs < toMs);
		}

		return last;
	};
};

const addFailures = ({failures}: Slot, groups: Groups): void => {
	for (const {endpointKey, code, tries, seen} of failures.values()) {
		const about = endpointKey === '' ? 'codex-tui' : endpointLabel(endpointKey);
		const {tally} = groups.get(`${code} ${endpointKey}`, code, about);
		tally.requests += tries;
		tally.endings.failed += seen;
	}
};

const coverageOf = (total: Tally, models: Groups, {book, reading}: Whole): Coverage => ({
	...reading,
	beginsAtMs: book.oldestAtMs,
	withoutUsage: total.answers - total.withUsage,
	withoutPrice: total.unpriced,
	unpricedModels: models
		.rows(mostRows)
		.filter(({tally}) => tally.unpriced > 0)
		.toSorted((left, right) => right.tally.unpriced - left.tally.unpriced)
		.map(({label}) => label),
	partlyPriced: total.partlyPriced,
});

interface Whole {
	readonly book: UsageBook;
	readonly reading: ViewOptions['reading'];
}

/** Days and hours stand in their order, everything else by its size. */
const inOrder = (grouping: Grouping, rows: readonly UsageRow[]): readonly UsageRow[] =>
	grouping === 'day' || grouping === 'hour'
		? rows.toSorted((left, right) => left.key.localeCompare(right.key))
		: grouping === 'error'
			? rows.toSorted((left, right) => right.tally.requests - left.tally.requests)
			: rows;

/** Answers a question from the book; a pure function of both. */
export const usageView = (book: UsageBook, options: ViewOptions): UsageView => {
	const {period, grouping, projectOf} = options;
	const bars = binsOf(period).map((bin): UsageBar => ({...bin, tally: emptyTally()}));
	const [groups, models, failures] = [new Groups(bars.length), new Groups(bars.length), new Groups(bars.length)];
	const total = emptyTally();
	const sessions = new Set<string>();
	const projects = new Set<string>();
	const barAt = barFinder(bars);
	for (const slot of book.between(period.fromMs, period.toMs)) {
		const at = barAt(slot.fromMs);
		addFailures(slot, failures);
		for (const cell of slot.cells.values()) {
			const {tally, model, session, cwd} = cell;
			const tokens = allTokens(tally);
			addTally(total, tally);
			addTally(bars[at]?.tally ?? emptyTally(), tally);
			sessions.add(session);
			projects.add(cwd === '' ? '' : projectOf(cwd));
			const row = grouping === 'error' ? undefined : namers[grouping](cell, slot, options);
			for (const group of [
				models.get(model, model || unknown),
				row === undefined ? undefined : groups.get(row.key, row.label, row.about),
			]) {
				if (group !== undefined) {
					addTally(group.tally, tally);
					group.spark[at] = (group.spark[at] ?? 0) + tokens;
				}
			}
		}
	}

	const shown = grouping === 'error' ? failures : groups;
	return {
		...{period, grouping, total, bars},
		rows: inOrder(grouping, shown.rows(mostRows)),
		rowCount: shown.size,
		sessions: sessions.size - (sessions.has('') ? 1 : 0),
		projects: projects.size - (projects.has('') ? 1 : 0),
		models: models.rows(mostShares),
		failures: inOrder('error', failures.rows(mostRows)).slice(0, mostShares),
		coverage: coverageOf(total, models, {book, reading: options.reading}),
		forecast: forecastOf(book, options.forecast, options.nowMs),
		prices: models
			.rows(mostShares)
			.filter(({key}) => key !== '')
			.map(({key}) => ({model: key, text: options.priceText(key)})),
	};
};
