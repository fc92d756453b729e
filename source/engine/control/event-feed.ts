import type {IncomingMessage, ServerResponse} from 'node:http';
import {TextRing} from '../../base/text-ring.ts';
import type {EngineEvent} from '../../event/catalogue.ts';
import {limits as defaultLimits, type Limits} from '../../wire/limits.ts';

/*
 * The event catalogue as a server-sent stream with ids and replay (architecture.md, Control API; the format is the WHATWG HTML standard's
 * "server-sent events"). Deltas are not replayed: what they add up to stands in the request's end.
 */

const keptEvents = {texts: 5000, bytes: 8 * 1024 * 1024};
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
	readonly #kept = new TextRing(keptEvents);
	readonly #limits: Pick<Limits, 'slowClientBytes' | 'slowClientMs'>;
	readonly #readers = new Set<Reader>();
	#lastId = 0;
	/** The newest event when somebody first asked: nobody can have missed one before. Undefined: nobody has asked, and nothing is kept. */
	#keptFrom: number | undefined;
	#isClosed = false;
	#timer: NodeJS.Timeout | undefined;

	/** `boot` tells this engine's ids from those of the one before. */
	constructor(boot: string, limits: Pick<Limits, 'slowClientBytes' | 'slowClientMs'> = defaultLimits) {
		this.#boot = boot;
		this.#limits = limits;
	}

	/** The id of the newest event, for somebody who will come back with it: what follows it is kept from now on. */
	startFrom(): string {
		this.#keptFrom ??= this.#lastId;
		return this.#idOf(this.#lastId);
	}

	/** Takes one event; without readers it is only kept, for those who were there before. */
	push(event: EngineEvent): void {
		const isDelta = event.type === 'reply-delta';
		if (isDelta && this.#readers.size === 0) {
			return;
		}

		this.#lastId++;
		if (this.#keptFrom === undefined) {
			return;
		}

		const text = this.#encode(event);
		if (!isDelta) {
			this.#kept.push(text, this.#lastId);
		}

		for (const reader of this.#readers) {
			this.#write(reader, text);
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

		this.#keptFrom ??= this.#lastId;
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
		const isKnown = boot === this.#boot && Number.isSafeInteger(seen) && seen <= this.#lastId;
		return !isKnown || seen < this.#oldestKnown()
			? this.#reset('events were missed: fetch /api/v1/snapshot')
			: this.#kept
					.toArray(id => id > seen)
					.map(({text}) => text)
					.join('') || ': nothing was missed\n\n';
	}

	/** Whoever has seen this event has missed nothing that is not kept. */
	#oldestKnown(): number {
		const oldest = this.#kept.dropped === 0 ? undefined : this.#kept.toArray((_label, index) => index === 0)[0];
		return oldest === undefined ? (this.#keptFrom ?? this.#lastId) : oldest.label - 1;
	}

	#idOf(count: number): string {
		return `${this.#boot}.${count}`;
	}

	#encode(event: EngineEvent): string {
		return `id: ${this.#idOf(this.#lastId)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
	}

	#reset(reason: string): string {
		return `event: reset\nid: ${this.#idOf(this.#lastId)}\ndata: ${JSON.stringify({reason})}\n\n`;
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
