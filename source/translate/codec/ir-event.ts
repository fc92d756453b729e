import type {TokenUsage} from '../../wire/usage.ts';
import type {JsonObject} from '../../wire/json-value.ts';
import type {DeltaRun, RunTexts} from './delta-run.ts';
import type {RunShape} from './run-shape.ts';
import type {OutputItem} from './ir.ts';
import type {Loss} from './loss.ts';
import type {ToolReference} from './tool.ts';

/*
 * The one internal representation of an answer, as a stream of values. Promises of every decoder: `start` is first; each item
 * is opened once with a dense index from 0 in order of opening, gets its deltas while it is open, and is closed once with its
 * whole content or stays open for ever because the stream broke; `finish` or `error` is last and comes once.
 */

/** What is known of an item when it opens. */
export type ItemHead =
	| {readonly type: 'message'; readonly phase?: string; readonly id?: string}
	| {readonly type: 'reasoning'; readonly id?: string}
	| {
			readonly type: 'call';
			readonly callId: string;
			readonly tool: ToolReference;
			readonly id?: string;
			/** What the upstream says of a typed call's payload before it streams (R `operation`, `action`): replaced when the item closes. */
			readonly payload?: string;
	  }
	| {readonly type: 'hosted'; readonly name: string; readonly raw: JsonObject; readonly id?: string}
	| {readonly type: 'compaction'; readonly id?: string};

/**
 * Which growing text of an item a delta belongs to. `part` is the index within the item: of R `content[]` for `text`, `refusal`
 * and `reasoning`, of R `summary[]` for `summary`; 0 for `payload` (a call's arguments or raw input).
 */
export type DeltaChannel = 'text' | 'refusal' | 'summary' | 'reasoning' | 'payload';

/** The channels of what is read, not run. */
export type TextChannel = Exclude<DeltaChannel, 'payload'>;

/** Why an answer ended (translation.md 2.8). `length` and `filter` are incomplete answers. */
export type FinishReason = 'stop' | 'calls' | 'length' | 'filter' | 'pause';

/**
 * Why an answer failed. `code` is one that Codex knows (translation.md 2.9): `context_length_exceeded`,
 * `rate_limit_exceeded`, `insufficient_quota`, `server_is_overloaded`, `slow_down`, `invalid_prompt`, `usage_not_included`,
 * `server_error`, or one of ours: `upstream_tool_call_dropped`, `empty_response`.
 */
export interface AnswerError {
	readonly code: string;
	readonly message: string;
	/** Whether the client will ask again: then half an item must stay open (translation.md 2.9). */
	readonly isRetryable: boolean;
	/** The provider's own code or type, for the log. */
	readonly upstreamCode: string | undefined;
}

/** Tokens with one meaning for all dialects: input contains cached and written tokens, output contains reasoning. */
export type AnswerUsage = TokenUsage;

/** One step of an answer. */
export type AnswerEvent =
	/** The upstream began to answer. `id` and `model` are the upstream's; `endTurn` never stands here. */
	| {readonly type: 'start'; readonly id: string | undefined; readonly model: string | undefined}
	| {readonly type: 'item-open'; readonly index: number; readonly head: ItemHead}
	| {
			readonly type: 'delta';
			readonly index: number;
			readonly channel: DeltaChannel;
			readonly part: number;
			readonly text: string;
	  }
	/** R `annotation`, M `citations_delta`: belongs to the text part. */
	| {readonly type: 'annotation'; readonly index: number; readonly part: number; readonly annotation: JsonObject}
	/** The item is whole. Its texts equal the joined deltas of its channels. */
	| {readonly type: 'item-close'; readonly index: number; readonly item: OutputItem}
	/** Replaces every earlier usage: never added up. */
	| {readonly type: 'usage'; readonly usage: AnswerUsage}
	/** `raw` is the provider's word; `endTurn` is R `end_turn`. */
	| {
			readonly type: 'finish';
			readonly reason: FinishReason;
			readonly raw: string | undefined;
			readonly endTurn: boolean | undefined;
	  }
	| {readonly type: 'error'; readonly error: AnswerError}
	/** Something could not be carried over; shown in the transcript, sent to nobody. */
	| {readonly type: 'loss'; readonly loss: Loss};

/** A machine that turns the payloads of one upstream answer into {@link AnswerEvent}s. No I/O, no clock. */
export interface AnswerDecoder {
	/** Takes the `data` of one server-sent event (`eventName` is its `event:` line). */
	push(data: string, eventName?: string): readonly AnswerEvent[];
	/** Takes a whole JSON answer in place of a stream (translation.md 2.12). */
	pushWhole(body: JsonObject): readonly AnswerEvent[];
	/** The answer broke outside of its payloads (too large, a web page, a cut connection): fails what is open. */
	fail(error: AnswerError): readonly AnswerEvent[];
	/** The upstream has ended: closes or fails what is open. Must be called once. */
	end(): readonly AnswerEvent[];
	/** How the next deltas look in the stream, where they would only add to the open text; undefined: they must be pushed. */
	readonly runShape?: () => RunShape | undefined;
	/** Takes deltas of that shape. */
	readonly takeRun?: (texts: RunTexts) => DeltaRun;
}

/** One server-sent event for a client. `event` is undefined for dialects without `event:` lines. */
export interface WireEvent {
	readonly event: string | undefined;
	/** The JSON text behind `data:`. */
	readonly data: string;
	/** The same in pieces: a long text that stands in several events is there once, and is never copied into one string with the rest. */
	readonly pieces?: readonly string[];
	/** What of the data others read than the client (`item`, `response`), as it is in `data`; undefined where they have to read that. */
	readonly value?: JsonObject;
	/** The event grows a text and says nothing else. */
	readonly isDelta?: boolean;
}

/** The events of a run, ready to be written. */
export interface RunEvents {
	/** How many. */
	readonly count: number;
	/** They have no more bytes than that. */
	readonly mostBytes: number;
	/** Writes them as they stand in the stream and returns where they end. */
	write(target: Buffer, from: number): number;
}

/** A machine that turns {@link AnswerEvent}s into one client's wire events. */
export interface AnswerEncoder {
	push(event: AnswerEvent): readonly WireEvent[];
	/** The events of a run, to be written before the next read; undefined where they have to be pushed one by one. */
	readonly pushRun?: (run: DeltaRun) => RunEvents | undefined;
}

/** Wire events as the bytes of a stream (UTF-8 text, no BOM; translation.md 2.2). */
export const encodeWireEvents = (events: readonly WireEvent[]): string => {
	let text = '';
	for (const {event, data} of events) {
		text += event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
	}

	return text;
};
