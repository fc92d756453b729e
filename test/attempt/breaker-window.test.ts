import {describe, expect, test} from 'vitest';
import {
	beginProbe,
	closedBreaker,
	cooldownBaseMs,
	extendBreaker,
	rebaseBreaker,
	recordOutcome,
	settleBreaker,
	shiftBreaker,
	type Breaker,
	type BreakerOutcome,
} from '../../source/attempt/breaker.ts';

const startMs = 1_700_000_000_000;
const hard: BreakerOutcome = {outcome: 'hard', reason: 'answered 503', baseMs: cooldownBaseMs.status5xx};
const success: BreakerOutcome = {outcome: 'success', reason: 'complete', baseMs: 0};
const limited = (retryAfterMs?: number, isQuota = false): BreakerOutcome => ({
	outcome: 'soft',
	reason: 'answered 429',
	baseMs: isQuota ? cooldownBaseMs.quota : cooldownBaseMs.rateLimit,
	retryAfterMs,
	isQuota,
});

const at = (nowMs: number, {isProbe = false, random = 0.5} = {}) => ({nowMs, random, isProbe});

/** Fails it until it opens; the same time for all failures. */
const opened = (nowMs: number, random = 0.5, breaker: Breaker = closedBreaker(nowMs)): Breaker => {
	let next = breaker;
	for (let failure = 0; failure < 3; failure++) {
		next = recordOutcome(next, hard, at(nowMs, {random}));
	}

	return next;
};

const untilOf = (breaker: Breaker): number => {
	if (breaker.phase !== 'open' || breaker.untilMs === undefined) {
		throw new Error(`not open with a time: ${JSON.stringify(breaker)}`);
	}

	return breaker.untilMs;
};

/** `s` a success, `h` a hard failure, one every `stepMs`. */
const after = (letters: string, stepMs = 1000): Breaker =>
	Array.from({length: letters.length}, (_, index) => letters[index]).reduce<Breaker>(
		(breaker, letter, index) => recordOutcome(breaker, letter === 's' ? success : hard, at(startMs + index * stepMs)),
		closedBreaker(startMs),
	);

describe('the rate of failures', () => {
	test.each(['hshsh', 'sshhsh', 'ssshhshh'])('opens it at half of at least five outcomes in a minute: %s', letters => {
		expect(after(letters.slice(0, -1)).phase).toBe('closed');
		expect(after(letters)).toMatchObject({phase: 'open', cause: 'hard'});
	});

	test('does not open it below half, or with fewer than five', () => {
		expect(after('hssshssshsss').phase).toBe('closed');
		expect(after('hsh').phase).toBe('closed');
		expect(after('hshs').phase).toBe('closed');
	});

	test('does not count what was longer than a minute ago', () => {
		expect(after('hshsh', 16_000).phase).toBe('closed');
	});

	test('does not count what a clock that was wrong has written', () => {
		const ahead = {...closedBreaker(startMs), recent: recentOf(after('hshs'))};
		expect(recordOutcome(shiftBreaker(ahead, 86_400_000), hard, at(startMs)).phase).toBe('closed');
	});

	test('is taken of the newest outcomes under a heavy load', () => {
		expect(recentOf(after('s'.repeat(500), 1))).toHaveLength(32);
	});
});

const recentOf = (breaker: Breaker) => (breaker.phase === 'closed' ? breaker.recent : []);

describe('a clock that jumps', () => {
	test('leaves what is left of a cooldown as it was, in either direction', () => {
		for (const byMs of [-3_600_000, 3_600_000]) {
			const shifted = shiftBreaker(opened(startMs), byMs);
			expect(settleBreaker(shifted, startMs + byMs + 29_000).phase).toBe('open');
			expect(settleBreaker(shifted, startMs + byMs + 30_000).phase).toBe('half-open');
		}
	});

	test('backwards while nobody ran neither opens early nor blocks longer than the cooldown', () => {
		const rebased = rebaseBreaker(opened(startMs), startMs - 7_200_000);
		expect(settleBreaker(rebased, startMs - 7_200_000 + 29_000).phase).toBe('open');
		expect(settleBreaker(rebased, startMs - 7_200_000 + 30_000).phase).toBe('half-open');
	});

	test('by less than a correction changes nothing', () => {
		const breaker = opened(startMs);
		expect(rebaseBreaker(breaker, startMs - 1000)).toBe(breaker);
	});
});

describe('the profile of a retry', () => {
	test('may set the factor and the longest cooldown', () => {
		let breaker = opened(startMs);
		const waits: number[] = [];
		for (let round = 0; round < 4; round++) {
			const nowMs = untilOf(breaker);
			const probed = beginProbe(settleBreaker(breaker, nowMs));
			breaker = recordOutcome(probed, {...hard, factor: 3, maxMs: 500_000}, at(nowMs, {isProbe: true}));
			waits.push((untilOf(breaker) - nowMs) / 1000);
		}

		expect(waits).toEqual([90, 270, 500, 500]);
	});

	test('n falls by one per base of healthy time, whatever the base is', () => {
		const slow: Breaker = {...closedBreaker(startMs), opened: 3, baseMs: 300_000};
		expect(recordOutcome(slow, success, at(startMs + 299_000))).toMatchObject({opened: 3});
		expect(recordOutcome(slow, success, at(startMs + 601_000))).toMatchObject({opened: 1});
	});
});

test('the end that the user gave a cooldown is not moved by a late failure', () => {
	const breaker = opened(startMs);
	if (breaker.phase !== 'open') {
		throw new Error('not open');
	}

	const extended = extendBreaker(breaker, startMs + 7_200_000);
	expect(recordOutcome(extended, hard, at(startMs + 1, {isProbe: true}))).toMatchObject({untilMs: startMs + 7_200_000});
});

test('a spent quota is a cause of its own, and a reset in years is not believed', () => {
	const breaker = recordOutcome(closedBreaker(startMs), limited(1e12, true), at(startMs));
	expect(breaker).toMatchObject({phase: 'open', cause: 'quota'});
	expect(untilOf(breaker) - startMs).toBe(31 * 86_400_000);
});
