import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {decideRetry, retrySleepMs, type Failure, type RetryState} from '../../source/attempt/retry-decision.ts';
import {isNever, type RetryRules} from '../../source/attempt/retry-rules.ts';
import type {ErrorClass} from '../../source/attempt/classify/error-class.ts';
import {propertyRuns} from '../support/property-runs.ts';

const range = (from: number, to = from) => ({from, to});
const throttleClasses = ['upstream_rate_limited', 'upstream_overloaded'];

/** The profile "balanced" of codex-helper.md 1.7, written out in a file. */
const balanced: RetryRules = {
	upstream: {
		maxAttempts: 2,
		backoffMs: 200,
		backoffMaxMs: 2000,
		jitterMs: 100,
		onStatus: [range(429), range(500, 502), range(504, 528), range(530, 599)],
		onClass: ['upstream_transport_error', 'cloudflare_timeout', 'cloudflare_challenge', ...throttleClasses],
	},
	provider: {
		maxAttempts: undefined,
		isStated: false,
		backoffMs: 0,
		backoffMaxMs: 0,
		jitterMs: 0,
		onStatus: [range(401), range(403), range(404), range(408), range(429), range(500, 599)],
		onClass: [
			'upstream_transport_error',
			'routing_mismatch_capability',
			'image_generation_missing_result',
			...throttleClasses,
		],
	},
	neverOnStatus: [range(413), range(415), range(422)],
	neverOnClass: ['client_error_non_retryable'],
};
/** No `[retry]` section: each candidate at most once. */
const silent: RetryRules = {...balanced, upstream: {...balanced.upstream, maxAttempts: 1}};
const statedProvider = (changed: Partial<RetryRules['provider']>): RetryRules => ({
	...balanced,
	upstream: {...balanced.upstream, maxAttempts: 1},
	provider: {...balanced.provider, isStated: true, ...changed},
});

const fault = (errorClass: ErrorClass) => ({errorClass, scope: 'endpoint', confidence: 'high'}) as const;
const answer = (status: number, changed: Partial<Failure> = {}): Failure => ({
	status,
	code: `status-${status}`,
	outcome: 'hard',
	canMove: true,
	isTransport: false,
	retryAfterMs: undefined,
	...changed,
});
const transport = (code = 'connection-reset'): Failure => ({
	...answer(0, {isTransport: true, code, fault: fault('upstream_transport_error')}),
	status: undefined,
});
const begun: RetryState = {
	attemptsHere: 1,
	sends: 1,
	candidatesTried: 1,
	hasOthers: true,
	failingForMs: 0,
	hasRepeatedTransport: false,
	random: 0,
};
const decide = (rules: RetryRules, failure: Failure, state: Partial<RetryState> = {}) =>
	decideRetry(rules, failure, {state: {...begun, ...state}});

const sleep = (retryAfterMs: number | undefined, attempt = 0, random = 0) =>
	retrySleepMs(balanced.upstream, retryAfterMs, {attempt, random});

describe('the pause before a repeat', () => {
	test('is base·2^n, capped', () => {
		expect([0, 1, 2, 3, 4, 9].map(attempt => sleep(undefined, attempt))).toEqual([200, 400, 800, 1600, 2000, 2000]);
	});

	test('is the stated wait, capped at max(backoff_max, backoff)', () => {
		expect(sleep(700)).toBe(700);
		expect(sleep(60_000)).toBe(2000);
		expect(retrySleepMs({...balanced.upstream, backoffMs: 5000}, 60_000, {attempt: 0, random: 0})).toBe(5000);
	});

	test('gets the jitter on top of both', () => {
		expect(sleep(undefined, 0, 0.5)).toBe(250);
		expect(sleep(60_000, 0, 0.5)).toBe(2050);
	});

	test('is never negative and never longer than cap and jitter', () => {
		const any = fc.oneof(fc.constant(undefined), fc.double({min: -1e9, max: 1e12, noNaN: true}));
		fc.assert(
			fc.property(
				any,
				fc.integer({min: -1, max: 100}),
				fc.double({min: 0, max: 0.999, noNaN: true}),
				(wait, attempt, random) => {
					const ms = retrySleepMs(balanced.upstream, wait, {attempt, random});
					return ms >= 0 && ms <= 2100;
				},
			),
			propertyRuns(100),
		);
	});
});

describe('the never rules', () => {
	test('a never class always wins', () => {
		const rules = {...balanced, neverOnClass: ['upstream_rate_limited']};
		expect(decide(rules, answer(429, {fault: fault('upstream_rate_limited')}))).toEqual({
			kind: 'stop',
			reason: 'never',
		});
	});

	test('a never status is overridden by an explicit on_class match', () => {
		const rules = {...balanced, neverOnStatus: [range(400)]};
		const page = answer(400, {fault: fault('cloudflare_challenge')});
		expect(isNever(rules, rules.upstream, page)).toBe(false);
		expect(decide(rules, page)).toEqual({kind: 'repeat', sleepMs: 200});
		expect(isNever(rules, rules.upstream, answer(400))).toBe(true);
	});

	test.each([413, 415, 422])('%d is returned as it is', status => {
		expect(decide(balanced, answer(status, {outcome: 'neutral', canMove: true}))).toEqual({
			kind: 'stop',
			reason: 'never',
		});
	});

	test('a wider class of codex-helper covers the finer one', () => {
		const context = answer(400, {outcome: 'neutral', canMove: true, fault: fault('context_length_exceeded')});
		expect(decide(balanced, context)).toEqual({kind: 'stop', reason: 'never'});
	});
});

describe('the same endpoint again', () => {
	test('by status and by class while attempts are left', () => {
		expect(decide(balanced, answer(500))).toEqual({kind: 'repeat', sleepMs: 200});
		expect(decide(balanced, answer(503))).toEqual({kind: 'next', sleepMs: 0});
		expect(decide(balanced, answer(503, {fault: fault('upstream_overloaded')}))).toEqual({
			kind: 'repeat',
			sleepMs: 200,
		});
		expect(decide(balanced, answer(500), {attemptsHere: 2})).toEqual({kind: 'next', sleepMs: 0});
	});

	test('not without a [retry] section', () => {
		expect(decide(silent, answer(500))).toEqual({kind: 'next', sleepMs: 0});
		expect(decide(silent, answer(500), {hasOthers: false})).toEqual({kind: 'next', sleepMs: 0});
	});

	test('not while a longer wait is stated and somebody else can serve', () => {
		const limited = answer(429, {outcome: 'soft', retryAfterMs: 30_000});
		expect(decide(balanced, limited)).toEqual({kind: 'next', sleepMs: 0});
		expect(decide(balanced, limited, {hasOthers: false})).toEqual({kind: 'repeat', sleepMs: 2000});
		expect(decide(balanced, answer(429, {outcome: 'soft', retryAfterMs: 1500}))).toEqual({
			kind: 'repeat',
			sleepMs: 1500,
		});
	});

	test.each([
		['a spent quota', answer(429, {outcome: 'soft', isQuota: true, fault: fault('quota_exhausted')})],
		['a refused key', answer(403, {outcome: 'auth', fault: fault('auth')})],
		['a model that is not there', answer(404, {outcome: 'neutral', fault: fault('routing_mismatch_capability')})],
	])('not for %s', (_, failure) => {
		expect(decide(balanced, failure)).toEqual({kind: 'next', sleepMs: 0});
	});

	test('of a failed connection once, after everybody else, never after a timeout', () => {
		expect(decide(silent, transport())).toEqual({kind: 'next', sleepMs: 0});
		expect(decide(silent, transport(), {hasOthers: false})).toEqual({kind: 'repeat', sleepMs: 200});
		expect(decide(silent, transport(), {hasOthers: false, hasRepeatedTransport: true}).kind).toBe('next');
		expect(decide(silent, transport('first-byte-timeout'), {hasOthers: false}).kind).toBe('next');
	});
});

describe('the next candidate', () => {
	test('follows where the failure says that another may serve', () => {
		expect(decide(silent, answer(400, {outcome: 'neutral', canMove: false}))).toEqual({
			kind: 'stop',
			reason: 'not-retryable',
		});
		expect(decide(silent, answer(402, {outcome: 'soft', isQuota: true}))).toEqual({kind: 'next', sleepMs: 0});
		expect(decide(silent, answer(200, {code: 'in-band-failed'}))).toEqual({kind: 'next', sleepMs: 0});
	});

	test('follows the lists of the file where it states them', () => {
		const narrow = statedProvider({onStatus: [range(500)], onClass: []});
		expect(decide(narrow, answer(500)).kind).toBe('next');
		expect(decide(narrow, answer(502))).toEqual({kind: 'stop', reason: 'not-retryable'});
		expect(decide(narrow, answer(200, {code: 'in-band-failed'})).kind).toBe('next');
		expect(decide(narrow, transport()).kind).toBe('next');
		const wide = statedProvider({onStatus: [range(400)]});
		expect(decide(wide, answer(400, {outcome: 'neutral', canMove: false})).kind).toBe('next');
	});

	test('is limited by provider.max_attempts only where the file states it', () => {
		expect(decide(silent, answer(500), {candidatesTried: 7, sends: 7}).kind).toBe('next');
		const rules = statedProvider({maxAttempts: 2});
		expect(decide(rules, answer(500), {candidatesTried: 1}).kind).toBe('next');
		expect(decide(rules, answer(500), {candidatesTried: 2})).toEqual({kind: 'stop', reason: 'provider-limit'});
	});

	test('waits for the backoff of its layer, not for the wait that another stated', () => {
		const rules = statedProvider({backoffMs: 100, backoffMaxMs: 300});
		const limited = answer(429, {outcome: 'soft', retryAfterMs: 60_000});
		expect(decide(rules, limited)).toEqual({kind: 'next', sleepMs: 100});
		expect(decide(rules, limited, {candidatesTried: 3})).toEqual({kind: 'next', sleepMs: 300});
	});
});

describe('the end', () => {
	test('comes after an ambiguous failure where a second answer would do harm', () => {
		const careful = {allowsAmbiguous: false};
		for (const code of ['first-byte-timeout', 'connection-reset']) {
			expect(decide(silent, transport(code), careful)).toEqual({kind: 'stop', reason: 'ambiguous'});
			expect(decide(silent, transport(code)).kind).toBe('next');
		}

		// Where nothing was sent, or an answer came, nothing is ambiguous.
		expect(decide(silent, transport('connect-refused'), careful).kind).toBe('next');
		expect(decide(silent, transport('tls-failed'), careful).kind).toBe('next');
		expect(decide(silent, answer(503), careful).kind).toBe('next');
	});

	test('comes after 8 sends and 60 seconds after the first failure', () => {
		expect(decide(balanced, answer(500), {sends: 8})).toEqual({kind: 'stop', reason: 'sends-spent'});
		expect(decide(balanced, answer(500), {failingForMs: 60_001})).toEqual({kind: 'stop', reason: 'window-over'});
		expect(decide(balanced, answer(500), {sends: 7, failingForMs: 60_000}).kind).toBe('repeat');
	});

	test('comes with a client that left and with a success', () => {
		for (const outcome of ['cancelled', 'success']) {
			expect(decide(balanced, answer(200, {outcome}))).toEqual({kind: 'stop', reason: 'not-retryable'});
		}
	});

	test('always comes: no rules and failures make more than 8 sends', () => {
		const failures = fc.constantFrom(
			answer(500),
			answer(429, {outcome: 'soft'}),
			transport(),
			answer(404, {outcome: 'neutral'}),
		);
		fc.assert(
			fc.property(
				fc.integer({min: 1, max: 8}),
				fc.array(failures, {minLength: 20, maxLength: 20}),
				(maxAttempts, list) => {
					const rules = {...balanced, upstream: {...balanced.upstream, maxAttempts}};
					let state = begun;
					for (const failure of list) {
						const decision = decideRetry(rules, failure, {state});
						if (decision.kind === 'stop') {
							return state.sends <= 8;
						}

						const isRepeat = decision.kind === 'repeat';
						state = {
							...state,
							sends: state.sends + 1,
							attemptsHere: isRepeat ? state.attemptsHere + 1 : 1,
							candidatesTried: state.candidatesTried + (isRepeat ? 0 : 1),
						};
					}

					return false;
				},
			),
			propertyRuns(100),
		);
	});
});
