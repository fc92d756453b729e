import {setImmediate as nextTurn} from 'node:timers/promises';
import {messageOf} from '../../base/errors.ts';
import {startOfDay, type Period} from './calendar.ts';
import {readEntry, type PriceCost, type UsageEntry} from './entry.ts';
import type {ForecastSettings} from './forecast.ts';
import {LedgerReader} from './ledger-reader.ts';
import {ProjectFinder} from './project.ts';
import {UsageBook} from './usage-book.ts';
import {UsageSums} from './usage-sums.ts';
import type {Grouping, UsageView} from './usage-view.ts';

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

/** Sums are made in slices, so that a key that is pressed meanwhile does not wait for all of them. */
const sliceMs = 8;

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
	#turn: Promise<void> = Promise.resolve();
	#fault: unknown;
	#sums: {readonly key: string; readonly sums: UsageSums} | undefined;
	#last: {readonly key: string; readonly view: UsageView} | undefined;

	constructor(options: UsageSourceOptions) {
		this.#options = options;
		this.#reader = new LedgerReader({
			path: options.path,
			take: record => {
				const entry = readEntry(record, options.price);
				if (entry !== undefined) {
					this.#add(entry);
				}

				return entry !== undefined;
			},
		});
	}

	/**
	 * The answer from what is read by now; reading goes on, and the coverage says what is left. Rejects with the file system's error
	 * where the ledger cannot be read.
	 */
	look(question: UsageQuestion): Promise<UsageView> {
		return this.#inTurn(() => this.#look(question));
	}

	/** The answer after everything was read. Rejects as {@link look} does. */
	complete(question: UsageQuestion): Promise<UsageView> {
		return this.#inTurn(async () => {
			await this.#reading;
			await this.#read(question);
			this.#throwFault();
			return await this.#view(question);
		});
	}

	/** Nothing is read afterwards. */
	async close(): Promise<void> {
		await this.#reader.close();
	}

	/** One question after the other: while sums are made nothing may be read, or it would count twice. */
	#inTurn(work: () => Promise<UsageView>): Promise<UsageView> {
		const answer = this.#turn.then(work);
		this.#turn = answer.then(
			() => undefined,
			() => undefined,
		);
		return answer;
	}

	async #look(question: UsageQuestion): Promise<UsageView> {
		const reading = this.#read(question);
		const pause = Promise.withResolvers<void>();
		const timer = setTimeout(pause.resolve, patienceMs);
		await Promise.race([reading, pause.promise]);
		clearTimeout(timer);
		this.#throwFault();
		return await this.#view(question);
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

	#add(entry: UsageEntry): void {
		const {endpointKey, model, session, cwd} = this.#book.add(entry);
		const sums = this.#sums?.sums;
		sums?.add({endpointKey, model, session, cwd, tally: entry.tally}, entry.atMs);
		for (const {isSeen, ...failure} of entry.failures) {
			sums?.addFailure({...failure, tries: 1, seen: isSeen ? 1 : 0}, entry.atMs);
		}
	}

	/** The sums of a question; another question begins with those of the book, in slices where nothing is being read. */
	async #sumUp(question: UsageQuestion): Promise<UsageSums> {
		const key = JSON.stringify(question);
		if (this.#sums?.key === key) {
			return this.#sums.sums;
		}

		const {priceText} = this.#options;
		const sums = new UsageSums({...question, priceText, projectOf: cwd => this.#projects.find(cwd)});
		let sliceEndsMs = performance.now() + sliceMs;
		for (const _ of sums.fill(this.#book)) {
			if (this.#reading === undefined && performance.now() > sliceEndsMs) {
				await nextTurn();
				sliceEndsMs = performance.now() + sliceMs;
			}
		}

		this.#sums = {key, sums};
		return sums;
	}

	async #view(question: UsageQuestion): Promise<UsageView> {
		const nowMs = this.#options.now();
		const reading = {
			isReading: this.#reading !== undefined,
			filesLeft: this.#reader.filesLeft(this.#sinceMs(question)),
			brokenLines: this.#reader.brokenLines,
			unreadableFiles: this.#reader.unreadableFiles,
		};
		const minute = Math.floor(nowMs / 60_000);
		const key = JSON.stringify([question, this.#book.version, minute, reading]);
		if (this.#last?.key !== key) {
			const sums = await this.#sumUp(question);
			const view = sums.look(this.#book, {nowMs, forecast: this.#options.forecast, reading});
			this.#last = {key, view};
		}

		return this.#last.view;
	}
}
