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

	test.each(['0', '3', '9', '3?', ':'])(
		'Paper has its own background under every cell of a dark terminal (%s)',
		async keys => {
			await using screen = await openScreen({initialTheme: 'paper'});
			await screen.type(keys);
			const bare = screen
				.lines()
				.flatMap((_, row) => Array.from({length: 80}, (_cell, column) => screen.cell(column, row)))
				.filter(cell => cell?.isBgDefault() !== false);
			expect(bare).toEqual([]);
			expect(screen.cell(79, 23)?.getBgColor()).toBe(0xfb_fb_fa);
		},
	);

	test('Paper sends hardly more than a theme that leaves the background to the terminal', async () => {
		const sent = await Promise.all(
			['midnight', 'paper'].map(async initialTheme => {
				await using screen = await openScreen({initialTheme, columns: 200, rows: 60});
				const first = screen.output.bytes.length;
				await screen.type('3');
				await screen.type('jjjjGg');
				return [first, screen.output.bytes.length - first] as const;
			}),
		);
		const [[whole, changes] = [1, 1], [ownWhole, ownChanges] = [2, 2]] = sent;
		expect(ownWhole / whole).toBeLessThan(1.15);
		expect(ownChanges / changes).toBeLessThan(1.15);
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

describe('a theme that nobody has chosen', () => {
	const white = '\u001B]11;rgb:ffff/ffff/ffff\u001B\\';

	test('fits the terminal as soon as it has told its background', async () => {
		await using screen = await openScreen({});
		expect(screen.output.bytes).toContain('\u001B]11;?\u001B\\');
		expect(screen.cell(79, 23)?.isBgDefault()).toBeTruthy();
		await screen.type(white);
		expect(screen.cell(79, 23)?.getBgColor()).toBe(0xfb_fb_fa);
		await screen.type('\u001B]11;rgb:0000/0000/0000\u0007');
		expect(screen.cell(79, 23)?.isBgDefault()).toBeTruthy();
	});

	test('stays what it is once somebody chooses one', async () => {
		await using screen = await openScreen({});
		await screen.type('T');
		const before = screen.lines();
		await screen.type(white);
		expect(screen.lines()).toEqual(before);
	});

	test.each([
		['a theme was given', {initialTheme: 'midnight'}],
		['there is no colour', {environment: {TERM: 'xterm-256color', NO_COLOR: '1'}}],
		['the screen is read aloud', {environment: {TERM: 'xterm-256color', INK_SCREEN_READER: 'true'}}],
	])('is not asked for where %s', async (_why, options) => {
		await using screen = await openScreen(options);
		expect(screen.output.bytes).not.toContain('\u001B]11;');
	});
});
