import type {UpstreamHead} from '../attempt/sink.ts';
import {AnswerReader} from '../translate/codec/answer-reader.ts';
import {encodeWireEvents, type AnswerEvent} from '../translate/codec/ir-event.ts';
import type {Bridge, BridgeMachines} from './bridge.ts';
import type {ReplyVerdict, TrySink} from './reply.ts';

/** What a {@link BridgeSink} works with. */
export interface BridgeSinkOptions {
	/** Takes the answer in the client's dialect. */
	readonly inner: TrySink;
	readonly bridge: Bridge;
	/** The client wants a stream. */
	readonly isStreaming: boolean;
	readonly eventBytes: number;
	/** A whole answer is not kept beyond this. */
	readonly bodyBytes: number;
}

/**
 * Reads an answer in the upstream's dialect and hands it on in the client's, event by event: what stands behind it (gates, hedges, whole answers)
 * sees only the client's dialect. A whole answer becomes a stream where the client wants one, and a stream a whole answer where it does not.
 */
export class BridgeSink implements TrySink {
	readonly #options: BridgeSinkOptions;
	#machines: BridgeMachines;
	#reader: AnswerReader;
	#verdict: ReplyVerdict | undefined;
	#text = '';

	constructor(options: BridgeSinkOptions) {
		this.#options = options;
		this.#machines = options.bridge.machines();
		this.#reader = this.#newReader();
	}

	beginAttempt(): void {
		this.#machines = this.#options.bridge.machines();
		this.#reader = this.#newReader();
		this.#verdict = undefined;
		this.#text = '';
		this.#options.inner.beginAttempt();
	}

	issuedState(): readonly string[] {
		return this.#options.inner.issuedState();
	}

	hasSpoken(): boolean {
		return this.#options.inner.hasSpoken?.() ?? false;
	}

	/** The head of an answer in the client's dialect: what the upstream's own says of type and length holds for its bytes only. */
	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		const {inner, isStreaming} = this.#options;
		const {'content-length': _, ...headers} = head.headers;
		const type = isStreaming ? 'text/event-stream' : 'application/json';
		return inner.onHead({...head, headers: {...headers, 'content-type': type}});
	}

	onBytes(bytes: Buffer): ReplyVerdict | undefined {
		this.#take(this.#reader.push(bytes));
		return this.#flush();
	}

	onEnd(): ReplyVerdict {
		this.#take(this.#reader.end());
		return this.#flush() ?? this.#handOverWhole() ?? this.#options.inner.onEnd();
	}

	isBlocked(): boolean {
		return this.#options.inner.isBlocked();
	}

	onUnblocked(resume: () => void): void {
		this.#options.inner.onUnblocked(resume);
	}

	onSilence(silentMs: number): boolean {
		return this.#options.inner.onSilence(silentMs);
	}

	#newReader(): AnswerReader {
		const {eventBytes, bodyBytes} = this.#options;
		return new AnswerReader(this.#machines.decoder, {eventBytes, wholeBytes: bodyBytes});
	}

	#take(events: readonly AnswerEvent[]): void {
		for (const event of events) {
			this.#text += encodeWireEvents(this.#machines.encoder.push(event));
		}
	}

	/** The client's events of this tick in one piece. A client without a stream gets its whole answer at the end. */
	#flush(): ReplyVerdict | undefined {
		const text = this.#text;
		this.#text = '';
		if (text === '' || !this.#options.isStreaming || this.#verdict !== undefined) {
			return this.#verdict;
		}

		this.#verdict = this.#options.inner.onBytes(Buffer.from(text));
		return this.#verdict;
	}

	#handOverWhole(): ReplyVerdict | undefined {
		if (this.#options.isStreaming) {
			return undefined;
		}

		const whole = this.#machines.encoder.whole();
		return whole === undefined
			? {kind: 'garbage', message: 'its answer ended before it was complete'}
			: this.#options.inner.onBytes(Buffer.from(JSON.stringify(whole)));
	}
}
