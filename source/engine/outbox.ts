import {RingBuffer} from '../base/ring-buffer.ts';
import {Table} from '../base/table.ts';
import type {EngineEvent, ReplyDelta} from '../event/catalogue.ts';
import {limits} from '../wire/limits.ts';

/** A batch for a screen. */
export interface Batch {
	/** Counts from 1. */
	readonly batch: number;
	/** Events that were dropped before this batch, since the start. */
	readonly dropped: number;
	readonly events: readonly EngineEvent[];
}

/**
 * Gathers events for the screens and hands them over in one batch every 50 ms; posting never waits. Deltas of one request are
 * merged; a full ring drops its oldest events and counts them, and the screen asks for a snapshot.
 */
export class Outbox {
	readonly #post: (batch: Batch) => void;
	readonly #ring = new RingBuffer<EngineEvent>(limits.eventRing);
	readonly #deltas = new Table<ReplyDelta>();
	#timer: NodeJS.Timeout | undefined;
	#batch = 0;

	constructor(post: (batch: Batch) => void) {
		this.#post = post;
	}

	/** The number of the last batch that was handed over. */
	get lastBatch(): number {
		return this.#batch;
	}

	get dropped(): number {
		return this.#ring.dropped;
	}

	push(event: EngineEvent): void {
		if (event.type === 'reply-delta') {
			const known = this.#deltas.get(event.requestId);
			this.#deltas.set(
				event.requestId,
				known ? {...event, events: known.events + event.events, bytes: known.bytes + event.bytes} : event,
			);
		} else {
			this.#releaseDelta(event);
			this.#ring.push(event);
		}

		this.#timer ??= setTimeout(() => this.flush(), limits.batchMs).unref();
	}

	/** Hands over what is there; a snapshot does so first, so that it and the next batch meet without a gap. */
	flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		for (const delta of this.#deltas.values()) {
			this.#ring.push(delta);
		}

		this.#deltas.clear();
		const events = this.#ring.drain();
		if (events.length > 0) {
			this.#post({batch: ++this.#batch, dropped: this.#ring.dropped, events});
		}
	}

	close(): void {
		clearTimeout(this.#timer);
	}

	/** The order within one request is kept: its merged delta goes before whatever follows it. */
	#releaseDelta(event: EngineEvent): void {
		const delta = 'requestId' in event ? this.#deltas.get(event.requestId) : undefined;
		if (delta) {
			this.#deltas.delete(delta.requestId);
			this.#ring.push(delta);
		}
	}
}
