import type {
	AttemptEnd,
	AttemptStart,
	BodyTranslated,
	CallIdentified,
	EngineEvent,
	ReplyEnd,
	RequestStart,
} from '../../event/catalogue.ts';
import type {CandidateSaturated, WaitEnd} from '../../event/place.ts';
import type {LedgerRecord, RequestView, Usage} from '../../event/view.ts';
import {endpointLabel} from '../endpoint-label.ts';
import {billedOf} from '../usage/entry.ts';

/** The tokens of a ledger record in the spelling of the views. */
const usageOfRecord = ({usage}: LedgerRecord): Usage | undefined =>
	usage && {
		inputTokens: usage.input_tokens,
		outputTokens: usage.output_tokens,
		totalTokens: usage.total_tokens,
		cachedInputTokens: usage.cached_input_tokens,
		cacheCreationInputTokens: usage.cache_creation_input_tokens,
		reasoningTokens: usage.reasoning_tokens,
	};

const speaking = {silentMs: undefined, silentSinceMs: undefined} as const;

/** A row for a request of which only the start is known. */
export const requestOfStart = ({requestId, atMs, method, path, bodyBytes, replayOf}: RequestStart): RequestView => ({
	requestId,
	startedAtMs: atMs,
	method,
	path,
	bodyBytes,
	client: undefined,
	service: undefined,
	kind: undefined,
	stream: false,
	sessionId: undefined,
	threadId: undefined,
	model: undefined,
	effort: undefined,
	state: 'running',
	statusCode: undefined,
	endpointKey: undefined,
	attempts: [],
	ttfbMs: undefined,
	durationMs: undefined,
	replyEvents: 0,
	replyBytes: 0,
	...speaking,
	usage: undefined,
	...(replayOf !== undefined && {replayOf}),
	note: replayOf === undefined ? undefined : `replay of ${replayOf}`,
});

const identified = (request: RequestView, event: CallIdentified): RequestView => {
	const {client, service, kind, stream, sessionId, threadId, model, effort} = event;
	return {...request, client, service, kind, stream, sessionId, threadId, model, effort};
};

const repaired = (request: RequestView, event: BodyTranslated): RequestView => {
	const count = event.losses.reduce((sum, loss) => sum + loss.count, 0);
	return count === 0 ? request : {...request, note: `repaired ${count} ${count === 1 ? 'item' : 'items'}`};
};

const saturated = (request: RequestView, {endpointKey, ahead, atMs}: CandidateSaturated): RequestView => {
	const name = endpointLabel(endpointKey);
	return ahead === undefined
		? {...request, note: `no place at ${name}`}
		: {...request, waitingSinceMs: atMs, note: `waits for a place at ${name}, ${ahead} before it`};
};

const waited = (request: RequestView, {endpointKey, waitedMs, result}: WaitEnd): RequestView => {
	const name = endpointLabel(endpointKey);
	const what = result === 'place' ? `waited for a place at ${name}` : `waited in vain for a place at ${name}`;
	return {...request, waitingSinceMs: undefined, waitedMs: (request.waitedMs ?? 0) + waitedMs, note: what};
};

const attemptStarted = (request: RequestView, event: AttemptStart): RequestView => {
	const previous = request.attempts.at(-1);
	const {attempt, endpointKey, atMs: startedAtMs} = event;
	const verb = previous?.endpointKey === endpointKey ? 'repeated at' : 'failed over from';
	return {
		...request,
		endpointKey,
		...speaking,
		note: previous === undefined ? request.note : `${verb} ${endpointLabel(previous.endpointKey)}`,
		attempts: [
			...request.attempts,
			{
				attempt,
				endpointKey,
				startedAtMs,
				outcome: 'running',
				code: undefined,
				reason: undefined,
				status: undefined,
				durationMs: undefined,
			},
		],
	};
};

const attemptEnded = (request: RequestView, event: AttemptEnd): RequestView => {
	const {outcome, code, reason, status, durationMs} = event;
	return {
		...request,
		...speaking,
		attempts: request.attempts.map(attempt =>
			attempt.attempt === event.attempt ? {...attempt, outcome, code, reason, status, durationMs} : attempt,
		),
	};
};

const ended = (request: RequestView, {record}: ReplyEnd): RequestView => {
	const lastReason = request.attempts.at(-1)?.reason;
	return {
		...request,
		state: record.outcome,
		statusCode: record.status_code,
		endpointKey: record.provider_endpoint_key ?? request.endpointKey,
		durationMs: record.duration_ms,
		ttfbMs: record.ttfb_ms ?? request.ttfbMs,
		...speaking,
		usage: usageOfRecord(record),
		...(record.usage !== undefined && {billed: billedOf(record)}),
		note: record.outcome === 'success' ? request.note : (lastReason ?? record.ending ?? request.note),
	};
};

/** One row of the Requests page after one more event of that request; the same object where nothing changed. */
export const reduceRequest = (request: RequestView, event: EngineEvent): RequestView => {
	switch (event.type) {
		case 'call-identified': {
			return identified(request, event);
		}

		case 'candidate-saturated': {
			return saturated(request, event);
		}

		case 'wait-end': {
			return waited(request, event);
		}

		case 'body-translated': {
			return repaired(request, event);
		}

		case 'attempt-start': {
			return attemptStarted(request, event);
		}

		case 'attempt-end': {
			return attemptEnded(request, event);
		}

		case 'reply-start': {
			return {...request, endpointKey: event.endpointKey, ttfbMs: event.ttfbMs};
		}

		case 'reply-delta': {
			return {
				...request,
				replyEvents: request.replyEvents + event.events,
				replyBytes: request.replyBytes + event.bytes,
				...speaking,
			};
		}

		case 'reply-silent': {
			return {...request, silentMs: event.silentMs, silentSinceMs: event.atMs - event.silentMs};
		}

		case 'reply-end': {
			return ended(request, event);
		}

		default: {
			return request;
		}
	}
};
