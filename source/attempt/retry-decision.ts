import {limits} from '../wire/limits.ts';
import type {Fault} from './classify/error-class.ts';
import {isListed, isNever, type RetryLayer, type RetryRules} from './retry-rules.ts';

/*
 * What follows from one failed send: the same endpoint again, the next candidate, or the end (codex-helper.md 1.7 and 2.3; routing.md 5). A pure
 * function; the budgets of retry-budget.ts are asked by the road before each send. Repairs of the request (foreign state, stale ids) come before it.
 */

/** A failed send, as far as the decision looks at it; the road's `Judged` fits. */
export interface Failure {
	/** Undefined without an answer; 200 for an error inside a stream. */
	readonly status: number | undefined;
	readonly code: string;
	readonly fault?: Fault | undefined;
	readonly outcome: string;
	readonly canMove: boolean;
	readonly isTransport: boolean;
	readonly isQuota?: boolean | undefined;
	readonly retryAfterMs: number | undefined;
}

/** How far the request has come. */
export interface RetryState {
	/** Sends to this endpoint so far, the failed one included. */
	readonly attemptsHere: number;
	/** Sends of the request so far. */
	readonly sends: number;
	/** Candidates tried so far, this one included. */
	readonly candidatesTried: number;
	/** Another candidate could be tried now. */
	readonly hasOthers: boolean;
	/** Since the first failure of the request. */
	readonly failingForMs: number;
	/** A failed connection of this request was repeated already. */
	readonly hasRepeatedTransport: boolean;
	/** From 0 up to 1, for the jitter. */
	readonly random: number;
	/**
	 * The request may be sent again although it may have been served (`retry.ambiguous`, watchdog.md 4); true unless said otherwise. A second
	 * answer is paid twice, and a stored one would stand there twice.
	 */
	readonly allowsAmbiguous?: boolean | undefined;
}

/** Limits of one request, of wire/limits.ts unless a test says otherwise. */
export interface RetryLimits {
	readonly sends: number;
	readonly retryWindowMs: number;
	readonly transportRepeatMs: number;
}

/** Why a request ends. */
export type StopReason = 'not-retryable' | 'never' | 'sends-spent' | 'window-over' | 'provider-limit' | 'ambiguous';

/** What follows. `sleepMs` comes before the send. */
export type RetryDecision =
	| {readonly kind: 'repeat' | 'next'; readonly sleepMs: number}
	| {readonly kind: 'stop'; readonly reason: StopReason};

/** The longest sleep of a layer without its jitter. */
const longestSleepMs = ({backoffMs, backoffMaxMs}: RetryLayer): number => Math.max(backoffMaxMs, backoffMs);

/**
 * The pause before a send: a stated wait capped at `max(backoff_max, backoff)`, else `backoff · 2^n` capped the same way; plus jitter
 * (codex-helper.md 1.7). `attempt` counts from 0; `random` is from 0 up to 1.
 */
export const retrySleepMs = (
	layer: RetryLayer,
	retryAfterMs: number | undefined,
	{attempt, random}: {readonly attempt: number; readonly random: number},
): number => {
	const wantedMs = retryAfterMs ?? layer.backoffMs * 2 ** Math.max(0, attempt);
	return Math.round(Math.min(Math.max(0, wantedMs), longestSleepMs(layer)) + layer.jitterMs * random);
};

/** Repeats that cannot help, whatever the lists say: a spent quota, a refused key, a fault of the request or of the model. */
const isHopelessHere = ({outcome, isQuota}: Failure): boolean =>
	isQuota === true || outcome === 'auth' || outcome === 'neutral';

/** A timeout is no sign of a stale connection: the same would be waited for again. */
const isBrokenConnection = ({isTransport, code}: Failure): boolean => isTransport && !code.endsWith('-timeout');

/** The request had been sent and nothing came back: nobody knows whether it is being served. */
const isAmbiguous = ({isTransport, status, code}: Failure): boolean =>
	isTransport && status === undefined && !/^(?:connect-|dns-|tls-|unreachable|bad-header)/.test(code);

const mayRepeat = (rules: RetryRules, failure: Failure, state: RetryState): boolean => {
	const {upstream} = rules;
	if (state.attemptsHere >= upstream.maxAttempts || isHopelessHere(failure) || isNever(rules, upstream, failure)) {
		return false;
	}

	// A stated wait that is longer than we would sleep is not cut short while somebody else can serve.
	const isTooLong = (failure.retryAfterMs ?? 0) > longestSleepMs(upstream);
	return isListed(upstream, failure) && !(isTooLong && state.hasOthers);
};

/** Once, after everybody else: the connection may have been stale, and the second one is new (REL-28). */
const mayRepeatConnection = (rules: RetryRules, failure: Failure, state: RetryState): boolean =>
	isBrokenConnection(failure) &&
	!state.hasOthers &&
	!state.hasRepeatedTransport &&
	!isNever(rules, rules.upstream, failure);

const mayMove = ({provider}: RetryRules, failure: Failure): boolean => {
	// An error inside a 200 and a failed connection have no status that a list could name.
	const isNameable = failure.status !== undefined && failure.status >= 400;
	return provider.isStated && isNameable ? isListed(provider, failure) : failure.canMove;
};

const spentOf = (state: RetryState, {sends, retryWindowMs}: RetryLimits): StopReason | undefined => {
	if (state.sends >= sends) {
		return 'sends-spent';
	}

	return state.failingForMs > retryWindowMs ? 'window-over' : undefined;
};

/** What follows from a failed send of which the client has kept nothing. */
export const decideRetry = (
	rules: RetryRules,
	failure: Failure,
	{state, bounds = limits}: {readonly state: RetryState; readonly bounds?: RetryLimits},
): RetryDecision => {
	if (failure.outcome === 'cancelled' || failure.outcome === 'success') {
		return {kind: 'stop', reason: 'not-retryable'};
	}

	const spent = spentOf(state, bounds);
	if (spent !== undefined) {
		return {kind: 'stop', reason: spent};
	}

	if (state.allowsAmbiguous === false && isAmbiguous(failure)) {
		return {kind: 'stop', reason: 'ambiguous'};
	}

	const {random} = state;
	if (mayRepeat(rules, failure, state)) {
		const attempt = state.attemptsHere - 1;
		return {kind: 'repeat', sleepMs: retrySleepMs(rules.upstream, failure.retryAfterMs, {attempt, random})};
	}

	if (mayRepeatConnection(rules, failure, state)) {
		return {kind: 'repeat', sleepMs: bounds.transportRepeatMs};
	}

	return decideMove(rules, failure, state);
};

const decideMove = (rules: RetryRules, failure: Failure, state: RetryState): RetryDecision => {
	const {provider} = rules;
	if (isNever(rules, provider, failure)) {
		return {kind: 'stop', reason: 'never'};
	}

	if (!mayMove(rules, failure)) {
		return {kind: 'stop', reason: 'not-retryable'};
	}

	if (provider.maxAttempts !== undefined && state.candidatesTried >= provider.maxAttempts) {
		return {kind: 'stop', reason: 'provider-limit'};
	}

	// Another candidate owes nothing to the wait that this one stated.
	const attempt = state.candidatesTried - 1;
	return {kind: 'next', sleepMs: retrySleepMs(provider, undefined, {attempt, random: state.random})};
};
