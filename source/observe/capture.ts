import {limits} from '../wire/limits.ts';
import type {Dialect} from '../wire/names.ts';

/** What one exchange carried, as far as it is still held. */
export interface CapturedExchange {
	readonly requestId: string;
	readonly dialect: Dialect;
	/** Decoded bytes of the request's body; undefined when it was larger than the limit or has been dropped. */
	readonly body: Buffer | undefined;
	/** Reply bytes of each attempt that was not discarded, in the order of the attempts. */
	readonly replies: readonly Buffer[];
	readonly isLive: boolean;
	/** Something is missing: a limit was met, or the ring needed the room. */
	readonly isTruncated: boolean;
	/** Grows with every change, over all exchanges: two states never share one. */
	readonly version: number;
}

interface Reply {
	readonly attempt: number;
	readonly chunks: Buffer[];
	bytes: number;
}

interface Exchange {
	readonly dialect: Dialect;
	body: Buffer | undefined;
	replies: Reply[];
	bytes: number;
	isLive: boolean;
	isTruncated: boolean;
	version: number;
}

/** The two limits of reliability-security.md 9 in bytes, and how many exchanges are held at most. */
export interface CaptureLimits {
	readonly exchangeBytes: number;
	readonly totalBytes: number;
	readonly exchanges: number;
}

const defaultLimits: CaptureLimits = {
	exchangeBytes: limits.captureBytes,
	totalBytes: limits.captureTotalBytes,
	exchanges: 5000,
};

/**
 * Holds bodies and reply bytes so that a transcript can be made when somebody looks. On the hot path it keeps references:
 * nothing is copied, parsed or decoded before `read`. Whoever feeds it must not write into the buffers afterwards. It lives
 * in memory only.
 */
export class Capture {
	readonly #limits: CaptureLimits;
	/** Oldest first. */
	readonly #exchanges = new Map<string, Exchange>();
	#totalBytes = 0;
	#version = 0;

	constructor(captureLimits: CaptureLimits = defaultLimits) {
		this.#limits = captureLimits;
	}

	/** Bytes that are held now. */
	get totalBytes(): number {
		return this.#totalBytes;
	}

	/** A body over the limit is not kept at all: half a JSON text says nothing. */
	begin(requestId: string, {dialect, body}: {readonly dialect: Dialect; readonly body: Buffer}): void {
		this.#drop(requestId);
		const fits = body.length <= this.#limits.exchangeBytes;
		const bytes = fits ? body.length : 0;
		this.#exchanges.set(requestId, {
			dialect,
			body: fits ? body : undefined,
			replies: [],
			bytes,
			isLive: true,
			isTruncated: !fits,
			version: ++this.#version,
		});
		this.#totalBytes += bytes;
		this.#makeRoom();
	}

	/** More bytes of the reply of `attempt`, which counts from 1. Unknown requests are ignored. */
	reply(requestId: string, chunk: Buffer, attempt: number): void {
		const exchange = this.#exchanges.get(requestId);
		if (exchange === undefined) {
			return;
		}

		exchange.version = ++this.#version;
		if (exchange.bytes + chunk.length > this.#limits.exchangeBytes) {
			exchange.isTruncated = true;
			return;
		}

		let reply = exchange.replies.at(-1);
		if (reply?.attempt !== attempt) {
			reply = {attempt, chunks: [], bytes: 0};
			exchange.replies.push(reply);
		}

		reply.chunks.push(chunk);
		reply.bytes += chunk.length;
		exchange.bytes += chunk.length;
		this.#totalBytes += chunk.length;
		this.#makeRoom();
	}

	/** The client kept nothing of the newest attempt's reply. */
	discardReply(requestId: string): void {
		const exchange = this.#exchanges.get(requestId);
		const reply = exchange?.replies.pop();
		if (exchange !== undefined && reply !== undefined) {
			exchange.version = ++this.#version;
			exchange.bytes -= reply.bytes;
			this.#totalBytes -= reply.bytes;
		}
	}

	end(requestId: string): void {
		const exchange = this.#exchanges.get(requestId);
		if (exchange !== undefined) {
			exchange.isLive = false;
			exchange.version = ++this.#version;
		}
	}

	/** The version of an exchange without reading it; undefined when it is not held. */
	versionOf(requestId: string): number | undefined {
		return this.#exchanges.get(requestId)?.version;
	}

	/** What is held of a request; this is where the chunks are joined. */
	read(requestId: string): CapturedExchange | undefined {
		const exchange = this.#exchanges.get(requestId);
		return (
			exchange && {
				requestId,
				dialect: exchange.dialect,
				body: exchange.body,
				replies: exchange.replies.map(({chunks}) => Buffer.concat(chunks)),
				isLive: exchange.isLive,
				isTruncated: exchange.isTruncated,
				version: exchange.version,
			}
		);
	}

	#makeRoom(): void {
		for (const [requestId, exchange] of this.#exchanges) {
			if (this.#totalBytes <= this.#limits.totalBytes && this.#exchanges.size <= this.#limits.exchanges) {
				return;
			}

			if (exchange.isLive) {
				this.#empty(exchange);
			} else {
				this.#drop(requestId);
			}
		}
	}

	#drop(requestId: string): void {
		const exchange = this.#exchanges.get(requestId);
		if (exchange !== undefined) {
			this.#totalBytes -= exchange.bytes;
			this.#exchanges.delete(requestId);
		}
	}

	/** A running exchange stays known, so that its later bytes are not taken for the whole. */
	#empty(exchange: Exchange): void {
		this.#totalBytes -= exchange.bytes;
		exchange.body = undefined;
		exchange.replies = [];
		exchange.bytes = 0;
		exchange.isTruncated = true;
	}
}
