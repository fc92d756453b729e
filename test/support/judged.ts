import {classifyInBand, classifyStatus, readErrorBody} from '../../source/attempt/classify.ts';
import type {Judged} from '../../source/engine/verdict.ts';

const nothing = {
	retryAfterMs: undefined,
	usage: undefined,
	tier: undefined,
	isStaleSocket: false,
	isTransport: false,
} as const;

/** What the road makes of a status with this JSON body. */
export const judgedStatus = (status: number, body: unknown = {}, retryAfterMs?: number): Judged => ({
	...nothing,
	...classifyStatus(status, readErrorBody(Buffer.from(JSON.stringify(body)))),
	status,
	retryAfterMs,
});

/** What the road makes of an error inside a stream. */
export const judgedInBand = (code: string, message: string): Judged => ({
	...nothing,
	...classifyInBand({code, message}),
	status: 200,
});

/** A connection that failed. */
export const judgedTransport = (code = 'connection-reset'): Judged => ({
	...nothing,
	outcome: 'hard',
	code,
	reason: 'it reset the connection',
	canMove: true,
	baseMs: 30_000,
	status: undefined,
	isTransport: true,
});

/** A served request. */
export const judgedSuccess: Judged = {
	...nothing,
	outcome: 'success',
	code: 'completed',
	reason: 'complete',
	canMove: false,
	baseMs: 0,
	status: 200,
};
