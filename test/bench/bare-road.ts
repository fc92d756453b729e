import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {Pool, type Dispatcher} from 'undici';
import {joinPieces} from '../../source/attempt/join-pieces.ts';
import {announceServer} from './child-side.ts';

/*
 * The floor of our own road: performance.md 4 without any feature. The body in one buffer, `dispatch` with a hand-written handler, one write
 * per tick; nothing is read, chosen, counted or written down. Whatever a goal asks below it, Node's own HTTP does not give. Argument: the
 * port of the upstream.
 */

const upstream = new Pool(`http://127.0.0.1:${process.argv[2]}`, {bodyTimeout: 0, headersTimeout: 0});

class Answer implements Dispatcher.DispatchHandler {
	readonly #response: ServerResponse;
	#pieces: Buffer[] = [];

	constructor(response: ServerResponse) {
		this.#response = response;
	}

	onRequestStart(): void {}

	onResponseStart(
		_controller: Dispatcher.DispatchController,
		status: number,
		headers: NodeJS.Dict<string | string[]>,
	): void {
		const {connection: _, 'transfer-encoding': _framing, ...kept} = headers;
		this.#response.writeHead(status, kept);
	}

	onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
		if (this.#pieces.length === 0) {
			process.nextTick(() => this.#flush());
		}

		this.#pieces.push(piece);
	}

	onResponseEnd(): void {
		this.#flush();
		this.#response.end();
	}

	onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
		this.#response.destroy(error);
	}

	#flush(): void {
		const pieces = this.#pieces;
		this.#pieces = [];
		if (pieces.length > 0) {
			this.#response.write(joinPieces(pieces));
		}
	}
}

const forward = (request: IncomingMessage, response: ServerResponse): void => {
	const pieces: Buffer[] = [];
	request.on('data', (piece: Buffer) => pieces.push(piece));
	request.on('end', () => {
		const {connection: _, ...headers} = request.headers;
		upstream.dispatch(
			{path: request.url ?? '/', method: 'POST', headers, body: Buffer.concat(pieces)},
			new Answer(response),
		);
	});
};

announceServer(createServer(forward));
