import type {IncomingMessage, ServerResponse} from 'node:http';
import {RingBuffer} from '../../base/ring-buffer.ts';
import type {EngineEvent} from '../../event/catalogue.ts';
import {limits as defaultLimits, type Limits} from '../../wire/limits.ts';

/*
 * The event catalogue as a server-sent stream with ids and replay (architecture.md, Control API; the format is the WHATWG HTML standard's
 * "server-sent events"). Deltas are not replayed: what they add up to stands in the request's end.
 */

interface Kept {
	readonly id: number;
	readonly event: EngineEvent;
}

const keptEvents = 5000;
const heartbeatMs = 15_000;

/** Somebody who listens. One that does not read gets nothing more until it has read what it was sent, and is told what it missed. */
interface Reader {
	readonly response: ServerResponse;
	/** Monotonic; undefined: it keeps up. */
	behindSinceMs: number | undefined;
	missed: number;
}

/** Hands events to everybody who listens, and keeps the newest for those who come back. */
export class EventFeed {
	readonly #boot: string;
	readonly #kept = new RingBuffer<Kept>(keptEvents);
	readonly #limits: Pick<Limits, 'slowClientBytes' | 'slowClientMs'>;
	readonly #readers = new Set<Reader>();
	#lastId = 0;
	#isClosed = false;
	#timer: NodeJS.Timeout | undefined;

	/** `boot` tells this engine's ids from those of the one before. */
	constructor(boot: string, limits: Pick<Limits, 'slowClientBytes' | 'slowClientMs'> = defaultLimits) {
		this.#boot = boot;
		this.#limits = limits;
	}

	/** The id of the newest event. */
	get lastId(): string {
		return this.#idOf(this.#lastId);
	}

	/** Takes one event; without readers it is only kept. */
	push(event: EngineEvent): void {
		if (event.type === 'reply-delta' && this.#readers.size === 0) {
			return;
		}

		const kept = {id: ++this.#lastId, event};
		if (event.type !== 'reply-delta') {
			this.#kept.push(kept);
		}

		if (this.#readers.size > 0) {
			const text = this.#encode(kept);
			for (const reader of this.#readers) {
				this.#write(reader, text);
			}
		}
	}

	/**
	 * Answers a reader: what it missed since `Last-Event-ID`, then everything new. Where that id is unknown or too old, one event `reset` says
	 * that a snapshot is due.
	 */
	readonly open = (request: IncomingMessage, response: ServerResponse): void => {
		response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
		if (this.#isClosed) {
			response.end();
			return;
		}

		const last = request.headers['last-event-id'];
		response.write(this.#missed(typeof last === 'string' ? last : undefined));
		const reader: Reader = {response, behindSinceMs: undefined, missed: 0};
		this.#readers.add(reader);
		this.#timer ??= setInterval(() => this.#beat(), heartbeatMs).unref();
		response.on('drain', () => this.#catchUp(reader));
		response.once('close', () => this.#forget(reader));
	};

	/** Ends all streams. An engine that stops still has something to tell: nobody gets it, since a write behind the end would be a fault. */
	close(): void {
		this.#isClosed = true;
		for (const reader of this.#readers) {
			reader.response.end();
		}

		this.#readers.clear();
		clearInterval(this.#timer);
	}

	#missed(last: string | undefined): string {
		if (last === undefined) {
			return ': events from now on\n\n';
		}

		const [boot, count] = last.split('.');
		const seen = Number(count);
		const kept = this.#kept.toArray();
		const oldest = kept[0]?.id ?? this.#lastId + 1;
		const isKnown = boot === this.#boot && Number.isSafeInteger(seen) && seen >= 0 && seen <= this.#lastId;
		return !isKnown || (this.#kept.dropped > 0 && seen < oldest - 1)
			? this.#reset('events were missed: fetch /api/v1/snapshot')
			: kept
					.filter(({id}) => id > seen)
					.map(entry => this.#encode(entry))
					.join('') || ': nothing was missed\n\n';
	}

	#encode({id, event}: Kept): string {
		return `id: ${this.#idOf(id)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
	}

	#idOf(id: number): string {
		return `${this.#boot}.${id}`;
	}

	#reset(reason: string): string {
		return `event: reset\nid: ${this.lastId}\ndata: ${JSON.stringify({reason})}\n\n`;
	}

	/** Never waits: what a slow reader has not read yet is bounded, the rest is left out. */
	#write(reader: Reader, text: string): void {
		if (reader.behindSinceMs !== undefined) {
			reader.missed++;
			return;
		}

		reader.response.write(text);
		if (reader.response.writableLength > this.#limits.slowClientBytes) {
			reader.behindSinceMs = performance.now();
		}
	}

	#catchUp(reader: Reader): void {
		if (reader.behindSinceMs === undefined) {
			return;
		}

		const {missed} = reader;
		reader.behindSinceMs = undefined;
		reader.missed = 0;
		if (missed > 0) {
			reader.response.write(this.#reset(`${missed} events were left out for a slow reader: fetch /api/v1/snapshot`));
		}
	}

	#beat(): void {
		for (const reader of this.#readers) {
			const {behindSinceMs, response} = reader;
			if (behindSinceMs !== undefined && performance.now() - behindSinceMs > this.#limits.slowClientMs) {
				response.destroy();
			} else if (behindSinceMs === undefined) {
				this.#write(reader, ': still here\n\n');
			}
		}
	}

	#forget(reader: Reader): void {
		this.#readers.delete(reader);
		if (this.#readers.size === 0) {
			clearInterval(this.#timer);
			this.#timer = undefined;
		}
	}
}
