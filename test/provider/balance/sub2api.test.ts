import {describe, expect, test} from 'vitest';
import {readBalance, readingOf} from '../../support/balance-kind.ts';

/** A full window of five hours. */
const limitedUntil = (resetAt: string) => ({
	mode: 'quota_limited',
	quota: {limit: 100, remaining: 60},
	rate_limits: [{window: '5h', limit: 10, used: 10, remaining: 0, reset_at: resetAt}],
});

describe('sub2api_usage', () => {
	test('isValid=false is an error, not exhaustion', () => {
		expect(readBalance('sub2api_usage', {isValid: false, remaining: 0})).toMatchObject({kind: 'fault'});
	});

	test('quota_limited reads the quota and the rate windows; the tightest wins', () => {
		const json = {
			mode: 'quota_limited',
			quota: {limit: 100, used: 40, remaining: 60},
			rate_limits: [
				{window: '5h', limit: 10, used: 9.5, remaining: 0.5, reset_at: '2026-07-01T14:00:00Z'},
				{window: '7d', limit: 50, used: 5, remaining: 45},
			],
		};
		const found = readingOf('sub2api_usage', json);
		expect(found.quota).toMatchObject({
			period: 'rate_limit:5h',
			remainingUsd: 0.5,
			resetsAtMs: Date.UTC(2026, 6, 1, 14),
		});
		expect(found.windows?.map(({period}) => period)).toEqual(['quota', 'rate_limit:5h', 'rate_limit:7d']);
		expect(found.isExhausted).toBe(false);
	});

	test('an empty rate window exhausts, one whose reset has passed does not', () => {
		expect(readingOf('sub2api_usage', limitedUntil('2026-07-01T14:00:00Z'))).toMatchObject({
			isExhausted: true,
			quota: {period: 'rate_limit:5h'},
		});
		expect(readingOf('sub2api_usage', limitedUntil('2026-07-01T11:00:00Z')).isExhausted).toBe(false);
	});

	test('unrestricted with a subscription: the tightest of day, week and month wins', () => {
		const subscription = {
			daily_usage_usd: 8,
			daily_limit_usd: 10,
			weekly_usage_usd: 49,
			weekly_limit_usd: 50,
			monthly_usage_usd: 60,
			monthly_limit_usd: 200,
			expires_at: '2026-08-01T00:00:00Z',
		};
		expect(readingOf('sub2api_usage', {mode: 'unrestricted', remaining: 1, subscription})).toMatchObject({
			quota: {period: 'weekly', usedUsd: 49, limitUsd: 50, remainingUsd: 1},
			isExhausted: false,
			subscriptionExpiresAtMs: Date.UTC(2026, 7, 1),
		});
		expect(
			readingOf('sub2api_usage', {mode: 'unrestricted', subscription: {...subscription, weekly_usage_usd: 50}})
				.isExhausted,
		).toBe(true);
	});

	test('a limit of 0 is no limit', () => {
		const subscription = {daily_usage_usd: 8, daily_limit_usd: 0};
		expect(readingOf('sub2api_usage', {mode: 'unrestricted', subscription})).toMatchObject({
			isUnlimited: true,
			isExhausted: false,
		});
	});

	test.each([
		['its window began more than a day ago', {daily_window_start: '2026-06-30T11:00:00Z'}, {}],
		['nothing was used today', {}, {usage: {today: {cost: 0, requests: 0}}}],
	])('a full day is left over from yesterday where %s', (_, started, today) => {
		const subscription = {daily_usage_usd: 10, daily_limit_usd: 10, ...started};
		expect(readingOf('sub2api_usage', {mode: 'unrestricted', subscription, ...today})).toMatchObject({
			isExhausted: false,
			quota: {period: 'daily', usedUsd: 0, remainingUsd: 10},
		});
	});

	test('a full day that began today is exhausted', () => {
		const subscription = {daily_usage_usd: 10, daily_limit_usd: 10, daily_window_start: '2026-07-01T00:00:00Z'};
		expect(
			readingOf('sub2api_usage', {mode: 'unrestricted', subscription, usage: {today: {cost: 10}}}).isExhausted,
		).toBe(true);
	});

	test('reads plan, totals, rates and models', () => {
		const json = {
			remaining: 20,
			planName: 'Pro',
			usage: {
				today: {requests: 3, cost: 0.5, total_tokens: 1000},
				total: {requests: 30, cost: 5, total_tokens: 9000},
				rpm: 2,
				tpm: 900,
				average_duration_ms: 1234.5,
			},
			model_stats: [{model: 'gpt-5.5', requests: 3, input_tokens: 700, output_tokens: 300, cost: 0.5}, {noModel: 1}],
		};
		expect(readingOf('sub2api_usage', json)).toMatchObject({
			totalBalanceUsd: 20,
			planName: 'Pro',
			todayRequests: 3,
			totalUsedUsd: 5,
			rate: {rpm: 2, tpm: 900, averageMs: 1234.5},
			modelStats: [{model: 'gpt-5.5', requests: 3, costUsd: 0.5}],
		});
	});
});
