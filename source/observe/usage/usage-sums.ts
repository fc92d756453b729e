import {endpointLabel} from '../endpoint-label.ts';
import {binsOf, dayText, hourText} from './calendar.ts';
import {forecastOf} from './forecast.ts';
import {addTally, emptyTally, type Tally} from './tally.ts';
import {slotMs, type FailureCell, type UsageBook, type UsageCell} from './usage-book.ts';
import {UsageGroups, type RowName} from './usage-groups.ts';
import type {Coverage, Grouping, UsageRow, UsageView, ViewOptions} from './usage-view.ts';

/** A page shows no more rows than anybody scrolls through. */
const mostRows = 1000;
const mostShares = 12;
const unknown = '(unknown)';

/** What the sums of a question are made with. */
export type SumOptions = Pick<ViewOptions, 'period' | 'grouping' | 'priceText' | 'projectOf'>;

/** What a view needs beside its sums. */
export type LookOptions = Pick<ViewOptions, 'nowMs' | 'forecast' | 'reading'>;

/** The quarter of an hour that was counted last: which bar, day and hour it belongs to. */
interface Moment {
	readonly fromMs: number;
	readonly bar: number;
	readonly day: string;
	readonly hour: string;
}

/** The newest day first, hours in their order, failures by their number, everything else by its size. */
const inOrder = (grouping: Grouping, rows: readonly UsageRow[]): readonly UsageRow[] => {
	switch (grouping) {
		case 'day': {
			return rows.toSorted((left, right) => right.key.localeCompare(left.key));
		}

		case 'hour': {
			return rows.toSorted((left, right) => left.key.localeCompare(right.key));
		}

		case 'error': {
			return rows.toSorted((left, right) => right.tally.requests - left.tally.requests);
		}

		default: {
			return rows;
		}
	}
};

/**
 * The answer to one question, kept up to date: built from the book once, then each request is added as it comes. Looking costs what the
 * shown rows cost, however many requests there were.
 */
export class UsageSums {
	readonly #options: SumOptions;
	readonly #bars: UsageView['bars'];
	readonly #total = emptyTally();
	readonly #rows: UsageGroups;
	readonly #models: UsageGroups;
	readonly #failures: UsageGroups;
	readonly #sessions = new Set<string>();
	readonly #projects = new Set<string>();
	#moment: Moment = {fromMs: Number.NaN, bar: -1, day: '', hour: ''};

	constructor(options: SumOptions) {
		this.#options = options;
		this.#bars = binsOf(options.period).map(bin => ({...bin, tally: emptyTally()}));
		const {length} = this.#bars;
		this.#rows = new UsageGroups(length);
		this.#models = new UsageGroups(length);
		this.#failures = new UsageGroups(length);
	}

	/** Counts what the book has, once; stops after each quarter of an hour so that somebody else may have the thread. */
	*fill(book: UsageBook): Generator<undefined, void> {
		const {fromMs, toMs} = this.#options.period;
		for (const slot of book.between(fromMs, toMs)) {
			for (const cell of slot.cells.values()) {
				this.add(cell, slot.fromMs);
			}

			for (const failure of slot.failures.values()) {
				this.addFailure(failure, slot.fromMs);
			}

			yield;
		}
	}

	/** Counts requests that began at a moment, under the names that the book has for them. */
	add(cell: UsageCell, atMs: number): void {
		const moment = this.#at(atMs);
		const bar = this.#bars[moment.bar];
		if (bar === undefined) {
			return;
		}

		const {tally, model, session, cwd} = cell;
		const project = cwd === '' ? '' : this.#options.projectOf(cwd);
		const counted = {tally, bar: moment.bar};
		addTally(this.#total, tally);
		addTally(bar.tally, tally);
		this.#models.add(model, () => ({label: model || unknown}), counted);
		this.#addRow(cell, {moment, project, counted});
		if (session !== '') {
			this.#sessions.add(session);
		}

		if (project !== '') {
			this.#projects.add(project);
		}
	}

	/** Counts failed attempts. */
	addFailure({endpointKey, code, tries, seen}: FailureCell, atMs: number): void {
		const {bar} = this.#at(atMs);
		if (bar === -1) {
			return;
		}

		const tally = emptyTally();
		tally.requests = tries;
		tally.endings.failed = seen;
		const about = endpointKey === '' ? 'codex-tui' : endpointLabel(endpointKey);
		this.#failures.add(`${code} ${endpointKey}`, () => ({label: code, about}), {tally, bar});
	}

	/** The answer as it is now; what is added later does not change it. */
	look(book: UsageBook, {nowMs, forecast, reading}: LookOptions): UsageView {
		const {period, grouping, priceText} = this.#options;
		const models = this.#models.rows(mostShares);
		const shown = grouping === 'error' ? this.#failures : this.#rows;
		const total = copyTally(this.#total);
		return {
			...{period, grouping, total, models},
			rows: inOrder(grouping, shown.rows(mostRows)),
			rowCount: shown.size,
			sessions: this.#sessions.size,
			projects: this.#projects.size,
			bars: this.#bars.map(bar => ({...bar, tally: copyTally(bar.tally)})),
			failures: inOrder('error', this.#failures.rows(mostRows)).slice(0, mostShares),
			coverage: {...reading, beginsAtMs: book.oldestAtMs, ...this.#missing()},
			forecast: forecastOf(book, forecast, nowMs),
			prices: models.filter(({key}) => key !== '').map(({key}) => ({model: key, text: priceText(key)})),
		};
	}

	#missing(): Omit<Coverage, keyof ViewOptions['reading'] | 'beginsAtMs'> {
		const {answers, withUsage, unpriced, partlyPriced, discarded} = this.#total;
		const models = unpriced === 0 ? [] : this.#models.rows(mostRows, ({tally}) => tally.unpriced > 0);
		return {
			withoutUsage: answers - withUsage,
			withoutPrice: unpriced,
			unpricedModels: models
				.toSorted((left, right) => right.tally.unpriced - left.tally.unpriced)
				.map(({label}) => label),
			partlyPriced,
			discardedTokens: discarded,
		};
	}

	#addRow(
		{endpointKey, model, session}: UsageCell,
		{moment, project, counted}: {readonly moment: Moment; readonly project: string; readonly counted: Counted},
	): void {
		const {priceText, grouping} = this.#options;
		const rows = this.#rows;
		const add = (key: string, nameOf: () => RowName): void => rows.add(key, nameOf, counted);
		switch (grouping) {
			case 'provider': {
				add(endpointKey, () => ({
					label: endpointKey === '' ? '(none)' : endpointLabel(endpointKey),
					about: endpointKey.split('/')[0],
				}));
				break;
			}

			case 'model': {
				add(model, () => ({label: model || unknown, about: model && (priceText(model) ?? 'price unknown')}));
				break;
			}

			case 'session': {
				add(session, () => ({label: session || unknown}));
				rows.describe(session, session && project);
				break;
			}

			case 'project': {
				add(project, () => ({label: project || unknown}));
				break;
			}

			case 'day':
			case 'hour': {
				const key = moment[grouping];
				add(key, () => ({label: key}));
				break;
			}

			case 'error': {
				break;
			}
		}
	}

	#at(atMs: number): Moment {
		const fromMs = Math.floor(atMs / slotMs) * slotMs;
		if (this.#moment.fromMs !== fromMs) {
			this.#moment = {
				fromMs,
				bar: this.#bars.findIndex(bar => fromMs >= bar.fromMs && fromMs < bar.toMs),
				day: dayText(fromMs),
				hour: hourText(fromMs),
			};
		}

		return this.#moment;
	}
}

interface Counted {
	readonly tally: Tally;
	readonly bar: number;
}

const copyTally = (tally: Tally): Tally => {
	const copy = emptyTally();
	addTally(copy, tally);
	return copy;
};

/** Answers a question from the book alone; a pure function of both. */
export const usageView = (book: UsageBook, options: ViewOptions): UsageView => {
	const sums = new UsageSums(options);
	Array.from(sums.fill(book));
	return sums.look(book, options);
};
