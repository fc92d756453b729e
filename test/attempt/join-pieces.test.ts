import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {joinPieces} from '../../source/attempt/join-pieces.ts';
import {propertyRuns} from '../support/property-runs.ts';

/** What a socket's read brings of a chunked body: the data of its chunks, and the whole read. */
const chunked = (chunks: readonly string[], between = (size: number) => `\r\n${size.toString(16)}\r\n`) => {
	const text = chunks.map((data, index) => (index === 0 ? data : between(data.length) + data)).join('');
	const read = Buffer.from(Buffer.from(`head\r\n${text}\r\n0\r\n\r\ntail`).toString('latin1'), 'latin1');
	let at = 6;
	const pieces = chunks.map((data, index) => {
		at += index === 0 ? 0 : between(data.length).length;
		at += data.length;
		return read.subarray(at - data.length, at);
	});
	return {read, pieces, start: 6, end: at};
};

describe('the pieces of one read', () => {
	test('one piece is itself', () => {
		const {pieces} = chunked(['abc']);
		expect(joinPieces(pieces)).toBe(pieces[0]);
	});

	test('are moved together in their own memory, the rest in front of them', () => {
		const {pieces, read} = chunked(['abc', 'defg']);
		const joined = joinPieces(pieces, Buffer.from('rest'));
		expect(joined.buffer === read.buffer).toBe(true);
		expect(joined.toString()).toBe('restabcdefg');
	});

	test('a rest that does not fit between them costs a copy', () => {
		const {pieces, read} = chunked(['abc', 'defg']);
		const before = Buffer.from(read);
		expect(joinPieces(pieces, Buffer.from('longer rest')).toString()).toBe('longer restabcdefg');
		expect(read.equals(before)).toBe(true);
	});

	test.each([
		['other bytes', () => '-------'],
		['an unfinished size', () => '\r\nab\r-'],
		['no digits', () => '\r\n..\r\n'],
		['a size with an extension', (size: number) => `\r\n${size.toString(16)};name=value\r\n`],
	])('with %s between them nothing is moved: it may belong to others', (_, between) => {
		const {pieces, read} = chunked(['abc', 'defg'], between);
		const before = Buffer.from(read);
		expect(joinPieces(pieces).toString()).toBe('abcdefg');
		expect(read.equals(before)).toBe(true);
	});

	test('whatever lies where: the bytes are those of a copy, and nothing outside the pieces changes', () => {
		const layout = fc.record({
			reads: fc.array(fc.array(fc.string({unit: 'binary-ascii', minLength: 1, maxLength: 40}), {minLength: 1}), {
				minLength: 1,
				maxLength: 2,
			}),
			rest: fc.option(fc.string({unit: 'binary-ascii', maxLength: 30}), {nil: undefined}),
		});
		fc.assert(
			fc.property(layout, ({reads, rest}) => {
				const made = reads.map(chunks => chunked(chunks));
				const before = made.map(({read}) => Buffer.from(read));
				const joined = joinPieces(
					made.flatMap(({pieces}) => pieces),
					rest === undefined ? undefined : Buffer.from(rest),
				);
				expect(joined.toString()).toBe((rest ?? '') + reads.flat().join(''));
				for (const [index, {read, start, end}] of made.entries()) {
					expect(read.subarray(0, start)).toEqual(before[index]?.subarray(0, start));
					expect(read.subarray(end)).toEqual(before[index]?.subarray(end));
				}
			}),
			propertyRuns(1000),
		);
	});
});
