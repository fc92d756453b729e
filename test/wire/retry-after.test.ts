import {expect, test} from 'vitest';
import {
	readRetryAfterMs,
	retryAfterBodyMs,
	retryAfterHeaderMs,
	retryAfterTextMs,
} from '../../source/wire/retry-after.ts';

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
