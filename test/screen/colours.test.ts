import {describe, expect, test} from 'vitest';
import {openScreen, shippedThemes} from '../support/screen.ts';

describe('colours', () => {
	test('NO_COLOR sends no colour code, and the selection is inverse', async () => {
		await using screen = await openScreen({
			environment: {TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1'},
		});
		// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
		expect(screen.output.bytes).not.toMatch(/\u001B\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d+)*m/);
		const row = screen.lines().findIndex(line => line.includes('▸'));
		expect(screen.cell(6, row)?.isInverse()).toBeTruthy();
	});

	test('T takes the next theme and remembers it; a changed file changes the colours at once', async () => {
		let announce: ((themes: ReturnType<typeof shippedThemes>) => void) | undefined;
		await using screen = await openScreen({
			initialTheme: 'midnight',
			onThemeChange: listener => {
				announce = listener;
				return () => undefined;
			},
		});
		await screen.type('T');
		await screen.until('Theme mono.');
		expect(screen.settings.get('theme')).toBe('mono');
		announce?.([
			...shippedThemes(),
			{path: 'themes/mine.json', json: {name: 'mono', colors: {border: '#ff0000', accnet: '#000000'}}},
		]);
		await screen.until('unknown colour "accnet"');
		expect(screen.cell(0, 10)?.getFgColor()).toBe(0xff_00_00);
	});
});
