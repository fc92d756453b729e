/* What the bench's own processes say to each other over Node's IPC: one question at a time, one answer each. */

/** Where requests go, and the headers they need there besides Codex's own. */
export interface Address {
	readonly port: number;
	/** Origin-form target, for example `/v1/responses`. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	/** The dialect of the request; Responses where it is not given. */
	readonly body?: 'messages';
}

/**
 * How the mock answers from now on: everything in one write, one event per write, paced by a timer,
 * or silent after the first event until the client leaves.
 */
export type MockMode =
	| {readonly kind: 'coalesced'; readonly deltas: number}
	| {readonly kind: 'stepped'; readonly deltas: number}
	| {readonly kind: 'paced'; readonly deltas: number; readonly gapMs: number}
	| {readonly kind: 'idle'};

/** A question to the mock. */
export interface MockJob {
	readonly kind: 'mode';
	readonly mode: MockMode;
}

/** A job for the client process. */
export type ClientJob =
	| {readonly kind: 'verify'; readonly address: Address; readonly bodyBytes: number}
	| {
			readonly kind: 'load';
			readonly address: Address;
			readonly bodyBytes: number;
			readonly requests: number;
			readonly concurrency: number;
	  }
	| {
			readonly kind: 'rotate';
			readonly addresses: readonly Address[];
			readonly bodyBytes: number;
			readonly requests: number;
	  }
	| {readonly kind: 'hold'; readonly address: Address; readonly bodyBytes: number; readonly streams: number}
	| {readonly kind: 'release'};

/** The answer to every client job; what a job does not measure is empty. */
export interface ClientResult {
	readonly wallMs: number;
	readonly bytes: number;
	/** Events with a `data:` line in the one stream of `verify`. */
	readonly events: number;
	/** Whether the stream of `verify` ended with its terminal event. */
	readonly isComplete: boolean;
	/** Microseconds from the request's first byte out to the body's first byte in; one list per address. */
	readonly firstByteUs: readonly (readonly number[])[];
	/** One-way microseconds from the mock's write to the client's read, one per stamped delta. */
	readonly delaysUs: readonly number[];
}

/** Whether a value has one of these `kind`s: all that two ends of the same program need to check of each other. */
const isOfKind = (value: unknown, kinds: readonly string[]): boolean =>
	typeof value === 'object' &&
	value !== null &&
	'kind' in value &&
	typeof value.kind === 'string' &&
	kinds.includes(value.kind);

/** Whether a message is a question to the mock. */
export const isMockJob = (value: unknown): value is MockJob => isOfKind(value, ['mode']);

/** Whether a message is a job for the client. */
export const isClientJob = (value: unknown): value is ClientJob =>
	isOfKind(value, ['verify', 'load', 'rotate', 'hold', 'release']);

/** Whether a message comes from a child; the type of its result is what that child was started for. */
export const isChildMessage = <Result>(value: unknown): value is ChildMessage<Result> =>
	isOfKind(value, ['ready', 'done', 'failed']);

/** What a child of the bench says: it is up (with its port where it listens), it is done, or why not. */
export type ChildMessage<Result> =
	| {readonly kind: 'ready'; readonly port: number}
	| {readonly kind: 'done'; readonly result: Result}
	| {readonly kind: 'failed'; readonly message: string};
