import {describe, expect, test} from 'vitest';
import {span} from '../../../source/tui/text/line.ts';
import {colorDepthOf, contrastOf, createPainter, needsAscii} from '../../../source/tui/theme/painter.ts';
import {ThemeBook} from '../../../source/tui/theme/theme-book.ts';
import {isColorText, parseTheme, plainTheme, tones} from '../../../source/tui/theme/theme.ts';
import {hostileAttempts, hostileLine} from '../../support/hostile-text.ts';
import {shippedThemes} from '../../support/screen.ts';
import {foreignOutput, hiddenIn} from '../../support/terminal-output.ts';

describe('the shipped themes', () => {
	const sources = shippedThemes();

	test('are the five that the product promises', () => {
		expect(sources.map(({path}) => path).toSorted()).toEqual(
			['hi-contrast', 'midnight', 'mono', 'paper', 'solarized'].map(name => `themes/${name}.json`),
		);
	});

	test.each(sources)('$path is read without a warning and names every colour at both depths', ({json}) => {
		const {theme, warnings} = parseTheme(json);
		expect(warnings).toEqual([]);
		for (const colors of [theme.colors, theme.colors16]) {
			expect(Object.keys(colors).toSorted()).toEqual([...tones].toSorted());
			expect(Object.values(colors).every(isColorText)).toBe(true);
		}
	});
});

/** What terminals of such a theme have behind the text, where the theme does not say it itself. */
const paperOf: Readonly<Record<string, string>> = {
	midnight: '#1c1f26',
	paper: '',
	solarized: '#002b36',
	'hi-contrast': '#000000',
};

describe('colours to read', () => {
	const edges = /^(background|border|selection|chart|headerBg)/;
	const themes = shippedThemes().map(({json}) => parseTheme(json).theme);

	test.each(Object.entries(paperOf))(
		'every text of %s stands out from %s and from its header as WCAG wants it',
		(name, paper) => {
			const {colors} = themes.find(theme => theme.name === name) ?? plainTheme;
			const faint = Object.entries(colors).filter(
				([tone, color]) =>
					!edges.test(tone) &&
					[colors.background || paper, colors.headerBg].some(back => !(contrastOf(color, back) >= 4.5)),
			);
			expect(faint).toEqual([]);
		},
	);
});

describe('a theme of the user', () => {
	test('with faults stays usable: each is named, and the inherited value stays', () => {
		const parent = parseTheme({name: 'p', colors: {ok: '#00ff00', text: '#eeeeee'}}).theme;
		const {theme, warnings} = parseTheme(
			{
				name: 'mine',
				extends: 'p',
				colours: {},
				colors: {ok: 'grass', txet: '#fff000', error: 'ansi256(300)', warn: 'yellow'},
			},
			() => parent,
		);
		expect(theme.colors.ok).toBe('#00ff00');
		expect(theme.colors.text).toBe('#eeeeee');
		expect(theme.colors.warn).toBe('yellow');
		expect(warnings.join('\n')).toContain('did you mean "colors"');
		expect(warnings.find(text => text.includes('"txet"'))).toMatch(/did you mean "text"\?$/);
		expect(warnings).toHaveLength(4);
	});

	test('that is no object, extends itself, or names a stranger is no crash', () => {
		expect(parseTheme([]).warnings).toHaveLength(1);
		const book = new ThemeBook(
			[
				{path: 'a.json', json: {name: 'a', extends: 'a'}},
				{path: 'b.json', json: {name: 'b', extends: 'c'}},
			],
			'a',
			{depth: 24, isAscii: false},
		);
		expect(book.name).toBe('a');
		expect(book.warnings).toHaveLength(2);
	});

	test('keeps the choice by name when the files are read again', () => {
		const book = new ThemeBook(shippedThemes(), 'paper', {depth: 24, isAscii: false});
		expect(book.name).toBe('paper');
		book.load(shippedThemes().toReversed());
		expect(book.name).toBe('paper');
		expect(book.choose('nothing')).toBe(false);
		const names = new Set(book.names.map(() => book.cycle()));
		expect(names.size).toBe(5);
	});
});

describe('colour depth', () => {
	test.each([
		[{TERM: 'xterm-256color', COLORTERM: 'truecolor'}, 24],
		[{TERM: 'xterm-256color'}, 8],
		[{TERM: 'xterm'}, 4],
		[{TERM: 'dumb'}, 0],
		[{TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1'}, 0],
		[{TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '3'}, 24],
		[{TERM: 'xterm', NO_COLOR: ''}, 4],
	] as const)('of %j is %i', (environment, depth) => {
		expect(colorDepthOf(environment)).toBe(depth);
	});

	test('decides how a colour is written: given, nearest of 256, or the chosen one of sixteen', () => {
		const {theme} = parseTheme({name: 'x', colors: {ok: '#ff8800'}, colors16: {ok: 'greenBright'}});
		expect(createPainter(theme, 24).paint([span('a', 'ok')])).toBe('\u001B[38;2;255;136;0ma\u001B[0m');
		expect(createPainter(theme, 8).paint([span('a', 'ok')])).toBe('\u001B[38;5;208ma\u001B[0m');
		expect(createPainter(theme, 4).paint([span('a', 'ok')])).toBe('\u001B[92ma\u001B[0m');
		expect(createPainter(theme, 0).paint([span('a', 'ok', true)])).toBe('\u001B[1ma\u001B[0m');
	});

	test('writes a look once for the pieces that share it, and over blanks that do not show it', () => {
		const {theme} = parseTheme({name: 'x', colors: {ok: '#ff8800', headerBg: '#000080', headerFg: '#ffffff'}});
		const {paint} = createPainter(theme, 8);
		const [ok, reset] = ['\u001B[38;5;208m', '\u001B[0m'];
		expect(paint([span('a', 'ok'), span('b', 'ok')])).toBe(`${ok}ab${reset}`);
		expect(paint([span('a', 'ok'), span('  ', 'error'), span('b', 'ok')])).toBe(`${ok}a  b${reset}`);
		const header = paint([span('a', 'ok'), {text: ' ', look: 'header'}, span('b', 'ok')]);
		expect(header).toContain(`m ${reset}`);
		expect(header.split(ok)).toHaveLength(3);
	});

	describe('a background of the theme', () => {
		const colors = {
			background: '#ffffff',
			text: '#000000',
			ok: '#008000',
			selectionFg: '#ffffff',
			selectionBg: '#000080',
		};
		const {theme} = parseTheme({name: 'x', colors});
		const [ground, text, ok, bold, reset] = [
			...['\u001B[48;2;255;255;255m', '\u001B[38;2;0;0;0m', '\u001B[38;2;0;128;0m', '\u001B[1m', '\u001B[0m'],
		];

		test('lies under every cell, is told once for a row of colours, and again only after what must be ended', () => {
			const {paint} = createPainter(theme, 24);
			expect(paint([span('   ')])).toBe(`${ground}   ${reset}`);
			expect(paint([span('a'), span('b', 'ok'), span('c')])).toBe(`${ground}${text}a${ok}b${text}c${reset}`);
			expect(paint([span('a', 'ok', true), span('b')])).toBe(`${ground}${bold}${ok}a${reset}${ground}${text}b${reset}`);
			expect(paint([])).toBe('');
		});

		test('comes back behind a selection', () => {
			const [selected = '', after = ''] = createPainter(theme, 24)
				.paint([span('a'), {text: 'b', look: 'selection'}, span('c')])
				.split('b');
			expect(selected).toContain('48;2;0;0;128');
			expect(after).toBe(`${reset}${ground}${text}c${reset}`);
		});

		test.each([
			[8, '48;5;231'],
			[4, undefined],
			[0, undefined],
		] as const)('at depth %i is %s', (depth, code) => {
			const painted = createPainter(theme, depth).paint([span('a')]);
			expect(/4[\d;]+(?=m)/.exec(painted)?.[0]).toBe(code);
		});

		test('is stated by Paper alone: the others take what the terminal has', () => {
			const stated = shippedThemes().map(({json}) => parseTheme(json).theme);
			expect(stated.filter(each => each.colors.background !== '').map(({name}) => name)).toEqual(['paper']);
			expect(stated.filter(each => each.colors16.background !== '')).toEqual([]);
		});
	});

	test("a colour that cannot be read on the selection gives way to the selection's own", () => {
		const {theme} = parseTheme({
			name: 'x',
			colors: {ok: '#eeee00', error: '#000080', selectionFg: '#000000', selectionBg: '#ffff00'},
		});
		const {paint} = createPainter(theme, 24);
		expect(paint([{text: 'a', tone: 'ok', look: 'selection'}])).toContain('38;2;0;0;0');
		expect(paint([{text: 'a', tone: 'error', look: 'selection'}])).toContain('38;2;0;0;128');
	});

	test('ASCII is for locales that say so, not for one that is not set', () => {
		expect(needsAscii({LANG: 'C'})).toBe(true);
		expect(needsAscii({LANG: 'C', LC_ALL: 'en_US.UTF-8'})).toBe(false);
		expect(needsAscii({})).toBe(false);
	});
});

describe('SEC-17 at the last place before the terminal', () => {
	test('no text brings an escape of its own, whatever missed it before', () => {
		const {theme} = parseTheme({name: 'p'});
		for (const depth of [0, 4, 8, 24] as const) {
			const painted = createPainter(theme, depth).paint(hostileAttempts.map(attempt => span(attempt, 'ok')));
			expect(foreignOutput(painted)).toEqual([]);
		}
	});

	test('a theme cannot bring one by its name, a colour or a path', () => {
		const evil = hostileLine('evil');
		const json = {name: evil, extends: evil, [evil]: 1, colors: {[evil]: evil, ok: evil}};
		const book = new ThemeBook([{path: evil, json}], evil, {depth: 24, isAscii: false});
		expect(hiddenIn([...book.names, ...book.warnings].join(''))).toEqual([]);
		expect(book.warnings.length).toBeGreaterThan(3);
	});
});
