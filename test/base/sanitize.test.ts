import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {maxCombiningMarks, maxLineLength, sanitize, sanitizeLine, sanitizeWhole} from '../../source/base/sanitize.ts';
import {propertyRuns} from '../support/property-runs.ts';

/** Written apart from the source's own class, as a table of first and last code points. */
const forbiddenRanges: ReadonlyArray<readonly [first: number, last: number]> = [
	[0, 8],
	[0xb, 0x1f],
	[0x7f, 0x9f],
	[0x61c, 0x61c],
	[0x200b, 0x200f],
	[0x2028, 0x202e],
	[0x2060, 0x2069],
	[0xd800, 0xdfff],
	[0xfeff, 0xfeff],
	[0xe0000, 0xe007f],
];

const isSafe = (text: string): boolean => {
	for (const character of text) {
		const codePoint = character.codePointAt(0) ?? 0;
		if (forbiddenRanges.some(([first, last]) => codePoint >= first && codePoint <= last)) {
			return false;
		}
	}

	return true;
};

const hostilePiece = fc.constantFrom(
	'\u001B[31m',
	'\u001B]8;;https://evil.example\u0007',
	'\u001B]52;c;AAAA\u001B\\',
	'\u001BP+q\u001B\\',
	'\u009B2J',
	'\u009D0;title\u009C',
	'\u001B',
	'\u001B(',
	'[0m',
	'\\',
	'\u202E',
	'\u200D',
	'\uFEFF',
	'\u2028',
	'\u{E0041}',
	'\uD800',
	'\u0301'.repeat(12),
	'\r\n',
	'\t',
	'漢字',
	'plain',
);
const hostileText = fc.oneof(
	fc.string({unit: 'binary'}),
	fc.array(fc.oneof(hostilePiece, fc.string({unit: 'binary', maxLength: 4})), {maxLength: 40}).map(all => all.join('')),
);

describe('SEC-17 sanitize', () => {
	test('keeps ordinary text in every script, with its line breaks and tabs', () => {
		const text = 'fn main() {\n\treturn 1;\n}\n漢字 カナ emoji 🎉 café é नमस्ते';
		expect(sanitize(text)).toBe(text);
	});

	test.each([
		['colours', 'a\u001B[1;31mb\u001B[0mc', 'abc'],
		['colours in C1 spelling', 'a\u009B31mb', 'ab'],
		['a hyperlink with BEL', 'a\u001B]8;;https://x.example\u0007link\u001B]8;;\u0007b', 'alinkb'],
		['a clipboard write with ST', 'a\u001B]52;c;c2VjcmV0\u001B\\b', 'ab'],
		['a device control string', 'a\u001BPq#0;2;0;0;0\u001B\\b', 'ab'],
		['APC, PM and SOS', 'a\u001B_x\u001B\\b\u001B^x\u001B\\c\u001BXx\u001B\\d', 'abcd'],
		['a string command without an end, up to its line', 'a\u001B]0;title\nb', 'a\nb'],
		['a character set switch', 'a\u001B(0b', 'ab'],
		['a lone escape at the end', 'a\u001B', 'a'],
		['an escape inside an escape', 'a\u001B\u001B[31m[31mb', 'a[31mb'],
		['bidirectional overrides', 'a\u202Eb\u2066c\u200Fd', 'abcd'],
		['zero-width and tag characters', 'a\u200Bb\u{E0061}c\uFEFFd', 'abcd'],
		['line and paragraph separators', 'a\u2028b\u2029c', 'abc'],
		['carriage returns', 'a\r\nb', 'a\nb'],
		['a lone surrogate', 'a\uD800b', 'a\uFFFDb'],
	])('takes out %s', (_, text, expected) => {
		expect(sanitize(text)).toBe(expected);
	});

	test('leaves nothing that a terminal acts on, whatever comes in', () => {
		fc.assert(
			fc.property(hostileText, text => isSafe(sanitize(text))),
			propertyRuns(2000),
		);
	});

	test('changes nothing the second time', () => {
		fc.assert(
			fc.property(hostileText, text => sanitize(sanitize(text)) === sanitize(text)),
			propertyRuns(2000),
		);
	});

	test('is safe when a sequence arrives in two pieces that are sanitized one by one', () => {
		const pieces = fc.tuple(hostileText, fc.nat());
		fc.assert(
			fc.property(pieces, ([text, at]) => {
				const cut = text.length === 0 ? 0 : at % text.length;
				return isSafe(sanitize(text.slice(0, cut)) + sanitize(text.slice(cut)));
			}),
			propertyRuns(100),
		);
	});

	test('cuts a long line but not its neighbours, and never through a character', () => {
		const lines = sanitize(`short\n${'🎉'.repeat(maxLineLength)}\nend`).split('\n');
		expect(lines[0]).toBe('short');
		expect(lines[1]?.length).toBeLessThanOrEqual(maxLineLength);
		expect(lines[1]?.isWellFormed()).toBe(true);
		expect(lines[1]?.endsWith('…')).toBe(true);
		expect(lines[2]).toBe('end');
	});

	test('caps the marks that pile up on one character', () => {
		expect(sanitize(`a${'\u0301'.repeat(500)}b`)).toBe(`a${'\u0301'.repeat(maxCombiningMarks)}b`);
	});

	test('keeps a text in one long line whole where that is asked for, and tears no pair of surrogates apart', () => {
		for (const shift of [0, 1]) {
			const line = 'x'.repeat(shift) + '🙂'.repeat(20_000);
			expect(sanitizeWhole(line)).toBe(line);
			expect(sanitizeWhole(`${line}\u001B[31m\u009B2J`)).toBe(line);
		}

		fc.assert(
			fc.property(fc.array(hostileText), texts =>
				isSafe(sanitizeWhole(texts.join('').padEnd(40_000, texts.join('x')))),
			),
			propertyRuns(50),
		);
	});

	test('makes one line of many', () => {
		expect(sanitizeLine('gpt\n5\t\tpro\u001B[2J')).toBe('gpt 5 pro');
		fc.assert(
			fc.property(hostileText, text => !/[\n\t]/.test(sanitizeLine(text))),
			propertyRuns(100),
		);
	});

	test.each([
		['escapes', '\u001B'],
		['unfinished string commands', '\u001B]'],
		['unfinished colours', '\u001B[1;'],
		['C1 strings', '\u009D'],
		['marks', '\u0301'],
	])('takes linear time for 200 kB of %s', (_, piece) => {
		const text = piece.repeat(200_000 / piece.length);
		const startedAtMs = performance.now();
		sanitize(text);
		expect(performance.now() - startedAtMs).toBeLessThan(200);
	});
});
