import {describe, expect, test} from 'vitest';
import {best, median, percentile, ratios, rotated, spreadOf} from './statistics.ts';

describe('the arithmetic of the bench', () => {
	const hundred = Array.from({length: 100}, (_, index) => 100 - index);

	test('takes the nearest rank as percentile, whatever the order of the values', () => {
		expect([0, 0.5, 0.99, 1].map(fraction => percentile(hundred, fraction))).toEqual([1, 50, 99, 100]);
	});

	test('takes the mean of the two middle values as median of an even number', () => {
		expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
	});

	test('compares numbers as numbers and leaves its input alone', () => {
		const values = [10, 9, 100];
		expect(spreadOf(values)).toEqual({best: 9, median: 10, worst: 100});
		expect(values).toEqual([10, 9, 100]);
	});

	test('has no figure without values', () => {
		expect([best([]), median([]), percentile([], 0.5)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
	});

	test('gives every target every place of the turn', () => {
		expect([0, 1, 2, 3].map(round => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
		expect(rotated([], 5)).toEqual([]);
	});

	test('pairs the instances of both sides and refuses sides of different length', () => {
		expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
		expect(() => ratios([1], [1, 2])).toThrow('1 and 2 values');
	});
});
