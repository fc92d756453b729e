import {assert, integer, property} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {alertsOf} from '../../../source/provider/balance/alerts.ts';
import {
	defaultResetClock,
	exhaustedUntilMs,
	nextDailyResetMs,
	parseResetClock,
	quotaUsedOf,
} from '../../../source/provider/balance/exhaustion.ts';
import {isTerminalError} from '../../../source/provider/balance/terminal-error.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const fetchedAtMs = Date.UTC(2026, 6, 1, 12);
const times = {fetchedAtMs, staleAfterMs: fetchedAtMs + 1_800_000, resetClock: defaultResetClock};
const hourMs = 3_600_000;

const quota = (period: string, resetsAtMs?: number) => ({
	period,
	usedUsd: 10,
	limitUsd: 10,
	remainingUsd: 0,
	resetsAtMs,
	isUnlimited: false,
});

describe('a trusted exhaustion demotes', () => {
	test('for a daily window until the next configured reset', () => {
		expect(exhaustedUntilMs({isExhausted: true, quota: quota('daily')}, times)).toBe(Date.UTC(2026, 6, 1, 16));
	});

	test('with an explicit reset until five minutes after it', () => {
		const atMs = fetchedAtMs + hourMs;
		expect(exhaustedUntilMs({isExhausted: true, quota: quota('rate_limit:5h', atMs)}, times)).toBe(atMs + 300_000);
	});

	test.each(['weekly', 'monthly', 'rate_limit:1h'])('for a %s window while the snapshot is fresh', period => {
		expect(exhaustedUntilMs({isExhausted: true, quota: quota(period)}, times)).toBe(times.staleAfterMs);
	});

	test('for anything else six hours', () => {
		expect(exhaustedUntilMs({isExhausted: true}, times)).toBe(fetchedAtMs + 6 * hourMs);
		expect(exhaustedUntilMs({isExhausted: true, quota: quota('token')}, times)).toBe(fetchedAtMs + 6 * hourMs);
	});

	test('not where the reading is not exhausted or does not tell', () => {
		expect(exhaustedUntilMs({isExhausted: false}, times)).toBeUndefined();
		expect(exhaustedUntilMs({}, times)).toBeUndefined();
	});
});

describe('the reset clock', () => {
	test.each([
		['00:00', '+08:00', {minuteOfDay: 0, offsetMinutes: 480}],
		['4:30', '-05:30', {minuteOfDay: 270, offsetMinutes: -330}],
		['23:59', 'Z', {minuteOfDay: 1439, offsetMinutes: 0}],
	])('%s %s', (time, offset, clock) => {
		expect(parseResetClock(time, offset)).toEqual(clock);
	});

	test.each([
		['24:00', '+08:00'],
		['00:00', 'Asia/Shanghai'],
		['midnight', 'Z'],
	])('refuses %s %s', (time, offset) => {
		expect(parseResetClock(time, offset)).toBeUndefined();
	});

	test('the next reset is always ahead, at most a day, and at the configured minute', () => {
		assert(
			property(
				integer({min: 0, max: 4_000_000_000_000}),
				integer({min: 0, max: 1439}),
				integer({min: -840, max: 840}),
				(nowMs, minuteOfDay, offsetMinutes) => {
					const atMs = nextDailyResetMs(nowMs, {minuteOfDay, offsetMinutes});
					expect(atMs).toBeGreaterThan(nowMs);
					expect(atMs - nowMs).toBeLessThanOrEqual(24 * hourMs);
					expect((((atMs / 60_000 + offsetMinutes) % 1440) + 1440) % 1440).toBe(minuteOfDay);
				},
			),
			propertyRuns(100),
		);
	});
});

test('the used share is that of the tightest window, and unknown without a limit', () => {
	const window = {...quota('daily'), usedUsd: 2, remainingUsd: 8};
	expect(quotaUsedOf({windows: [window, {...quota('weekly'), remainingUsd: 1}]})).toBeCloseTo(0.9);
	expect(quotaUsedOf({totalBalanceUsd: 3})).toBeUndefined();
	expect(quotaUsedOf({windows: [{...window, limitUsd: undefined, isUnlimited: true}]})).toBeUndefined();
});

const daily = (usedUsd: number) => ({...quota('daily'), usedUsd, limitUsd: 100, remainingUsd: 100 - usedUsd});

describe('alerts', () => {
	const dayMs = 86_400_000;
	test.each([
		[{windows: [daily(79)]}, []],
		[{windows: [daily(80)]}, ['daily_usage_80']],
		[{windows: [daily(95)]}, ['daily_usage_95']],
		[{totalBalanceUsd: 10}, ['low_balance']],
		[{totalBalanceUsd: 10.01}, []],
		[{totalBalanceUsd: 0, isUnlimited: true}, []],
		[{subscriptionExpiresAtMs: fetchedAtMs + 7 * dayMs}, ['subscription_expiring_soon']],
		[{subscriptionExpiresAtMs: fetchedAtMs + 8 * dayMs}, []],
		[{subscriptionExpiresAtMs: fetchedAtMs}, ['subscription_expired']],
	])('%j raises %j', (reading, kinds) => {
		expect(alertsOf(reading, {nowMs: fetchedAtMs, error: undefined}).map(({kind}) => kind)).toEqual(kinds);
	});

	test('a failed poll is an alert with its reason', () => {
		expect(alertsOf({}, {nowMs: 1, error: 'status 500'})).toEqual([{kind: 'error', text: 'status 500'}]);
	});
});

describe('terminal errors', () => {
	test.each([
		'Invalid API key provided',
		'Account is inactive',
		'insufficient balance',
		'余额不足，请充值',
		'无效的令牌',
	])('%s is one', text => {
		expect(isTerminalError(text)).toBe(true);
	});

	test.each(['internal error', 'rate limit exceeded', 'not found', '系统繁忙'])('%s is none', text => {
		expect(isTerminalError(text)).toBe(false);
	});
});
