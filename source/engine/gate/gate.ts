import type {Client, Dialect} from '../../wire/names.ts';
import type {Usage} from '../../event/view.ts';
import type {JsonObject} from '../../wire/json-value.ts';

/*
 * A gate stands between an upstream's stream and the client. It is fed by hand (no socket, no promise, no clock), lives as
 * long as one client request and sees every attempt of it. It decides which bytes may go to the client now, whether the
 * request may still move to another upstream unseen, and how the attempt ended (architecture.md, rules 1 to 4 of the road).
 */

/** How an attempt's stream ended. */
export type StreamVerdict =
	/** The terminal event of success came: `response.completed`, `response.incomplete`, `message_stop`, `[DONE]`. */
	| {
			readonly kind: 'completed';
			readonly usage: Usage | undefined;
			/** The model and tier that the upstream says it used. */
			readonly model: string | undefined;
			readonly tier: string | undefined;
			/** The name of the terminal event. */
			readonly event: string;
	  }
	/** An error inside a 200 stream: `response.failed`, `error`, a chat chunk with `error`. `event` is its bytes for forwarding. */
	| {
			readonly kind: 'in-band-error';
			readonly code: string | undefined;
			readonly message: string;
			readonly event: Buffer;
			/** Tokens that the error states, of `response.failed`. */
			readonly usage?: Usage | undefined;
	  }
	/** The bytes ended before a terminal event. */
	| {readonly kind: 'cut'}
	/** One event was larger than the limit, or the body is not an event stream. */
	| {readonly kind: 'garbage'; readonly message: string};

/** What to do after some upstream bytes were fed. */
export interface GateStep {
	/** Bytes for the client, whole events only; undefined when there is nothing to write yet. */
	readonly write: Buffer | undefined;
	/** Set once per attempt: it is over, whatever still comes from this upstream is dropped. */
	readonly verdict: StreamVerdict | undefined;
}

/** What a gate must know of the request. */
export interface GateOptions {
	readonly client: Client;
	/** The model that the client asked for: an `openai-model` that differs is cut out. */
	readonly requestedModel: string | undefined;
	/** The limit of one event in bytes (limits.eventBytes). */
	readonly eventBytes: number;
}

/** An event that somebody has read: its name and its data. */
export interface ReadEvent {
	readonly type: string;
	readonly value: JsonObject;
}

/** Bytes of a chunk, `[start, end)`, that are known to be `count` whole events: each a content delta, or one that somebody has read. */
export interface KnownRange {
	readonly start: number;
	readonly end: number;
	readonly count: number;
	/** The one event where it is no delta. */
	readonly event?: ReadEvent;
}

/** One per client request; see the file's head. */
export interface Gate {
	/** Forgets all that was held back of the last attempt. Call before each attempt's first byte. */
	readonly beginAttempt: () => void;
	/** `known` are events that need no framing, in their order; before each of them an event of the chunk has ended. */
	readonly push: (chunk: Buffer, known?: readonly KnownRange[]) => GateStep;
	/** Bytes of an unfinished event that the caller puts in front of the next chunk (`SseFramer.takeRest`). */
	readonly takeRest: () => Buffer | undefined;
	/** The upstream's body ended; always returns a verdict when none was returned before. */
	readonly end: () => GateStep;
	/** True while the client has kept nothing, so that another upstream may take over (rule 4). */
	readonly canMove: () => boolean;
	/** True once a byte was handed out: the client's head is out. */
	readonly hasWritten: () => boolean;
	/** Bytes that keep this client waiting (routing.md 11); undefined where none would help or nothing was written yet. */
	readonly heartbeat: () => Buffer | undefined;
	/** True while a content block is open; the idle limit of Claude Code depends on it. */
	readonly hasOpenBlock: () => boolean;
	/** SHA-256 fingerprints (base/ids.ts) of what only its issuer can read: `encrypted_content` of finished items, ids of stored responses. */
	readonly issuedState: () => readonly string[];
	/** Whole events forwarded so far, over all attempts. */
	readonly eventCount: () => number;
	/** Those of them that the client's own idle clock counts: what it does not (comments, `ping`) keeps nobody waiting. */
	readonly lifeCount: () => number;
	/** Tokens that this attempt's upstream has stated so far; of a stream that broke off the output may be less than what was written. */
	readonly statedUsage: () => Usage | undefined;
	/** True once this attempt's upstream has sent a whole event that is no error; a comment is none. */
	readonly hasSpoken: () => boolean;
}

/** Makes the gate for a streaming request of a dialect. */
export type CreateGate = (dialect: Dialect, options: GateOptions) => Gate;
