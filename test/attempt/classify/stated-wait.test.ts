import {expect, test} from 'vitest';
import {classifyStatus} from '../../../source/attempt/classify.ts';
import {readErrorBody} from '../../../source/attempt/classify/error-body.ts';
import {withStatedWait} from '../../../source/attempt/classify/stated-wait.ts';

const nowMs = 1_700_000_000_000;
const bare = (status: number) => classifyStatus(status, readErrorBody(Buffer.from('')));
const wait = (ms: number, isQuotaReset: boolean) => ({ms, isQuotaReset, source: 'body'}) as const;

test('a limit whose window begins anew in more than ten minutes is a spent quota', () => {
	expect(withStatedWait(bare(429), wait(600_001, true), nowMs)).toMatchObject({
		code: 'quota-exhausted',
		isQuota: true,
		resetAtMs: nowMs + 600_001,
		fault: {errorClass: 'quota_exhausted'},
	});
});

test('a shorter one, and one that is no window, stays a limit', () => {
	for (const stated of [wait(600_000, true), wait(7_200_000, false)]) {
		const found = withStatedWait(bare(429), stated, nowMs);
		expect(found).toMatchObject({code: 'status-429', retryAfterMs: stated.ms});
		expect(found.isQuota).toBeUndefined();
		expect(found.resetAtMs).toBeUndefined();
	}
});

test('a sick server is not a spent quota, whatever window it names', () => {
	expect(withStatedWait(bare(500), wait(7_200_000, true), nowMs).isQuota).toBeUndefined();
});

test('a quota without a stated reset has none', () => {
	expect(withStatedWait(bare(402), undefined, nowMs)).toMatchObject({isQuota: true, resetAtMs: undefined});
});

test('a bare 503 is surely an overload once it states a wait', () => {
	expect(withStatedWait(bare(503), undefined, nowMs).fault?.confidence).toBe('low');
	expect(withStatedWait(bare(503), wait(3000, false), nowMs).fault?.confidence).toBe('high');
});

test('where the wait was read is kept', () => {
	expect(withStatedWait(bare(429), {...wait(1, false), source: 'header'}, nowMs).isWaitFromHeader).toBe(true);
	expect(withStatedWait(bare(429), wait(1, false), nowMs).isWaitFromHeader).toBe(false);
});
