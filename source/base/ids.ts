import {createHash, randomBytes} from 'node:crypto';

let lastMs = 0;
let sequence = 0;

/**
 * A request id such as `req_0mi9x3f8a0009f3c2a41b7`: unique for ever and ordered by time (architecture.md, State).
 * Nine base-36 digits of `nowMs`, three that count within that millisecond, ten random hex digits.
 */
export const createRequestId = (nowMs: number): string => {
	sequence = nowMs === lastMs ? sequence + 1 : 0;
	lastMs = nowMs;
	return `req_${nowMs.toString(36).padStart(9, '0')}${sequence.toString(36).padStart(3, '0')}${randomBytes(5).toString('hex')}`;
};

/** The first `length` hex digits of the SHA-256 of a text: a fingerprint that shows and compares secrets and hidden state. */
export const fingerprint = (text: string, length = 16): string =>
	createHash('sha256').update(text).digest('hex').slice(0, length);
