import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {Ticker} from '../../source/attempt/ticker.ts';

test('all watches are asked with the time on every tick, until they are taken off', async () => {
	let nowMs = 0;
	const ticker = new Ticker(() => ++nowMs);
	const seen: string[] = [];
	const removeA = ticker.add(time => seen.push(`a${time}`));
	const removeB = ticker.add(time => {
		seen.push(`b${time}`);
		removeA();
	});
	await sleep(450);
	removeB();
	expect(seen).toEqual(['a1', 'b1', 'b2']);
	await sleep(250);
	expect(nowMs).toBe(2);
	ticker.add(time => seen.push(`c${time}`));
	await sleep(250);
	expect(seen.at(-1)).toBe('c3');
});
