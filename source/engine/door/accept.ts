import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {Cancellation} from '../../base/cancellation.ts';
import {CommandError, codeOf, exitCode, messageOf} from '../../base/errors.ts';
import {findServedPath, servedPaths, type ServedPath} from '../../identify/paths.ts';
import type {Limits} from '../../wire/limits.ts';
import {carriesToken, guardRequest, isJson, isToken, type Refusal} from './accept-guard.ts';
import {encodeEnding} from '../reply/ending.ts';
import {answerClientError, refuseConnect, refuseUpgrade} from './raw-refusal.ts';

/*
 * The data plane's door: sockets → exchanges. Everything that is refused here never reaches the road, the ledger or an upstream.
 */

/** A request that may go on the road. */
export interface Exchange {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly path: string;
	/** With its question mark, or empty. */
	readonly query: string;
	readonly target: ServedPath;
	/** Headers in lower case; of a repeated one the first, but of `connection` all. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** Whether a header's value is the local token: it goes nowhere else. */
	readonly isLocalToken: (value: string) => boolean;
}

/** What a listener needs; `serve` must not throw. */
export interface ListenerOptions {
	readonly host: string;
	readonly port: number;
	readonly limits: Limits;
	readonly tokenHash: Buffer;
	/** Whoever reaches the listener may use it: `listen.auth = "none"`. */
	readonly isOpen: boolean;
	readonly serve: (exchange: Exchange) => void;
}

/** A listening data plane. */
export interface Listener {
	/** Origin without a path. */
	readonly url: string;
	readonly port: number;
	/** Takes no new connection; resolves when the running ones have ended, which those that are left must soon after `stopping`. */
	readonly close: (stopping: Cancellation) => Promise<void>;
}

/** Opens a data listener. Rejects with CommandError `port-in-use` (exit code 4) or `listen-failed`. */
export const listen = async (options: ListenerOptions): Promise<Listener> => {
	const {limits} = options;
	const server = createServer({
		maxHeaderSize: limits.requestHeaderBytes,
		headersTimeout: limits.requestHeaderMs,
		requestTimeout: limits.requestBodyMs,
		connectionsCheckingInterval: limits.connectionsCheckMs,
		keepAliveTimeout: limits.clientKeepAliveMs,
		noDelay: true,
		requireHostHeader: false,
	});
	server.maxConnections = limits.clientConnections;
	const port = await bind(server, options.host, options.port);
	const door: Door = {...options, hosts: servedHosts(options.host, port)};
	server.on('request', (request, response) => receive({request, response, door}));
	server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
		// Whoever is refused shall not send its body first.
		receive({request, response, door, onLetIn: () => response.writeContinue()});
	});
	// Whatever else is expected may be left unheard (RFC 9110, 10.1.1); Node would answer 417 to anybody, and without a word.
	server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
		receive({request, response, door});
	});
	server.on('upgrade', (_request, socket) => refuseUpgrade(socket));
	server.on('connect', (_request, socket) => refuseConnect(socket));
	server.on('clientError', answerClientError);
	return {
		url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
		port,
		close: stopping => closeServer(server, stopping),
	};
};

/** The Host values that a listener answers to (SEC-02). */
export const servedHosts = (host: string, port: number): ReadonlySet<string> =>
	new Set(['127.0.0.1', 'localhost', '[::1]', host.toLowerCase()].map(name => `${name}:${port}`));

/** Binds and gives the port; used by the control listener as well. */
export const bind = (server: Server, host: string, port: number): Promise<number> =>
	new Promise((resolve, reject) => {
		server.once('error', error => {
			reject(
				codeOf(error) === 'EADDRINUSE'
					? new CommandError(exitCode.inUse, 'port-in-use', `Port ${port} on ${host} is in use.`)
					: new CommandError(
							exitCode.failed,
							'listen-failed',
							`Cannot listen on ${host}:${port}: ${messageOf(error)}.`,
						),
			);
		});
		server.listen({host, port, exclusive: true}, () => {
			const address = server.address();
			resolve(typeof address === 'object' && address ? address.port : port);
		});
	});

const closeSweepMs = 100;

/** Time for the last event of a stream that ends because the engine does. */
const lastWordMs = 200;

/** Closes a server when its connections have ended; those that are left shortly after `stopping` is cancelled are cut. */
export const closeServer = (server: Server, stopping: Cancellation): Promise<void> =>
	new Promise(resolve => {
		let timer: NodeJS.Timeout | undefined;
		const remove = stopping.onCancel(() => {
			timer = setTimeout(() => server.closeAllConnections(), lastWordMs);
		});
		// A connection whose last answer ends meanwhile would be kept alive for a minute.
		const sweep = setInterval(() => server.closeIdleConnections(), closeSweepMs);
		server.close(() => {
			remove();
			clearTimeout(timer);
			clearInterval(sweep);
			resolve();
		});
		server.closeIdleConnections();
	});

/** An open listener. */
interface Door extends ListenerOptions {
	readonly hosts: ReadonlySet<string>;
}

interface Arrival {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly door: Door;
	readonly onLetIn?: () => void;
}

const receive = ({request, response, door, onLetIn}: Arrival): void => {
	if (request.socket.writableEnded) {
		// The answer before it closed the connection: nobody would read this one's (SEC-11).
		request.resume();
		return;
	}

	const {rawHeaders, method = 'GET', url: target = '/'} = request;
	const refusal = guardRequest({method, target, rawHeaders}, door.hosts);
	if (refusal) {
		refuse(request, response, refusal);
		return;
	}

	// Claude Code asks `HEAD /` before anything else and without a token (claude-wire.md 1).
	if (method === 'HEAD' && target === '/') {
		response.writeHead(200).end();
		return;
	}

	const mark = target.indexOf('?');
	const path = mark < 0 ? target : target.slice(0, mark);
	const served = findServedPath(path);
	if (!door.isOpen && !carriesToken(rawHeaders, door.tokenHash)) {
		refuse(request, response, {
			status: 403,
			code: 'local-token',
			sentence: 'the local token is missing or old; run `codex-tui switch on`.',
		});
		return;
	}

	const wrong = served ? guardContent(request) : notFound(path);
	if (wrong || !served) {
		refuse(request, response, wrong ?? notFound(path));
		return;
	}

	inTurn(response, () => {
		onLetIn?.();
		door.serve({
			request,
			response,
			path,
			query: mark < 0 ? '' : target.slice(mark),
			target: served,
			headers: lowerCaseHeaders(rawHeaders),
			isLocalToken: value => isToken(value, door.tokenHash),
		});
	});
};

/**
 * A request that was sent before its forerunner was answered waits for that answer, which may close the connection; until then it has no socket.
 * It gets one while the answer's bytes go out, before the road has learnt who gave it: only a turn of the loop later that is known.
 */
const inTurn = (response: ServerResponse, serve: () => void): void => {
	const serveUnlessGone = (): void => {
		if (!response.destroyed) {
			serve();
		}
	};
	if (response.socket === null) {
		response.once('socket', () => setImmediate(serveUnlessGone));
	} else {
		serve();
	}
};

const notFound = (path: string): Refusal => ({
	status: 404,
	code: 'unknown-path',
	sentence: `${path.slice(0, 100)} is not served here. Paths: ${servedPaths}.`,
});

/** Only JSON may be posted: what a web form can send without asking is refused (SEC-03). */
const guardContent = (request: IncomingMessage): Refusal | undefined => {
	const method = request.method ?? '';
	if (!['GET', 'HEAD', 'POST', 'DELETE'].includes(method)) {
		return {status: 405, code: 'bad-method', sentence: 'GET, POST, DELETE and HEAD are served.'};
	}

	return method === 'POST' && !isJson(request.rawHeaders)
		? {status: 415, code: 'not-json', sentence: 'a POST needs the content type application/json.'}
		: undefined;
};

/** Answers before the body was read; the connection cannot be used any more, since the body would still come. */
const refuse = (request: IncomingMessage, response: ServerResponse, refusal: Refusal): void => {
	const isMessages = /\/messages\b/.test(request.url ?? '');
	const ending = encodeEnding(
		{kind: 'bad-request', status: refusal.status, code: refusal.code, sentence: refusal.sentence},
		{
			client: isMessages ? 'claude-code' : 'sdk',
			dialect: isMessages ? 'messages' : 'responses',
			isStreaming: false,
			headSent: false,
			hasUnary: false,
		},
	);
	if (ending.kind === 'tail') {
		response.destroy();
		return;
	}

	response.writeHead(ending.status, {...ending.headers, connection: 'close'});
	response.end(ending.body);
	request.resume();
};

const lowerCaseHeaders = (rawHeaders: readonly string[]): Record<string, string | undefined> => {
	const headers: Record<string, string | undefined> = Object.create(null);
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = (rawHeaders[index] ?? '').toLowerCase();
		const value = rawHeaders[index + 1];
		headers[name] =
			name === 'connection' && headers[name] !== undefined ? `${headers[name]},${value}` : (headers[name] ?? value);
	}

	return headers;
};
