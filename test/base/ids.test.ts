import {expect, test} from 'vitest';
import {createRequestId, fingerprint} from '../../source/base/ids.ts';

test('request ids are unique and sort by time, within a millisecond too', () => {
	const startMs = 1_700_000_000_000;
	const ids = Array.from({length: 20_000}, (_, index) => createRequestId(startMs + Math.floor(index / 5000)));
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.toSorted()).toEqual(ids);
	expect(ids.every(id => /^req_[0-9a-z]{12}[0-9a-f]{10}$/.test(id))).toBe(true);
});

test('ids stay unique when the clock goes back', () => {
	const ids = [5, 4, 5, 4, 5].map(second => createRequestId(second * 1000));
	expect(new Set(ids).size).toBe(5);
});

test('a fingerprint is the beginning of the SHA-256', () => {
	expect(fingerprint('abc')).toBe('ba7816bf8f01cfea');
	expect(fingerprint('abc', 6)).toBe('ba7816');
});
