import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {
	beginProbe,
	closedBreaker,
	cooldownBaseMs,
	recordOutcome,
	settleBreaker,
	type Breaker,
	type BreakerOutcome,
} from '../../source/attempt/breaker.ts';
import {isBreaker} from '../../source/attempt/stored-breaker.ts';
import {propertyRuns} from '../support/property-runs.ts';

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
const auth: BreakerOutcome = {outcome: 'auth', reason: 'answered 401', baseMs: cooldownBaseMs.status5xx};

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

describe('a closed breaker', () => {
	test('opens at the third hard failure in a row', () => {
		const two = recordOutcome(recordOutcome(closedBreaker(startMs), hard, at(startMs)), hard, at(startMs));
		expect(two).toMatchObject({phase: 'closed', failures: 2});
		expect(recordOutcome(two, hard, at(startMs))).toMatchObject({phase: 'open', failures: 3, opened: 1, cause: 'hard'});
	});

	test('starts to count anew after a success', () => {
		const one = recordOutcome(closedBreaker(startMs), hard, at(startMs));
		expect(recordOutcome(one, success, at(startMs))).toMatchObject({phase: 'closed', failures: 0});
	});

	test.each(['neutral', 'cancelled'] as const)('does not change on an outcome that is %s', outcome => {
		const one = recordOutcome(closedBreaker(startMs), hard, at(startMs));
		expect(recordOutcome(one, {...hard, outcome}, at(startMs))).toEqual(one);
	});
});

describe('the cooldown', () => {
	test.each([
		[0, 24_000],
		[0.5, 30_000],
		[0.999_999, 36_000],
	])('spreads by a fifth around its base: random %d gives %d ms', (random, expectedMs) => {
		expect(untilOf(opened(startMs, random)) - startMs).toBeCloseTo(expectedMs, -2);
	});

	test('doubles with every opening up to ten minutes', () => {
		let breaker = opened(startMs);
		const waits = [untilOf(breaker) - startMs];
		for (let round = 0; round < 9; round++) {
			const nowMs = untilOf(breaker);
			breaker = recordOutcome(beginProbe(settleBreaker(breaker, nowMs)), hard, at(nowMs, {isProbe: true}));
			waits.push(untilOf(breaker) - nowMs);
		}

		expect(waits.map(waitMs => waitMs / 1000)).toEqual([30, 60, 120, 240, 480, 600, 600, 600, 600, 600]);
	});

	test('of a spent quota is an hour even at the first opening', () => {
		const breaker = recordOutcome(closedBreaker(startMs), limited(undefined, true), at(startMs));
		expect(untilOf(breaker) - startMs).toBe(3_600_000);
	});

	test('is what the upstream stated, without any spread', () => {
		const breaker = recordOutcome(closedBreaker(startMs), limited(7000), at(startMs, {random: 0}));
		expect(breaker).toMatchObject({phase: 'open', cause: 'limit', untilMs: startMs + 7000});
	});

	test('is capped at ten minutes when the upstream states more without naming a quota', () => {
		const [limit, quota] = [false, true].map(isQuota =>
			recordOutcome(closedBreaker(startMs), limited(86_400_000, isQuota), at(startMs)),
		);
		expect(limit && untilOf(limit) - startMs).toBe(600_000);
		expect(quota && untilOf(quota) - startMs).toBe(86_400_000);
	});

	test('falls by one step for each half minute of health', () => {
		let breaker: Breaker = {...closedBreaker(startMs), opened: 4};
		breaker = recordOutcome(breaker, success, at(startMs + 61_000));
		expect(breaker).toMatchObject({opened: 2, healthySinceMs: startMs + 60_000});
		expect(untilOf(opened(startMs + 90_000, 0.5, breaker)) - startMs - 90_000).toBe(60_000);
	});

	test('heals on after the clock was set back', () => {
		const ahead: Breaker = {...closedBreaker(startMs + 86_400_000), opened: 2};
		const seen = recordOutcome(ahead, success, at(startMs));
		expect(recordOutcome(seen, success, at(startMs + 60_000))).toMatchObject({opened: 0});
	});
});

describe('an open breaker', () => {
	test('stays open until its time and is half-open from then on', () => {
		const breaker = opened(startMs);
		expect(settleBreaker(breaker, untilOf(breaker) - 1).phase).toBe('open');
		expect(settleBreaker(breaker, untilOf(breaker))).toMatchObject({
			phase: 'half-open',
			isProbing: false,
			successes: 0,
		});
	});

	test('ignores a hundred late failures of attempts that began before it opened', () => {
		const breaker = opened(startMs);
		let next = breaker;
		for (let late = 0; late < 100; late++) {
			next = recordOutcome(next, hard, at(startMs + late));
		}

		expect(next).toEqual(breaker);
	});

	test('is not kept shut by a clock that was set back an hour', () => {
		expect(settleBreaker(opened(startMs), startMs - 3_600_000).phase).toBe('half-open');
	});

	test('outlives a small correction of the clock', () => {
		expect(settleBreaker(opened(startMs), startMs - 2000).phase).toBe('open');
	});

	test('is half-open at once after a sleep in which its time passed', () => {
		expect(settleBreaker(opened(startMs), startMs + 30 * 86_400_000).phase).toBe('half-open');
	});

	test('that a refused key opened has no end of its own', () => {
		const breaker = recordOutcome(closedBreaker(startMs), auth, at(startMs));
		expect(breaker).toMatchObject({phase: 'open', cause: 'auth', untilMs: undefined});
		expect(settleBreaker(breaker, startMs + 365 * 86_400_000)).toBe(breaker);
	});

	test('is closed by one success of a last resort', () => {
		expect(recordOutcome(opened(startMs), success, at(startMs + 1, {isProbe: true})).phase).toBe('closed');
	});

	test('heals within minutes after a hundred last resorts that failed', () => {
		let breaker = opened(startMs);
		for (let late = 0; late < 100; late++) {
			breaker = recordOutcome(breaker, hard, at(startMs, {isProbe: true}));
		}

		breaker = recordOutcome(breaker, success, at(startMs, {isProbe: true}));
		breaker = recordOutcome(breaker, success, at(startMs + 300_000));
		expect(breaker).toMatchObject({phase: 'closed', opened: 0});
	});
});

const half = (): Breaker => settleBreaker(opened(startMs), startMs + 60_000);

describe('a half-open breaker', () => {
	test('closes after two successful probes, not one', () => {
		const one = recordOutcome(beginProbe(half()), success, at(startMs + 60_000, {isProbe: true}));
		expect(one).toMatchObject({phase: 'half-open', successes: 1, isProbing: false});
		const two = recordOutcome(beginProbe(one), success, at(startMs + 60_001, {isProbe: true}));
		expect(two).toMatchObject({phase: 'closed', failures: 0, opened: 1});
	});

	test.each(['neutral', 'cancelled'] as const)('lets the next probe in after one that was %s', outcome => {
		const after = recordOutcome(beginProbe(half()), {...hard, outcome}, at(startMs + 60_000, {isProbe: true}));
		expect(after).toMatchObject({phase: 'half-open', isProbing: false});
	});

	test('ignores who is not its probe', () => {
		const probing = beginProbe(half());
		expect(recordOutcome(probing, success, at(startMs + 60_000))).toEqual(probing);
		expect(recordOutcome(probing, hard, at(startMs + 60_000))).toEqual(probing);
	});
});

const samples = (): readonly Breaker[] => [
	closedBreaker(startMs),
	opened(startMs),
	recordOutcome(closedBreaker(startMs), auth, at(startMs)),
	beginProbe(settleBreaker(opened(startMs), startMs + 60_000)),
];

describe('a stored breaker', () => {
	test('is known again after a round through JSON, in every phase', () => {
		for (const breaker of samples()) {
			expect(isBreaker(JSON.parse(JSON.stringify(breaker))), breaker.phase).toBe(true);
		}
	});

	test('of another version is ignored whichever field it lacks', () => {
		for (const breaker of samples()) {
			for (const key of Object.keys(breaker).filter(name => name !== 'untilMs' || breaker.phase !== 'open')) {
				const {[key]: removed, ...rest} = JSON.parse(JSON.stringify(breaker));
				expect(isBreaker(rest), `${breaker.phase} without ${key} (${String(removed)})`).toBe(false);
			}
		}
	});

	test.each([null, 'open', [], {}, {phase: 'ajar', failures: 0, opened: 0}])('is not %j', value => {
		expect(isBreaker(value)).toBe(false);
	});

	test('that opened on failures and has no end is ignored, since it could never close', () => {
		const {untilMs, ...endless} = JSON.parse(JSON.stringify(opened(startMs)));
		expect(untilMs).toBeTypeOf('number');
		expect(isBreaker(endless)).toBe(false);
	});
});

const outcomes = fc.record({
	outcome: fc.constantFrom('success', 'hard', 'soft', 'neutral', 'cancelled' as const),
	reason: fc.constant('x'),
	baseMs: fc.constantFrom(...Object.values(cooldownBaseMs)),
	retryAfterMs: fc.option(fc.nat(1e9), {nil: undefined}),
	isQuota: fc.boolean(),
});
const steps = fc.array(
	fc.record({
		outcome: outcomes,
		waitMs: fc.integer({min: -7_200_000, max: 7_200_000}),
		random: fc.double({min: 0, max: 0.999, noNaN: true}),
	}),
	{maxLength: 40},
);

test('no history of outcomes and clock jumps leaves it stuck: time and two successful probes close it', () => {
	fc.assert(
		fc.property(steps, history => {
			let nowMs = startMs;
			let breaker = closedBreaker(nowMs);
			for (const {outcome, waitMs, random} of history) {
				nowMs += waitMs;
				const settled = settleBreaker(breaker, nowMs);
				const isProbe = settled.phase === 'half-open';
				breaker = recordOutcome(beginProbe(settled), outcome, {nowMs, random, isProbe});
				expect(isBreaker(JSON.parse(JSON.stringify(breaker)))).toBe(true);
				expect(breaker.opened).toBeLessThanOrEqual(7);
			}

			const endMs = breaker.phase === 'open' ? untilOf(breaker) : nowMs;
			for (const delayMs of [0, 1]) {
				breaker = recordOutcome(
					beginProbe(settleBreaker(breaker, endMs)),
					success,
					at(endMs + delayMs, {isProbe: true}),
				);
			}

			expect(breaker.phase).toBe('closed');
		}),
		propertyRuns(2000),
	);
});
