import {connect, createServer, type Socket} from 'node:net';

/*
 * HTTP by hand, on both sides: a client that writes bytes no library would write, and a far end that answers with any bytes.
 */

/** What came back on a raw connection. */
export interface RawAnswer {
	/** All bytes, latin1. */
	readonly text: string;
	/** Of the first answer; 0 where the connection closed without one. */
	readonly status: number;
	/** Of the first answer, names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** Behind the first empty line, still in its framing. */
	readonly body: string;
	readonly closed: 'ended' | 'reset' | 'open';
}

const parseHead = (text: string): Pick<RawAnswer, 'status' | 'headers' | 'body'> => {
	const end = text.indexOf('\r\n\r\n');
	const [first = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\r\n');
	return {
		status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0),
		headers: Object.fromEntries(
			lines.map(line => {
				const colon = line.indexOf(':');
				return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
			}),
		),
		body: end < 0 ? '' : text.slice(end + 4),
	};
};

/** How a raw exchange is ended where the other side leaves the connection open. */
export interface RawOptions {
	/** Stop once this much time has passed. Default 3000. */
	readonly timeoutMs?: number;
	/** Stop as soon as the text so far is enough. */
	readonly until?: (text: string) => boolean;
}

/** True once a whole answer with a `content-length` is there. */
const isWhole = (text: string): boolean => {
	const {headers, body, status} = parseHead(text);
	const length = headers['content-length'];
	return status >= 200 && length !== undefined && body.length >= Number(length);
};

/** Writes pieces one after the other to a port of this machine and collects what comes back until the end, a timeout or `until`. */
export const sendRaw = (
	port: number,
	pieces: string | Iterable<string | Buffer>,
	{timeoutMs = 3000, until = isWhole}: RawOptions = {},
): Promise<RawAnswer> =>
	new Promise(resolve => {
		const socket = connect({host: '127.0.0.1', port});
		let text = '';
		const finish = (closed: RawAnswer['closed']): void => {
			clearTimeout(timer);
			socket.destroy();
			resolve({text, ...parseHead(text), closed});
		};
		const timer = setTimeout(() => finish('open'), timeoutMs);
		socket.setEncoding('latin1');
		socket.on('data', (piece: string) => {
			text += piece;
			if (until(text)) {
				finish('open');
			}
		});
		socket.once('end', () => finish('ended'));
		socket.once('error', () => finish('reset'));
		socket.once('connect', () => {
			for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
				if (!socket.destroyed) {
					socket.write(piece, 'latin1');
				}
			}
		});
	});

/** The text of a request, one character a byte; a body brings its `content-length`. */
export const rawRequest = (
	line: string,
	headers: ReadonlyArray<readonly [name: string, value: string]>,
	body?: string,
): string => {
	const all = body === undefined ? headers : [...headers, ['content-length', String(body.length)] as const];
	return `${line} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`;
};

/** One request that reached a raw far end. */
export interface RawArrival {
	readonly socket: Socket;
	/** Counts from 0 over all connections. */
	readonly index: number;
	/** Counts from 0 on its connection. */
	readonly indexOnSocket: number;
	/** Request line and headers. */
	readonly head: string;
	readonly body: Buffer;
}

/** A far end on a free port that answers by hand. */
export interface RawFarEnd extends AsyncDisposable {
	readonly origin: string;
	/** With `/v1`. */
	readonly url: string;
	readonly port: number;
	readonly arrivals: readonly RawArrival[];
	readonly accepted: () => number;
	readonly openSockets: () => number;
	/** `performance.now()` of the newest close of a connection. */
	readonly closedAtMs: () => number;
}

/** Takes whole requests (framed by `content-length`) off a connection, one after the other. */
class RequestReader {
	#bytes = Buffer.alloc(0);

	push(piece: Buffer): {head: string; body: Buffer} | undefined {
		this.#bytes = Buffer.concat([this.#bytes, piece]);
		const end = this.#bytes.indexOf('\r\n\r\n');
		if (end < 0) {
			return undefined;
		}

		const head = this.#bytes.toString('latin1', 0, end);
		const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
		if (this.#bytes.length < end + 4 + length) {
			return undefined;
		}

		const body = this.#bytes.subarray(end + 4, end + 4 + length);
		this.#bytes = this.#bytes.subarray(end + 4 + length);
		return {head, body};
	}
}

/** Starts a far end; `answer` writes whatever it likes to the arrival's socket. `onConnection` may pause or reset a new socket. */
export const startFarEnd = async (
	answer: (arrival: RawArrival) => void,
	onConnection?: (socket: Socket) => void,
): Promise<RawFarEnd> => {
	const arrivals: RawArrival[] = [];
	const sockets = new Set<Socket>();
	let accepted = 0;
	let closedAtMs = Number.NaN;
	const server = createServer({noDelay: true}, socket => {
		accepted++;
		sockets.add(socket);
		let indexOnSocket = 0;
		const reader = new RequestReader();
		socket.once('close', () => {
			sockets.delete(socket);
			closedAtMs = performance.now();
		});
		// A reset by the other side is what many tests want; it shows as a close.
		socket.on('error', () => socket.destroy());
		if (onConnection) {
			onConnection(socket);
			return;
		}

		socket.on('data', (piece: Buffer) => {
			const whole = reader.push(piece);
			if (whole) {
				const arrival = {socket, ...whole, index: arrivals.length, indexOnSocket: indexOnSocket++};
				arrivals.push(arrival);
				answer(arrival);
			}
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	const address = server.address();
	const port = typeof address === 'object' && address ? address.port : 0;
	return {
		origin: `http://127.0.0.1:${port}`,
		url: `http://127.0.0.1:${port}/v1`,
		port,
		arrivals,
		accepted: () => accepted,
		openSockets: () => sockets.size,
		closedAtMs: () => closedAtMs,
		[Symbol.asyncDispose]: () =>
			new Promise(resolve => {
				for (const socket of sockets) {
					socket.destroy();
				}

				server.close(() => resolve());
			}),
	};
};

/** The head of an event stream in chunks. */
export const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

/** One chunk of a chunked body. */
export const chunkOf = (bytes: Buffer | string): Buffer => {
	const piece = Buffer.from(bytes);
	return Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
};

/** The end of a chunked body. */
export const lastChunk = '0\r\n\r\n';

/** A whole answer with a length. */
export const wholeAnswer = (
	status: number,
	body: Buffer | string,
	headers: Readonly<Record<string, string>> = {},
): Buffer => {
	const piece = Buffer.from(body);
	const lines = Object.entries({'content-type': 'application/json', ...headers, 'content-length': piece.length});
	const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
	return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Any\r\n${head}\r\n`, 'latin1'), piece]);
};

/** Answers with a whole event stream. */
export const playStream =
	(bytes: Buffer) =>
	({socket}: RawArrival): void => {
		socket.write(Buffer.concat([Buffer.from(streamHead), chunkOf(bytes), Buffer.from(lastChunk)]));
	};

/** Writes pieces (latin1) and leaves the connection open. */
export const write =
	(...pieces: ReadonlyArray<string | Buffer>) =>
	({socket}: RawArrival): void => {
		for (const piece of pieces) {
			socket.write(piece, 'latin1');
		}
	};

/** Writes pieces and closes in order. */
export const writeAndEnd =
	(...pieces: ReadonlyArray<string | Buffer>) =>
	(arrival: RawArrival): void => {
		write(...pieces)(arrival);
		arrival.socket.end();
	};

/** Writes pieces and resets the connection. */
export const writeAndReset =
	(...pieces: ReadonlyArray<string | Buffer>) =>
	({socket}: RawArrival): void => {
		socket.write(Buffer.concat(pieces.map(piece => Buffer.from(piece))), () => socket.resetAndDestroy());
	};

/** Writes a text over and over, one character each time. */
export const drip =
	(text: string, everyMs: number) =>
	({socket}: RawArrival): void => {
		let at = 0;
		const timer = setInterval(() => {
			socket.write(text[at++ % text.length] ?? '');
		}, everyMs);
		socket.once('close', () => clearInterval(timer));
	};

/** Does something after a while, unless the other side has gone. */
export const later =
	(ms: number, answer: (arrival: RawArrival) => void) =>
	(arrival: RawArrival): void => {
		setTimeout(() => {
			if (!arrival.socket.destroyed) {
				answer(arrival);
			}
		}, ms);
	};

/** How many chunked answers came to their end in what a raw connection brought. */
export const endedStreams = (text: string): number => text.split(`\r\n${lastChunk}`).length - 1;
