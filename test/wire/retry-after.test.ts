import {assert, constantFrom, double, integer, oneof, property, string} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {retryAfterBodyMs, retryAfterTextMs} from '../../source/wire/retry-after-body.ts';
import {limitHeaderWait, retryAfterHeaderMs} from '../../source/wire/retry-after-headers.ts';
import {readRetryAfterMs, readWait} from '../../source/wire/retry-after.ts';
import {propertyRuns} from '../support/property-runs.ts';

const nowMs = Date.parse('2026-11-21T10:00:00Z');

test.each([
	[{'retry-after': '7'}, 7000],
	[{'retry-after': ' 1.5 '}, 1500],
	[{'retry-after': ['3', '9']}, 3000],
	[{'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT'}, 30_000],
	[{'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT'}, 0],
	[{'retry-after-ms': '250', 'retry-after': '7'}, 250],
	[{'retry-after': 'soon'}, undefined],
	[{'retry-after': '-5x'}, undefined],
	[{}, undefined],
])('the headers %j mean a wait of %s ms', (headers, expected) => {
	expect(retryAfterHeaderMs({headers, nowMs})).toBe(expected);
});

test.each([
	['Rate limit reached. Please try again in 1.5s.', 1500],
	['Please try again in 20ms. Visit https://example.com', 20],
	['try again in 1m3s', 63_000],
	['Please try again in 1h2m3.5s.', 3_723_500],
	['Try again in 5 minutes.', 300_000],
	['please retry after 10 seconds and then', 10_000],
	['try again in 2 days', 172_800_000],
	['try again in a while', undefined],
	['try again in 5 apples', undefined],
	['nothing here', undefined],
])('the text %j means a wait of %s ms', (text, expected) => {
	expect(retryAfterTextMs(text)).toBe(expected);
});

test.each([
	[{error: {type: 'usage_limit_reached', resets_at: nowMs / 1000 + 90}}, 90_000],
	[{error: {resets_in_seconds: 12.2, resets_at: 1}}, 12_200],
	[{resets_at: nowMs + 500}, 500],
	[{resets_at: '2026-11-21T10:01:00Z'}, 60_000],
	[{resets_at: nowMs / 1000 - 5}, 0],
	[{error: {message: 'try again in 4s'}}, 4000],
	[{error: {message: 'no'}}, undefined],
])('the body %j means a wait of %s ms', (body, expected) => {
	expect(retryAfterBodyMs(JSON.stringify(body), nowMs)).toBe(expected);
});

test('headers go before the body, and a body that is no JSON is read as text', () => {
	const body = '<p>try again in 9s</p>';
	expect(readRetryAfterMs({headers: {'retry-after': '2'}, body, nowMs})).toBe(2000);
	expect(readRetryAfterMs({headers: {}, body, nowMs})).toBe(9000);
});

test('a hostile text is read in no time', () => {
	const startedAt = performance.now();
	retryAfterTextMs(`try again in ${'1 '.repeat(200_000)}`);
	retryAfterTextMs(`try again in ${'1s'.repeat(200_000)}`);
	expect(performance.now() - startedAt).toBeLessThan(200);
});

describe('Retry-After in odd spellings', () => {
	test.each([
		[{'retry-after': '5s'}, 5000],
		[{'retry-after': '250ms'}, 250],
		[{'retry-after': '1m30s'}, 90_000],
		[{'retry-after': '2026-11-21T10:00:09Z'}, 9000],
		[{'retry-after': '-5'}, undefined],
		[{'retry-after': 'NaN'}, undefined],
		[{'retry-after': ''}, undefined],
		[{'retry-after': '1e9'}, undefined],
		[{'retry-after': '99999999999999'}, undefined],
		[{'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT'}, undefined],
		[{'retry-after-ms': '-1', 'retry-after': '3'}, 3000],
		[{'retry-after-ms': 'soon', 'retry-after': '3'}, 3000],
	])('the headers %j mean %s ms', (headers, expected) => {
		expect(retryAfterHeaderMs({headers, nowMs})).toBe(expected);
	});
});

describe('the headers of limits', () => {
	const reset = '2026-11-21T10:00:20Z';
	test.for<[string, Readonly<Record<string, string>>, number | undefined, boolean]>([
		[
			'OpenAI, requests used up',
			{
				'x-ratelimit-remaining-requests': '0',
				'x-ratelimit-reset-requests': '6m0s',
				'x-ratelimit-remaining-tokens': '5',
				'x-ratelimit-reset-tokens': '1s',
			},
			360_000,
			false,
		],
		[
			'OpenAI, tokens used up',
			{
				'x-ratelimit-remaining-requests': '9',
				'x-ratelimit-reset-requests': '6m0s',
				'x-ratelimit-remaining-tokens': '0',
				'x-ratelimit-reset-tokens': '20ms',
			},
			20,
			false,
		],
		[
			'something left of all',
			{'x-ratelimit-remaining-requests': '9', 'x-ratelimit-reset-requests': '6m0s'},
			undefined,
			false,
		],
		['nothing said of the rest', {'x-ratelimit-reset-requests': '2s', 'x-ratelimit-reset-tokens': '7s'}, 7000, false],
		[
			'Anthropic, input tokens',
			{'anthropic-ratelimit-input-tokens-remaining': '0', 'anthropic-ratelimit-input-tokens-reset': reset},
			20_000,
			false,
		],
		[
			'Anthropic, the five hours of a plan',
			{
				'anthropic-ratelimit-unified-5h-status': 'rejected',
				'anthropic-ratelimit-unified-5h-reset': String(nowMs / 1000 + 7200),
				'anthropic-ratelimit-unified-reset': String(nowMs / 1000 + 5),
			},
			7_200_000,
			true,
		],
		[
			'Anthropic, a plan that allows',
			{
				'anthropic-ratelimit-unified-status': 'allowed',
				'anthropic-ratelimit-unified-reset': String(nowMs / 1000 + 7200),
			},
			undefined,
			false,
		],
		[
			'Codex, the week is spent',
			{'x-codex-secondary-used-percent': '100', 'x-codex-secondary-reset-at': String(nowMs / 1000 + 600)},
			600_000,
			true,
		],
		[
			'Codex, half of the week',
			{'x-codex-secondary-used-percent': '50', 'x-codex-secondary-reset-at': String(nowMs / 1000 + 600)},
			undefined,
			false,
		],
		[
			'OpenRouter, epoch milliseconds',
			{'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs + 4000)},
			4000,
			false,
		],
		['epoch seconds', {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(nowMs / 1000 + 4)}, 4000, false],
		['the draft of the IETF', {'ratelimit-remaining': '0', 'ratelimit-reset': '11'}, 11_000, false],
		['the year 2100', {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4102444800'}, undefined, false],
	])('%s', ([, headers, ms, isQuotaReset]) => {
		const wait = limitHeaderWait({headers, nowMs, status: 429});
		expect(wait?.ms).toBe(ms);
		expect(wait?.isQuotaReset ?? false).toBe(isQuotaReset);
	});

	test('say nothing beside an answer that is no refusal', () => {
		const headers = {'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '60s'};
		expect(limitHeaderWait({headers, nowMs, status: 500})).toBeUndefined();
		expect(limitHeaderWait({headers, nowMs, status: 429})?.ms).toBe(60_000);
	});
});

describe('the fields of a body', () => {
	test.for<[object, number | undefined, boolean]>([
		[{error: {retry_after_ms: 250}}, 250, false],
		[{error: {retryAfterMs: '250'}}, 250, false],
		[{retry_after: 3}, 3000, false],
		[{retryAfter: '3s'}, 3000, false],
		[{retry_after_seconds: 4}, 4000, false],
		[{error: {metadata: {retry_after_seconds: 6}}}, 6000, false],
		[{error: {resetsAt: nowMs / 1000 + 30}}, 30_000, true],
		[{error: {resetsInSeconds: 31}}, 31_000, true],
		[{error: {code: 'model_cooldown', reset_seconds: 40, reset_time: '40s'}}, 40_000, true],
		[{error: {reset_time: '1h2m'}}, 3_720_000, true],
		[{error: {details: [{'@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.3s'}]}}, 12_300, false],
		[{error: {details: [{retryDelay: {seconds: 9}}]}}, 9000, false],
		[{error: {details: [{retryDelay: '5s'}, {metadata: {quotaResetDelay: '2h15m'}}]}}, 8_100_000, true],
		[{error: {details: [{metadata: {quotaResetTimeStamp: '2026-11-21T11:00:00Z'}}]}}, 3_600_000, true],
		[{error: {message: JSON.stringify({error: {retry_after: 8}})}}, 8000, false],
		[{message: `upstream said: ${JSON.stringify({error: {resets_in_seconds: 50}})}`}, 50_000, true],
		[{error: {metadata: {raw: JSON.stringify({retry_after: 2})}}}, 2000, false],
		[{response: {error: {message: 'Please try again in 1.3s.'}}}, 1300, false],
		[{error: {retry_after: -5}}, undefined, false],
		[{error: {retry_after: 'soon'}}, undefined, false],
		[{error: {resets_at: 4_102_444_800}}, undefined, false],
		[{error: {retry_after: 1e300}}, undefined, false],
		[{input: {retry_after: 5}}, undefined, false],
		[[{error: {details: [{retryDelay: '2s'}]}}], 2000, false],
	])('%j', ([body, ms, isQuotaReset]) => {
		const wait = readWait({headers: {}, body: JSON.stringify(body), nowMs});
		expect([wait?.ms, wait?.isQuotaReset ?? false]).toEqual([ms, isQuotaReset]);
	});
});

test.each([
	['Please try again in 1.3s', 1300],
	['Please wait 250ms', 250],
	['Please wait for 2 minutes before you ask again', 120_000],
	['Your quota will reset after 2h15m.', 8_100_000],
	['请在 30 秒后重试', 30_000],
	['请求过于频繁，请5分钟后再试', 300_000],
	['请等待 2 分钟', 120_000],
	['额度将于1小时30分钟后恢复', 5_400_000],
	['请 500 毫秒后再试', 500],
	['2天后刷新', 172_800_000],
	['稍后再试', undefined],
	['We waited 30 seconds for an answer', undefined],
])('the sentence %j means a wait of %s ms', (text, expected) => {
	expect(retryAfterTextMs(text)).toBe(expected);
});

const waitOf = (text: string) => readWait({headers: {}, body: JSON.stringify({error: {message: text}}), nowMs});

test('a moment in a sentence is a quota reset where it speaks of a quota', () => {
	expect(waitOf('Your usage limit resets at 2026-11-21T12:00:00Z.')).toEqual({
		ms: 7_200_000,
		isQuotaReset: true,
		source: 'text',
	});
	// 19:00 in Beijing is 11:00 UTC.
	expect(waitOf('您的限额将在 2026-11-21 19:00:00 重置')).toEqual({ms: 3_600_000, isQuotaReset: true, source: 'text'});
	expect(waitOf('until 2026-11-21 10:00:05')?.isQuotaReset).toBe(false);
});

test('a quota reset goes before a shorter retry-after, and not before a longer one', () => {
	const body = JSON.stringify({error: {resets_in_seconds: 600}});
	expect(readWait({headers: {'retry-after': '5'}, body, nowMs})).toEqual({
		ms: 600_000,
		isQuotaReset: true,
		source: 'body',
	});
	expect(readWait({headers: {'retry-after': '900'}, body, nowMs})).toEqual({
		ms: 900_000,
		isQuotaReset: false,
		source: 'header',
	});
});

test('whatever an upstream writes, the wait is undefined or between 0 and 32 days', () => {
	const value = oneof(double(), integer(), string(), constantFrom('1s', '-1s', '9999999999', '2100-01-01T00:00:00Z'));
	assert(
		property(value, value, value, (header, reset, field) => {
			const wait = readWait({
				headers: {'retry-after': String(header), 'x-ratelimit-reset': String(reset)},
				body: JSON.stringify({error: {retry_after: field, resets_at: reset, retryDelay: header}}),
				nowMs,
			});
			return wait === undefined || (wait.ms >= 0 && wait.ms <= 32 * 86_400_000);
		}),
		propertyRuns(2000),
	);
});

test('what a failed response holds of the user and of the answer is not read', () => {
	const response = {instructions: 'wait 5 minutes', output: [{text: 'try again in 9s', retry_after: 7}]};
	const failed = (message: string) => JSON.stringify({response: {...response, error: {message}}});
	expect(retryAfterBodyMs(failed('boom'), nowMs)).toBeUndefined();
	expect(retryAfterBodyMs(failed('Please try again in 2s'), nowMs)).toBe(2000);
});
