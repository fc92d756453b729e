import {expect, test} from 'vitest';
import {clipboardSequence} from '../../../source/tui/text/clipboard.ts';

const start = '\u001B]52;c;';
const end = '\u0007';

const textOf = (sequence: string): string => {
	expect(sequence.startsWith(start) && sequence.endsWith(end)).toBe(true);
	const base64 = sequence.slice(start.length, -end.length);
	expect(base64).toMatch(/^[A-Za-z0-9+/=]*$/);
	return Buffer.from(base64, 'base64').toString();
};

test('SEC-18 a copied text is one OSC 52 sequence without control characters, its lines kept', () => {
	expect(textOf(clipboardSequence('first\n漢字 second'))).toBe('first\n漢字 second');
	expect(textOf(clipboardSequence('a\u001B]0;title\u0007b\u202Ec\r\n\u009Bd'))).toMatch(/^[\n\u0020-\u007E]*$/);
});

test('SEC-18 a copied text is capped, and never in the middle of a character', () => {
	const text = textOf(clipboardSequence('漢字\n'.repeat(20_000)));
	expect(Buffer.byteLength(text)).toBeLessThanOrEqual(48 * 1024);
	expect(text).not.toContain('\uFFFD');
	expect(text.length).toBeGreaterThan(16_000);
});

test('A command in one long line is copied whole: with a hole in it, it would be another command', () => {
	const command = `curl 'https://a.example' --data-binary '${'x🙂'.repeat(9000)}'`;
	expect(textOf(clipboardSequence(command))).toBe(command);
});
