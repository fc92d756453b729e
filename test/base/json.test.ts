import {expect, test} from 'vitest';
import {at, isRecord, numberAt, parseJson, textAt} from '../../source/base/json.ts';

test('only objects with keys are records', () => {
	expect([{}, [], null, 'x', 1, undefined].map(value => isRecord(value))).toEqual([
		true,
		false,
		false,
		false,
		false,
		false,
	]);
});

test('text that is no JSON is undefined, not an error', () => {
	expect(['{"a":1}', '', '{', 'undefined'].map(text => parseJson(text))).toEqual([
		{a: 1},
		undefined,
		undefined,
		undefined,
	]);
});

test('a path of keys ends in its value or in undefined, through whatever stands in the way', () => {
	const value = {a: {b: {text: 'x', empty: '', number: 0, infinite: Infinity, list: [1]}}};
	expect(at(value, 'a', 'b', 'list')).toEqual([1]);
	expect(at(value)).toBe(value);
	expect([at(value, 'a', 'z', 'y'), at(value, 'a', 'b', 'list', '0'), at(null, 'a')]).toEqual([
		undefined,
		undefined,
		undefined,
	]);
	expect([
		textAt(value, 'a', 'b', 'text'),
		textAt(value, 'a', 'b', 'empty'),
		textAt(value, 'a', 'b', 'number'),
	]).toEqual(['x', undefined, undefined]);
	expect([
		numberAt(value, 'a', 'b', 'number'),
		numberAt(value, 'a', 'b', 'infinite'),
		numberAt(value, 'a', 'b', 'text'),
	]).toEqual([0, undefined, undefined]);
});
