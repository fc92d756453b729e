import {array, assert, integer, property, tuple, uint8Array} from 'fast-check';
import {expect, test} from 'vitest';
import {ByteArena, type ArenaPiece} from '../../source/base/byte-arena.ts';
import {propertyRuns} from '../support/property-runs.ts';

const mebibyte = 1024 * 1024;

test('what was written in pieces is read as one', () => {
	const arena = new ByteArena(4 * mebibyte);
	const pieces: ArenaPiece[] = [];
	arena.append(pieces, Buffer.from('one '));
	arena.append(pieces, Buffer.from('two'));
	expect(String(arena.read(pieces))).toBe('one two');
	expect(pieces).toHaveLength(1);
});

test('bytes that were overwritten are gone, not wrong', () => {
	const arena = new ByteArena(2 * mebibyte);
	const old: ArenaPiece[] = [];
	arena.append(old, Buffer.alloc(10, 'o'));
	arena.append([], Buffer.alloc(2 * mebibyte));
	expect(arena.read(old)).toBeUndefined();
});

test('interleaved writers never read each other', () => {
	assert(
		property(array(tuple(integer({min: 0, max: 3}), uint8Array({maxLength: 40})), {maxLength: 60}), writes => {
			const arena = new ByteArena(64);
			const kept = new Map<number, {pieces: ArenaPiece[]; bytes: Uint8Array[]}>();
			for (const [writer, bytes] of writes) {
				const own = kept.get(writer) ?? {pieces: [], bytes: []};
				kept.set(writer, own);
				arena.append(own.pieces, Buffer.from(bytes));
				own.bytes.push(bytes);
			}

			for (const {pieces, bytes} of kept.values()) {
				const found = arena.read(pieces);
				expect(found === undefined || found.equals(Buffer.concat(bytes))).toBe(true);
			}
		}),
		propertyRuns(100),
	);
});
