import type {RequestKind} from '../wire/names.ts';

/*
 * The language of scripted upstreams: plain data, so that a script can be printed, compared and shared between the demo,
 * the tests and the benches. A script is a list of rules; the first rule that matches a request answers it. This file only
 * names things; `play.ts` performs them.
 */

/** A JSON object as it stands on the wire. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One thing that the model says or does, in every dialect: the stream builders turn it into items or content blocks. */
export type ReplyPart =
	| {readonly type: 'reasoning'; readonly summary: readonly string[]}
	| {readonly type: 'message'; readonly text: string; readonly phase?: 'commentary' | 'final_answer'}
	| {
			readonly type: 'function-call';
			readonly name: string;
			readonly namespace?: string;
			readonly arguments: JsonObject;
			readonly callId?: string;
	  }
	| {
			readonly type: 'custom-call';
			readonly name: string;
			readonly namespace?: string;
			readonly input: string;
			readonly callId?: string;
	  }
	/** A search for tools that the client carries out. */
	| {readonly type: 'tool-search'; readonly query: string}
	/** An item that is sent as it is, for example `compaction`; a string `$seal` in it is replaced by issued state. */
	| {readonly type: 'item'; readonly item: JsonObject};

/** How a stream ends: by its terminal event, by an error inside the stream, or (`none`) by nothing at all. */
export type StreamEnd =
	| {readonly type: 'completed'; readonly endTurn?: boolean}
	| {readonly type: 'incomplete'; readonly reason: string}
	| {readonly type: 'failed'; readonly code: string; readonly message: string}
	| {readonly type: 'error'; readonly code: string; readonly message: string}
	| {readonly type: 'none'};

/** Token counts; what is left out is estimated from the sizes of request and answer. */
export interface ScriptedUsage {
	readonly inputTokens?: number;
	readonly cachedInputTokens?: number;
	readonly outputTokens?: number;
	readonly reasoningTokens?: number;
}

/** `fin` ends the socket in order, `rst` resets it, `hang` leaves it open and silent, `bad-chunk` breaks the chunked framing and ends. */
export type CutHow = 'fin' | 'rst' | 'hang' | 'bad-chunk';

/** Where a body breaks off: after so many body bytes (0: right after the head), or after the event with this index (from 0). */
type Cut = {readonly atByte: number; readonly how: CutHow} | {readonly afterEvent: number; readonly how: CutHow};

/** How an answer is delivered; everything that is left out is healthy. Times in milliseconds, sizes in bytes. */
export interface Delivery {
	/** Added to the head, for example `retry-after`, `openai-model`, `x-codex-primary-used-percent`. */
	readonly headers?: Readonly<Record<string, string>>;
	/** Replaces the content type, also with a wrong one. */
	readonly contentType?: string;
	/** 1xx answers sent before the head. */
	readonly informational?: ReadonlyArray<100 | 102 | 103>;
	readonly delayHeadMs?: number;
	/** The pause before each event but the first. */
	readonly gapMs?: number;
	/** One long silence before the event with this index (from 0). */
	readonly silence?: {readonly beforeEvent: number; readonly ms: number};
	/** The body is written in pieces of this size, also through the middle of an UTF-8 character, `byteGapMs` (default 1) apart. */
	readonly bytesPerWrite?: number;
	readonly byteGapMs?: number;
	readonly cut?: Cut;
	/** Leaves the response open for this long after its last byte (`Number.POSITIVE_INFINITY`: until the client goes). */
	readonly keepOpenMs?: number;
	/** Sent as it is before the event with this index: comments, broken JSON, a line without end, bytes that are no UTF-8 (as `\xff` of latin1). */
	readonly garbage?: {readonly beforeEvent: number; readonly text: string};
	/** A `content-encoding` that the body does not have. */
	readonly claimEncoding?: string;
	/** `short-length` promises more bytes than it sends; `until-close` has neither length nor chunks. */
	readonly framing?: 'normal' | 'short-length' | 'until-close';
}

/** A stream of events built from parts. A request that did not ask for a stream gets the same parts as one JSON body. */
export interface StreamAnswer extends Delivery {
	readonly type: 'stream';
	readonly parts: readonly ReplyPart[];
	/** Default `completed`. */
	readonly end?: StreamEnd;
	readonly usage?: ScriptedUsage;
	/** Code points in one delta, default 16. */
	readonly deltaLength?: number;
	/** The model that the answer claims; default the requested one. */
	readonly model?: string;
	/** Each text delta is the CLOCK_MONOTONIC time of its write in microseconds and a space, for benches. */
	readonly stamp?: boolean;
	/** Issues an `x-codex-turn-state` header with this label; only an issued value is accepted back. */
	readonly turnState?: string;
}

/** A whole body: an object is sent as JSON, a string as HTML unless `contentType` says otherwise, nothing as an empty body. */
export interface BodyAnswer extends Delivery {
	readonly type: 'body';
	readonly status: number;
	readonly body?: JsonObject | string;
	/** Compresses the body and says so. */
	readonly gzip?: boolean;
}

/** Bytes written to the socket instead of an HTTP answer (latin1), dripped where `bytesPerWrite` is given. */
interface RawAnswer {
	readonly type: 'raw';
	readonly bytes: string;
	readonly ending: 'fin' | 'rst' | 'open';
	readonly delayMs?: number;
	readonly bytesPerWrite?: number;
	readonly byteGapMs?: number;
}

/** What an upstream does with a request; `never` answers nothing, `reset` resets the socket without a byte. */
export type Answer =
	| StreamAnswer
	| BodyAnswer
	| RawAnswer
	| {readonly type: 'never'}
	| {readonly type: 'reset'; readonly delayMs?: number};

/** What a rule asks of a request; every given field has to hold. */
export interface Match {
	/** The number of the model request on this upstream since its start or the last `setScript`, from 1. */
	readonly ordinal?: number;
	/** The path without the query, for example `/v1/responses`. */
	readonly path?: string;
	readonly kind?: RequestKind;
	/** True when tool outputs follow the last prompt of the user. */
	readonly afterTool?: boolean;
	/** The number of tool outputs after the last prompt of the user. */
	readonly toolOutputs?: number;
	/** Held by the last prompt of the user (injected context such as `<environment_context>` does not count). */
	readonly promptContains?: string;
	/** Held by the body's text anywhere. */
	readonly bodyContains?: string;
	readonly model?: string;
}

/** One rule: several answers are given in turn, round and round; `times` is how often the rule may answer (1: once). */
export interface Rule {
	readonly match?: Match;
	readonly times?: number;
	readonly answer: Answer | readonly Answer[];
}

/** The rules of an upstream; the first that matches answers. */
export type Script = readonly Rule[];

/** What surrounds the parts of a stream: everything of {@link StreamAnswer} but the parts. */
export type StreamOptions = Omit<StreamAnswer, 'type' | 'parts'>;

/** A stream that says these parts. */
export const stream = (parts: readonly ReplyPart[], options: StreamOptions = {}): StreamAnswer => ({
	type: 'stream',
	parts,
	...options,
});

/** A JSON body with a status. */
export const json = (status: number, body: JsonObject, delivery: Delivery = {}): BodyAnswer => ({
	type: 'body',
	status,
	body,
	...delivery,
});

/** An HTML page with a status, as gateways send it. */
export const html = (status: number, body: string, delivery: Delivery = {}): BodyAnswer => ({
	type: 'body',
	status,
	body,
	...delivery,
});

/** An error body as both OpenAI and Anthropic clients can read it: `{type: 'error', error: {type, code, message}}`. */
export const apiError = (status: number, code: string, options: Delivery & {readonly message?: string} = {}) => {
	const {message, ...delivery} = options;
	return json(status, {type: 'error', error: {type: code, code, message: message ?? `Scripted ${code}.`}}, delivery);
};

/** A message of the assistant. */
export const message = (text: string, phase?: 'commentary' | 'final_answer'): ReplyPart =>
	phase === undefined ? {type: 'message', text} : {type: 'message', text, phase};

/** Thinking: a summary in parts, and hidden state that only the same upstream accepts back. */
export const reasoning = (...summary: readonly string[]): ReplyPart => ({type: 'reasoning', summary});

/** A call of Codex's shell tool. */
export const execCommand = (cmd: string, callId?: string): ReplyPart => ({
	type: 'function-call',
	name: 'exec_command',
	arguments: {cmd},
	...(callId === undefined ? {} : {callId}),
});

/** A call of Codex's free-form patch tool; `patch` starts with `*** Begin Patch`. */
export const applyPatch = (patch: string): ReplyPart => ({type: 'custom-call', name: 'apply_patch', input: patch});

/** Looks for tools that Codex did not declare; what it finds may be called from then on. */
export const toolSearch = (query: string): ReplyPart => ({type: 'tool-search', query});

/** Starts a sub-agent (multi-agent v1, codex-wire.md 9). */
export const spawnAgent = (task: string): ReplyPart => ({
	type: 'function-call',
	name: 'spawn_agent',
	namespace: 'multi_agent_v1',
	arguments: {message: task, agent_type: 'default'},
});

/** Waits for sub-agents (multi-agent v1); `targets` are the ids that `spawn_agent` gave back. */
export const waitAgent = (targets: readonly string[], timeoutMs = 10_000): ReplyPart => ({
	type: 'function-call',
	name: 'wait_agent',
	namespace: 'multi_agent_v1',
	arguments: {targets, timeout_ms: timeoutMs},
});

/** One finding of a review. */
export interface Finding {
	readonly title: string;
	readonly body: string;
	readonly file: string;
	readonly line: number;
	readonly priority?: number;
}

/** The JSON answer of `codex exec review`. */
export const reviewFindings = (explanation: string, findings: readonly Finding[]): ReplyPart =>
	message(
		JSON.stringify({
			findings: findings.map(({title, body, file, line, priority = 1}) => ({
				title: `[P${priority}] ${title}`,
				body,
				confidence_score: 0.9,
				priority,
				code_location: {absolute_file_path: file, line_range: {start: line, end: line}},
			})),
			overall_correctness: findings.length === 0 ? 'patch is correct' : 'patch is incorrect',
			overall_explanation: explanation,
			overall_confidence_score: 0.8,
		}),
	);
