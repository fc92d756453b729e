import type {ClientSwitched, EngineEvent} from '../../event/catalogue.ts';
import type {EngineLink, Snapshot} from '../../event/protocol.ts';
import {messageOf} from '../../base/errors.ts';
import type {CreateModel, ModelSource} from './model-source.ts';

interface Batch {
	readonly batch: number;
	readonly dropped: number;
	readonly events: readonly EngineEvent[];
}

/** What a mirror needs. */
export interface MirrorOptions {
	readonly link: EngineLink;
	readonly createModel: CreateModel;
	readonly now: () => number;
	/** Something changed. */
	readonly onChange: () => void;
}

const retryMs = 1000;
const silenceMs = 5000;

/**
 * The engine's read model on this side: one snapshot, then events. A missing batch, or one that says that events were
 * dropped, makes the mirror ask for a new snapshot (event/protocol.ts); meanwhile the old data stays, and batches wait.
 */
export class Mirror {
	readonly #options: MirrorOptions;
	readonly #unsubscribe: () => void;
	#model: ModelSource | undefined;
	#lastBatch = 0;
	#lastHeardAtMs: number;
	readonly #switches = new Map<ClientSwitched['client'], ClientSwitched>();
	#waiting: Batch[] = [];
	#isAsking = false;
	#trouble: {readonly reason: string | undefined} | undefined;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	constructor(options: MirrorOptions) {
		this.#options = options;
		this.#lastHeardAtMs = options.now();
		this.#unsubscribe = options.link.onBatch(batch => this.#take(batch));
		this.#ask();
	}

	/** Undefined until the first snapshot has come. */
	get model(): ModelSource | undefined {
		return this.#model;
	}

	/** Since when the engine has not answered, and why where it says so; undefined while all is well. */
	get staleness(): {readonly sinceMs: number; readonly reason: string | undefined} | undefined {
		return this.#trouble && {sinceMs: this.#lastHeardAtMs, ...this.#trouble};
	}

	/** Asks for a snapshot when nothing was heard for long; called by the screen's clock. */
	checkPulse(): void {
		if (this.#options.now() - this.#lastHeardAtMs > silenceMs) {
			this.#ask();
		}
	}

	/** Stops listening. */
	close(): void {
		this.#isClosed = true;
		this.#unsubscribe();
		clearTimeout(this.#timer);
	}

	#take(batch: Batch): void {
		if (batch.batch === 0) {
			this.#takeFromHost(batch.events);
			return;
		}

		this.#lastHeardAtMs = this.#options.now();
		if (this.#model === undefined || this.#isAsking) {
			this.#waiting.push(batch);
			return;
		}

		const isWhole = batch.dropped === 0 && batch.batch === this.#lastBatch + 1;
		this.#apply(batch);
		if (!isWhole) {
			this.#ask();
		}
	}

	// The host's own news belong to no batch of the engine's. A restart must show at once, while the engine that would answer is
	// gone; what the host did to the clients no snapshot of the engine's knows, so it is told to each new model again.
	#takeFromHost(events: readonly EngineEvent[]): void {
		for (const event of events) {
			if (event.type === 'client-switched') {
				this.#switches.set(event.client, event);
			}

			this.#model?.apply(event);
		}

		this.#options.onChange();
	}

	#apply(batch: Batch): void {
		for (const event of batch.events) {
			this.#model?.apply(event);
		}

		this.#lastBatch = batch.batch;
		this.#options.onChange();
	}

	#ask(): void {
		if (this.#isAsking || this.#isClosed) {
			return;
		}

		this.#isAsking = true;
		this.#timer = setTimeout(() => this.#fail(undefined), silenceMs);
		this.#timer.unref();
		void this.#readSnapshot();
	}

	async #readSnapshot(): Promise<void> {
		try {
			const snapshot = await this.#options.link.ask({type: 'snapshot'});
			if (!this.#isClosed) {
				this.#begin(snapshot);
			}
		} catch (error) {
			this.#fail(messageOf(error));
		}
	}

	#begin(snapshot: Snapshot): void {
		clearTimeout(this.#timer);
		this.#isAsking = false;
		this.#trouble = undefined;
		this.#lastHeardAtMs = this.#options.now();
		this.#model = this.#options.createModel(snapshot);
		for (const event of this.#switches.values()) {
			this.#model.apply(event);
		}

		this.#lastBatch = snapshot.batch;
		this.#drain();
	}

	#drain(): void {
		const waiting = this.#waiting.filter(({batch}) => batch > this.#lastBatch);
		this.#waiting = [];
		this.#options.onChange();
		for (const batch of waiting) {
			this.#take(batch);
		}
	}

	#fail(reason: string | undefined): void {
		if (this.#isClosed) {
			return;
		}

		clearTimeout(this.#timer);
		this.#trouble = {reason};
		this.#options.onChange();
		this.#timer = setTimeout(() => {
			this.#isAsking = false;
			this.#ask();
		}, retryMs);
		this.#timer.unref();
	}
}
