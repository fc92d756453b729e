import type {AttemptSink, UpstreamHead} from '../../attempt/sink.ts';
import type {Usage} from '../../event/view.ts';
import type {Call} from '../../identify/call.ts';
import type {Capture} from '../../observe/capture.ts';
import type {ClockConfig} from '../../config/config.ts';
import type {Limits} from '../../wire/limits.ts';
import type {Exchange} from '../door/accept.ts';
import {encodeEnding, type Ending} from './ending.ts';
import type {KnownRange, Gate, StreamVerdict} from '../gate/gate.ts';
import {clientHeaders} from '../headers.ts';
import type {Journey} from '../journey.ts';
import {refusedHead} from './refused-head.ts';

/** How an answer ended; `unary` is a whole answer that is no stream. */
export type ReplyVerdict =
	| StreamVerdict
	| {
			readonly kind: 'unary';
			readonly body: Buffer;
			/** What the answer states about itself. */
			readonly usage?: Usage | undefined;
			readonly model?: string | undefined;
			readonly tier?: string | undefined;
	  };

/** What takes the answer of one try. */
export interface TrySink extends AttemptSink<ReplyVerdict> {
	/** Forgets what the last send left behind. */
	readonly beginAttempt: () => void;
	/** `known`: see `Gate.push`; who reads all events itself has no use for them. */
	readonly onBytes: (bytes: Buffer, known?: readonly KnownRange[]) => ReplyVerdict | undefined;
	/** Fingerprints of the hidden state that the last attempt issued. */
	readonly issuedState: () => readonly string[];
	/** See `Gate.statedUsage`; asked where an attempt has not served. */
	readonly statedUsage: () => Usage | undefined;
}

/** The client's side of the wire, over all attempts of a request. */
export interface Reply extends TrySink {
	/** True while another upstream may take over unseen. */
	readonly canMove: () => boolean;
	/** The answer is complete. */
	readonly finish: (verdict: ReplyVerdict, head: UpstreamHead) => void;
	/** No answer: the contract's ending. Returns the status that the client got. */
	readonly fail: (ending: Ending) => number;
}

/** What a reply is made of. */
export interface ReplyOptions {
	readonly exchange: Exchange;
	readonly call: Call;
	readonly journey: Journey;
	readonly limits: Limits;
	readonly clocks: ClockConfig;
	readonly capture: Capture;
	readonly monotonic: () => number;
	readonly holdsSecret: (text: string) => boolean;
}

const blockedBytes = 256 * 1024;
const progressMs = 50;

/** So much in one read says that more of it is there already. */
const burstBytes = 32 * 1024;

/** What the other reads of this turn of the event loop bring goes out in the same packet: a write to a socket costs more than all else. */
const uncorkSoon = ({socket}: Exchange['response']): void => {
	if (socket) {
		socket.cork();
		setImmediate(() => socket.uncork());
	}
};

/** Writes a stream to the client: whole events, one write per tick, held back as the gate says. */
export class StreamReply implements Reply {
	readonly #options: ReplyOptions;
	readonly #gate: Gate;
	#head: UpstreamHead | undefined;
	/** When the client last got what its own idle clock counts, and how many such events there were. */
	#lifeAtMs: number;
	#lifeCount = 0;
	#beatAtMs = -Infinity;
	#attemptAtMs: number;
	#blockedSinceMs: number | undefined;
	#progressAtMs = 0;
	#reportedEvents = 0;
	#unreportedBytes = 0;

	constructor(options: ReplyOptions, gate: Gate) {
		this.#options = options;
		this.#gate = gate;
		this.#attemptAtMs = options.monotonic();
		this.#lifeAtMs = this.#attemptAtMs;
	}

	beginAttempt(): void {
		this.#attemptAtMs = this.#options.monotonic();
		this.#gate.beginAttempt();
		this.#options.capture.discardReply(this.#options.journey.requestId);
	}

	canMove(): boolean {
		return this.#gate.canMove();
	}

	issuedState(): readonly string[] {
		return this.#gate.issuedState();
	}

	statedUsage(): Usage | undefined {
		return this.#gate.statedUsage();
	}

	hasSpoken(): boolean {
		return this.#gate.hasSpoken();
	}

	onHead(head: UpstreamHead): ReplyVerdict | undefined {
		this.#head = head;
		return refusedHead(head);
	}

	takeRest(): Buffer | undefined {
		return this.#gate.takeRest();
	}

	onBytes(bytes: Buffer, known?: readonly KnownRange[]): ReplyVerdict | undefined {
		const step = this.#gate.push(bytes, known);
		// Nothing follows a complete answer: its last events and the end of the body go out in one packet, before anything is learnt from it.
		this.#write(step.write, step.verdict?.kind === 'completed');
		return step.verdict;
	}

	onEnd(): ReplyVerdict {
		const step = this.#gate.end();
		this.#write(step.write);
		return step.verdict ?? {kind: 'cut'};
	}

	isBlocked(): boolean {
		const isBlocked = this.#options.exchange.response.writableLength > blockedBytes;
		if (!isBlocked) {
			this.#blockedSinceMs = undefined;
			return false;
		}

		const now = this.#options.monotonic();
		this.#blockedSinceMs ??= now;
		if (now - this.#blockedSinceMs > this.#options.limits.slowClientMs) {
			this.#options.exchange.response.destroy();
		}

		return true;
	}

	onUnblocked(resume: () => void): void {
		this.#options.exchange.response.once('drain', resume);
	}

	onSilence(silentMs: number): boolean {
		this.#beat(silentMs);
		return silentMs <= this.#idleLimitMs();
	}

	finish(): void {
		const {exchange, limits} = this.#options;
		exchange.response.end();
		if (exchange.response.writableLength > 0) {
			cutWhenStalled(exchange, limits.slowClientMs);
		}

		this.#progress(true);
	}

	fail(ending: Ending): number {
		const {exchange, call} = this.#options;
		if (exchange.response.writableEnded) {
			return exchange.response.statusCode;
		}

		const headSent = this.#gate.hasWritten();
		const encoded = encodeEnding(ending, {
			client: call.client,
			dialect: call.dialect,
			isStreaming: true,
			headSent,
			hasUnary: false,
		});
		if (encoded.kind === 'tail') {
			exchange.response.end(encoded.write);
			closeAfterEnd(exchange);
			return 200;
		}

		exchange.response.writeHead(encoded.status, {...encoded.headers, connection: 'close'});
		exchange.response.end(encoded.body);
		return encoded.status;
	}

	/**
	 * Keeps the client waiting by its own clock: what it does not count (comments, half an event, a finished item that is withheld) is
	 * silence for it, although the upstream lives.
	 */
	#beat(silentMs: number): void {
		const {clocks, exchange, journey, monotonic} = this.#options;
		const nowMs = monotonic();
		const lifeCount = this.#gate.lifeCount();
		if (lifeCount !== this.#lifeCount) {
			this.#lifeCount = lifeCount;
			this.#lifeAtMs = nowMs - silentMs;
		}

		const {heartbeatMs} = clocks;
		const dueMs = Math.max(this.#lifeAtMs, this.#beatAtMs) + heartbeatMs;
		if (nowMs < dueMs) {
			return;
		}

		// Counted from when it was due: the ticker's lateness must not add up, nor come back as a burst.
		this.#beatAtMs = Math.max(dueMs, nowMs - heartbeatMs / 2);
		journey.silent(Math.round(nowMs - Math.max(this.#lifeAtMs, this.#attemptAtMs)));
		const beat = this.#gate.heartbeat();
		if (beat) {
			exchange.response.write(beat);
		}
	}

	#idleLimitMs(): number {
		const {call, clocks, limits} = this.#options;
		if (call.client === 'codex') {
			return clocks.idleCodexMs;
		}

		if (call.client === 'claude-code') {
			return this.#gate.hasOpenBlock() ? limits.idleClaudeOpenBlockMs : limits.idleClaudeMs;
		}

		return limits.idleSdkMs;
	}

	#write(bytes: Buffer | undefined, isLast = false): void {
		if (bytes === undefined || bytes.length === 0) {
			return;
		}

		const {exchange, call, journey, capture, holdsSecret} = this.#options;
		const {response} = exchange;
		if (!response.headersSent) {
			response.writeHead(200, {
				...clientHeaders({upstream: this.#head?.headers ?? {}, requestedModel: call.model, holdsSecret}),
				'content-type': 'text/event-stream',
				'cache-control': 'no-cache',
			});
			journey.replyStarted();
		}

		if (bytes.length >= burstBytes) {
			uncorkSoon(response);
		}

		if (isLast) {
			response.end(bytes);
		} else {
			response.write(bytes);
		}

		capture.reply(journey.requestId, bytes, journey.attempts);
		this.#unreportedBytes += bytes.length;
		this.#progress(false);
	}

	/** Tells the screen how far the reply is, at most every 50 ms. */
	#progress(isLast: boolean): void {
		const now = this.#options.monotonic();
		if ((!isLast && now - this.#progressAtMs < progressMs) || this.#unreportedBytes === 0) {
			return;
		}

		const events = this.#gate.eventCount();
		this.#options.journey.progressed(events - this.#reportedEvents, this.#unreportedBytes);
		this.#progressAtMs = now;
		this.#reportedEvents = events;
		this.#unreportedBytes = 0;
	}
}

/** What is left must be taken in time; a healthy connection gets its keep-alive clock when it has been, and serves the next request. */
const cutWhenStalled = ({request: {socket}, response}: Exchange, stalledMs: number): void => {
	const cut = (): void => void socket.destroy();
	socket.setTimeout(stalledMs, cut);
	response.once('close', () => socket.off('timeout', cut));
};

/** A client that was told of a failure in its stream must see the socket close, or it waits for more (REL-12). */
const closeAfterEnd = ({request}: Exchange): void => {
	request.socket.destroySoon();
};
