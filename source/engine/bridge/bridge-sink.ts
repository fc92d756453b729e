import type {UpstreamHead} from '../../attempt/sink.ts';
import {messageOf} from '../../base/errors.ts';
import type {Usage} from '../../event/view.ts';
import {AnswerReader} from '../../translate/codec/answer-reader.ts';
import {eventsOf, type AnswerStep, type DeltaRun} from '../../translate/codec/delta-run.ts';
import type {AnswerError, AnswerUsage, WireEvent} from '../../translate/codec/ir-event.ts';
import type {OutputItem} from '../../translate/codec/ir.ts';
import type {Loss} from '../../translate/codec/loss.ts';
import {encodeMessagesUsage} from '../../translate/codec/usage.ts';
import type {Dialect} from '../../wire/names.ts';
import {readUsage} from '../../wire/usage.ts';
import type {Bridge, BridgeMachines} from './bridge.ts';
import type {BridgedAnswer} from '../memory/stored-answer.ts';
import {BridgeOutput} from './bridge-output.ts';
import {refusedEncoding} from '../reply/refused-head.ts';
import type {ReplyVerdict, TrySink} from '../reply/reply.ts';

/** What a {@link BridgeSink} works with. */
export interface BridgeSinkOptions {
	/** Takes the answer in the client's dialect. */
	readonly inner: TrySink;
	readonly bridge: Bridge;
	/** The client wants a stream. */
	readonly isStreaming: boolean;
	/** The client's. */
	readonly dialect: Dialect | undefined;
	readonly eventBytes: number;
	/** An answer is not followed beyond this: both machines remember all of it. */
	readonly bodyBytes: number;
	/** Takes what could not be carried over, and what was found in the text. */
	readonly announce?: (losses: readonly Loss[]) => void;
}

/** A failure inside a 200 answer, as the client's own dialect would tell it: what may be asked again is asked elsewhere. */
const failedAnswer = ({code, upstreamCode = code, message}: AnswerError): ReplyVerdict => ({
	kind: 'in-band-error',
	code: upstreamCode,
	message,
	event: Buffer.from(`data: ${JSON.stringify({error: {code: upstreamCode, message}})}\n\n`),
});

/**
 * Reads an answer in the upstream's dialect and hands it on in the client's, event by event: what stands behind it (gates, hedges, whole answers)
 * sees only the client's dialect. A whole answer becomes a stream where the client wants one, and a stream a whole answer where it does not.
 */
export class BridgeSink implements TrySink {
	readonly #options: BridgeSinkOptions;
	#machines: BridgeMachines;
	#reader: AnswerReader;
	#error: AnswerError | undefined;
	/** What is to be handed over. */
	#output = new BridgeOutput();
	#bytes = 0;
	#usage: AnswerUsage | undefined;
	#items: Array<{readonly index: number; readonly item: OutputItem}> = [];
	/** The next send belongs to the same answer: the upstream is asked once more. */
	#isAskedAgain = false;

	constructor(options: BridgeSinkOptions) {
		this.#options = options;
		this.#machines = options.bridge.machines();
		this.#reader = this.#newReader();
	}

	beginAttempt(): void {
		if (this.#isAskedAgain) {
			return;
		}

		this.#machines = this.#options.bridge.machines();
		this.#reader = this.#newReader();
		this.#error = undefined;
		this.#output = new BridgeOutput();
		this.#bytes = 0;
		this.#usage = undefined;
		this.#items = [];
		this.#options.inner.beginAttempt();
	}

	/** What it has read of the last attempt's answer. */
	answer(): BridgedAnswer {
		return {
			whole: this.#machines.encoder.whole(),
			items: this.#items.toSorted((left, right) => left.index - right.index).map(({item}) => item),
		};
	}

	issuedState(): readonly string[] {
		return this.#options.inner.issuedState();
	}

	/** In the spelling of the client's dialect, as the usage of an answer that served: a Messages client's input is without the cache. */
	statedUsage(): Usage | undefined {
		const usage = this.#usage;
		return usage && this.#options.dialect === 'messages' ? readUsage(encodeMessagesUsage(usage)) : usage;
	}

	hasSpoken(): boolean {
		return this.#options.inner.hasSpoken?.() ?? true;
	}

	/** The head of an answer in the client's dialect: what the upstream's own says of type and length holds for its bytes only. */
	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		const {inner, isStreaming} = this.#options;
		if (this.#isAskedAgain) {
			return refusedEncoding(head);
		}

		const type = isStreaming ? 'text/event-stream' : 'application/json';
		const {'content-length': _, ...headers} = head.headers;
		return refusedEncoding(head) ?? inner.onHead({...head, headers: {...headers, 'content-type': type}});
	}

	onBytes(bytes: Buffer): ReplyVerdict | undefined {
		this.#bytes += bytes.length;
		if (this.#bytes > this.#options.bodyBytes) {
			return {kind: 'garbage', message: 'its answer is larger than an answer can be'};
		}

		return this.#read(reader => reader.read(bytes)) ?? this.#flush() ?? this.#paused();
	}

	onEnd(): ReplyVerdict {
		return this.#read(reader => reader.close()) ?? this.#flush() ?? this.#paused() ?? this.#end();
	}

	/** The model announced work and called nothing: the same answer could go on with another request. */
	get wantsAnother(): boolean {
		return this.#machines.recovery?.wanted !== undefined;
	}

	/** The body of the request that is to follow in the same answer; undefined where the answer is what it is. */
	askAgain(): Buffer | undefined {
		const {recovery, again} = this.#machines;
		const text = recovery?.wanted;
		if (recovery === undefined || text === undefined) {
			return undefined;
		}

		const {body, ...readers} = again(text);
		this.#isAskedAgain = true;
		this.#encode(recovery.resume());
		this.#machines = {...this.#machines, ...readers};
		this.#reader = this.#newReader();
		return body;
	}

	/** The upstream did not answer again. */
	giveUp(): ReplyVerdict {
		this.#encode(this.#machines.recovery?.giveUp() ?? []);
		return this.#flush() ?? this.#end();
	}

	/** Answers with the calls in a text that the upstream refused; undefined where it holds none, and nothing has happened. */
	answerFailed(text: string, head: UpstreamHead): ReplyVerdict | undefined {
		const events = this.#options.bridge.readFailed(text);
		if (events === undefined) {
			return undefined;
		}

		const refused = this.onHead({...head, status: 200, headers: {}});
		this.#encode(events);
		return refused ?? this.#flush() ?? this.#end();
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

	/** What the machines cannot bear is the upstream's fault, and no failure of its connection. */
	#read(step: (reader: AnswerReader) => readonly AnswerStep[]): ReplyVerdict | undefined {
		try {
			this.#encode(this.#staged(step(this.#reader)));
		} catch (error) {
			return {kind: 'garbage', message: `its answer cannot be translated: ${messageOf(error)}`};
		}

		return undefined;
	}

	#staged(steps: readonly AnswerStep[]): readonly AnswerStep[] {
		const {filter, recovery} = this.#machines;
		if (filter === undefined && recovery === undefined) {
			return steps;
		}

		const events = steps.flatMap(eventsOf);
		const filtered = filter === undefined ? events : events.flatMap(event => filter.push(event));
		return recovery === undefined ? filtered : filtered.flatMap(event => recovery.push(event));
	}

	#encode(steps: readonly AnswerStep[]): void {
		let losses: Loss[] | undefined;
		for (const event of steps) {
			if (event.type === 'delta-run') {
				this.#encodeRun(event);
				continue;
			}

			if (event.type === 'error') {
				this.#error ??= event.error;
			} else if (event.type === 'usage') {
				this.#usage = event.usage;
			} else if (event.type === 'loss') {
				losses ??= [];
				losses.push(event.loss);
			} else if (event.type === 'item-close') {
				this.#items.push(event);
			}

			this.#write(this.#machines.encoder.push(event));
		}

		if (losses) {
			this.#options.announce?.(losses);
		}
	}

	#encodeRun(run: DeltaRun): void {
		const events = this.#machines.encoder.pushRun?.(run);
		if (events === undefined) {
			this.#encode(eventsOf(run));
		} else {
			this.#output.add(events);
		}
	}

	#write(events: readonly WireEvent[]): void {
		for (let index = 0; index < events.length; index += 1) {
			const event = events[index];
			if (event !== undefined) {
				this.#output.add(event);
			}
		}
	}

	/** The answer waits for more of the same upstream; what it is called meanwhile is nobody's business. */
	#paused(): ReplyVerdict | undefined {
		return this.#machines.recovery?.wanted === undefined ? undefined : {kind: 'cut'};
	}

	#end(): ReplyVerdict {
		return this.#handOverWhole() ?? this.#options.inner.onEnd();
	}

	/** The client's events of this tick in one piece. A client without a stream gets its whole answer at the end. */
	#flush(): ReplyVerdict | undefined {
		if (!this.#options.isStreaming) {
			this.#output.forget();
			return this.#error && failedAnswer(this.#error);
		}

		const {bytes, known} = this.#output.take();
		return bytes.length === 0 ? undefined : this.#options.inner.onBytes(bytes, known);
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
