import type {Address} from './messages.ts';
import {chatFramingEvents} from './stream.ts';

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
	/** Events that its client reads beside the deltas; those of the mock's Responses stream where it is not given. */
	readonly framing?: number;
	/** Requests before it is measured, where it is too slow for as many as the others get. */
	readonly warmUpRequests?: number;
	/** Why it cannot run on this machine, as a clause; undefined where it can. */
	readonly missing: () => string | undefined;
	/** Starts it in front of a mock on `mockPort`. */
	readonly start: (mockPort: number) => Promise<RunningTarget>;
}

/** The path of requests for a Responses stream. */
export const requestPath = '/v1/responses';

/** The path at which the mock answers in Chat Completions. */
export const chatPath = '/v1/chat/completions';

/** A target that changes nothing, asked for a Chat Completions stream. */
export const askedForChat = (target: Target): Target => ({
	...target,
	framing: chatFramingEvents,
	async start(mockPort) {
		const running = await target.start(mockPort);
		return {...running, address: {...running.address, path: chatPath}};
	},
});
