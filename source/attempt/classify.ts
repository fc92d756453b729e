import type {AttemptOutcome} from '../event/catalogue.ts';
import {cooldownBaseMs} from './breaker.ts';
import {readErrorBody, type ErrorBody} from './classify/error-body.ts';
import type {Confidence, ErrorClass, Fault} from './classify/error-class.ts';
import {blamingStatuses, judgeBody, type Judgement} from './classify/judge-body.ts';
import {cloudflareCode, isChallenge} from './classify/web-page.ts';

export {readErrorBody, type ErrorBody};

/*
 * What an attempt's end means, in the order of codex-helper.md 2.4: Cloudflare, challenge pages, words and sentences about state, model, throttle
 * and request, then the bare status. Pure: no clock, no configuration; a stated wait comes in by classify/stated-wait.ts.
 */

/** What an attempt's end means for the endpoint's health and for the request (watchdog.md 4; routing.md 5). */
export interface Classified {
	readonly outcome: AttemptOutcome;
	/** Stable: `status-503`, `in-band-failed`, `stream-cut`, … */
	readonly code: string;
	/** One phrase that follows the provider's name: `answered 503`. */
	readonly reason: string;
	/** Another candidate may serve the same request. */
	readonly canMove: boolean;
	readonly baseMs: number;
	/** What was recognised; undefined for a success and for a client that left. */
	readonly fault?: Fault | undefined;
	/** Set where the fault is the request's: what the client gets, with the upstream's own code. */
	readonly requestFault?:
		| {readonly status: number; readonly code: string | undefined; readonly message: string}
		| undefined;
	/** The upstream cannot read encrypted items of another one: a resend without them may help. */
	readonly isForeignState?: boolean;
	/** The upstream does not know the `previous_response_id`: a resend without it may help (codex-helper.md 2.5). */
	readonly isStalePreviousResponse?: boolean;
	readonly isQuota?: boolean;
	/** It is about the model that was asked for: the account's other models are not touched. */
	readonly isAboutModel?: boolean | undefined;
	/** When a spent quota begins anew, wall-clock milliseconds; undefined where it was not said. */
	readonly resetAtMs?: number | undefined;
}

interface Facts {
	/** What the client would get; for an error inside a stream the one that its body states, else 400. */
	readonly status: number;
	readonly code: string;
	readonly reason: string;
	readonly body: ErrorBody;
	readonly isInBand: boolean;
}

/**
 * Classifies a status other than 2xx. `headers` (names in lower case) are looked at for Cloudflare's `cf-mitigated` only.
 */
export const classifyStatus = (
	status: number,
	body: ErrorBody,
	headers: Readonly<Record<string, unknown>> = {},
): Classified => {
	const facts: Facts = {status, code: `status-${status}`, reason: `answered ${status}`, body, isInBand: false};
	if (status === 524 || cloudflareCode(body) === '524') {
		return {
			...hard(facts, 'cloudflare_timeout', 'high'),
			baseMs: cooldownBaseMs.gatewayTimeout,
		};
	}

	if (isChallenge(status, body, headers['cf-mitigated'] === 'challenge')) {
		return {
			...hard(facts, 'cloudflare_challenge', 'high'),
			code: 'bot-challenge',
			reason: `${facts.reason} with a web page`,
			baseMs: cooldownBaseMs.botChallenge,
		};
	}

	if (cloudflareCode(body) === '1015') {
		return limited(facts, {errorClass: 'upstream_rate_limited', scope: 'endpoint', confidence: 'high'});
	}

	const judgement = judgeBody(status, body, false);
	return judgement ? byClass(facts, judgement) : byStatus(facts);
};

/** Classifies an error that came inside a 200 stream (codex-wire.md 2, "Errors during the stream"). `body`: its whole event, where it is known. */
export const classifyInBand = (
	error: {readonly code: string | undefined; readonly message: string},
	body: ErrorBody = readErrorBody(Buffer.from(JSON.stringify({error}))),
): Classified => {
	const stated = body.innerStatus;
	const facts: Facts = {
		status: stated ?? 400,
		code: 'in-band-failed',
		reason: `failed in its stream (${error.code ?? 'no code'})`,
		body: {...body, code: error.code, message: error.message},
		isInBand: true,
	};
	const judgement = judgeBody(stated ?? 200, body, true);
	if (judgement) {
		return byClass(facts, judgement);
	}

	return stated !== undefined && stated !== 404 && blamingStatuses.has(stated)
		? requestFault(facts, undefined)
		: hard(facts, undefined, 'medium');
};

/** A failure that a class was found for. */
const byClass = (facts: Facts, judgement: Judgement): Classified => {
	const {errorClass, confidence} = judgement;
	switch (errorClass) {
		case 'quota_exhausted': {
			return spent(facts, judgement);
		}

		case 'upstream_rate_limited': {
			return limited(facts, judgement);
		}

		case 'upstream_overloaded': {
			return overloaded(facts, judgement);
		}

		case 'auth': {
			return refused(facts, judgement);
		}

		case 'region_blocked': {
			const reason = `${facts.reason}: it does not serve this region`;
			return {...hard(facts, errorClass, confidence), reason, baseMs: cooldownBaseMs.botChallenge};
		}

		case 'routing_mismatch_capability': {
			return {...requestFault(facts, judgement), canMove: true, reason: `${facts.reason}: it does not offer that`};
		}

		case 'foreign_encrypted_content': {
			return foreign(facts, judgement);
		}

		case 'stale_previous_response_id': {
			// Its issuer may still be among the others.
			return {...requestFault(facts, judgement), canMove: true, isStalePreviousResponse: true};
		}

		case 'context_length_exceeded': {
			// Codex compacts on this code only, whatever the upstream called it (codex-wire.md 2).
			return requestFault({...facts, body: {...facts.body, code: errorClass}}, judgement);
		}

		case 'content_policy':
		case 'client_error_non_retryable': {
			return requestFault(facts, judgement);
		}

		default: {
			return hard(facts, errorClass, confidence);
		}
	}
};

const spent = (facts: Facts, fault: Fault): Classified => ({
	...limited(facts, fault),
	code: 'quota-exhausted',
	reason: facts.isInBand ? facts.reason : `${facts.reason}: its quota is used up`,
	// A relay's 5xx may speak of the quota of one of its own upstreams: an hour would be too long for that.
	baseMs: facts.status >= 500 ? cooldownBaseMs.rateLimit : cooldownBaseMs.quota,
	isQuota: true,
});

const refused = (facts: Facts, fault: Fault): Classified => ({
	outcome: 'auth',
	code: facts.code,
	reason: `${facts.reason}: it refused the key`,
	canMove: true,
	baseMs: cooldownBaseMs.status5xx,
	fault,
});

/** A failure that has no class. */
const byStatus = (facts: Facts): Classified => {
	const {status, reason} = facts;
	if (status >= 500) {
		return hard(facts, undefined, 'medium');
	}

	if (status < 400) {
		return {...hard(facts, undefined, 'medium'), reason: `${reason}, a redirect that is not followed with a key`};
	}

	if (status === 408) {
		return {...limited(facts, undefined), fault: {errorClass: undefined, scope: 'endpoint', confidence: 'medium'}};
	}

	// A path that this upstream does not have says nothing about the others.
	return status === 404
		? {
				...requestFault(facts, {errorClass: undefined, scope: 'endpoint', confidence: 'medium'}),
				canMove: true,
				reason: `${reason}: not found there`,
			}
		: requestFault(facts, undefined);
};

const hard = (
	{status, code, reason}: Facts,
	errorClass: ErrorClass | undefined,
	confidence: Confidence,
): Classified => ({
	outcome: 'hard',
	code,
	reason,
	canMove: true,
	baseMs: status === 504 ? cooldownBaseMs.gatewayTimeout : cooldownBaseMs.status5xx,
	fault: {errorClass, scope: 'endpoint', confidence},
});

const limited = ({status, code, reason, isInBand}: Facts, fault: Fault | undefined): Classified => ({
	outcome: 'soft',
	code,
	reason: status === 429 || status === 408 || isInBand ? reason : `${reason}: too many requests`,
	canMove: true,
	baseMs: cooldownBaseMs.rateLimit,
	fault,
});

/** A limit of simultaneous requests and a 429 are limits, not sickness (watchdog.md 4); the rest is. */
const overloaded = (facts: Facts, judgement: Judgement): Classified => {
	const isLimit = facts.status === 429 || judgement.scope === 'account';
	const isBareStatus = facts.isInBand || judgement.confidence === 'low';
	const found = isLimit ? limited(facts, judgement) : {...hard(facts, judgement.errorClass, 'high'), fault: judgement};
	return {...found, reason: isBareStatus ? facts.reason : `${facts.reason}: it is overloaded`};
};

/** After a status the request ends unless it is repaired; inside a stream the next upstream may read the state. */
const foreign = (facts: Facts, fault: Fault): Classified => {
	const {requestFault: stated, ...found} = requestFault(facts, fault);
	return facts.isInBand
		? {...found, canMove: true, isForeignState: true}
		: {...found, requestFault: stated, isForeignState: true};
};

const requestFault = ({status, code, reason, body}: Facts, fault: Fault | undefined): Classified => ({
	outcome: 'neutral',
	code,
	reason,
	canMove: false,
	baseMs: cooldownBaseMs.status5xx,
	fault: fault ?? {errorClass: undefined, scope: 'request', confidence: 'medium'},
	requestFault: {status, code: body.code, message: body.message ?? reason},
});
