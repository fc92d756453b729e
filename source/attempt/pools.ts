import {subscribe} from 'node:diagnostics_channel';
import {buildConnector, Client, Pool, type Dispatcher} from 'undici';

/** What the pools need to know; times in milliseconds. */
export interface PoolOptions {
	readonly connectMs: number;
	readonly idleSocketMs: number;
	readonly headerBytes: number;
}

/** What a socket had seen when its newest request was sent. */
interface Sent {
	readonly requests: number;
	readonly bytesRead: number;
}

const sentOn = new WeakMap<object, Sent>();

/** undici tells on this channel which socket a request goes out on; nothing else of it knows whether that socket was used before. */
subscribe('undici:client:sendHeaders', message => {
	const socket: unknown =
		typeof message === 'object' && message !== null && 'socket' in message ? message.socket : undefined;
	if (typeof socket === 'object' && socket !== null && 'bytesRead' in socket) {
		const {requests} = sentOn.get(socket) ?? {requests: 0};
		sentOn.set(socket, {requests: requests + 1, bytesRead: Number(socket.bytesRead)});
	}
});

/** Kept from an earlier request, and dead before a byte of this answer. Of TLS the closing alert counts as a byte. */
const diedUnanswered = (socket: {readonly bytesRead: number}): boolean => {
	const sent = sentOn.get(socket);
	return sent !== undefined && sent.requests > 1 && ('encrypted' in socket || socket.bytesRead === sent.bytesRead);
};

/**
 * The upstream connections: one pool per origin, HTTP/1.1 only (rule 11 of the road), sockets not limited here.
 * undici's own clocks are off; the attempt brings its own, on one ticker.
 */
export class Pools {
	readonly #options: PoolOptions;
	readonly #pools = new Map<string, Pool>();
	/** Errors of kept sockets that died unanswered: the request never had a chance (rule 7). */
	readonly #reusedSocketErrors = new WeakSet<Error>();
	readonly #connect: buildConnector.connector;

	constructor(options: PoolOptions) {
		this.#options = options;
		const connect = buildConnector({timeout: options.connectMs, allowH2: false, autoSelectFamily: true});
		this.#connect = (target, callback) => {
			connect(target, (error, socket) => {
				if (error) {
					callback(error, null);
					return;
				}

				socket.setKeepAlive(true, 30_000);
				socket.prependListener('error', (fault: Error) => {
					if (diedUnanswered(socket)) {
						this.#reusedSocketErrors.add(fault);
					}
				});
				callback(null, socket);
			});
		};
	}

	/** The shared pool of an origin such as `https://relay.example`. */
	of(origin: string): Dispatcher {
		const known = this.#pools.get(origin);
		if (known) {
			return known;
		}

		const pool = new Pool(origin, {...this.#clientOptions(), connections: null});
		this.#pools.set(origin, pool);
		return pool;
	}

	/** A dispatcher for one request on a connection of its own; it closes itself when that request is done. */
	fresh(origin: string): Dispatcher {
		return new Client(origin, {...this.#clientOptions(), keepAliveTimeout: 1, keepAliveMaxTimeout: 1});
	}

	/** Whether this error came from a socket that was kept from an earlier request and gave no byte of an answer to this one. */
	isReusedSocketError(error: Error): boolean {
		return this.#reusedSocketErrors.has(error);
	}

	async close(): Promise<void> {
		const pools = [...this.#pools.values()];
		this.#pools.clear();
		await Promise.all(pools.map(pool => pool.destroy()));
	}

	#clientOptions(): Client.Options {
		return {
			connect: this.#connect,
			allowH2: false,
			pipelining: 1,
			headersTimeout: 0,
			bodyTimeout: 0,
			maxHeaderSize: this.#options.headerBytes,
			keepAliveTimeout: this.#options.idleSocketMs,
			keepAliveMaxTimeout: this.#options.idleSocketMs,
		};
	}
}
