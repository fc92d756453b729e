import {describe, expect, test} from 'vitest';
import {readDelay} from '../../source/base/delay.ts';

describe('a time as people write it', () => {
	test.for([
		['90s', 90_000],
		['10m', 600_000],
		['+2h', 7_200_000],
		[' 1 d ', 86_400_000],
		['0s', 0],
	] as const)('%s is %d milliseconds', ([text, delayMs]) => {
		expect(readDelay(text)).toBe(delayMs);
	});

	test.for(['', 'soon', '10', 'm', '-5m', '1.5h', '10m20s', '9999999s'])('"%s" is none', text => {
		expect(readDelay(text)).toBe(`"${text}" is no time: write 90s, 10m, 2h or 1d.`);
	});
});
