import type {IncomingMessage, ServerResponse} from 'node:http';
import {RingBuffer} from '../../base/ring-buffer.ts';
import type {EngineEvent} from '../../event/catalogue.ts';

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
/** A reader that is further behind is cut off; it comes back with the id of the last event that it has. */
const unreadBytes = 4 * 1024 * 1024;

/** Hands events to everybody who listens, and keeps the newest for those who come back. */
export class EventFeed {
	readonly #boot: string;
	readonly #kept = new RingBuffer<Kept>(keptEvents);
	readonly #readers = new Set<ServerResponse>();
	#lastId = 0;
	#timer: NodeJS.Timeout | undefined;

	/** `boot` tells this engine's ids from those of the one before. */
	constructor(boot: string) {
		this.#boot = boot;
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
		const last = request.headers['last-event-id'];
		response.write(this.#missed(typeof last === 'string' ? last : undefined));
		this.#readers.add(response);
		this.#timer ??= setInterval(() => this.#beat(), heartbeatMs).unref();
		response.once('close', () => this.#forget(response));
	};

	/** Ends all streams. */
	close(): void {
		for (const reader of this.#readers) {
			reader.end();
		}

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
			? `event: reset\nid: ${this.#idOf(this.#lastId)}\ndata: {"reason":"events were missed: fetch /api/v1/snapshot"}\n\n`
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

	#write(reader: ServerResponse, text: string): void {
		if (reader.writableLength > unreadBytes) {
			reader.destroy();
			this.#forget(reader);
		} else {
			reader.write(text);
		}
	}

	#beat(): void {
		for (const reader of this.#readers) {
			this.#write(reader, ': still here\n\n');
		}
	}

	#forget(reader: ServerResponse): void {
		this.#readers.delete(reader);
		if (this.#readers.size === 0) {
			clearInterval(this.#timer);
			this.#timer = undefined;
		}
	}
}
