import type {Dispatcher} from 'undici';
import type {Cancellation} from '../base/cancellation.ts';
import type {AttemptPhase} from '../event/catalogue.ts';
import {joinPieces} from './join-pieces.ts';
import type {Pools} from './pools.ts';
import type {AttemptResult, AttemptSink, UpstreamHead, UpstreamRequest} from './sink.ts';
import type {Ticker} from './ticker.ts';
import {transportFailure} from './transport-failure.ts';

/*
 * One send to one candidate. It owns the upstream's side of the wire: the dispatch, its clocks, back-pressure, the abort.
 * It knows nothing of dialects: whole reads go to a sink, which says when the answer is over.
 */

/** What an attempt needs around it. */
export interface AttemptOptions<Verdict> {
	readonly pools: Pools;
	readonly ticker: Ticker;
	readonly request: UpstreamRequest;
	readonly sink: AttemptSink<Verdict>;
	readonly cancellation: Cancellation;
	/** Milliseconds from the dispatch until the answer has begun: its first event, or the first byte of what is no stream. */
	readonly firstByteMs: number;
	/** How long this upstream may be silent in its answer; where it is not given, the sink knows. */
	readonly idleMs?: number | undefined;
	/** How often its clocks are looked at; every tick where it is not given. */
	readonly watchMs?: number | undefined;
	readonly errorBodyReadBytes: number;
	/** How long the body of an error may take, from its head; then what has come is all. */
	readonly errorBodyMs: number;
	/** Use a connection of its own (the repeat after a reset on a kept socket). */
	readonly isFresh: boolean;
	readonly monotonic: () => number;
}

/** Sends once and follows the answer to its end. Never rejects: every fault is a result. */
export const runAttempt = <Verdict>(options: AttemptOptions<Verdict>): Promise<AttemptResult<Verdict>> =>
	new Promise(resolve => {
		new RunningAttempt(options, resolve).start();
	});

/** How long an upstream may take to end its body behind the terminal event before its connection is dropped (REL-11). */
const endGraceMs = 50;

class RunningAttempt<Verdict> implements Dispatcher.DispatchHandler {
	readonly #options: AttemptOptions<Verdict>;
	readonly #resolve: (result: AttemptResult<Verdict>) => void;
	readonly #startedMs: number;
	#lastByteMs: number;
	#headAtMs = 0;
	#controller: Dispatcher.DispatchController | undefined;
	#head: UpstreamHead | undefined;
	#phase: AttemptPhase = 'connect';
	#isSettled = false;
	#isError = false;
	#hasBytes = false;
	#hasBegun = false;
	#pieces: Buffer[] = [];
	#pieceBytes = 0;
	#isFlushScheduled = false;
	#hasEnded = false;
	#removeWatch: (() => void) | undefined;
	#removeCancel: (() => void) | undefined;

	constructor(options: AttemptOptions<Verdict>, resolve: (result: AttemptResult<Verdict>) => void) {
		this.#options = options;
		this.#resolve = resolve;
		this.#startedMs = options.monotonic();
		this.#lastByteMs = this.#startedMs;
	}

	start(): void {
		const {pools, request, cancellation, isFresh} = this.#options;
		this.#removeCancel = cancellation.onCancel(() => this.#onCancel());
		if (this.#isSettled) {
			return;
		}

		this.#watchEvery(this.#options.watchMs);
		const dispatcher = isFresh ? pools.fresh(request.origin) : pools.of(request.origin);
		const {path, method, headers, body} = request;
		try {
			dispatcher.dispatch({path, method, headers, body: body ?? null}, this);
		} catch (error) {
			this.#fail(error);
		}
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.#controller = controller;
		this.#phase = 'headers';
		if (this.#isSettled) {
			this.#drop();
		}
	}

	onResponseStart(_: Dispatcher.DispatchController, status: number, headers: UpstreamHead['headers']): void {
		if (this.#isSettled || status < 200) {
			return;
		}

		const nowMs = this.#options.monotonic();
		this.#lastByteMs = nowMs;
		this.#headAtMs = nowMs;
		const head = {status, headers, headersMs: Math.round(nowMs - this.#startedMs)};
		this.#head = head;
		this.#phase = 'stream';
		this.#isError = status < 200 || status > 299;
		if (this.#isError) {
			this.#watchEvery(Math.min(this.#options.watchMs ?? Infinity, this.#options.errorBodyMs / 4));
		} else {
			this.#take(() => this.#options.sink.onHead(head));
		}
	}

	onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
		if (this.#isSettled) {
			return;
		}

		this.#hasBytes = true;
		this.#pieces.push(chunk);
		this.#pieceBytes += chunk.length;
		if (this.#isError) {
			if (this.#pieceBytes > this.#options.errorBodyReadBytes) {
				this.#endError();
			}

			return;
		}

		if (!this.#isFlushScheduled) {
			this.#isFlushScheduled = true;
			process.nextTick(() => this.#flush(controller));
		}
	}

	onResponseEnd(controller: Dispatcher.DispatchController): void {
		this.#hasEnded = true;
		if (this.#isError) {
			this.#endError();
			return;
		}

		this.#flush(controller);
		this.#take(() => this.#options.sink.onEnd());
	}

	onResponseError(controller: Dispatcher.DispatchController | null, error: Error): void {
		if (this.#isSettled) {
			return;
		}

		// What came before the break still counts: it may hold the terminal event.
		if (controller && !this.#isError) {
			this.#flush(controller);
		}

		if (this.#isError) {
			this.#endError();
			return;
		}

		this.#fail(error);
	}

	/** One hand-over per tick: undici calls back per event, a write per event would cost most of the CPU (performance.md 1.2). */
	#flush(controller: Dispatcher.DispatchController): void {
		this.#isFlushScheduled = false;
		if (this.#isSettled || this.#pieces.length === 0) {
			return;
		}

		const {sink} = this.#options;
		const bytes = joinPieces(this.#pieces, sink.takeRest?.());
		this.#pieces = [];
		this.#pieceBytes = 0;
		this.#lastByteMs = this.#options.monotonic();
		this.#take(() => sink.onBytes(bytes));
		if (!this.#isSettled && !this.#hasEnded && sink.isBlocked()) {
			controller.pause();
			sink.onUnblocked(() => controller.resume());
		}
	}

	/** Runs a step of the sink; a verdict settles the attempt, a throw is a fault of what the upstream sent. */
	#take(step: () => Verdict | undefined): void {
		if (this.#isSettled || this.#head === undefined) {
			return;
		}

		try {
			const verdict = step();
			if (verdict !== undefined) {
				this.#phase = 'done';
				this.#settle({kind: 'verdict', verdict, head: this.#head});
			}
		} catch (error) {
			this.#fail(error);
		}
	}

	#watchEvery(everyMs: number | undefined): void {
		this.#removeWatch?.();
		this.#removeWatch = this.#options.ticker.add(now => this.#watch(now), everyMs);
	}

	#watch(nowMs: number): void {
		const {firstByteMs, errorBodyMs, idleMs, sink} = this.#options;
		if (this.#isError) {
			if (nowMs - this.#headAtMs > errorBodyMs) {
				this.#endError();
			}

			return;
		}

		// Bytes alone are no answer: a relay that sends comments for a dead upstream would never be left.
		this.#hasBegun ||= this.#hasBytes && (sink.hasSpoken?.() ?? true);
		if (!this.#hasBegun) {
			// The client may have got the beginning of an earlier attempt: it is kept waiting, by our own clock.
			sink.onSilence(nowMs - this.#startedMs);
			if (nowMs - this.#startedMs > firstByteMs) {
				const what = this.#hasBytes ? 'event' : 'byte';
				this.#timeOut('first-byte-timeout', `no ${what} within ${Math.round(firstByteMs / 1000)} s`);
			}

			return;
		}

		if (sink.isBlocked()) {
			// The silence is the client's: it starts anew when the upstream may speak again.
			this.#lastByteMs = nowMs;
			return;
		}

		const silentMs = nowMs - this.#lastByteMs;
		const isPatient = sink.onSilence(silentMs);
		if (idleMs === undefined ? !isPatient : silentMs > idleMs) {
			this.#timeOut('idle-timeout', `silent for ${Math.round(silentMs / 1000)} s in the middle of its answer`);
		}
	}

	#timeOut(code: string, reason: string): void {
		this.#settle({kind: 'transport', head: this.#head, phase: this.#phase, code, reason, isReusedSocket: false});
	}

	#onCancel(): void {
		this.#settle({kind: 'aborted', phase: this.#phase, head: this.#head});
	}

	#endError(): void {
		if (this.#head !== undefined) {
			this.#settle({kind: 'status', head: this.#head, body: Buffer.concat(this.#pieces, this.#pieceBytes)});
		}
	}

	#fail(error: unknown): void {
		const failure = transportFailure(error, this.#phase);
		// Bytes that are not HTTP are an answer too: that socket was not stale.
		const isReusedSocket =
			!this.#hasBytes &&
			this.#head === undefined &&
			failure.code !== 'bad-http' &&
			error instanceof Error &&
			this.#options.pools.isReusedSocketError(error);
		this.#settle({kind: 'transport', head: this.#head, ...failure, isReusedSocket});
	}

	#settle(result: AttemptResult<Verdict>): void {
		if (this.#isSettled) {
			return;
		}

		this.#isSettled = true;
		this.#pieces = [];
		this.#removeWatch?.();
		this.#removeCancel?.();
		if (result.kind === 'verdict' && !this.#hasEnded) {
			// The end of the body often comes in a packet of its own; waiting for it keeps the connection for the next request.
			setTimeout(() => this.#drop(), endGraceMs).unref();
		} else {
			this.#drop();
		}

		this.#resolve(result);
	}

	/** Frees the socket unless the answer was read to its end. */
	#drop(): void {
		if (!this.#hasEnded && this.#controller && !this.#controller.aborted) {
			this.#controller.abort(new Error('the answer is no longer needed'));
		}
	}
}
