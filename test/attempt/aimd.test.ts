import {describe, expect, test} from 'vitest';
import {cutWindow, growWindow, openWindow, type AimdWindow} from '../../source/attempt/aimd.ts';

const windowOf = (limit: number): AimdWindow => ({limit, successes: 0, cutAtMs: 0});

const grown = (window: AimdWindow, active: number, successes: number): AimdWindow =>
	Array.from({length: successes}).reduce<AimdWindow>(next => growWindow(next, active), window);

describe('the window of an account', () => {
	test('limits nothing before the account has refused anything', () => {
		expect(grown(openWindow, 500, 100).limit).toBeUndefined();
	});

	test('starts at 8 and is cut to 0.7 of it by the first 429', () => {
		expect(cutWindow(openWindow, 3, 5000).limit).toBe(5);
	});

	test('starts from what was running where that was more', () => {
		expect(cutWindow(openWindow, 20, 5000).limit).toBe(14);
	});

	test('is at most 32', () => {
		expect(cutWindow(openWindow, 400, 5000).limit).toBe(32);
	});

	test('is cut at most once a second', () => {
		const once = cutWindow(windowOf(20), 20, 5000);
		expect(once.limit).toBe(14);
		expect(cutWindow(once, 14, 5999)).toBe(once);
		expect(cutWindow(once, 14, 6000).limit).toBe(9);
	});

	test('is never less than 1', () => {
		expect(cutWindow(windowOf(1), 1, 5000).limit).toBe(1);
	});

	test('grows by one after ten successes while at least 80 % of it is used', () => {
		expect(grown(windowOf(10), 8, 9).limit).toBe(10);
		expect(grown(windowOf(10), 8, 10).limit).toBe(11);
	});

	test('does not grow where less of it is used', () => {
		expect(grown(windowOf(10), 7, 100).limit).toBe(10);
	});

	test('grows again from 1, where one request is all of it', () => {
		expect(grown(windowOf(1), 1, 10).limit).toBe(2);
	});

	test('is lifted when it would grow over 32', () => {
		expect(grown(windowOf(32), 32, 10).limit).toBeUndefined();
	});
});
