import type {UpstreamHead} from '../../attempt/sink.ts';
import type {Usage} from '../../event/view.ts';
import {encodeEnding, type Ending} from './ending.ts';
import {clientHeaders} from '../headers.ts';
import type {Reply, ReplyOptions, ReplyVerdict} from './reply.ts';
import {assembleResponse, isEventStream, readAnswer} from './unary-answer.ts';
import {unpack} from '../unpack.ts';

/** Takes a whole answer before the client gets a byte of it, so that every fault can still be moved elsewhere. */
export class UnaryReply implements Reply {
	readonly #options: ReplyOptions;
	#pieces: Buffer[] = [];
	#size = 0;
	#encoding = 'identity';
	#contentType = '';
	#isAssembled = false;
	#issued: readonly string[] = [];
	#stated: Usage | undefined;

	constructor(options: ReplyOptions) {
		this.#options = options;
	}

	beginAttempt(): void {
		this.#pieces = [];
		this.#size = 0;
		this.#issued = [];
		this.#stated = undefined;
		this.#isAssembled = false;
	}

	canMove(): boolean {
		return true;
	}

	issuedState(): readonly string[] {
		return this.#issued;
	}

	statedUsage(): Usage | undefined {
		return this.#stated;
	}

	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		const {'content-type': type, 'content-encoding': encoding} = head.headers;
		this.#encoding = typeof encoding === 'string' ? encoding.trim().toLowerCase() : 'identity';
		this.#contentType = String(type ?? '');
		return /html/i.test(this.#contentType) ? {kind: 'garbage', message: 'it answered with a web page'} : undefined;
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

		const isText = call.dialect !== undefined || call.target.relative === '/models';
		const unpacked = unpack(body, {encoding: this.#encoding, isText, limits: this.#options.limits});
		if (unpacked.fault !== undefined) {
			return {kind: 'garbage', message: unpacked.fault};
		}

		if (unpacked.encoding !== undefined) {
			this.#repaired('compressed-answer', `it came compressed (${unpacked.encoding}) and was unpacked`);
		}

		return call.dialect === undefined ? {kind: 'unary', body: unpacked.body} : this.#answer(unpacked.body);
	}

	#answer(body: Buffer): ReplyVerdict {
		const isStream = this.#options.call.dialect === 'responses' && isEventStream(body, this.#contentType);
		const verdict = isStream ? assembleResponse(body) : {kind: 'unary' as const, body};
		if (verdict.kind !== 'unary') {
			this.#stated = verdict.kind === 'in-band-error' ? verdict.usage : undefined;
			return verdict;
		}

		if (isStream) {
			this.#repaired('stream-answer', 'it came as an event stream and was put together');
			this.#isAssembled = true;
		}

		const {issued, usage, model, tier} = readAnswer(verdict.body);
		this.#issued = issued;
		return {...verdict, usage, model, tier};
	}

	#repaired(code: string, text: string): void {
		this.#options.journey.translated({losses: [{code, count: 1, text}], isAnswer: true});
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
		// What the bridge said of the type holds: the head of the upstream is that of another protocol's answer.
		const type = this.#isAssembled ? 'application/json' : this.#contentType;
		const upstream = type === '' ? head.headers : {...head.headers, 'content-type': type};
		const headers = clientHeaders({upstream, requestedModel: call.model, holdsSecret});
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
