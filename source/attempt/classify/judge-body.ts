import {wordOf, type ErrorBody} from './error-body.ts';
import type {Confidence, ErrorClass, FaultScope} from './error-class.ts';
import {hasClientWord, meaningOfWords, type Meaning} from './known-words.ts';
import {meaningOfTexts} from './phrases.ts';

/* Words before sentences, sentences before the bare status. */

/** A {@link Meaning} and how sure it is. */
export interface Judgement extends Meaning {
	readonly confidence: Confidence;
}

/** Statuses that say: the request is wrong. */
export const blamingStatuses: ReadonlySet<number> = new Set([400, 404, 405, 409, 413, 415, 422]);
/** A 404 or 405 may be about the path, whatever type it has. */
const shapeStatuses: ReadonlySet<number> = new Set([400, 409, 413, 415, 422]);
/** Too large, or of the wrong type: a "limit" in their text is the body's. */
const sizeStatuses: ReadonlySet<number> = new Set([413, 415]);
const mismatchStatuses: ReadonlySet<number> = new Set([400, 403, 404, 409, 422]);

/** Classes that a status alone speaks for. */
const ofStatus: Readonly<Record<number, readonly [ErrorClass, FaultScope, Confidence]>> = {
	401: ['auth', 'account', 'high'],
	402: ['quota_exhausted', 'account', 'high'],
	403: ['auth', 'account', 'medium'],
	429: ['upstream_rate_limited', 'account', 'high'],
	503: ['upstream_overloaded', 'endpoint', 'low'],
	529: ['upstream_overloaded', 'endpoint', 'low'],
};

const agrees = (status: number, errorClass: ErrorClass): boolean =>
	ofStatus[status]?.[0] === errorClass ||
	(status === 429 && (errorClass === 'upstream_overloaded' || errorClass === 'quota_exhausted')) ||
	(blamingStatuses.has(status) && !/^(?:upstream_|quota_|auth)/.test(errorClass));

const wordsOf = (body: ErrorBody): readonly string[] =>
	body.words ?? [body.code, body.type].filter(word => word !== undefined).map(word => wordOf(word));

const textsOf = ({texts, message}: ErrorBody): readonly string[] => texts ?? (message === undefined ? [] : [message]);

/** The words decide; of the sentences only a spent quota says more than "too many requests", and which model it is about. */
const refine = (byWord: Meaning, byText: Meaning | undefined, words: readonly string[]): Meaning => {
	const isThrottle = byWord.errorClass === 'upstream_rate_limited' || byWord.errorClass === 'upstream_overloaded';
	if (byWord.errorClass === 'quota_exhausted' && byText?.scope === 'model') {
		return {...byWord, scope: 'model'};
	}

	// Google and Alibaba tell everyone who is too fast of quotas, plans and billing.
	const isLoose = words.some(word => word === 'resourceexhausted' || word.startsWith('throttling'));
	if (!isThrottle || byText === undefined || isLoose) {
		return byWord;
	}

	return byText.errorClass === 'quota_exhausted' || byText.errorClass === byWord.errorClass ? byText : byWord;
};

/** A relay that fails over a key means the one that it holds itself: ours is not to be put away until somebody changes it. */
const isOurs = (status: number, {errorClass}: Meaning): boolean => errorClass !== 'auth' || status < 429;

/** Whose quota a relay's 5xx speaks of cannot be told. */
const isSecondHand = (status: number, {errorClass}: Meaning): boolean =>
	status >= 500 && errorClass === 'quota_exhausted';

/**
 * What a body says together with its status, 200 for one inside a stream that states none; undefined where nothing has a name.
 */
export const judgeBody = (status: number, body: ErrorBody, isInBand: boolean): Judgement | undefined => {
	const words = wordsOf(body);
	const byWord = meaningOfWords(words);
	const byText = meaningOfTexts(textsOf(body), {
		blamesRequest: blamingStatuses.has(status),
		hasClientWord: sizeStatuses.has(status) || hasClientWord(words),
		mayMismatch: isInBand || mismatchStatuses.has(status),
		mayBeShape: shapeStatuses.has(status),
	});
	if (byWord && isOurs(status, byWord)) {
		const meaning = refine(byWord, byText, words);
		return {...meaning, confidence: isSecondHand(status, meaning) ? 'medium' : 'high'};
	}

	if (byText && isOurs(status, byText)) {
		return {...byText, confidence: agrees(status, byText.errorClass) ? 'high' : 'medium'};
	}

	if (hasClientWord(words) && (isInBand || shapeStatuses.has(status))) {
		return {errorClass: 'client_error_non_retryable', scope: 'request', confidence: 'high'};
	}

	const [errorClass, scope, confidence] = ofStatus[status] ?? [];
	return errorClass && scope && confidence ? {errorClass, scope, confidence} : undefined;
};
