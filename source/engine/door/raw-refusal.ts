import type {Duplex} from 'node:stream';
import {codeOf} from '../../base/errors.ts';

/* Answers of both listeners where there is no response object: an upgrade, CONNECT, bytes that the parser refused. */

interface Refused {
	readonly status: string;
	readonly sentence: string;
}

const answerOf = ({status, sentence}: Refused): string => {
	const body = `codex-tui: ${sentence}\n`;
	return `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
};

/** Codex falls back to plain HTTP at once when an upgrade is answered with 426 (codex-wire.md 3). */
export const refuseUpgrade = (socket: Duplex): void =>
	endWith(socket, {status: '426 Upgrade Required', sentence: 'WebSockets are not served; use plain HTTP.'});

/** This is no proxy for other hosts (SEC-08). */
export const refuseConnect = (socket: Duplex): void =>
	endWith(socket, {status: '405 Method Not Allowed', sentence: 'CONNECT is not served.'});

/** Node takes its own listeners off a socket that it hands over: without one here a reset would end the engine. */
const endWith = (socket: Duplex, refused: Refused): void => {
	socket.on('error', () => socket.destroy());
	socket.end(answerOf(refused), () => socket.destroy());
};

const notHttp = {status: '400 Bad Request', sentence: 'this is not a well-formed HTTP request.'};

const byCode: ReadonlyMap<string | undefined, Refused> = new Map([
	[
		'HPE_HEADER_OVERFLOW',
		{status: '431 Request Header Fields Too Large', sentence: "the request's headers are too large."},
	],
	['ERR_HTTP_REQUEST_TIMEOUT', {status: '408 Request Timeout', sentence: 'the request took too long to come.'}],
]);

/** What the parser refused (SEC-11): answered in the field's usual way, then the socket goes. */
export const answerClientError = (error: Error, socket: Duplex): void => {
	const code = codeOf(error);
	if (socket.writable && code !== 'ECONNRESET') {
		socket.write(answerOf(byCode.get(code) ?? notHttp));
	}

	socket.destroy();
};
