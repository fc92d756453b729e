import {once} from 'node:events';
import {createServer, type RequestListener, type Server} from 'node:http';
import {createServer as createTcpServer, type Server as TcpServer, type Socket} from 'node:net';
import {setImmediate} from 'node:timers/promises';
import {runAttempt, type AttemptOptions} from '../../source/attempt/attempt.ts';
import type {AttemptResult} from '../../source/attempt/sink.ts';
import {Pools} from '../../source/attempt/pools.ts';
import type {AttemptSink, UpstreamHead} from '../../source/attempt/sink.ts';
import {Ticker} from '../../source/attempt/ticker.ts';
import {Cancellation} from '../../source/base/cancellation.ts';

/** A server on a free port of the loopback. */
export interface Listening extends AsyncDisposable {
	readonly origin: string;
	readonly server: Server;
}

/** Starts a plain HTTP server; disposing of it cuts every connection. */
export const listen = async (listener: RequestListener): Promise<Listening> => {
	const server = createServer(listener);
	return {
		origin: await listenOnLoopback(server),
		server,
		[Symbol.asyncDispose]: async () => {
			server.closeAllConnections();
			await new Promise(resolve => server.close(resolve));
		},
	};
};

const listenOnLoopback = async (server: TcpServer): Promise<string> => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
};

/** A raw TCP upstream: `answer` gets each connection when its request has come. */
export const listenRaw = async (answer: (socket: Socket, requests: number) => void) => {
	const sockets: Socket[] = [];
	const server = createTcpServer(socket => {
		let requests = 0;
		sockets.push(socket);
		socket.on('error', () => undefined);
		socket.on('data', () => answer(socket, ++requests));
	});
	return {
		origin: await listenOnLoopback(server),
		sockets,
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) {
				socket.destroy();
			}

			await new Promise(resolve => server.close(resolve));
		},
	};
};

/** Collects an answer; the verdict is its text at the end, or what `onBytes` says earlier. */
export class TextSink implements AttemptSink<string> {
	readonly heads: UpstreamHead[] = [];
	readonly hands: string[] = [];
	isStuck = false;
	resume: (() => void) | undefined;
	maxSilentMs = Infinity;
	silences = 0;
	hasSpoken?: () => boolean;
	readonly #verdictOf: (text: string) => string | undefined;

	constructor(verdictOf: (text: string) => string | undefined = () => undefined) {
		this.#verdictOf = verdictOf;
	}

	readonly onHead = (head: UpstreamHead): undefined => {
		this.heads.push(head);
	};

	readonly onBytes = (bytes: Buffer): string | undefined => {
		this.hands.push(bytes.toString());
		return this.#verdictOf(this.text);
	};

	readonly onEnd = (): string => this.text;
	readonly isBlocked = (): boolean => this.isStuck;
	readonly onUnblocked = (resume: () => void): void => {
		this.resume = resume;
	};

	readonly onSilence = (silentMs: number): boolean => {
		this.silences++;
		return silentMs <= this.maxSilentMs;
	};

	get text(): string {
		return this.hands.join('');
	}
}

/** Pools with a short connect clock. */
export const createPools = (): Pools => new Pools({connectMs: 2000, idleSocketMs: 5000, headerBytes: 16 * 1024});

/** Sends one POST of `{}` and gives its result, when its connection is free again. */
export const attemptTo = async (
	origin: string,
	sink: TextSink,
	options: Partial<AttemptOptions<string>> = {},
): Promise<AttemptResult<string>> => {
	const monotonic = options.monotonic ?? (() => performance.now());
	const result = await runAttempt({
		pools: createPools(),
		ticker: new Ticker(monotonic),
		request: {origin, path: '/v1/responses', method: 'POST', headers: {'x-test': '1'}, body: Buffer.from('{}')},
		sink,
		cancellation: new Cancellation(),
		firstByteMs: 5000,
		errorBodyReadBytes: 1000,
		errorBodyMs: 5000,
		isFresh: false,
		monotonic,
		...options,
	});
	await setImmediate();
	return result;
};
