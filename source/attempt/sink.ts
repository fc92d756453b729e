import type {AttemptPhase} from '../event/catalogue.ts';
import type {TransportFailure} from './transport-failure.ts';

/* What an attempt is given, whom it hands the answer to, and how it ends. */

/** What is sent. */
export interface UpstreamRequest {
	readonly origin: string;
	/** Path with query, below the origin. */
	readonly path: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer | undefined;
}

/** The first line and headers of an answer; names in lower case. */
export interface UpstreamHead {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly headersMs: number;
}

/** Takes the answer of one attempt. */
export interface AttemptSink<Verdict> {
	/** A success status came. A verdict ends the attempt at once (the body is not what was asked for). */
	readonly onHead: (head: UpstreamHead) => Verdict | undefined;
	/** Bytes that were handed over before and belong in front of the next ones: they are joined with them, in one copy. */
	readonly takeRest?: () => Buffer | undefined;
	/** All bytes of one tick, joined. A verdict ends the attempt; what the upstream still sends is dropped. */
	readonly onBytes: (bytes: Buffer) => Verdict | undefined;
	/** The body ended. */
	readonly onEnd: () => Verdict;
	/** True while the client's side takes no more: the upstream is paused. */
	readonly isBlocked: () => boolean;
	/** Called back once when the client's side takes bytes again. */
	readonly onUnblocked: (resume: () => void) => void;
	/** True once the answer has begun: until then the first-byte clock runs. Without it the first byte is the beginning. */
	readonly hasSpoken?: () => boolean;
	/** Asked on every tick, with the time since the upstream's last byte (before its answer: since the send); false ends an answer as idle. */
	readonly onSilence: (silentMs: number) => boolean;
	/** A content-encoding that was not asked for; returns the plain bytes or throws. Undefined when the answer is plain. */
	readonly decoder?: (encoding: string) => ((bytes: Buffer) => Buffer) | undefined;
}

/** How an attempt ended. */
export type AttemptResult<Verdict> =
	| {readonly kind: 'verdict'; readonly verdict: Verdict; readonly head: UpstreamHead}
	/** A status other than 2xx, with as much of its body as the limit keeps. */
	| {readonly kind: 'status'; readonly head: UpstreamHead; readonly body: Buffer}
	| ({readonly kind: 'transport'; readonly head: UpstreamHead | undefined} & TransportFailure)
	/** It was cancelled: the client left, or the user moved the request on. */
	| {readonly kind: 'aborted'; readonly phase: AttemptPhase; readonly head: UpstreamHead | undefined};
