import {hash, randomBytes} from 'node:crypto';

let lastMs = 0;
let sequence = 0;

const randomDigits = 10;
let randomPool = '';
let randomAt = 0;

/** One call of the system's generator costs as much for 5 bytes as for hundreds. */
const nextRandomDigits = (): string => {
	if (randomAt >= randomPool.length) {
		randomPool = randomBytes(128 * (randomDigits / 2)).toString('hex');
		randomAt = 0;
	}

	randomAt += randomDigits;
	return randomPool.slice(randomAt - randomDigits, randomAt);
};

/**
 * A request id such as `req_0mi9x3f8a0009f3c2a41b7`: unique for ever and ordered by time (architecture.md, State).
 * Nine base-36 digits of `nowMs`, three that count within that millisecond, ten random hex digits.
 */
export const createRequestId = (nowMs: number): string => {
	sequence = nowMs === lastMs ? sequence + 1 : 0;
	lastMs = nowMs;
	return `req_${nowMs.toString(36).padStart(9, '0')}${sequence.toString(36).padStart(3, '0')}${nextRandomDigits()}`;
};

/** The first `length` hex digits of the SHA-256 of a text: a fingerprint that shows and compares secrets and hidden state. */
export const fingerprint = (text: string, length = 16): string => hash('sha256', text, 'hex').slice(0, length);
