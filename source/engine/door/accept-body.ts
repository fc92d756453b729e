import type {IncomingMessage} from 'node:http';
import {createBrotliDecompress, createGunzip, createInflate, createZstdDecompress} from 'node:zlib';
import type {Transform} from 'node:stream';
import {RelayError} from '../../base/errors.ts';
import type {Limits} from '../../wire/limits.ts';

/** A body that cannot be taken; `status` is what the client gets. */
export class BodyError extends RelayError {
	override readonly name = 'BodyError';
	readonly status: 400 | 408 | 413 | 415;

	constructor(status: BodyError['status'], code: string, message: string) {
		super(code, message);
		this.status = status;
	}
}

const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
	['gzip', createGunzip],
	['x-gzip', createGunzip],
	['deflate', createInflate],
	['br', createBrotliDecompress],
	['zstd', createZstdDecompress],
	['zst', createZstdDecompress],
]);

const sizeOf = (bytes: number): string =>
	bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KiB` : `${Math.round(bytes / 1_048_576)} MiB`;

/** For a body of more than so many bytes. */
export const tooLarge = (bytes: number): BodyError =>
	new BodyError(
		413,
		'body-too-large',
		`the request body is larger than ${sizeOf(bytes)}; start a new session or shorten it.`,
	);

/**
 * The whole body, decompressed (one layer, capped in size and ratio). Rejects with {@link BodyError}, or with the socket's error when
 * the client leaves meanwhile.
 */
export const readBody = async (request: IncomingMessage, limits: Limits): Promise<Buffer> => {
	const length = Number(request.headers['content-length'] ?? 'NaN');
	if (length > limits.requestBodyBytes) {
		throw tooLarge(limits.requestBodyBytes);
	}

	const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
	const createDecoder = decoders.get(encoding);
	if (encoding !== 'identity' && !createDecoder) {
		throw new BodyError(
			415,
			'unknown-encoding',
			'the body may be plain or compressed once with zstd, gzip, br or deflate.',
		);
	}

	const plain = await collect(request, limits);
	return createDecoder ? decompress(plain, createDecoder(), limits) : plain;
};

/** Above this a stated length is not believed: the room is made as the bytes come. */
const believedBytes = 4 * 1024 * 1024;

/** Joins pieces. Where the length is stated they are copied into one buffer while the rest is still on its way. */
class Pieces {
	readonly #statedBytes: number;
	#whole: Buffer | undefined;
	#loose: Buffer[] = [];
	#size = 0;

	constructor(statedBytes: number) {
		this.#statedBytes = statedBytes <= believedBytes ? statedBytes : 0;
	}

	get size(): number {
		return this.#size;
	}

	add(piece: Buffer): void {
		// A body that came in one piece needs no copy; Node's parser lets no more bytes through than were stated.
		if (this.#size === 0 && piece.length < this.#statedBytes) {
			this.#whole = Buffer.allocUnsafeSlow(this.#statedBytes);
		}

		if (this.#whole === undefined) {
			this.#loose.push(piece);
		} else {
			piece.copy(this.#whole, this.#size);
		}

		this.#size += piece.length;
	}

	join(): Buffer {
		if (this.#whole !== undefined) {
			return this.#whole;
		}

		const [first, ...more] = this.#loose;
		return first !== undefined && more.length === 0 ? first : Buffer.concat(this.#loose);
	}
}

const collect = (request: IncomingMessage, limits: Limits): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const pieces = new Pieces(Number(request.headers['content-length'] ?? 0));
		request.on('data', (piece: Buffer) => {
			if (pieces.size + piece.length > limits.requestBodyBytes) {
				request.removeAllListeners('data');
				request.pause();
				reject(tooLarge(limits.requestBodyBytes));
				return;
			}

			pieces.add(piece);
		});
		request.once('end', () => resolve(pieces.join()));
		request.once('error', reject);
		request.once('close', () => {
			// It comes after every good request too; an error costs a stack trace.
			if (!request.readableEnded) {
				reject(new BodyError(400, 'body-incomplete', 'the connection closed before the body was complete.'));
			}
		});
	});

/** A bomb is stopped at the cap or at the ratio, whichever comes first, without holding more than that in memory (SEC-22). */
const decompress = (compressed: Buffer, decoder: Transform, limits: Limits): Promise<Buffer> =>
	new Promise((resolve, reject) => {
		const pieces: Buffer[] = [];
		let size = 0;
		decoder.on('data', (piece: Buffer) => {
			size += piece.length;
			const isBomb = size > limits.decompressionFloorBytes && size > compressed.length * limits.decompressionRatio;
			if (size > limits.requestBodyBytes || isBomb) {
				decoder.destroy();
				reject(tooLarge(limits.requestBodyBytes));
				return;
			}

			pieces.push(piece);
		});
		decoder.once('end', () => resolve(Buffer.concat(pieces, size)));
		decoder.once('error', () => {
			reject(new BodyError(400, 'body-not-decodable', 'the body does not decompress with its own content-encoding.'));
		});
		decoder.end(compressed);
	});
