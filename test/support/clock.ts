import type {Clock} from '../../source/base/clock.ts';

/** A clock that stands until it is moved; its clocks move together, `setWall` moves the first alone. */
export interface FakeClock extends Clock {
	readonly advance: (ms: number) => void;
	readonly setWall: (nowMs: number) => void;
}

/** Starts at `startMs` of the wall clock. */
export const fakeClock = (startMs = 1_700_000_000_000): FakeClock => {
	let wallMs = startMs;
	let monotonicMs = 5000;
	return {
		now: () => wallMs,
		monotonic: () => monotonicMs,
		uptime: () => monotonicMs,
		advance: ms => {
			wallMs += ms;
			monotonicMs += ms;
		},
		setWall: nowMs => {
			wallMs = nowMs;
		},
	};
};
