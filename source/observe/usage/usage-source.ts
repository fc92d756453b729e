import {messageOf} from '../../base/errors.ts';
import {startOfDay, type Period} from './calendar.ts';
import {readEntry, type PriceCost} from './entry.ts';
import type {ForecastSettings} from './forecast.ts';
import {LedgerReader} from './ledger-reader.ts';
import {ProjectFinder} from './project.ts';
import {UsageBook} from './usage-book.ts';
import {usageView, type Grouping, type UsageView} from './usage-view.ts';

/** What a {@link UsageSource} needs. */
export interface UsageSourceOptions {
	/** `logs/requests.jsonl` of the home. */
	readonly path: string;
	readonly price: PriceCost;
	readonly priceText: (model: string) => string | undefined;
	readonly forecast: ForecastSettings;
	/** Wall clock. */
	readonly now: () => number;
}

/** What the page or the command wants to know. */
export interface UsageQuestion {
	readonly period: Period;
	readonly grouping: Grouping;
}

/** A screen does not wait longer for the disk before it shows what is known. */
const patienceMs = 80;

/**
 * Usage out of the ledger's files, on the thread of whoever looks: the engine has no part in it. Nothing is read before the first
 * question; what was read is kept as sums.
 */
export class UsageSource {
	readonly #options: UsageSourceOptions;
	readonly #book = new UsageBook();
	readonly #reader: LedgerReader;
	readonly #projects = new ProjectFinder();
	#reading: Promise<void> | undefined;
	#fault: unknown;
	#last: {readonly key: string; readonly view: UsageView} | undefined;

	constructor(options: UsageSourceOptions) {
		this.#options = options;
		this.#reader = new LedgerReader({
			path: options.path,
			take: record => {
				const entry = readEntry(record, options.price);
				if (entry !== undefined) {
					this.#book.add(entry);
				}

				return entry !== undefined;
			},
		});
	}

	/**
	 * The answer from what is read by now; reading goes on, and the coverage says what is left. Rejects with the file system's error
	 * where the ledger cannot be read.
	 */
	async look(question: UsageQuestion): Promise<UsageView> {
		const reading = this.#read(question);
		const pause = Promise.withResolvers<void>();
		const timer = setTimeout(pause.resolve, patienceMs);
		await Promise.race([reading, pause.promise]);
		clearTimeout(timer);
		this.#throwFault();
		return this.#view(question);
	}

	/** The answer after everything was read. Rejects as {@link look} does. */
	async complete(question: UsageQuestion): Promise<UsageView> {
		await this.#reading;
		await this.#read(question);
		this.#throwFault();
		return this.#view(question);
	}

	/** Nothing is read afterwards. */
	async close(): Promise<void> {
		await this.#reader.close();
	}

	async #read(question: UsageQuestion): Promise<void> {
		this.#reading ??= this.#readNow(this.#sinceMs(question));
		await this.#reading;
	}

	async #readNow(sinceMs: number): Promise<void> {
		try {
			await this.#reader.read(sinceMs);
			this.#fault = undefined;
		} catch (error) {
			this.#fault = error;
		} finally {
			this.#reading = undefined;
		}
	}

	#throwFault(): void {
		if (this.#fault !== undefined) {
			throw new Error(`${this.#options.path} cannot be read: ${messageOf(this.#fault)}`, {cause: this.#fault});
		}
	}

	/** The forecast looks at today, and at the hour before it. */
	#sinceMs({period}: UsageQuestion): number {
		const {now, forecast} = this.#options;
		return Math.min(period.fromMs, startOfDay(now()) - forecast.windowMs);
	}

	#view(question: UsageQuestion): UsageView {
		const {forecast, priceText, now} = this.#options;
		const nowMs = now();
		const reading = {
			isReading: this.#reading !== undefined,
			filesLeft: this.#reader.filesLeft(this.#sinceMs(question)),
			brokenLines: this.#reader.brokenLines,
			unreadableFiles: this.#reader.unreadableFiles,
		};
		const minute = Math.floor(nowMs / 60_000);
		const key = JSON.stringify([question, this.#book.version, minute, reading]);
		if (this.#last?.key === key) {
			return this.#last.view;
		}

		const view = usageView(this.#book, {
			...{...question, nowMs, forecast, priceText, reading},
			projectOf: cwd => this.#projects.find(cwd),
		});
		this.#last = {key, view};
		return view;
	}
}
