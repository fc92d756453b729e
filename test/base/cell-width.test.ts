import * as fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import {quickStringWidth} from '../../.ci/string-width.ts';
import {knownWidth} from '../../source/base/cell-width.ts';
import {propertyRuns} from '../support/property-runs.ts';

const allUnits = Array.from({length: 0x1_00_00}, (_, unit) => String.fromCharCode(unit));
const known = allUnits.filter(unit => knownWidth(unit) !== undefined);

test('every character whose width is known by its code is as wide as string-width says', () => {
	expect(known.length).toBeGreaterThan(30_000);
	expect(known.filter(unit => knownWidth(unit) !== stringWidth(unit))).toEqual([]);
});

test('known characters do not join: a text of them is as wide as string-width says', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...known), {maxLength: 40}), units => {
			expect(knownWidth(units.join(''))).toBe(stringWidth(units.join('')));
		}),
		propertyRuns(300),
	);
});

test('what joins, hides or steers is not known: marks, selectors, joiners, emoji, escapes, tabs, half of a pair', () => {
	for (const text of [
		'e\u0301',
		'❤\uFE0F',
		'a\u200Db',
		'😀',
		'\u001B[1m',
		'\t',
		'\uD83D',
		'\u1100\u1161',
		'\u202E',
		'\u00AD',
	]) {
		expect(knownWidth(text), JSON.stringify(text)).toBeUndefined();
	}
});

test("the bundle's string-width is string-width, with colours and with any other text", () => {
	const piece = fc.oneof(
		fc.constantFrom(...known),
		fc.string({unit: 'grapheme'}),
		fc.constantFrom(
			'\u001B[31m',
			'\u001B[0m',
			'\u001B[38;2;1;2;3m',
			'\u001B[2K',
			'\u001B',
			'\u009B1m',
			'\u0301',
			'\uFE0F',
		),
	);
	fc.assert(
		fc.property(fc.array(piece, {maxLength: 12}), pieces => {
			expect(quickStringWidth(pieces.join(''))).toBe(stringWidth(pieces.join('')));
		}),
		propertyRuns(500),
	);
});
