import {judge, type Judged} from '../../source/engine/search/verdict.ts';

const headOf = (status: number) => ({status, headers: {}, headersMs: 1});

const nothing = {
	retryAfterMs: undefined,
	usage: undefined,
	tier: undefined,
	isStaleSocket: false,
	isTransport: false,
} as const;

/** What the road makes of a status with this JSON body. */
export const judgedStatus = (status: number, body: unknown = {}, retryAfterMs?: number): Judged => ({
	...judge({kind: 'status', head: headOf(status), body: Buffer.from(JSON.stringify(body))}, 0, text => text),
	retryAfterMs,
});

/** What the road makes of an error inside a stream. */
export const judgedInBand = (code: string, message: string): Judged => {
	const verdict = {kind: 'in-band-error', code, message, event: Buffer.alloc(0)} as const;
	return judge({kind: 'verdict', verdict, head: headOf(200)}, 0, text => text);
};

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
