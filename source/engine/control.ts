import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {Cancellation} from '../base/cancellation.ts';
import {messageOf, RelayError} from '../base/errors.ts';
import {isRecord, parseJson} from '../base/json.ts';
import type {EngineAction} from '../event/protocol.ts';
import type {Limits} from '../wire/limits.ts';
import type {Service} from '../wire/names.ts';
import {BodyError, readBody} from './accept-body.ts';
import {carriesToken, guardRequest, isJson} from './accept-guard.ts';
import {bind, closeServer, servedHosts} from './accept.ts';
import {answerClientError, refuseConnect, refuseUpgrade} from './raw-refusal.ts';

/* The control listener: what scripts and other screens may read and do. Guarded as the data plane is (SEC-01 to SEC-08). */

/** What the control listener serves from. */
export interface ControlOptions {
	readonly host: string;
	readonly port: number;
	readonly limits: Limits;
	readonly tokenHash: Buffer;
	readonly isReady: () => boolean;
	/** Plain data for each readable path. */
	readonly pages: Readonly<Record<string, () => unknown>>;
	/** Throws RelayError where the action cannot be done. */
	readonly act: (action: EngineAction) => Promise<void>;
}

/** A listening control plane. */
export interface Control {
	readonly url: string;
	readonly close: (stopping: Cancellation) => Promise<void>;
}

/** Opens the control listener. Rejects as `bind` does. */
export const listenControl = async (options: ControlOptions): Promise<Control> => {
	const {host, limits} = options;
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
	const port = await bind(server, host, options.port);
	const hosts = servedHosts(host, port);
	server.on('request', (request, response) => {
		answer({request, response}, hosts, options).catch((error: unknown) => {
			const {status, code} = error instanceof BodyError ? error : {status: 500, code: 'internal-fault'};
			problem(response, {status, code, title: messageOf(error)});
		});
	});
	return {url: `http://${host}:${port}`, close: stopping => closeServer(server, stopping)};
};

interface Pair {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

const answer = async (
	{request, response}: Pair,
	hosts: ReadonlySet<string>,
	options: ControlOptions,
): Promise<void> => {
	const {method = 'GET', url: target = '/', rawHeaders} = request;
	const refusal = guardRequest({method, target, rawHeaders}, hosts);
	if (refusal) {
		problem(response, {status: refusal.status, code: refusal.code, title: refusal.sentence});
		return;
	}

	const path = target.split('?')[0] ?? '/';
	if (path === '/livez') {
		json(response, 200, {status: 'live'});
		return;
	}

	if (!carriesToken(rawHeaders, options.tokenHash)) {
		problem(response, {
			status: 403,
			code: 'local-token',
			title: 'The local token is missing or wrong; it stands in the file `token` of the home.',
		});
		return;
	}

	if (path === '/readyz') {
		const isReady = options.isReady();
		json(response, isReady ? 200 : 503, {status: isReady ? 'ready' : 'starting'});
		return;
	}

	if (method === 'POST') {
		await post({request, response}, path, options);
	} else if (method === 'GET' || method === 'HEAD') {
		page(response, path, options);
	} else {
		problem(response, {status: 405, code: 'bad-method', title: 'GET reads, POST changes.'});
	}
};

/** No action is larger. */
const requestBodyBytes = 64 * 1024;

const page = (response: ServerResponse, path: string, {pages}: ControlOptions): void => {
	const read = Object.hasOwn(pages, path) ? pages[path] : undefined;
	if (read) {
		json(response, 200, read());
	} else {
		problem(response, {
			status: 404,
			code: 'unknown-path',
			title: `There is no ${path}. Paths: /livez, /readyz, ${Object.keys(pages).join(', ')}.`,
		});
	}
};

const post = async ({request, response}: Pair, path: string, {limits, act}: ControlOptions): Promise<void> => {
	// What a web form can send without asking is refused (SEC-03).
	if (!isJson(request.rawHeaders)) {
		problem(response, {status: 415, code: 'not-json', title: 'A POST needs the content type application/json.'});
		return;
	}

	const body = parseJson((await readBody(request, {...limits, requestBodyBytes})).toString('utf8'));
	const action =
		path === '/api/v1/reload'
			? ({type: 'reload-config'} as const)
			: path === '/api/v1/pin'
				? pinAction(body)
				: undefined;
	if (!action) {
		problem(response, {
			status: path === '/api/v1/pin' ? 400 : 404,
			code: path === '/api/v1/pin' ? 'bad-pin' : 'unknown-path',
			title:
				'POST /api/v1/reload, or /api/v1/pin with {"service":"codex","endpoint":"codex/NAME/default","mode":"only"|"prefer"} ("endpoint":null unpins).',
		});
		return;
	}

	try {
		await act(action);
		json(response, 200, {done: true});
	} catch (error) {
		problem(response, {
			status: 409,
			code: error instanceof RelayError ? error.code : 'failed',
			title: messageOf(error),
		});
	}
};

const pinAction = (body: unknown): EngineAction | undefined => {
	if (!isRecord(body)) {
		return undefined;
	}

	const service: Service = body['service'] === 'claude' ? 'claude' : 'codex';
	if (body['endpoint'] === null) {
		return {type: 'unpin', service};
	}

	return typeof body['endpoint'] === 'string'
		? {type: 'pin', service, endpointKey: body['endpoint'], mode: body['mode'] === 'prefer' ? 'prefer' : 'only'}
		: undefined;
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
