import {uptime} from 'node:os';

/** Time as the engine sees it; tests pass their own. */
export interface Clock {
	/** Wall clock in milliseconds since the epoch: for records, expiries and what a person reads. */
	readonly now: () => number;
	/** Monotonic milliseconds with an arbitrary zero: for durations and timeouts. */
	readonly monotonic: () => number;
	/** Milliseconds since the machine was started, sleep included; may be coarse. */
	readonly uptime: () => number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
	now: () => Date.now(),
	monotonic: () => performance.now(),
	uptime: () => uptime() * 1000,
};
