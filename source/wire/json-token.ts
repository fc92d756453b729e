import {RelayError} from '../base/errors.ts';

/* The tokens of JSON as bytes: each function takes the place where one begins and gives the place behind it (RFC 8259). */

const quote = 34;
const backslash = 92;

/** The refusal of a body at a byte. */
export const broken = (at: number, expected: string): RelayError =>
	new RelayError('body-not-json', `The body is not JSON: ${expected} was expected at byte ${at}. Send a JSON object.`);

/** Whether a byte is white space between JSON tokens (RFC 8259). */
export const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** The first byte at or behind `at` that is no white space. */
export const skipSpaces = (bytes: Buffer, at: number): number => {
	let next = at;
	while (isSpace(bytes[next])) {
		next += 1;
	}

	return next;
};

const isHexDigit = (byte: number | undefined): boolean =>
	isDigit(byte) || (byte !== undefined && ((byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102)));

const plain = 1;

/** What a byte is inside a string: `plain`, or something to look at (a quote, a backslash, a control character). */
const kinds = new Uint8Array(256).fill(plain, 32);
kinds[quote] = 0;
kinds[backslash] = 0;

/** 1 for `"`, `\`, `/`, `b`, `f`, `n`, `r`, `t`. */
const shortEscapes = new Uint8Array(256);
for (const byte of [34, 92, 47, 98, 102, 110, 114, 116]) {
	shortEscapes[byte] = 1;
}

/** `at` is the byte behind a backslash; returns the byte behind the escape. */
const skipEscape = (bytes: Buffer, at: number): number => {
	if (shortEscapes[bytes[at] ?? 0] === 1) {
		return at + 1;
	}

	if (bytes[at] !== 117) {
		throw broken(at, 'an escape');
	}

	for (let digit = at + 1; digit <= at + 4; digit += 1) {
		if (!isHexDigit(bytes[digit])) {
			throw broken(digit, 'a hexadecimal digit');
		}
	}

	return at + 5;
};

/** `at` is the opening quote; returns the byte behind the closing one. Throws RelayError `body-not-json`. */
export const skipString = (bytes: Buffer, at: number): number => {
	let next = at + 1;
	for (;;) {
		let byte = bytes[next];
		// Nearly all bytes of a body pass here: one look into a table each, which ends at the buffer's end as well.
		while (byte !== undefined && kinds[byte] === plain) {
			next += 1;
			byte = bytes[next];
		}

		if (byte === quote) {
			return next + 1;
		}

		if (byte !== backslash) {
			throw broken(next, byte === undefined ? 'the end of a string' : 'an escaped control character');
		}

		next = skipEscape(bytes, next + 1);
	}
};

const skipDigits = (bytes: Buffer, at: number): number => {
	if (!isDigit(bytes[at])) {
		throw broken(at, 'a value');
	}

	let next = at + 1;
	while (isDigit(bytes[next])) {
		next += 1;
	}

	return next;
};

const skipNumber = (bytes: Buffer, at: number): number => {
	let next = bytes[at] === 45 ? at + 1 : at;
	// A leading zero stands alone: `01` is two values.
	next = bytes[next] === 48 ? next + 1 : skipDigits(bytes, next);
	if (bytes[next] === 46) {
		next = skipDigits(bytes, next + 1);
	}

	if (bytes[next] === 101 || bytes[next] === 69) {
		const sign = bytes[next + 1];
		next = skipDigits(bytes, sign === 43 || sign === 45 ? next + 2 : next + 1);
	}

	return next;
};

const literals: ReadonlyMap<number | undefined, Buffer> = new Map(
	['true', 'false', 'null'].map(word => [word.charCodeAt(0), Buffer.from(word)]),
);

const skipLiteral = (bytes: Buffer, at: number, literal: Buffer): number => {
	const end = at + literal.length;
	if (!bytes.subarray(at, end).equals(literal)) {
		throw broken(at, 'a value');
	}

	return end;
};

/** Skips a number, `true`, `false` or `null`. Throws RelayError `body-not-json`. */
export const skipScalar = (bytes: Buffer, at: number): number => {
	const literal = literals.get(bytes[at]);
	return literal === undefined ? skipNumber(bytes, at) : skipLiteral(bytes, at, literal);
};
