import {describe, expect, test} from 'vitest';
import {endingOf, type FailedRequest, type FailedTry} from '../../../source/engine/reply/failed-request.ts';
import type {Judged} from '../../../source/engine/search/verdict.ts';
import type {RouteCandidate, SkipReason} from '../../../source/route/route-plan.ts';
import {nowMs} from '../../support/graph.ts';
import {judgedInBand, judgedStatus, judgedTransport} from '../../support/judged.ts';
import {candidate, planOf, skip} from '../../support/plans.ts';

const quotaBody = {error: {code: 'insufficient_quota', message: 'no credit'}};

const failure = (provider: string, judged: Judged): FailedTry => ({endpointKey: `codex/${provider}/default`, judged});
const cooldown = (inMs: number): SkipReason => skip('cooldown', inMs, 'answered 429');

const ending = (
	candidates: readonly RouteCandidate[],
	failures: readonly FailedTry[],
	fields: Partial<FailedRequest> & {readonly redact?: (text: string) => string} = {},
) =>
	endingOf(
		{plan: planOf(...candidates), failures, isBroken: false, nowMs, configPath: '/home/config.toml', ...fields},
		fields.redact ?? (text => text),
	);

describe('nobody could serve', () => {
	test('because all of them failed: every provider with its reason and the next step', () => {
		const end = ending(
			[candidate('a'), candidate('b')],
			[failure('a', judgedStatus(503)), failure('b', judgedTransport())],
		);
		expect(end).toEqual({
			kind: 'hopeless',
			code: 'no-upstream',
			status: 503,
			sentence:
				'no upstream could serve this request (a: answered 503; b: it reset the connection). Check them on the Routes page of codex-tui, then ask again.',
		});
	});

	test('because all refused the key', () => {
		const end = ending(
			[candidate('a'), candidate('b')],
			[failure('a', judgedStatus(401)), failure('b', judgedStatus(403))],
		);
		expect(end).toMatchObject({kind: 'hopeless', code: 'no-upstream'});
		expect(end).toHaveProperty(
			'sentence',
			expect.stringContaining('a: answered 401: it refused the key; b: answered 403'),
		);
	});

	test('because nothing is configured: the file is named', () => {
		expect(ending([], [])).toMatchObject({
			kind: 'hopeless',
			sentence: 'no provider is configured for this request. Add one to /home/config.toml.',
		});
	});

	test('because the pinned one cannot: the advice is to unpin it', () => {
		const refused = candidate('a', skip('auth_failed', undefined, 'answered 401'));
		const pin = {endpointKey: 'codex/a/default', mode: 'only', setAtMs: 0, untilMs: undefined} as const;
		const plan = {...planOf(refused), pin: {pin, scope: 'global', problem: undefined} as const};
		const end = ending([refused], [], {plan});
		expect(end).toHaveProperty(
			'sentence',
			'no upstream could serve this request (a: answered 401; change the key or pin it to try again). a is pinned: unpin it or pin another one (key o in codex-tui).',
		);
	});

	test('of many: five are named, the rest is counted', () => {
		const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
		const end = ending(
			names.map(name => candidate(name)),
			names.map(name => failure(name, judgedStatus(500))),
		);
		expect(end).toHaveProperty('sentence', expect.stringContaining('e: answered 500; and 2 more)'));
	});

	test('and no secret goes along', () => {
		const judged = {...judgedTransport(), reason: 'broke off: sk-secret'};
		const end = ending([candidate('a')], [failure('a', judged)], {
			redact: text => text.replaceAll('sk-secret', '[redacted]'),
		});
		expect(JSON.stringify(end)).not.toContain('sk-secret');
	});
});

describe('it passes by itself', () => {
	test('where all are limited: after the first that opens', () => {
		const failures = [failure('a', judgedStatus(429)), failure('b', judgedStatus(429))];
		expect(ending([candidate('a', cooldown(40_000)), candidate('b', cooldown(12_000))], failures)).toMatchObject({
			kind: 'will-pass',
			code: 'upstreams-limited',
			retryAfterMs: 12_000,
		});
	});

	test('where one is limited and another is down', () => {
		const failures = [failure('a', judgedStatus(503))];
		expect(ending([candidate('a'), candidate('b', cooldown(12_000))], failures)).toMatchObject({
			kind: 'will-pass',
			retryAfterMs: 12_000,
		});
	});

	test('where the limit ended while the request was under way', () => {
		expect(ending([candidate('a')], [failure('a', judgedStatus(429, {}, 0))])).toMatchObject({
			kind: 'will-pass',
			retryAfterMs: 0,
		});
	});

	test('where it is only full: a place gets free by itself', () => {
		const full = candidate('a', skip('concurrency_saturated', undefined, 'codex/a/default'));
		expect(ending([full], [])).toMatchObject({kind: 'will-pass', code: 'upstreams-limited'});
		const paused = candidate('a', skip('account_paused'), ...full.skips);
		expect(ending([paused], [])).toMatchObject({kind: 'hopeless'});
	});

	test('but not after more than a minute', () => {
		expect(ending([candidate('a', cooldown(60_001))], [failure('a', judgedStatus(429))])).toMatchObject({
			kind: 'hopeless',
		});
	});

	test('but not where the limited one could not serve anyway', () => {
		const pinnedAway = candidate('b', skip('not_pinned', undefined, 'codex/a/default'), cooldown(5000));
		expect(ending([candidate('a'), pinnedAway], [failure('a', judgedStatus(503))])).toMatchObject({kind: 'hopeless'});
	});
});

describe('a spent quota', () => {
	test('everywhere is said as that', () => {
		const failures = [failure('a', judgedStatus(402)), failure('b', judgedStatus(429, quotaBody))];
		const end = ending([candidate('a', cooldown(3_600_000)), candidate('b', cooldown(7_200_000))], failures);
		expect(end.kind).toBe('quota-spent');
		expect(end).toHaveProperty(
			'sentence',
			expect.stringMatching(/a: answered 402: its quota is used up.*Add credit or another provider\.$/),
		);
	});

	test('at one and a failure at the other is no quota ending', () => {
		const failures = [failure('a', judgedStatus(402)), failure('b', judgedStatus(503))];
		expect(ending([candidate('a', cooldown(3_600_000)), candidate('b')], failures).kind).toBe('hopeless');
	});
});

describe('a fault of the request', () => {
	test('ends it with the upstream as its author and the secret taken out of its words', () => {
		const judged = judgedStatus(422, {error: {code: 'bad_tool', message: 'tool sk-secret is bad'}});
		expect(
			ending([candidate('a')], [failure('a', judged)], {redact: text => text.replaceAll('sk-secret', '***')}),
		).toEqual({
			kind: 'request-fault',
			status: 422,
			code: 'bad_tool',
			provider: 'a',
			message: 'tool *** is bad',
		});
	});

	test('names an endpoint that is not the default', () => {
		const judged = judgedStatus(400, {error: {message: 'no'}});
		expect(ending([], [{endpointKey: 'codex/a/eu', judged}])).toMatchObject({kind: 'request-fault', provider: 'a.eu'});
	});

	test.each([
		['a status', judgedStatus(400, {error: {code: 'context_length_exceeded', message: 'too long'}})],
		['an error inside the stream', judgedInBand('context_length_exceeded', 'too long')],
	])('that the context overflows keeps its own ending, from %s', (_, judged) => {
		expect(ending([candidate('a')], [failure('a', judged)])).toEqual({
			kind: 'context-overflow',
			provider: 'a',
			message: 'too long',
		});
	});

	test('404 everywhere is the last one', () => {
		const failures = ['a', 'b'].map(name =>
			failure(name, judgedStatus(404, {error: {message: `no such model at ${name}`}})),
		);
		expect(ending([candidate('a'), candidate('b')], failures)).toMatchObject({
			kind: 'request-fault',
			status: 404,
			provider: 'b',
		});
	});

	test.each([
		['404 then 503', [404, 503]],
		['503 then 404', [503, 404]],
	])('%s is no fault of the request: both are told', (_, [first = 0, second = 0]) => {
		const end = ending(
			[candidate('a'), candidate('b')],
			[failure('a', judgedStatus(first)), failure('b', judgedStatus(second))],
		);
		expect(end.kind).toBe('hopeless');
		expect(end).toHaveProperty('sentence', expect.stringContaining(`a: answered ${first}`));
		expect(end).toHaveProperty('sentence', expect.stringContaining(`b: answered ${second}`));
	});
});

describe('a stream that broke after the client kept a part of it', () => {
	test('is asked for again', () => {
		expect(
			ending([candidate('a')], [failure('a', {...judgedTransport(), code: 'stream-cut'})], {isBroken: true}),
		).toEqual({
			kind: 'mid-stream-break',
			code: 'stream-cut',
			sentence: 'a it reset the connection after a part of the answer was delivered. The request is sent again.',
		});
	});

	test('is not asked for again where the request itself was at fault', () => {
		const judged = judgedInBand('context_length_exceeded', 'too long');
		expect(ending([candidate('a')], [failure('a', judged)], {isBroken: true}).kind).toBe('context-overflow');
	});
});
