import {expect, test} from 'vitest';
import {editDistance} from '../../source/base/edit-distance.ts';

test.for<[string, string, number]>([
	['same', 'same', 0],
	['', 'abc', 3],
	['base_ulr', 'base_url', 2],
	['acent', 'accent', 1],
	['kitten', 'sitting', 3],
])('%s and %s are %i apart, in both directions', ([left, right, edits]) => {
	expect([editDistance(left, right), editDistance(right, left)]).toEqual([edits, edits]);
});
