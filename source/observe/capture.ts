import {ByteArena, type ArenaPiece} from '../base/byte-arena.ts';
import {limits} from '../wire/limits.ts';
import type {Dialect} from '../wire/names.ts';
import {maxFinishedRequests} from './model/request-list.ts';

/** Where a request went and with which headers; none of them is a credential. */
export interface SentHead {
	readonly method: string;
	readonly path: string;
	/** With its question mark, or empty. */
	readonly query: string;
	readonly headers: Readonly<Record<string, string>>;
}

/** What one exchange carried, as far as it is still held. */
export interface CapturedExchange {
	readonly requestId: string;
	readonly dialect: Dialect;
	/** Undefined where it was not told, or has been dropped. */
	readonly sent?: SentHead | undefined;
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
	readonly pieces: ArenaPiece[];
	bytes: number;
}

interface Exchange {
	readonly dialect: Dialect;
	/** A {@link SentHead} as JSON; undefined where it was not told. */
	readonly sent: ArenaPiece[] | undefined;
	/** Undefined where the body was larger than the limit. */
	readonly body: ArenaPiece[] | undefined;
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
	exchanges: maxFinishedRequests,
};

/**
 * Holds bodies and reply bytes so that a transcript can be made when somebody looks. On the hot path bytes are copied into a ring
 * of memory: nothing is parsed, decoded or kept alive before `read`. It lives in memory only; the newest bytes overwrite the oldest.
 */
export class Capture {
	readonly #limits: CaptureLimits;
	readonly #arena: ByteArena;
	/** Oldest first. */
	readonly #exchanges = new Map<string, Exchange>();
	/** Goes on where it stood: a new one would first pass the places of all that were deleted. */
	#oldestFirst = this.#exchanges.entries();
	#version = 0;

	constructor(captureLimits: CaptureLimits = defaultLimits) {
		this.#limits = captureLimits;
		this.#arena = new ByteArena(captureLimits.totalBytes);
	}

	/** A body over the limit is not kept at all: half a JSON text says nothing. */
	begin(
		requestId: string,
		{dialect, body, sent}: {readonly dialect: Dialect; readonly body: Buffer; readonly sent?: SentHead},
	): void {
		const fits = body.length <= this.#limits.exchangeBytes;
		this.#exchanges.delete(requestId);
		this.#exchanges.set(requestId, {
			dialect,
			sent: sent && this.#copy(Buffer.from(JSON.stringify(sent))),
			body: fits ? this.#copy(body) : undefined,
			replies: [],
			bytes: fits ? body.length : 0,
			isLive: true,
			isTruncated: !fits,
			version: ++this.#version,
		});
		this.#forgetOldest();
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
			reply = {attempt, pieces: [], bytes: 0};
			exchange.replies.push(reply);
		}

		this.#arena.append(reply.pieces, chunk);
		reply.bytes += chunk.length;
		exchange.bytes += chunk.length;
	}

	/** The client kept nothing of the newest attempt's reply. */
	discardReply(requestId: string): void {
		const exchange = this.#exchanges.get(requestId);
		const reply = exchange?.replies.pop();
		if (exchange !== undefined && reply !== undefined) {
			exchange.version = ++this.#version;
			exchange.bytes -= reply.bytes;
		}
	}

	end(requestId: string): void {
		const exchange = this.#exchanges.get(requestId);
		if (exchange !== undefined) {
			exchange.isLive = false;
			exchange.version = ++this.#version;
		}
	}

	/** The version of an exchange without reading it; undefined when it is not known. */
	versionOf(requestId: string): number | undefined {
		return this.#exchanges.get(requestId)?.version;
	}

	/** What is held of a request; this is where its pieces are joined. Undefined when nothing of it is left. */
	read(requestId: string): CapturedExchange | undefined {
		const exchange = this.#exchanges.get(requestId);
		if (exchange === undefined) {
			return undefined;
		}

		const body = exchange.body && this.#arena.read(exchange.body);
		const replies = exchange.replies.map(({pieces}) => this.#arena.read(pieces));
		const held = replies.filter(reply => reply !== undefined);
		const isOverwritten = (exchange.body !== undefined && body === undefined) || held.length < replies.length;
		const head = exchange.sent && this.#arena.read(exchange.sent);
		const sent: SentHead | undefined = head && JSON.parse(String(head));
		if (isOverwritten && body === undefined && held.length === 0 && !exchange.isLive) {
			return undefined;
		}

		const {dialect, isLive, version} = exchange;
		return {
			requestId,
			dialect,
			sent,
			body,
			replies: held,
			isLive,
			isTruncated: exchange.isTruncated || isOverwritten,
			version,
		};
	}

	#copy(bytes: Buffer): ArenaPiece[] {
		const pieces: ArenaPiece[] = [];
		this.#arena.append(pieces, bytes);
		return pieces;
	}

	#forgetOldest(): void {
		for (let looks = this.#exchanges.size - this.#limits.exchanges; looks > 0; looks--) {
			const oldest = this.#oldestFirst.next();
			if (oldest.done === true) {
				this.#oldestFirst = this.#exchanges.entries();
				return;
			}

			const [requestId, exchange] = oldest.value;
			this.#exchanges.delete(requestId);
			if (exchange.isLive) {
				// Its turn comes again when all others had theirs.
				this.#exchanges.set(requestId, exchange);
			}
		}
	}
}
