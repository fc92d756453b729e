import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {classifyInBand, classifyStatus} from '../../source/attempt/classify.ts';
import {readErrorBody} from '../../source/attempt/classify/error-body.ts';
import {withStatedWait} from '../../source/attempt/classify/stated-wait.ts';
import {RequestBudget, RetryBudgets} from '../../source/attempt/retry-budget.ts';
import {decideRetry, retrySleepMs, type Failure} from '../../source/attempt/retry-decision.ts';
import type {RetryRules} from '../../source/attempt/retry-rules.ts';
import {readWait} from '../../source/wire/retry-after.ts';
import {fakeClock} from '../support/clock.ts';
import {propertyRuns} from '../support/property-runs.ts';

/* The rows of codex-helper.md 8.3 that are about classes, waits and budgets. */

const nowMs = Date.parse('2026-11-21T10:00:00Z');
const layer = {backoffMs: 200, backoffMaxMs: 2000, jitterMs: 0, onStatus: [{from: 400, to: 599}], onClass: []} as const;
const rulesOf = (upstreamAttempts: number, providerAttempts: number | undefined): RetryRules => ({
	upstream: {...layer, maxAttempts: upstreamAttempts},
	provider: {...layer, maxAttempts: providerAttempts, isStated: true},
	neverOnStatus: [413, 415, 422].map(status => ({from: status, to: status})),
	neverOnClass: ['client_error_non_retryable'],
});

const failure = (status: number, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): Failure => {
	const text = JSON.stringify(body);
	const classified = classifyStatus(status, readErrorBody(Buffer.from(text)), headers);
	const waiting = withStatedWait(classified, readWait({headers, body: text, nowMs, status}), nowMs);
	return {...waiting, status, isTransport: false};
};

const begun = {
	attemptsHere: 1,
	sends: 1,
	candidatesTried: 1,
	hasOthers: true,
	failingForMs: 0,
	hasRepeatedTransport: false,
	random: 0,
} as const;

/** Sends of one request whose every try fails, with `candidates` closed candidates of one provider. */
const sendsOf = (rules: RetryRules, candidates: number): number => {
	const clock = fakeClock();
	const budgets = new RetryBudgets(clock.monotonic);
	const budget = new RequestBudget({budgets, monotonic: clock.monotonic, sends: 8, retryWindowMs: 60_000});
	let here = 0;
	let tried = 1;
	let isRepeat = false;
	while (budget.admit({pool: 'a', isRepeat, isClosed: true}) === 'go') {
		here++;
		budget.failed();
		const state = {
			...begun,
			attemptsHere: here,
			sends: budget.sends,
			candidatesTried: tried,
			hasOthers: tried < candidates,
			failingForMs: budget.failingForMs,
		};
		const decision = decideRetry(rules, failure(500), {state});
		isRepeat = decision.kind === 'repeat';
		if (decision.kind === 'stop' || (decision.kind === 'next' && tried >= candidates)) {
			break;
		}

		clock.advance(decision.sleepMs);
		tried += isRepeat ? 0 : 1;
		here = isRepeat ? here : 0;
	}

	return budget.sends;
};

describe('row 41: two layers and real budgets', () => {
	test('attempts never exceed the configured total', () => {
		const attempts = fc.integer({min: 1, max: 8});
		fc.assert(
			fc.property(attempts, attempts, fc.integer({min: 1, max: 12}), (upstream, provider, candidates) => {
				const sends = sendsOf(rulesOf(upstream, provider), candidates);
				return sends === Math.min(8, upstream * Math.min(provider, candidates));
			}),
			propertyRuns(100),
		);
	});

	test('without provider.max_attempts all candidates are tried, up to 8 sends', () => {
		expect(sendsOf(rulesOf(1, undefined), 5)).toBe(5);
		expect(sendsOf(rulesOf(1, undefined), 20)).toBe(8);
	});
});

test.each([413, 415, 422])('row 43: %d is returned verbatim although the lists name it', status => {
	const failed = failure(status, {error: {message: 'no'}});
	expect(decideRetry(rulesOf(8, 8), failed, {state: begun})).toEqual({kind: 'stop', reason: 'never'});
});

test.each<[string, Readonly<Record<string, string>>, unknown]>([
	['a header in seconds', {'retry-after': '1'}, {}],
	['a header in milliseconds', {'retry-after-ms': '1000'}, {}],
	['an HTTP date', {'retry-after': 'Sat, 21 Nov 2026 10:00:01 GMT'}, {}],
	['a field', {}, {error: {retry_after: 1}}],
	['retryDelay', {}, {error: {details: [{retryDelay: '1s'}]}}],
])('row 44: %s is followed by the sleep and known to the cooldown', (_, headers, body) => {
	const failed = failure(429, body, headers);
	expect(failed.retryAfterMs).toBe(1000);
	expect(retrySleepMs(layer, failed.retryAfterMs, {attempt: 0, random: 0})).toBe(1000);
});

test('row 46: client errors do not hurt health', () => {
	expect(failure(400, {error: {type: 'invalid_request_error', message: 'x'}}).outcome).toBe('neutral');
	expect(classifyInBand({code: 'invalid_request_error', message: 'x'}).outcome).toBe('neutral');
});

test('row 47: an unsupported model moves on, neutral', () => {
	const failed = failure(404, {error: {code: 'model_not_found', message: 'x'}});
	expect(failed.outcome).toBe('neutral');
	expect(decideRetry(rulesOf(2, 2), failed, {state: begun}).kind).toBe('next');
});

const read = (text: string) => readErrorBody(Buffer.from(text));

test('row 50: Cloudflare’s timeout cools down for 60 s, its challenge for 300 s', () => {
	expect(classifyStatus(524, read('')).baseMs).toBe(60_000);
	expect(classifyStatus(403, read('<html>Just a moment...')).baseMs).toBe(300_000);
});
