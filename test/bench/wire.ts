import {connect, type Socket} from 'node:net';
import {RelayError} from '../../source/base/errors.ts';
import {codexHeaders} from './codex-request.ts';
import type {Address} from './messages.ts';
import {stampDigits, stampMark} from './stream.ts';

const bodyEnd = Buffer.from('\r\n0\r\n\r\n');
const headEnd = Buffer.from('\r\n\r\n');

/** CLOCK_MONOTONIC in microseconds, the clock of the mock's stamps. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** The bytes of one request to an address. */
export const encodeRequest = (address: Address, body: Buffer): Buffer => {
	const headers = {
		...codexHeaders,
		host: `127.0.0.1:${address.port}`,
		'content-length': `${body.length}`,
		...address.headers,
	};
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.concat([Buffer.from(`POST ${address.path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
};

/** The delays of all stamps in a text, given the time at which it was read; `rest` may hold the start of the next stamp. */
export const readStamps = (
	text: string,
	readAtUs: number,
): {readonly delaysUs: readonly number[]; readonly rest: string} => {
	const delaysUs: number[] = [];
	let position = 0;
	for (let at = text.indexOf(stampMark); at !== -1; at = text.indexOf(stampMark, position)) {
		const digits = text.slice(at + stampMark.length, at + stampMark.length + stampDigits);
		if (digits.length < stampDigits) {
			return {delaysUs, rest: text.slice(at)};
		}

		delaysUs.push(readAtUs - Number(digits));
		position = at + stampMark.length + stampDigits;
	}

	return {delaysUs, rest: text.endsWith(stampMark.slice(0, 1)) ? text.slice(-1) : ''};
};

/** A chunked body as its text; throws RangeError where a chunk's size is wrong. */
export const decodeChunks = (body: string): string => {
	let text = '';
	for (let at = 0; ;) {
		const lineEnd = body.indexOf('\r\n', at);
		const size = Number.parseInt(body.slice(at, lineEnd), 16);
		if (lineEnd === -1 || Number.isNaN(size) || body.slice(lineEnd + 2 + size, lineEnd + 4 + size) !== '\r\n') {
			throw new RangeError(`The chunk at byte ${at} has no right size.`);
		}

		if (size === 0) {
			return text;
		}

		text += body.slice(lineEnd + 2, lineEnd + 2 + size);
		at = lineEnd + 4 + size;
	}
};

/** What a connection notes while an answer comes in. */
export interface Notes {
	/** Called with each piece as it was read, head and chunk sizes included. */
	readonly onData?: (data: Buffer) => void;
	/** Called once, when the first byte of the body is there. */
	readonly onFirstByte?: () => void;
}

/**
 * One keep-alive HTTP/1.1 connection by hand, for one exchange at a time. It knows the end of a chunked body only by its
 * last bytes, which is safe here: the text of an event stream never holds CRLF.
 */
export class Wire {
	readonly #socket: Socket;
	#notes: Notes = {};
	#tail: Buffer = Buffer.alloc(0);
	#isInBody = false;
	#settle: {readonly resolve: (bytes: number) => void; readonly reject: (error: Error) => void} | undefined;
	#bytes = 0;

	constructor(port: number) {
		this.#socket = connect({port, host: '127.0.0.1', noDelay: true});
		this.#socket.on('data', (data: Buffer) => {
			this.#read(data);
		});
		this.#socket.on('error', error => {
			this.#fail(error);
		});
		this.#socket.on('close', () => {
			this.#fail(new RelayError('stream-cut', 'The target closed the connection before the end of its answer.'));
		});
	}

	/** Sends a request and resolves with the size of the answer when it is complete. Throws on a cut and on any status but 200. */
	async exchange(request: Buffer, notes: Notes): Promise<number> {
		this.#notes = notes;
		this.#isInBody = false;
		this.#bytes = 0;
		this.#tail = Buffer.alloc(0);
		return new Promise((resolve, reject) => {
			this.#settle = {resolve, reject};
			this.#socket.write(request);
		});
	}

	close(): void {
		this.#settle = undefined;
		this.#socket.destroy();
	}

	#fail(error: Error): void {
		this.#settle?.reject(error);
		this.#settle = undefined;
	}

	#read(data: Buffer): void {
		this.#bytes += data.length;
		this.#notes.onData?.(data);
		if (!this.#isInBody) {
			const seen = this.#tail.length === 0 ? data : Buffer.concat([this.#tail, data]);
			this.#readHead(seen);
			this.#tail = this.#isInBody ? seen.subarray(-bodyEnd.length) : seen;
		} else if (data.length >= bodyEnd.length) {
			this.#tail = data.subarray(-bodyEnd.length);
		} else {
			this.#tail = Buffer.concat([this.#tail, data]).subarray(-bodyEnd.length);
		}

		if (this.#isInBody && this.#tail.equals(bodyEnd)) {
			this.#settle?.resolve(this.#bytes);
			this.#settle = undefined;
		}
	}

	#readHead(seen: Buffer): void {
		const end = seen.indexOf(headEnd);
		if (end === -1 || seen.length === end + headEnd.length) {
			return;
		}

		if (!seen.toString('latin1', 0, 12).endsWith(' 200')) {
			this.#fail(new RelayError('wrong-status', `The target answered: ${seen.toString('utf8', 0, 600)}`));
			return;
		}

		this.#isInBody = true;
		this.#notes.onFirstByte?.();
	}
}
