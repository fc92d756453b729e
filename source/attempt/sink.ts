/* What an attempt is given and whom it hands the answer to. */

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
	/** All bytes of one tick, joined. A verdict ends the attempt; what the upstream still sends is dropped. */
	readonly onBytes: (bytes: Buffer) => Verdict | undefined;
	/** The body ended. */
	readonly onEnd: () => Verdict;
	/** True while the client's side takes no more: the upstream is paused. */
	readonly isBlocked: () => boolean;
	/** Called back once when the client's side takes bytes again. */
	readonly onUnblocked: (resume: () => void) => void;
	/** Asked on every tick while the upstream is silent, after the head; false ends the attempt as idle. */
	readonly onSilence: (silentMs: number) => boolean;
	/** A content-encoding that was not asked for; returns the plain bytes or throws. Undefined when the answer is plain. */
	readonly decoder?: (encoding: string) => ((bytes: Buffer) => Buffer) | undefined;
}
