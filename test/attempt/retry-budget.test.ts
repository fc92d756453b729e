import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {RequestBudget, RetryBudget, RetryBudgets, type Admission} from '../../source/attempt/retry-budget.ts';
import {fakeClock} from '../support/clock.ts';
import {propertyRuns} from '../support/property-runs.ts';

const pool = 'codex/relay-a';
const first = {pool, isRepeat: false, isClosed: true} as const;
const repeat = {pool, isRepeat: true, isClosed: true} as const;
const open = {pool, isRepeat: false, isClosed: false} as const;

const createWorld = (bounds: {readonly sends?: number; readonly retryWindowMs?: number} = {}) => {
	const clock = fakeClock();
	const budgets = new RetryBudgets(clock.monotonic);
	const request = (): RequestBudget =>
		new RequestBudget({budgets, monotonic: clock.monotonic, sends: 8, retryWindowMs: 60_000, ...bounds});
	return {clock, budgets, request};
};

const drain = (budget: RetryBudget): number => {
	let taken = 0;
	while (budget.take()) {
		taken++;
	}

	return taken;
};

describe('the bucket of a provider', () => {
	test('holds 10 retries at most and starts full', () => {
		const {budgets} = createWorld();
		const budget = budgets.of(pool);
		budget.deposit();
		expect(budget.level).toBe(10);
		expect(drain(budget)).toBe(10);
		expect(budget.take()).toBe(false);
	});

	test('gets 0.2 per first attempt: five of them pay one retry', () => {
		const {budgets} = createWorld();
		const budget = budgets.of(pool);
		drain(budget);
		for (let attempt = 0; attempt < 4; attempt++) {
			budget.deposit();
		}

		expect(budget.take()).toBe(false);
		budget.deposit();
		expect(budget.take()).toBe(true);
		expect(budget.take()).toBe(false);
	});

	test('gets one retry per 10 seconds whatever happens', () => {
		const {budgets, clock} = createWorld();
		const budget = budgets.of(pool);
		drain(budget);
		clock.advance(9999);
		expect(budget.take()).toBe(false);
		clock.advance(1);
		expect(budget.take()).toBe(true);
		clock.advance(25_000);
		expect(drain(budget)).toBe(2);
		clock.advance(5000);
		expect(drain(budget)).toBe(1);
		clock.advance(3_600_000);
		expect(budget.level).toBe(10);
	});

	test('is one per provider, and gone with its provider', () => {
		const {budgets} = createWorld();
		drain(budgets.of('a'));
		expect(budgets.of('b').level).toBe(10);
		budgets.keep(new Set(['a']));
		expect(budgets.of('a').level).toBe(0);
		budgets.keep(new Set(['b']));
		expect(budgets.of('a').level).toBe(10);
	});
});

describe('the budget of a request', () => {
	test('ends after 8 sends', () => {
		const {request} = createWorld();
		const budget = request();
		const answers = Array.from({length: 9}, () => budget.admit(first));
		expect(answers.slice(0, 8)).toEqual(Array.from({length: 8}, () => 'go'));
		expect(answers[8]).toBe('sends-spent');
		expect(budget.sends).toBe(8);
	});

	test('ends 60 seconds after the first failure, however long the first try took', () => {
		const {request, clock} = createWorld();
		const budget = request();
		budget.admit(first);
		clock.advance(300_000);
		budget.failed();
		expect(budget.failingForMs).toBe(0);
		clock.advance(60_000);
		budget.failed();
		expect(budget.admit(first)).toBe('go');
		clock.advance(1);
		expect(budget.admit(first)).toBe('window-over');
	});

	test('refuses repeats and candidates that are not closed once the bucket is empty', () => {
		const {request, budgets} = createWorld();
		const budget = request();
		budget.admit(first);
		drain(budgets.of(pool));
		expect(budget.admit(repeat)).toBe('budget-empty');
		expect(budget.admit(open)).toBe('budget-empty');
		expect(budget.sends).toBe(1);
	});

	test('never refuses a first try of a healthy candidate, nor the first send of a request', () => {
		const {request, budgets} = createWorld();
		const budget = request();
		drain(budgets.of(pool));
		expect(budget.admit(first)).toBe('go');
		expect(budget.admit(first)).toBe('go');
		expect(request().admit(open)).toBe('go');
		expect(request().admit(repeat)).toBe('go');
	});

	test('pays in once per request and provider', () => {
		const {request, budgets} = createWorld();
		const budget = request();
		drain(budgets.of(pool));
		budget.admit(first);
		budget.admit(first);
		expect(budgets.of(pool).level).toBeCloseTo(0.2);
	});
});

test('under 100 % failure attempts are at most 1.2 × requests plus the floor', () => {
	const step = fc.record({gapMs: fc.integer({min: 0, max: 3000}), tries: fc.integer({min: 1, max: 12})});
	fc.assert(
		fc.property(fc.array(step, {minLength: 1, maxLength: 200}), requests => {
			const {request, clock} = createWorld();
			const startMs = clock.monotonic();
			let attempts = 0;
			for (const {gapMs, tries} of requests) {
				const budget = request();
				const admitted: Admission[] = Array.from({length: tries}, (_, index) => {
					const admission = budget.admit(index === 0 ? first : repeat);
					budget.failed();
					return admission;
				});
				attempts += admitted.filter(admission => admission === 'go').length;
				clock.advance(gapMs);
			}

			const floor = 10 + (clock.monotonic() - startMs) / 10_000;
			return attempts >= requests.length && attempts <= 1.2 * requests.length + floor + 1e-6;
		}),
		propertyRuns(500),
	);
});
