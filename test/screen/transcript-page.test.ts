import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, test} from 'vitest';
import {FakeLink} from '../support/fake-link.ts';
import {richTranscript} from '../support/rich-transcript.ts';
import {sampleSnapshot} from '../support/sample-screen.ts';
import {openScreen, type TestScreen} from '../support/screen.ts';

const reading = async (columns = 80, rows = 24): Promise<TestScreen> => {
	const link = new FakeLink(sampleSnapshot(Date.now()), richTranscript('req'));
	const screen = await openScreen({columns, rows, link});
	await screen.type('3');
	await screen.until(/That is all\./);
	await screen.type('\tz');
	await screen.until(/^[^\n]*\n[^\n]*\n╭─ Transcript/);
	return screen;
};

/** The colour of the first cell of a text on the screen, or -1. */
const colourOf = (screen: TestScreen, text: string): number => {
	const y = screen.lines().findIndex(line => line.includes(text));
	const line = screen.lines()[y] ?? '';
	return screen.cell(line.indexOf(text), y)?.getFgColor() ?? -1;
};

describe('a conversation on a real terminal', () => {
	test('gets the colours of its code after it is there, and is Markdown from its first frame on', async () => {
		await using screen = await reading();
		expect(screen.text()).toMatch(/file +│ what +│ 行数/);
		const comment = 0x7e_89_9b;
		for (let tries = 0; tries < 100 && colourOf(screen, '// A clock') !== comment; tries++) {
			await sleep(30);
		}

		expect(colourOf(screen, '// A clock')).toBe(comment);
		expect(colourOf(screen, 'export const fakeClock')).toBe(0xc7_9b_f0);
	});

	test('keeps the place of the reader when the terminal gets another size', async () => {
		await using screen = await reading();
		await screen.type('/apply_patch\r');
		await screen.until(/1 of 1/);
		const top = screen.lines()[3] ?? '';
		for (const [columns, rows] of [
			[160, 48],
			[60, 15],
			[120, 40],
		] as const) {
			screen.resize(columns, rows);
			await screen.until(new RegExp(`^[^\\n]*\\n[^\\n]*\\n╭─ Transcript.{${columns - 20},}`));
			expect(screen.text()).toContain(top.replace(/[│ ]+$/, '').replace(/^[│ ]+/, ''));
		}

		screen.resize(80, 24);
		await screen.until(/╭─ Transcript.{30,66}─╮/);
		expect(screen.lines()[3]).toBe(top);
	});
});
