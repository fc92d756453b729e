import {expect, test} from 'vitest';
import {once} from '../../source/base/once.ts';

test('a value is made with the first question alone, also where it is undefined', () => {
	let made = 0;
	const ask = once(() => {
		made++;
		return undefined;
	});
	expect(made).toBe(0);
	expect([ask(), ask()]).toEqual([undefined, undefined]);
	expect(made).toBe(1);
});
