import {brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync} from 'node:zlib';
import type {UpstreamHead} from '../attempt/sink.ts';
import {encodeEnding, type Ending} from './ending.ts';
import {clientHeaders} from './headers.ts';
import type {Reply, ReplyOptions, ReplyVerdict} from './reply.ts';

type Decode = (bytes: Buffer, options: {readonly maxOutputLength: number}) => Buffer;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
	['gzip', gunzipSync],
	['deflate', inflateSync],
	['br', brotliDecompressSync],
	['zstd', zstdDecompressSync],
]);

/** Takes a whole answer before the client gets a byte of it, so that every fault can still be moved elsewhere. */
export class UnaryReply implements Reply {
	readonly #options: ReplyOptions;
	#pieces: Buffer[] = [];
	#size = 0;
	#encoding = 'identity';

	constructor(options: ReplyOptions) {
		this.#options = options;
	}

	beginAttempt(): void {
		this.#pieces = [];
		this.#size = 0;
	}

	canMove(): boolean {
		return true;
	}

	issuedState(): readonly string[] {
		return [];
	}

	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		const {'content-type': type, 'content-encoding': encoding} = head.headers;
		this.#encoding = typeof encoding === 'string' ? encoding.toLowerCase() : 'identity';
		return /html/i.test(String(type ?? '')) ? {kind: 'garbage', message: 'it answered with a web page'} : undefined;
	}

	onBytes(bytes: Buffer): ReplyVerdict | undefined {
		this.#pieces.push(bytes);
		this.#size += bytes.length;
		return this.#size > this.#options.limits.unaryBodyBytes
			? {
					kind: 'garbage',
					message: `its answer is larger than ${Math.round(this.#options.limits.unaryBodyBytes / 1048576)} MiB`,
				}
			: undefined;
	}

	onEnd(): ReplyVerdict {
		const body = Buffer.concat(this.#pieces, this.#size);
		const {call} = this.#options;
		if (body.length === 0 && call.dialect !== undefined && call.method === 'POST') {
			return {kind: 'garbage', message: 'it answered without a body'};
		}

		if (this.#encoding === 'identity') {
			return {kind: 'unary', body};
		}

		try {
			const decode = decoders.get(this.#encoding);
			return decode
				? {kind: 'unary', body: decode(body, {maxOutputLength: this.#options.limits.unaryBodyBytes})}
				: {kind: 'garbage', message: `it compressed its answer with ${this.#encoding}`};
		} catch {
			// A lie about the encoding is the upstream's fault; the verdict carries it to the trace and the next candidate.
			return {kind: 'garbage', message: `its answer does not decompress as ${this.#encoding}`};
		}
	}

	isBlocked(): boolean {
		return false;
	}

	onUnblocked(resume: () => void): void {
		resume();
	}

	onSilence(silentMs: number): boolean {
		return silentMs <= this.#options.limits.idleSdkMs;
	}

	finish(verdict: ReplyVerdict, head: UpstreamHead): void {
		const {exchange, call, journey, capture, holdsSecret} = this.#options;
		const body = verdict.kind === 'unary' ? verdict.body : Buffer.alloc(0);
		const headers = clientHeaders({upstream: head.headers, requestedModel: call.model, holdsSecret});
		// 204 and the like have no body and must not claim one.
		exchange.response.writeHead(head.status, body.length > 0 ? {...headers, 'content-length': body.length} : headers);
		journey.replyStarted();
		capture.reply(journey.requestId, body, journey.attempts);
		exchange.response.end(exchange.request.method === 'HEAD' ? undefined : body);
		journey.progressed(0, body.length);
	}

	fail(ending: Ending): number {
		const {exchange, call} = this.#options;
		const encoded = encodeEnding(ending, {
			client: call.client,
			dialect: call.dialect,
			isStreaming: false,
			headSent: false,
			hasUnary: true,
		});
		if (encoded.kind === 'tail') {
			exchange.response.destroy();
			return 500;
		}

		exchange.response.writeHead(encoded.status, {...encoded.headers, connection: 'close'});
		exchange.response.end(encoded.body);
		return encoded.status;
	}
}
