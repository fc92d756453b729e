import type {Client, Dialect} from '../../wire/names.ts';
import {final, rowOf, type Ending, type Fate, type Row} from './ending-row.ts';

export type {Ending} from './ending-row.ts';

/*
 * The error encoder: what a client gets when its request ends otherwise than with the upstream's own terminal event
 * (reliability-security.md 8, a contract measured with the real clients). Pure; the caller writes the bytes and closes
 * the connection behind them.
 */

/** Whom the ending is for and how far its answer has come. */
export interface EndingTarget {
	readonly client: Client;
	/** Undefined where the path belongs to no dialect: the answer then looks like OpenAI's. */
	readonly dialect: Dialect | undefined;
	/** The client asked for a stream. */
	readonly isStreaming: boolean;
	/** Status and headers are out; only event bytes can follow. */
	readonly headSent: boolean;
	/** One of Codex's calls without a stream: compact v1, images, models. */
	readonly hasUnary: boolean;
}

/** A whole answer; send it, then close. */
interface EndingAnswer {
	readonly kind: 'answer';
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

/** The last event of a running stream; write it at an event boundary, then close (REL-12). */
interface EndingTail {
	readonly kind: 'tail';
	readonly write: Buffer;
}

/** What {@link encodeEnding} gives. */
export type EncodedEnding = EndingAnswer | EndingTail;

const openaiTypes: ReadonlyMap<number, string> = new Map([
	[403, 'permission_error'],
	[404, 'not_found_error'],
	[429, 'rate_limit_error'],
]);

const anthropicTypes: ReadonlyMap<number, string> = new Map([
	[403, 'permission_error'],
	[404, 'not_found_error'],
	[413, 'request_too_large'],
	[429, 'rate_limit_error'],
]);

const typeOf = (types: ReadonlyMap<number, string>, status: number): string =>
	types.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error');

const openaiError = (row: Row, status: number): object => ({
	error: {message: row.message, type: typeOf(openaiTypes, status), code: row.code, param: null},
});

/** In a running stream only `overloaded_error` was measured to make Claude Code ask again with streaming. */
const anthropicError = (row: Row, type: string): object => ({type: 'error', error: {type, message: row.message}});

const event = (name: string | undefined, data: object): Buffer =>
	Buffer.from(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);

const tail = (write: Buffer): EndingTail => ({kind: 'tail', write});

const answer = ({status, shouldRetry, retryAfterSeconds}: Fate, body: object): EndingAnswer => ({
	kind: 'answer',
	status,
	headers: {
		'content-type': 'application/json; charset=utf-8',
		'x-should-retry': String(shouldRetry),
		...(retryAfterSeconds === undefined ? {} : {'retry-after': String(retryAfterSeconds)}),
	},
	body: Buffer.from(JSON.stringify(body)),
});

const failedEvent = (row: Row): Buffer =>
	event('response.failed', {
		type: 'response.failed',
		response: {
			id: 'resp_codex_tui',
			object: 'response',
			status: 'failed',
			error: {code: row.codex.failedCode, message: row.codex.message ?? row.message},
			output: [],
		},
	});

/** Codex reads only `response.failed` reliably, and only when the connection closes behind it (REL-12). */
const encodeForCodex = (row: Row, target: EndingTarget): EncodedEnding => {
	if (target.headSent) {
		return tail(failedEvent(row));
	}

	if (row.codex.status !== undefined || target.hasUnary || !target.isStreaming) {
		const status = row.codex.status ?? 400;
		return answer(final(status), openaiError(row, status));
	}

	return {
		kind: 'answer',
		status: 200,
		headers: {'content-type': 'text/event-stream', 'cache-control': 'no-cache', connection: 'close'},
		body: failedEvent(row),
	};
};

const encodeForMessages = (row: Row, fate: Fate, headSent: boolean): EncodedEnding =>
	headSent
		? tail(
				event(
					'error',
					anthropicError(row, fate.shouldRetry ? 'overloaded_error' : typeOf(anthropicTypes, fate.status)),
				),
			)
		: answer(fate, anthropicError(row, typeOf(anthropicTypes, fate.status)));

/** The flat `error` event is Responses' documented one; the SDKs throw on it. */
const encodeForResponses = (row: Row, headSent: boolean): EncodedEnding =>
	headSent
		? tail(event('error', {type: 'error', sequence_number: 0, code: row.code, message: row.message, param: null}))
		: answer(row.sdk, openaiError(row, row.sdk.status));

/** No `[DONE]` follows: that would call the half answer a whole one. */
const encodeForChat = (row: Row, headSent: boolean): EncodedEnding =>
	headSent
		? tail(event(undefined, openaiError(row, row.sdk.status)))
		: answer(row.sdk, openaiError(row, row.sdk.status));

/**
 * The answer, or for a running stream its last event. Never a 401 towards anybody; never a 5xx towards Codex, and towards
 * Claude Code only the 503 of a break (rules a to h).
 */
export const encodeEnding = (ending: Ending, target: EndingTarget): EncodedEnding => {
	const row = rowOf(ending);
	// A stream that nobody was asked for begins and fails as a stream for whoever reads Responses events, never as a bare status.
	const isBlockedStream =
		'isBlocked' in ending && ending.isBlocked === true && target.dialect === 'responses' && target.isStreaming;
	if (target.client === 'codex' || (isBlockedStream && !target.headSent)) {
		return encodeForCodex(row, target);
	}

	if (target.client === 'claude-code' || target.dialect === 'messages') {
		return encodeForMessages(row, target.client === 'sdk' ? row.sdk : row.claude, target.headSent);
	}

	return target.dialect === 'chat' ? encodeForChat(row, target.headSent) : encodeForResponses(row, target.headSent);
};
