import {randomBytes} from 'node:crypto';
import {array, assert, integer, property, tuple, uint8Array} from 'fast-check';
import {expect, test} from 'vitest';
import {ByteArena, type ArenaPiece} from '../../source/base/byte-arena.ts';
import {poll} from '../support/poll.ts';
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

/** What clients send: every request says again what the one before it said. */
const conversation = (index: number): Buffer =>
	Buffer.from(`${'Move the lock into the store. '.repeat(20_000)}${index}`);

test('full slabs are packed by and by, and read as they were written', async () => {
	const arena = new ByteArena(8 * mebibyte);
	const written = Array.from({length: 6}, (_, index) => ({
		pieces: new Array<ArenaPiece>(),
		bytes: conversation(index),
	}));
	for (const {pieces, bytes} of written) {
		arena.append(pieces, bytes);
	}

	expect(arena.heldBytes).toBe(4 * mebibyte);
	await poll('the full slabs to be packed', () => (arena.heldBytes < 2.1 * mebibyte ? true : undefined));
	for (const {pieces, bytes} of written.toReversed()) {
		expect(arena.read(pieces)?.equals(bytes)).toBe(true);
	}
});

test('a packed slab is used again when the ring has come round', async () => {
	const arena = new ByteArena(2 * mebibyte);
	const old: ArenaPiece[] = [];
	arena.append(old, conversation(0));
	arena.append([], conversation(1));
	await poll('a slab to be packed', () => (arena.heldBytes < 1.6 * mebibyte ? true : undefined));
	const young: ArenaPiece[] = [];
	arena.append([], Buffer.alloc(2 * mebibyte, 'x'));
	arena.append(young, conversation(2));
	expect(arena.read(old)).toBeUndefined();
	expect(arena.read(young)?.equals(conversation(2))).toBe(true);
});

test('what cannot be packed is kept as it is', async () => {
	const arena = new ByteArena(4 * mebibyte);
	const noise: ArenaPiece[] = [];
	const bytes = randomBytes(mebibyte);
	arena.append(noise, bytes);
	const plain: ArenaPiece[] = [];
	arena.append(plain, conversation(0));
	arena.append(plain, conversation(1));
	await poll('the slab behind it to be packed', () => (arena.heldBytes < 2.5 * mebibyte + 600_000 ? true : undefined));
	expect(arena.read(noise)?.equals(bytes)).toBe(true);
});
