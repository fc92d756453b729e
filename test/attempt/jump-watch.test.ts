import {expect, test} from 'vitest';
import {JumpWatch} from '../../source/attempt/jump-watch.ts';

const createWatch = () => {
	const at = {wallMs: 1_700_000_000_000, monotonicMs: 5000, uptimeMs: 90_000};
	const watch = new JumpWatch({now: () => at.wallMs, monotonic: () => at.monotonicMs, uptime: () => at.uptimeMs});
	return {
		watch,
		awake: (ms: number) => {
			at.wallMs += ms;
			at.monotonicMs += ms;
			at.uptimeMs += ms;
		},
		asleep: (ms: number) => {
			at.wallMs += ms;
			at.uptimeMs += ms;
		},
		set: (ms: number) => {
			at.wallMs += ms;
		},
	};
};

test('time that passes is no jump, awake or asleep', () => {
	const {watch, awake, asleep} = createWatch();
	awake(60_000);
	expect(watch.jumpMs()).toBe(0);
	asleep(8 * 3_600_000);
	expect(watch.jumpMs()).toBe(0);
	awake(1000);
	expect(watch.jumpMs()).toBe(0);
});

test.each([3_600_000, -3_600_000, 2000, -2000])('a clock that is set by %d ms is told once', ms => {
	const {watch, awake, set} = createWatch();
	awake(1000);
	set(ms);
	expect(watch.jumpMs()).toBe(ms);
	expect(watch.jumpMs()).toBe(0);
});

test('a clock that is steered by milliseconds is left alone', () => {
	const {watch, awake, set} = createWatch();
	awake(1000);
	set(40);
	expect(watch.jumpMs()).toBe(0);
});

test('of a sleep in which the clock was set only the setting counts', () => {
	const {watch, asleep, set} = createWatch();
	asleep(60_000);
	set(-7000);
	expect(watch.jumpMs()).toBe(-7000);
});
