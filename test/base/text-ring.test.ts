import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {TextRing} from '../../source/base/text-ring.ts';
import {propertyRuns} from '../support/property-runs.ts';

const megabyte = 1024 * 1024;
const textsOf = (ring: TextRing): readonly string[] => ring.toArray().map(({text}) => text);

describe('a ring of texts', () => {
	test('holds the newest of them, as they were', () => {
		const anyText = fc.oneof(
			fc.string({unit: 'grapheme'}),
			fc.integer({min: 0, max: 90_000}).map(length => '试'.repeat(length)),
		);
		fc.assert(
			fc.property(fc.array(anyText, {maxLength: 40}), fc.integer({min: 1, max: 20}), (pushed, texts) => {
				const ring = new TextRing({texts, bytes: megabyte});
				for (const [index, text] of pushed.entries()) {
					ring.push(text, index);
				}

				const held = ring.toArray();
				const kept = pushed.map((text, label) => ({label, text})).slice(pushed.length - held.length);
				expect(held).toEqual(kept.map((row, index) => ({...row, index})));
				expect(ring.dropped).toBe(pushed.length - held.length);
				expect(ring.size).toBe(held.length);
			}),
			propertyRuns(200),
		);
	});

	test('holds as many as it may where they are short', () => {
		const ring = new TextRing({texts: 3, bytes: megabyte});
		for (const text of ['a', 'b', 'c', 'd', 'e']) {
			ring.push(text);
		}

		expect(textsOf(ring)).toEqual(['c', 'd', 'e']);
	});

	test('holds fewer where they are long, but always the newest', () => {
		const ring = new TextRing({texts: 1000, bytes: megabyte});
		const text = 'x'.repeat(100_000);
		for (let index = 0; index < 100; index++) {
			ring.push(text, index);
		}

		const labels = ring.toArray().map(({label}) => label);
		expect(labels.at(-1)).toBe(99);
		expect(labels.length * text.length).toBeGreaterThan(megabyte / 2);
		expect(labels.length * text.length).toBeLessThan(megabyte * 1.1);
	});

	test('takes a text that is longer than a block', () => {
		const ring = new TextRing({texts: 10, bytes: megabyte});
		const long = 'é'.repeat(400_000);
		ring.push('before');
		ring.push(long);
		ring.push('behind');
		expect(textsOf(ring)).toEqual(['before', long, 'behind']);
	});

	test('reads only the texts that are wanted', () => {
		const ring = new TextRing({texts: 10, bytes: megabyte});
		ring.push('one', 1);
		ring.push('two', 2);
		ring.push('again one', 1);
		expect(ring.toArray(label => label === 1)).toEqual([
			{label: 1, index: 0, text: 'one'},
			{label: 1, index: 2, text: 'again one'},
		]);
		expect(ring.toArray((_, index) => index === 1)).toEqual([{label: 2, index: 1, text: 'two'}]);
	});
});
