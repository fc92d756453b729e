import type {Address} from './messages.ts';

/* What the bench compares: anything that takes requests for the mock. */

/** A target that runs; disposed of, its processes are gone. */
export interface RunningTarget extends AsyncDisposable {
	readonly address: Address;
	/** The process whose CPU and memory count, with its descendants; undefined for `direct`, which has none. */
	readonly pid: number | undefined;
	/** Frames that its screen has drawn so far; undefined for a target without a screen. */
	readonly drawnFrames?: () => number;
}

/** A kind of target: each start is a fresh process. */
export interface Target {
	readonly name: string;
	/** Why it cannot run on this machine, as a clause; undefined where it can. */
	readonly missing: () => string | undefined;
	/** Starts it in front of a mock on `mockPort`. */
	readonly start: (mockPort: number) => Promise<RunningTarget>;
}

/** The path of all requests. */
export const requestPath = '/v1/responses';
