import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {isWholeUtf8, jsonBytes} from '../../source/base/utf8.ts';
import {propertyRuns} from '../support/property-runs.ts';

describe('the bytes of a JSON text', () => {
	test.each([
		['of ASCII', 'a "text"\n'],
		['of Latin-1', 'Stra\u00dfe '],
		['beyond Latin-1', '\u6d4b\u8bd5 \u2713 '],
		['beyond the first plane', '\u{1F600}\u{10FFFF}'],
		['with half a pair', '\ud800x'],
	])('%s are those that Buffer.from gives, whatever its length', (_, text) => {
		for (const count of [0, 1, 100, 4000, 5000]) {
			const json = JSON.stringify({text: text.repeat(count)});
			expect(jsonBytes(json).equals(Buffer.from(json))).toBe(true);
			expect(isWholeUtf8(jsonBytes(json))).toBe(true);
		}
	});

	test('are those of any long text', () => {
		fc.assert(
			fc.property(fc.string({unit: 'binary', minLength: 1}), text => {
				const json = JSON.stringify(text.repeat(Math.ceil(5000 / text.length)));
				expect(jsonBytes(json).equals(Buffer.from(json))).toBe(true);
			}),
			propertyRuns(500),
		);
	});
});
