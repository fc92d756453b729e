import {request as httpRequest, type IncomingMessage} from 'node:http';
import {messageOf, RelayError} from '../../base/errors.ts';
import {SseFramer} from '../../wire/sse-framer.ts';
import {eventData} from '../../wire/sse.ts';
import {screenHeader} from './control-route.ts';

/* The other end of the control listener: how a command or an attached screen asks a running engine, over its port or its unix socket. */

/** Where an engine is asked. */
export interface ControlTarget {
	/** The origin, for example `http://127.0.0.1:4211`; the socket serves its paths. */
	readonly url: string;
	/** The unix socket in the home, in place of the port. */
	readonly socketPath?: string | undefined;
	/** The home's token. It goes into a header and nowhere else. */
	readonly token: string;
	/** An attached screen asks, which needs a permission to change anything over the port. */
	readonly isScreen?: boolean | undefined;
}

/** One question. */
export interface ControlQuestion {
	readonly method: 'GET' | 'POST';
	readonly path: string;
	/** Becomes JSON. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>> | undefined;
	readonly signal: AbortSignal;
}

/** More than any answer of an engine: a snapshot with all that it keeps is a tenth of it. */
const answerBytes = 64 * 1024 * 1024;

/** An engine that is asked for its state has it in memory. */
const headMs = 10_000;

const dial = (target: ControlTarget, question: ControlQuestion): Promise<IncomingMessage> =>
	new Promise((resolve, reject) => {
		const {url, socketPath, token, isScreen} = target;
		const {method, path, body, headers, signal} = question;
		const {hostname, port} = new URL(url);
		const request = httpRequest({
			...(socketPath === undefined ? {host: hostname.replace(/^\[|\]$/g, ''), port} : {socketPath}),
			...{method, path, signal, agent: false, timeout: headMs},
			headers: {
				host: socketPath === undefined ? `${hostname}:${port}` : 'localhost',
				authorization: `Bearer ${token}`,
				'content-type': 'application/json',
				...(isScreen === true && {[screenHeader]: 'attached'}),
				...headers,
			},
		});
		request.once('response', resolve);
		request.once('timeout', () => request.destroy(new Error(`no answer within ${headMs / 1000} s`)));
		request.on('error', reject);
		request.end(body === undefined ? undefined : JSON.stringify(body));
	});

/** The status and the whole text of an answer. Rejects with the system's error where nobody answers. */
export const askControl = async (
	target: ControlTarget,
	question: ControlQuestion,
): Promise<{readonly status: number; readonly text: string}> => {
	const response = await dial(target, question);
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const piece of response) {
		const piecedBytes = Buffer.from(piece);
		bytes += piecedBytes.length;
		if (bytes > answerBytes) {
			response.destroy();
			throw new RelayError('engine-answer', 'The answer is larger than any that an engine gives.');
		}

		pieces.push(piecedBytes);
	}

	return {status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8')};
};

/** One message of the stream of events; `id` is empty where it has none. */
export interface HeardEvent {
	readonly id: string;
	readonly data: string;
}

/** An open stream of events. */
export interface OpenEvents {
	/** Settles when it has ended, in whichever way. */
	readonly ended: Promise<void>;
}

/** The engine says something every 15 s; silence beyond this is a connection that is gone. */
const silenceMs = 45_000;
const eventBytes = 8 * 1024 * 1024;

/** The stream of events from now on, or from behind `lastId`. Rejects where it cannot be opened. */
export const listenToControl = async (
	target: ControlTarget,
	{
		lastId,
		signal,
		onEvent,
	}: {
		readonly lastId: string | undefined;
		readonly signal: AbortSignal;
		readonly onEvent: (event: HeardEvent) => void;
	},
): Promise<OpenEvents> => {
	const response = await dial(target, {
		...{method: 'GET', path: '/api/v1/events', signal},
		headers: {accept: 'text/event-stream', ...(lastId !== undefined && {'last-event-id': lastId})},
	});
	if (response.statusCode !== 200) {
		response.destroy();
		throw new RelayError('engine-refused', `The engine answered ${response.statusCode} to the stream of events.`);
	}

	const framer = new SseFramer(eventBytes, (bytes, start, end) => {
		const event = bytes.subarray(start, end);
		const data = eventData(event);
		if (data !== undefined) {
			onEvent({id: /^id: ?(.*)$/m.exec(event.toString('utf8', 0, 100))?.[1] ?? '', data});
		}
	});
	response.setTimeout(silenceMs, () => response.destroy());
	const {promise: ended, resolve} = Promise.withResolvers<void>();
	response.on('data', (piece: Buffer) => {
		try {
			framer.push(piece);
		} catch (error) {
			// No event of an engine is that large; the stream ends, and is opened anew by whoever needs it.
			response.destroy(new RelayError('engine-answer', messageOf(error), {cause: error}));
		}
	});
	// A connection that breaks tells so by an error first; what follows is the same as for one that ends.
	response.on('error', () => resolve());
	response.once('close', () => resolve());
	return {ended};
};
