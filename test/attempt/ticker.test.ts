import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {Ticker} from '../../source/attempt/ticker.ts';

test('all watches are asked with the time on every tick, until they are taken off', async () => {
	let nowMs = 0;
	const ticker = new Ticker(() => ++nowMs);
	const seen: string[] = [];
	const removeB = ticker.add(time => {
		seen.push(`b${time}`);
		removeA();
	});
	const removeA = ticker.add(time => seen.push(`a${time}`));
	await sleep(450);
	removeB();
	expect(seen).toEqual(['a1', 'b1', 'b2']);
	await sleep(250);
	expect(nowMs).toBe(2);
	ticker.add(time => seen.push(`c${time}`));
	await sleep(250);
	expect(seen.at(-1)).toBe('c3');
});

test('a watch that wants to be asked seldom is asked seldom', async () => {
	const ticker = new Ticker(() => 0);
	let often = 0;
	let seldom = 0;
	const removes = [ticker.add(() => often++), ticker.add(() => seldom++, 600)];
	await sleep(1350);
	for (const remove of removes) {
		remove();
	}

	expect(often).toBeGreaterThan(4);
	expect(seldom).toBe(2);
});
