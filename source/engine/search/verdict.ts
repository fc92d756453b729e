import type {AttemptResult} from '../../attempt/sink.ts';
import {classifyInBand, classifyStatus, type Classified} from '../../attempt/classify.ts';
import {readErrorBody} from '../../attempt/classify/error-body.ts';
import {withStatedWait} from '../../attempt/classify/stated-wait.ts';
import {cooldownBaseMs} from '../../attempt/breaker.ts';
import type {Usage} from '../../event/view.ts';
import {readWait} from '../../wire/retry-after.ts';
import {eventData} from '../../wire/sse.ts';
import {limits} from '../../wire/limits.ts';
import {isStalePreviousResponse, type Repair} from './repair.ts';
import type {ReplyVerdict} from '../reply/reply.ts';

/** An attempt's end with all that the road decides by. */
export interface Judged extends Classified {
	readonly status: number | undefined;
	readonly retryAfterMs: number | undefined;
	readonly isWaitFromHeader?: boolean;
	readonly usage: Usage | undefined;
	readonly tier: string | undefined;
	/** The model that the upstream says it used. */
	readonly model?: string | undefined;
	/** A resend to the same upstream without this may help. */
	readonly repair?: Repair | undefined;
	/** The connection failed; one repeat on the same endpoint may help. */
	readonly isTransport: boolean;
}

const keptBodyBytes = limits.errorBodyKeptBytes;

const nothing = {
	status: undefined,
	retryAfterMs: undefined,
	usage: undefined,
	tier: undefined,
	isTransport: false,
};

/**
 * What an attempt's result means. `nowMs` is wall-clock, for dates in Retry-After. Whatever the upstream said in it is `clean`ed
 * here, once, since it goes to health, plans, logs, screens and clients.
 */
export const judge = (result: AttemptResult<ReplyVerdict>, nowMs: number, clean: (text: string) => string): Judged => {
	const judged = judgeResult(result, nowMs);
	const {requestFault} = judged;
	return {
		...judged,
		reason: clean(judged.reason),
		requestFault: requestFault && {
			...requestFault,
			code: requestFault.code === undefined ? undefined : clean(requestFault.code),
		},
	};
};

const judgeResult = (result: AttemptResult<ReplyVerdict>, nowMs: number): Judged => {
	switch (result.kind) {
		case 'aborted': {
			return {
				...nothing,
				outcome: 'cancelled',
				code: 'cancelled',
				reason: 'the client left',
				canMove: false,
				baseMs: 0,
			};
		}

		case 'transport': {
			const {code, reason} = result;
			// A timeout keeps its name after the head too: it is never repeated on the same endpoint.
			const isBroken = result.head !== undefined && !code.endsWith('-timeout');
			return {
				...nothing,
				outcome: 'hard',
				code: isBroken ? 'stream-cut' : code,
				reason: isBroken ? `broke off: ${reason}` : reason,
				canMove: true,
				baseMs: cooldownBaseMs.transport,
				fault: {errorClass: 'upstream_transport_error', scope: 'endpoint', confidence: 'high'},
				status: result.head?.status,
				isTransport: true,
			};
		}

		case 'status': {
			const {status, headers} = result.head;
			const body = result.body.toString('utf8', 0, keptBodyBytes);
			const errorBody = readErrorBody(result.body);
			const classified = classifyStatus(status, errorBody, headers);
			const wait = readWait({headers, body, nowMs, status});
			// An upstream that forgot a response says 400 or 404; a 5xx with the same words is a fault of its own.
			const isStale = (status === 400 || status === 404) && isStalePreviousResponse(errorBody);
			return {
				...nothing,
				...withStatedWait(classified, wait, nowMs),
				repair: repairOf(classified, isStale),
				status,
			};
		}

		case 'verdict': {
			return {...nothing, ...judgeVerdict(result.verdict, nowMs), status: result.head.status};
		}
	}
};

const judgeVerdict = (verdict: ReplyVerdict, nowMs: number): Classified & Partial<Judged> => {
	switch (verdict.kind) {
		case 'completed': {
			const {usage, tier, model} = verdict;
			return {...success(verdict.event), usage, tier, model};
		}

		case 'unary': {
			const {usage, tier, model} = verdict;
			return {...success('answer'), usage, tier, model};
		}

		case 'in-band-error': {
			const data = eventData(verdict.event);
			const body = data === undefined ? undefined : readErrorBody(Buffer.from(data));
			const wait = readWait({headers: {}, body: data ?? verdict.message, nowMs});
			const classified = classifyInBand(verdict, body);
			const isStale = isStalePreviousResponse(verdict);
			return {
				...withStatedWait(classified, wait, nowMs),
				// What the request brought along is no fault of the upstream.
				outcome: isStale ? 'neutral' : classified.outcome,
				repair: repairOf(classified, isStale),
			};
		}

		case 'cut': {
			return {
				outcome: 'hard',
				code: 'stream-cut',
				reason: 'ended its stream before the answer was complete',
				canMove: true,
				baseMs: cooldownBaseMs.transport,
				fault: {errorClass: 'upstream_transport_error', scope: 'endpoint', confidence: 'high'},
			};
		}

		case 'garbage': {
			return {
				outcome: 'hard',
				code: 'bad-answer',
				reason: verdict.message,
				canMove: true,
				baseMs: cooldownBaseMs.status5xx,
				fault: {errorClass: undefined, scope: 'endpoint', confidence: 'medium'},
			};
		}
	}
};

const repairOf = ({isForeignState}: Classified, isStale: boolean): Repair | undefined =>
	isForeignState === true ? 'encrypted' : isStale ? 'previous-response' : undefined;

const success = (event: string): Classified => ({
	outcome: 'success',
	code: 'completed',
	reason: `complete (${event})`,
	canMove: false,
	baseMs: 0,
});
