import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import {CommandError, codeOf, exitCode, messageOf} from '../base/errors.ts';
import {findServedPath, servedPaths, type ServedPath} from '../identify/paths.ts';
import type {Limits} from '../wire/limits.ts';
import {findToken, guardRequest, headerValues, type GuardOptions, type Refusal} from './accept-guard.ts';
import {encodeEnding} from './ending.ts';

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
	/** Headers in lower case; of a repeated one the first. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** The header that carried the local token: its value goes nowhere else. */
	readonly tokenHeader: string | undefined;
}

/** What a listener needs; `serve` must not throw. */
export interface ListenerOptions {
	readonly host: string;
	readonly port: number;
	readonly limits: Limits;
	readonly tokenHash: Buffer | undefined;
	readonly serve: (exchange: Exchange) => void;
}

/** A listening data plane. */
export interface Listener {
	/** Origin without a path. */
	readonly url: string;
	readonly port: number;
	/** Takes no new connection; resolves when the running ones have ended or `graceMs` is over, then cuts the rest. */
	readonly close: (graceMs: number) => Promise<void>;
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
	const guard: GuardOptions = {hosts: servedHosts(options.host, port), tokenHash: options.tokenHash};
	server.on('request', (request, response) => receive({request, response, guard, serve: options.serve}));
	server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
		response.writeContinue();
		receive({request, response, guard, serve: options.serve});
	});
	server.on('upgrade', (_request, socket) => refuseUpgrade(socket));
	server.on('connect', (_request, socket) => socket.destroy());
	server.on('clientError', answerClientError);
	return {
		url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
		port,
		close: graceMs => closeServer(server, graceMs),
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

/** Closes a server after at most `graceMs`. */
export const closeServer = (server: Server, graceMs: number): Promise<void> =>
	new Promise(resolve => {
		const timer = setTimeout(() => server.closeAllConnections(), graceMs);
		server.close(() => {
			clearTimeout(timer);
			resolve();
		});
		server.closeIdleConnections();
	});

interface Arrival {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly guard: GuardOptions;
	readonly serve: (exchange: Exchange) => void;
}

const receive = ({request, response, guard, serve}: Arrival): void => {
	const {rawHeaders, method = 'GET', url: target = '/'} = request;
	const refusal = guardRequest({method, target, rawHeaders}, guard);
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
	const tokenHeader = guard.tokenHash ? findToken(rawHeaders, guard.tokenHash) : undefined;
	if (guard.tokenHash && tokenHeader === undefined) {
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

	serve({
		request,
		response,
		path,
		query: mark < 0 ? '' : target.slice(mark),
		target: served,
		headers: lowerCaseHeaders(rawHeaders),
		tokenHeader,
	});
};

const notFound = (path: string): Refusal => ({
	status: 404,
	code: 'unknown-path',
	sentence: `${path.slice(0, 100)} is not served here. Paths: ${servedPaths}.`,
});

/** Only JSON may be posted: what a web form can send without asking is refused (SEC-03). */
const guardContent = (request: IncomingMessage): Refusal | undefined => {
	const type = headerValues(request.rawHeaders, 'content-type')[0] ?? '';
	const method = request.method ?? '';
	if (!['GET', 'HEAD', 'POST', 'DELETE'].includes(method)) {
		return {status: 405, code: 'bad-method', sentence: 'GET, POST, DELETE and HEAD are served.'};
	}

	return method === 'POST' && !/^application\/json\b/i.test(type)
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
		headers[name] ??= rawHeaders[index + 1];
	}

	return headers;
};

/** Codex falls back to plain HTTP at once when an upgrade is answered with 426 (codex-wire.md 3). */
const refuseUpgrade = (socket: {readonly end: (text: string) => unknown}): void => {
	socket.end('HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
};

/** What the parser refused (SEC-11): answered in the field's usual way, then the socket goes. */
const answerClientError = (error: Error, socket: Socket): void => {
	const code = codeOf(error);
	if (socket.writable && code !== 'ECONNRESET') {
		const status =
			code === 'HPE_HEADER_OVERFLOW'
				? '431 Request Header Fields Too Large'
				: code === 'ERR_HTTP_REQUEST_TIMEOUT'
					? '408 Request Timeout'
					: '400 Bad Request';
		socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
	}

	socket.destroy();
};
