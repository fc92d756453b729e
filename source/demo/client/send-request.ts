import {request} from 'node:http';
import {isObject, parseJson} from '../read-request.ts';
import type {JsonObject} from '../script.ts';

/** What came back: status 0 stands for no answer at all; `events` are those that arrived whole. */
export interface Received {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly events: readonly JsonObject[];
}

const parseEvents = (text: string): readonly JsonObject[] =>
	text
		.split(/\r?\n\r?\n/)
		// What follows the last blank line never became an event.
		.slice(0, -1)
		.map(block => parseJson(/^data: ?(?<data>.*)$/m.exec(block)?.groups?.['data'] ?? ''))
		.filter(isObject);

/**
 * Posts JSON on a connection of its own, as Codex does, and reads the answer to its end. Never rejects: a refused, cut or
 * aborted request is an answer with what had arrived until then.
 */
export const sendRequest = async (
	url: URL,
	{headers, body, signal}: {headers: Readonly<Record<string, string>>; body: JsonObject; signal: AbortSignal},
): Promise<Received> =>
	new Promise(resolve => {
		const bytes = Buffer.from(JSON.stringify(body));
		const nothing: Received = {status: 0, headers: {}, events: []};
		const options = {method: 'POST', agent: false, setDefaultHeaders: false, signal} as const;
		const all = {...headers, host: url.host, 'content-length': String(bytes.length)};
		const outgoing = request(url, {...options, headers: all}, response => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (piece: string) => (text += piece));
			// A cut is seen as `error` (nobody else listens) and then `close`; whole events before it count.
			response.on('error', () => response.destroy());
			response.on('close', () => {
				const pairs = Object.entries(response.headers).flatMap(([name, value]) =>
					typeof value === 'string' ? [[name, value] as const] : [],
				);
				resolve({status: response.statusCode ?? 0, headers: Object.fromEntries(pairs), events: parseEvents(text)});
				response.socket.destroy();
			});
		});
		outgoing.on('error', () => resolve(nothing));
		outgoing.end(bytes);
	});
