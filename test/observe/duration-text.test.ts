import {expect, test} from 'vitest';
import {durationText} from '../../source/observe/duration-text.ts';

test.each([
	[-5, '0 s'],
	[0, '0 s'],
	[0.4, '0 s'],
	[1, '1 ms'],
	[15.4, '15 ms'],
	[49.9, '50 ms'],
	[50, '0.1 s'],
	[449, '0.4 s'],
	[9949, '9.9 s'],
	[41_200, '41 s'],
	[300_000, '5 min'],
	[7_200_000, '2 h'],
])('%d ms is %j', (durationMs, text) => {
	expect(durationText(durationMs)).toBe(text);
});
