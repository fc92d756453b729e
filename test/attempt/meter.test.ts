import {expect, test} from 'vitest';
import {Meter} from '../../source/attempt/meter.ts';

const halfLifeMs = 300_000;

test('running requests count with what they are thought to cost, ended ones with what they cost', () => {
	const meter = new Meter();
	meter.begin(500);
	meter.begin(200);
	expect(meter.recentTokens(0)).toBe(700);
	meter.end(500, 900, 0);
	expect(meter.recentTokens(0)).toBe(1100);
});

test('tokens lose half of their weight in five minutes', () => {
	const meter = new Meter();
	meter.begin(0);
	meter.end(0, 1000, 0);
	expect(meter.recentTokens(halfLifeMs)).toBe(500);
	meter.end(0, 100, halfLifeMs);
	expect(meter.recentTokens(2 * halfLifeMs)).toBe(300);
});

test('the time to first byte is an average in which what was measured five minutes ago weighs half', () => {
	const meter = new Meter();
	expect(meter.ttfbMs).toBeUndefined();
	meter.firstByte(1000, 0);
	meter.firstByte(400, halfLifeMs);
	expect(meter.ttfbMs).toBe(600);
});

test('many answers in one moment weigh the same', () => {
	const meter = new Meter();
	for (const ttfbMs of [100, 200, 300, 400]) {
		meter.firstByte(ttfbMs, 7000);
	}

	expect(meter.ttfbMs).toBe(250);
});
