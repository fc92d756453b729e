import type {AttemptOutcome} from '../event/catalogue.ts';
import {isRecord, parseJson, textAt} from '../base/json.ts';
import {cooldownBaseMs} from './breaker.ts';

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
	/** Set where the fault is the request's: what the client gets, with the upstream's own code. */
	readonly requestFault?:
		| {readonly status: number; readonly code: string | undefined; readonly message: string}
		| undefined;
	/** The upstream cannot read encrypted items of another one: a resend without them may help. */
	readonly isForeignState?: boolean;
	readonly isQuota?: boolean;
}

/** Codes of an error body that mean: this request, wherever it goes (codex-wire.md 2, the final codes). */
const requestFaultCodes: ReadonlySet<string> = new Set([
	'context_length_exceeded',
	'invalid_prompt',
	'cyber_policy',
	'content_policy_violation',
]);

/** Codes that mean: the account has nothing left, a repeat is useless until its reset. */
const quotaCodes: ReadonlySet<string> = new Set([
	'insufficient_quota',
	'usage_limit_reached',
	'usage_not_included',
	'billing_hard_limit_reached',
]);

const foreignState = /encrypted[_ ]content/i;

/** The fields of an upstream's error body that anything depends on; every field may be missing. */
export interface ErrorBody {
	readonly code: string | undefined;
	readonly type: string | undefined;
	readonly message: string | undefined;
	readonly isHtml: boolean;
}

/** Reads `{error: {code, type, message}}`, `{error: "…"}`, `{message}`, `{detail}`; anything else gives undefined fields. */
export const readErrorBody = (bytes: Buffer): ErrorBody => {
	const text = bytes.toString('utf8').trim();
	const nothing = {code: undefined, type: undefined, message: undefined, isHtml: text.startsWith('<')};
	const json = parseJson(text);
	if (!isRecord(json)) {
		// Relays answer HTML, plain text or nothing.
		return {...nothing, message: nothing.isHtml || text === '' ? undefined : text.slice(0, 300)};
	}

	const inner = isRecord(json['error']) ? json['error'] : json;
	return {
		code: textAt(inner, 'code'),
		type: textAt(inner, 'type'),
		message: textAt(inner, 'message') ?? textAt(json, 'error') ?? textAt(json, 'detail') ?? textAt(json, 'message'),
		isHtml: false,
	};
};

/** Classifies a status other than 2xx. */
export const classifyStatus = (status: number, body: ErrorBody): Classified => {
	const code = `status-${status}`;
	const reason = `answered ${status}`;
	if (body.isHtml && (status === 403 || status === 503)) {
		return {
			outcome: 'hard',
			code: 'bot-challenge',
			reason: `${reason} with a web page`,
			canMove: true,
			baseMs: cooldownBaseMs.botChallenge,
		};
	}

	if (body.code !== undefined && requestFaultCodes.has(body.code)) {
		return requestFault({status, code, reason, body});
	}

	const isQuota = [body.code, body.type].some(word => word !== undefined && quotaCodes.has(word)) || status === 402;
	if (isQuota) {
		return {
			outcome: 'soft',
			code: 'quota-exhausted',
			reason: `${reason}: its quota is used up`,
			canMove: true,
			baseMs: cooldownBaseMs.quota,
			isQuota,
		};
	}

	switch (status) {
		case 401:
		case 403: {
			return {
				outcome: 'auth',
				code,
				reason: `${reason}: it refused the key`,
				canMove: true,
				baseMs: cooldownBaseMs.status5xx,
			};
		}

		case 408:
		case 429: {
			return {outcome: 'soft', code, reason, canMove: true, baseMs: cooldownBaseMs.rateLimit};
		}

		case 504:
		case 524: {
			return {outcome: 'hard', code, reason, canMove: true, baseMs: cooldownBaseMs.gatewayTimeout};
		}

		default: {
			return classifyOther({status, code, reason, body});
		}
	}
};

interface StatusFacts {
	readonly status: number;
	readonly code: string;
	readonly reason: string;
	readonly body: ErrorBody;
}

const classifyOther = (facts: StatusFacts): Classified => {
	const {status, code, reason, body} = facts;
	if (status >= 500) {
		return {outcome: 'hard', code, reason, canMove: true, baseMs: cooldownBaseMs.status5xx};
	}

	if (status < 400) {
		return {
			outcome: 'hard',
			code,
			reason: `${reason}, a redirect that is not followed with a key`,
			canMove: true,
			baseMs: cooldownBaseMs.status5xx,
		};
	}

	if (foreignState.test(`${body.code ?? ''} ${body.message ?? ''}`)) {
		return {...requestFault(facts), isForeignState: true};
	}

	// A model or path that this upstream does not have says nothing about the others.
	return status === 404
		? {
				outcome: 'neutral',
				code,
				reason: `${reason}: not found there`,
				canMove: true,
				baseMs: cooldownBaseMs.status5xx,
				requestFault: {status, code: body.code, message: body.message ?? reason},
			}
		: requestFault(facts);
};

const requestFault = ({status, code, reason, body}: StatusFacts): Classified => ({
	outcome: 'neutral',
	code,
	reason,
	canMove: false,
	baseMs: cooldownBaseMs.status5xx,
	requestFault: {status, code: body.code, message: body.message ?? reason},
});

/** Classifies an error that came inside a 200 stream (codex-wire.md 2, "Errors during the stream"). */
export const classifyInBand = (error: {readonly code: string | undefined; readonly message: string}): Classified => {
	const code = 'in-band-failed';
	const reason = `failed in its stream (${error.code ?? 'no code'})`;
	if (error.code !== undefined && requestFaultCodes.has(error.code)) {
		const body = {code: error.code, type: undefined, message: error.message, isHtml: false};
		return requestFault({status: 400, code, reason, body});
	}

	if (error.code !== undefined && quotaCodes.has(error.code)) {
		return {
			outcome: 'soft',
			code: 'quota-exhausted',
			reason,
			canMove: true,
			baseMs: cooldownBaseMs.quota,
			isQuota: true,
		};
	}

	const isLimit =
		error.code === 'rate_limit_exceeded' || error.code === 'slow_down' || error.code === 'rate_limit_error';
	const isForeignState = foreignState.test(`${error.code ?? ''} ${error.message}`);
	return isLimit
		? {outcome: 'soft', code, reason, canMove: true, baseMs: cooldownBaseMs.rateLimit}
		: {
				outcome: isForeignState ? 'neutral' : 'hard',
				code,
				reason,
				canMove: true,
				baseMs: cooldownBaseMs.status5xx,
				isForeignState,
			};
};
