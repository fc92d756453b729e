import {
	brotliDecompressSync,
	gunzipSync,
	inflateRawSync,
	inflateSync,
	zstdDecompressSync,
	type ZlibOptions,
} from 'node:zlib';
import type {Limits} from '../wire/limits.ts';

/*
 * Answers that came compressed although plain ones were asked for (codex-helper.md 2.5): by their header, or by their first bytes where
 * an upstream does not say it.
 */

type Decode = (bytes: Buffer, options: Pick<ZlibOptions, 'maxOutputLength'>) => Buffer;

const inflate: Decode = (bytes, options) => {
	try {
		return inflateSync(bytes, options);
	} catch (error) {
		// `deflate` means zlib (RFC 9110 8.4.1.2), but old servers send it without the wrapper; any other fault stays one.
		if (error instanceof Error && 'code' in error && error.code === 'Z_DATA_ERROR') {
			return inflateRawSync(bytes, options);
		}

		throw error;
	}
};

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
	['gzip', gunzipSync],
	['x-gzip', gunzipSync],
	['deflate', inflate],
	['br', brotliDecompressSync],
	['zstd', zstdDecompressSync],
	['zst', zstdDecompressSync],
]);

const magics: ReadonlyArray<readonly [encoding: string, magic: Buffer]> = [
	['gzip', Buffer.from([0x1f, 0x8b])],
	['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/** The plain bytes; `encoding` where they had to be unpacked, `fault` (a phrase after "the upstream") where they cannot be. */
export type Unpacked =
	| {readonly body: Buffer; readonly encoding: string | undefined; readonly fault?: undefined}
	| {readonly fault: string};

/** What {@link unpack} goes by. */
export interface UnpackInput {
	/** The `content-encoding`; `identity` where there is none. */
	readonly encoding: string;
	/** Look at the first bytes too: of text that is right, a file may be compressed on purpose. */
	readonly isText: boolean;
	readonly limits: Pick<Limits, 'unaryBodyBytes' | 'decompressionRatio' | 'decompressionFloorBytes'>;
}

/**
 * Takes one layer of compression off. Never throws. A bomb stops at the limit of a whole answer or at the ratio, whichever comes first,
 * and never takes more memory than that.
 */
export const unpack = (body: Buffer, {encoding, isText, limits}: UnpackInput): Unpacked => {
	const sniffed = isText ? magics.find(([, magic]) => body.subarray(0, magic.length).equals(magic))?.[0] : undefined;
	const actual = encoding === 'identity' ? sniffed : encoding;
	if (actual === undefined) {
		return {body, encoding: undefined};
	}

	const decode = decoders.get(actual);
	if (!decode) {
		return {fault: `it compressed its answer with ${actual}`};
	}

	const maxOutputLength = Math.min(
		limits.unaryBodyBytes,
		Math.max(limits.decompressionFloorBytes, body.length * limits.decompressionRatio),
	);
	try {
		return {body: decode(body, {maxOutputLength}), encoding: actual};
	} catch {
		// A lie about the encoding, or a bomb, is the upstream's fault; the phrase carries it to the trace and the next candidate.
		return {fault: `its answer does not decompress as ${actual}`};
	}
};
