import type {UpstreamHead} from '../attempt/sink.ts';
import {parseJsonObject} from '../wire/json-value.ts';
import {eventData, eventType, SseFramer} from '../wire/sse.ts';
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

const typeOf = (head: UpstreamHead): string => {
	const value = head.headers['content-type'];
	return (Array.isArray(value) ? value[0] : value) ?? '';
};

/**
 * Reads an answer in the upstream's dialect and hands it on in the client's, event by event: what stands behind it (gates, hedges, whole answers)
 * sees only the client's dialect. A whole answer becomes a stream where the client wants one, and a stream a whole answer where it does not.
 */
export class BridgeSink implements TrySink {
	readonly #options: BridgeSinkOptions;
	#machines: BridgeMachines;
	#framer: SseFramer;
	#isStream = false;
	#pieces: Buffer[] = [];
	#pieceBytes = 0;
	#verdict: ReplyVerdict | undefined;
	#text = '';

	constructor(options: BridgeSinkOptions) {
		this.#options = options;
		this.#machines = options.bridge.machines();
		this.#framer = this.#newFramer();
	}

	beginAttempt(): void {
		this.#machines = this.#options.bridge.machines();
		this.#framer = this.#newFramer();
		this.#pieces = [];
		this.#pieceBytes = 0;
		this.#verdict = undefined;
		this.#options.inner.beginAttempt();
	}

	issuedState(): readonly string[] {
		return this.#options.inner.issuedState();
	}

	hasSpoken(): boolean {
		return this.#options.inner.hasSpoken?.() ?? false;
	}

	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		const {inner, isStreaming} = this.#options;
		this.#isStream = /^text\/event-stream\b/i.test(typeOf(head));
		const type = isStreaming ? 'text/event-stream' : 'application/json';
		const {'content-length': _, ...headers} = head.headers;
		return inner.onHead({...head, headers: {...headers, 'content-type': type}});
	}

	onBytes(bytes: Buffer): ReplyVerdict | undefined {
		if (!this.#isStream) {
			this.#pieceBytes += bytes.length;
			if (this.#pieceBytes > this.#options.bodyBytes) {
				return {kind: 'garbage', message: 'its answer is larger than an answer can be'};
			}

			this.#pieces.push(bytes);
			return undefined;
		}

		this.#framer.push(bytes);
		return this.#flush();
	}

	onEnd(): ReplyVerdict {
		const {decoder} = this.#machines;
		if (!this.#isStream) {
			const body = parseJsonObject(Buffer.concat(this.#pieces).toString());
			this.#pieces = [];
			if (body === undefined) {
				return {kind: 'garbage', message: 'its answer is neither JSON nor an event stream'};
			}

			this.#take(decoder.pushWhole(body));
		} else {
			this.#framer.end();
		}

		this.#take(decoder.end());
		const verdict = this.#flush() ?? this.#handOverWhole();
		return verdict ?? this.#options.inner.onEnd();
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

	#newFramer(): SseFramer {
		return new SseFramer(this.#options.eventBytes, (buffer, start, end) => {
			const event = buffer.subarray(start, end);
			const data = eventData(event);
			if (data !== undefined && this.#verdict === undefined) {
				this.#take(this.#machines.decoder.push(data, eventType(event)));
			}
		});
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
