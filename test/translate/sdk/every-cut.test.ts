import {describe, expect, test} from 'vitest';
import type {ClientDialect} from '../../../source/translate/codec/codec.ts';
import {recordings, type Recording} from './recordings.ts';
import {throughBridge} from './through-bridge.ts';

const dialects: readonly ClientDialect[] = ['responses', 'chat', 'messages'];

const piecesOf = (bytes: Buffer, size: number): readonly Buffer[] =>
	Array.from({length: Math.ceil(bytes.length / size)}, (_, index) => bytes.subarray(index * size, (index + 1) * size));

/** Every place of a short answer; of a long one some, a few of them within a character. */
const cutsOf = ({bytes}: Recording): readonly number[] => {
	const step = bytes.length < 1100 ? 1 : Math.ceil(bytes.length / 30);
	const places = Array.from({length: Math.ceil(bytes.length / step)}, (_, index) => index * step);
	return [...places, ...[...bytes.keys()].filter(place => (bytes[place] ?? 0) >= 0x80).slice(0, 9)];
};

describe.each(dialects)('splitting the upstream’s bytes anywhere changes nothing for a %s client', dialect => {
	test.each(recordings)('of $name', recording => {
		const {bytes} = recording;
		const whole = throughBridge(recording, dialect).toString();
		expect(whole.length).toBeGreaterThan(0);
		for (const size of [1, 7]) {
			expect(throughBridge(recording, dialect, piecesOf(bytes, size)).toString() === whole, `pieces of ${size}`).toBe(
				true,
			);
		}

		// What crosses the reader differs with the cut, not what crosses the encoder: one dialect shows it for all.
		for (const at of dialect === 'responses' ? cutsOf(recording) : []) {
			const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
			expect(throughBridge(recording, dialect, pieces).toString() === whole, `cut at ${at}`).toBe(true);
		}
	});

	test.each(recordings.filter(({isStream}) => isStream))('of $name with CRLF and a byte order mark', recording => {
		const other = Buffer.from(`\uFEFF${recording.bytes.toString().replaceAll('\n', '\r\n')}`);
		const whole = throughBridge(recording, dialect).toString();
		expect(throughBridge(recording, dialect, piecesOf(other, 3)).toString() === whole).toBe(true);
	});
});
