import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import type {Cancellation} from '../../base/cancellation.ts';
import {messageOf, RelayError} from '../../base/errors.ts';
import {parseJson} from '../../base/json.ts';
import type {Limits} from '../../wire/limits.ts';
import {BodyError, readBody} from '../door/accept-body.ts';
import {carriesToken, guardRequest, headerValues, isJson} from '../door/accept-guard.ts';
import {bind, closeServer, servedHosts} from '../door/accept.ts';
import {answerClientError, refuseConnect, refuseUpgrade} from '../door/raw-refusal.ts';
import {
	ControlFault,
	matchPath,
	objectBody,
	screenHeader,
	type ControlRoute,
	type ControlStream,
} from './control-route.ts';
import {listenOnSocket} from './control-socket.ts';

/* The control listener: what scripts and other screens may read and do. Guarded as the data plane is (SEC-01 to SEC-08). */

/** What the control listener serves from. */
export interface ControlOptions {
	readonly host: string;
	readonly port: number;
	/** The unix socket beside the port; undefined: none. */
	readonly socketPath: string | undefined;
	readonly limits: Limits;
	readonly tokenHash: Buffer;
	readonly isReady: () => boolean;
	readonly routes: readonly ControlRoute[];
	readonly streams: readonly ControlStream[];
	/** Whether a screen that is attached over the port may change things; one at the socket belongs to the home's owner and may. */
	readonly allowsRemoteActions: () => boolean;
	/** The unix socket could not be opened; the port serves all the same. */
	readonly onSocketFault: (sentence: string) => void;
}

/** A listening control plane. */
export interface Control {
	readonly url: string;
	readonly close: (stopping: Cancellation) => Promise<void>;
}

/** Opens the control listener. Rejects as `bind` does. */
export const listenControl = async (options: ControlOptions): Promise<Control> => {
	const {host, socketPath} = options;
	const server = newServer(options.limits);
	const port = await bind(server, host, options.port);
	const hosts = servedHosts(host, port);
	server.on('request', listenerFor({hosts, mayScreenAct: options.allowsRemoteActions}, options));
	const close = [(stopping: Cancellation) => closeServer(server, stopping)];
	if (socketPath !== undefined) {
		const local = newServer(options.limits);
		// A client of the socket has no port to name.
		local.on('request', listenerFor({hosts: new Set([...hosts, 'localhost']), mayScreenAct: () => true}, options));
		const closeSocket = await listenOnSocket(local, socketPath, options.onSocketFault);
		if (closeSocket) {
			close.push(closeSocket);
		}
	}

	return {
		url: `http://${host}:${port}`,
		close: async stopping => {
			await Promise.all(close.map(step => step(stopping)));
		},
	};
};

const newServer = (limits: Limits): ReturnType<typeof createServer> => {
	const server = createServer({
		maxHeaderSize: limits.requestHeaderBytes,
		headersTimeout: limits.requestHeaderMs,
		requestTimeout: limits.requestBodyMs,
		connectionsCheckingInterval: limits.connectionsCheckMs,
		requireHostHeader: false,
	});
	server.maxConnections = limits.clientConnections;
	server.on('upgrade', (_request, socket) => refuseUpgrade(socket));
	server.on('connect', (_request, socket) => refuseConnect(socket));
	server.on('clientError', answerClientError);
	return server;
};

/** What differs between the port and the socket. */
interface Way {
	readonly hosts: ReadonlySet<string>;
	readonly mayScreenAct: () => boolean;
}

const listenerFor =
	(way: Way, options: ControlOptions): RequestListener =>
	(request, response) => {
		answer({request, response}, way, options).catch((error: unknown) => {
			problem(response, {...faultOf(error), title: messageOf(error)});
		});
	};

const faultOf = (error: unknown): {readonly status: number; readonly code: string} => {
	if (error instanceof ControlFault || error instanceof BodyError) {
		return {status: error.status, code: error.code};
	}

	return error instanceof RelayError ? {status: 409, code: error.code} : {status: 500, code: 'internal-fault'};
};

interface Pair {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

const answer = async (
	{request, response}: Pair,
	{hosts, mayScreenAct}: Way,
	options: ControlOptions,
): Promise<void> => {
	const {method = 'GET', url: target = '/', rawHeaders} = request;
	const refusal = guardRequest({method, target, rawHeaders}, hosts);
	if (refusal) {
		throw new ControlFault(refusal.status, refusal.code, refusal.sentence);
	}

	const mark = target.indexOf('?');
	const path = mark < 0 ? target : target.slice(0, mark);
	if (path === '/livez') {
		json(response, 200, {status: 'live'});
		return;
	}

	if (!carriesToken(rawHeaders, options.tokenHash)) {
		throw new ControlFault(
			403,
			'local-token',
			'The local token is missing or wrong; it stands in the file `token` of the home.',
		);
	}

	if (path === '/readyz') {
		const isReady = options.isReady();
		json(response, isReady ? 200 : 503, {status: isReady ? 'ready' : 'starting'});
		return;
	}

	const stream = method === 'GET' ? options.streams.find(candidate => candidate.path === path) : undefined;
	if (stream) {
		stream.open(request, response);
		return;
	}

	const {route, params} = findRoute(options, method, path);
	if (route.isChange && headerValues(rawHeaders, screenHeader).length > 0 && !mayScreenAct()) {
		throw new ControlFault(
			403,
			'remote-actions-off',
			'This engine takes no changes from screens that are attached over its port; set remote_actions = true in [listen] of its config.toml.',
		);
	}

	const body = route.method === 'POST' ? await readJson(request, options.limits) : {};
	const query = new URLSearchParams(target.slice(path.length));
	json(response, 200, (await route.answer({params, query, body, mayScreenAct: mayScreenAct()})) ?? {done: true});
};

const findRoute = (
	{routes, streams}: ControlOptions,
	method: string,
	path: string,
): {readonly route: ControlRoute; readonly params: Readonly<Record<string, string>>} => {
	const wanted = method === 'HEAD' ? 'GET' : method;
	let isKnown = false;
	for (const route of routes) {
		const params = matchPath(route.path, path);
		if (params && route.method === wanted) {
			return {route, params};
		}

		isKnown ||= params !== undefined;
	}

	if (isKnown || (wanted !== 'GET' && wanted !== 'POST')) {
		throw new ControlFault(405, 'bad-method', 'GET reads, POST changes; this path does not take this method.');
	}

	const paths = new Set([
		'/livez',
		'/readyz',
		...routes.map(route => route.path),
		...streams.map(stream => stream.path),
	]);
	throw new ControlFault(404, 'unknown-path', `There is no ${path.slice(0, 100)}. Paths: ${[...paths].join(', ')}.`);
};

/** No change is larger. */
const requestBodyBytes = 64 * 1024;

const readJson = async (request: IncomingMessage, limits: Limits): Promise<Readonly<Record<string, unknown>>> => {
	// What a web form can send without asking is refused (SEC-03).
	if (!isJson(request.rawHeaders)) {
		throw new ControlFault(415, 'not-json', 'A POST needs the content type application/json.');
	}

	const bytes = await readBody(request, {...limits, requestBodyBytes});
	return objectBody(parseJson(bytes.toString('utf8')));
};

const json = (response: ServerResponse, status: number, value: unknown): void => {
	response.writeHead(status, {'content-type': 'application/json', 'cache-control': 'no-store'});
	response.end(JSON.stringify(value));
};

/** RFC 9457 problem details with a stable code. */
const problem = (
	response: ServerResponse,
	fault: {readonly status: number; readonly code: string; readonly title: string},
): void => {
	if (!response.headersSent) {
		// What is left of the body would still come.
		response.shouldKeepAlive = false;
		response.writeHead(fault.status, {'content-type': 'application/problem+json', 'cache-control': 'no-store'});
	}

	response.end(JSON.stringify({type: 'about:blank', ...fault}));
};
