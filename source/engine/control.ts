import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {messageOf, RelayError} from '../base/errors.ts';
import {isRecord, parseJson} from '../base/json.ts';
import type {EngineAction} from '../event/protocol.ts';
import type {Limits} from '../wire/limits.ts';
import type {Service} from '../wire/names.ts';
import {readBody} from './accept-body.ts';
import {findToken, guardRequest, type GuardOptions} from './accept-guard.ts';
import {bind, closeServer, servedHosts} from './accept.ts';

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
	readonly close: () => Promise<void>;
}

/** Opens the control listener. Rejects as `bind` does. */
export const listenControl = async (options: ControlOptions): Promise<Control> => {
	const {host, limits} = options;
	const server = createServer({
		maxHeaderSize: limits.requestHeaderBytes,
		headersTimeout: limits.requestHeaderMs,
		requestTimeout: limits.requestBodyMs,
		requireHostHeader: false,
	});
	const port = await bind(server, host, options.port);
	const guard: GuardOptions = {hosts: servedHosts(host, port), tokenHash: options.tokenHash};
	server.on('request', (request, response) => {
		answer({request, response}, guard, options).catch((error: unknown) => {
			problem(response, {status: 500, code: 'internal-fault', title: messageOf(error)});
		});
	});
	return {url: `http://${host}:${port}`, close: () => closeServer(server, 0)};
};

interface Pair {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

const answer = async ({request, response}: Pair, guard: GuardOptions, options: ControlOptions): Promise<void> => {
	const {method = 'GET', url: target = '/', rawHeaders} = request;
	const refusal = guardRequest({method, target, rawHeaders}, guard);
	if (refusal) {
		problem(response, {status: refusal.status, code: refusal.code, title: refusal.sentence});
		return;
	}

	const path = target.split('?')[0] ?? '/';
	if (path === '/livez') {
		json(response, 200, {status: 'live'});
		return;
	}

	if (!findToken(rawHeaders, options.tokenHash)) {
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

	await (method === 'POST' ? post({request, response}, path, options) : page(response, path, options));
};

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
	const body = parseJson((await readBody(request, limits)).toString('utf8'));
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
		response.writeHead(fault.status, {'content-type': 'application/problem+json', 'cache-control': 'no-store'});
	}

	response.end(JSON.stringify({type: 'about:blank', ...fault}));
};
