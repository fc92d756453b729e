import {brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync} from 'node:zlib';
import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {unpack} from '../../source/engine/unpack.ts';
import {limits} from '../../source/wire/limits.ts';
import {propertyRuns} from '../support/property-runs.ts';

const plain = Buffer.from('{"models":[]}');
const packings = [
	['gzip', gzipSync],
	['x-gzip', gzipSync],
	['deflate', deflateSync],
	['deflate', deflateRawSync],
	['br', brotliCompressSync],
	['zstd', zstdCompressSync],
	['zst', zstdCompressSync],
] as const;

describe('an answer that should be plain', () => {
	test.each(packings)('is unpacked when it says %s', (encoding, pack) => {
		expect(unpack(pack(plain), {encoding, isText: false, limits})).toEqual({body: plain, encoding});
	});

	test.each([
		['gzip', gzipSync],
		['zstd', zstdCompressSync],
	] as const)('is unpacked by its first bytes (%s), but not where a file may be one on purpose', (encoding, pack) => {
		const packed = pack(plain);
		expect(unpack(packed, {encoding: 'identity', isText: true, limits})).toEqual({body: plain, encoding});
		expect(unpack(packed, {encoding: 'identity', isText: false, limits})).toEqual({body: packed, encoding: undefined});
	});

	test('stays as it is when it is plain', () => {
		expect(unpack(plain, {encoding: 'identity', isText: true, limits})).toEqual({body: plain, encoding: undefined});
	});

	test.each(['gzip', 'deflate', 'br', 'zstd'])('that lies about %s is a fault', encoding => {
		expect(unpack(plain, {encoding, isText: true, limits})).toEqual({
			fault: `its answer does not decompress as ${encoding}`,
		});
	});

	test('with an encoding that nobody knows is a fault', () => {
		expect(unpack(plain, {encoding: 'constructor', isText: true, limits})).toHaveProperty('fault');
	});

	test.each(packings)('that is a bomb (%s) stops at the ratio', (encoding, pack) => {
		const bomb = pack(Buffer.alloc(limits.decompressionFloorBytes + 1));
		expect(bomb.length * limits.decompressionRatio).toBeLessThan(limits.decompressionFloorBytes * 2);
		const small = {...limits, decompressionRatio: 2};
		expect(unpack(bomb, {encoding, isText: true, limits: small})).toHaveProperty('fault');
	});

	test('is never longer than the limit of a whole answer', () => {
		const small = {...limits, unaryBodyBytes: plain.length};
		expect(unpack(gzipSync(plain), {encoding: 'gzip', isText: true, limits: small})).toMatchObject({body: plain});
		const smaller = {...limits, unaryBodyBytes: plain.length - 1};
		expect(unpack(gzipSync(plain), {encoding: 'gzip', isText: true, limits: smaller})).toHaveProperty('fault');
	});

	test('gives back any bytes that were packed, and never throws (property)', () => {
		fc.assert(
			fc.property(fc.uint8Array({maxLength: 2000}), fc.constantFrom(...packings), (bytes, [encoding, pack]) => {
				expect(unpack(pack(bytes), {encoding, isText: false, limits})).toEqual({body: Buffer.from(bytes), encoding});
				const any = unpack(Buffer.from(bytes), {encoding, isText: true, limits});
				expect('body' in any || any.fault !== undefined).toBe(true);
			}),
			propertyRuns(100),
		);
	});
});
