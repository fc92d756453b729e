import {knownWidth} from '../../base/cell-width.ts';
import {sanitizeLine} from '../../base/sanitize.ts';
import type {Line, Span} from '../text/line.ts';
import {ansiNames, type ColorText, type Theme, type Tone} from './theme.ts';

/* Turns finished lines into escape sequences; the only place that writes colours. Bold, dim and inverse survive NO_COLOR. */

/** How many colours the terminal takes: 0 none, 4 sixteen, 8 two hundred and fifty-six, 24 all. */
export type ColorDepth = 0 | 4 | 8 | 24;

/** The part of the environment that decides about colours and glyphs. */
export type TerminalEnvironment = Readonly<Record<string, string | undefined>>;

/** The depth by FORCE_COLOR, NO_COLOR, COLORTERM and TERM, in this order (tui.md 7). */
export const colorDepthOf = (environment: TerminalEnvironment): ColorDepth => {
	const forced = environment['FORCE_COLOR'];
	if (forced !== undefined && forced !== '') {
		return forced === '0' || forced === 'false' ? 0 : forced === '2' ? 8 : forced === '3' ? 24 : 4;
	}

	if ((environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb') {
		return 0;
	}

	if (/truecolor|24bit/i.test(environment['COLORTERM'] ?? '')) {
		return 24;
	}

	return /256/.test(environment['TERM'] ?? '') ? 8 : 4;
};

/** Whether the locale names an encoding that is not UTF-8; an unset locale says nothing and counts as UTF-8. */
export const needsAscii = (environment: TerminalEnvironment): boolean => {
	const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
	return (locale !== '' && !/utf-?8/i.test(locale)) || /^(vt\d+|linux)$/.test(environment['TERM'] ?? '');
};

const cube = [0, 95, 135, 175, 215, 255];

const nearestIn = (levels: readonly number[], value: number): number =>
	levels.reduce(
		(best, level, index) => (Math.abs(level - value) < Math.abs((levels[best] ?? 0) - value) ? index : best),
		0,
	);

const to256 = (red: number, green: number, blue: number): number => {
	if (Math.max(red, green, blue) - Math.min(red, green, blue) < 10) {
		const grey = Math.round(((red + green + blue) / 3 - 8) / 10);
		return grey < 0 ? 16 : grey > 23 ? 231 : 232 + grey;
	}

	return 16 + 36 * nearestIn(cube, red) + 6 * nearestIn(cube, green) + nearestIn(cube, blue);
};

const parametersOf = (color: ColorText, depth: ColorDepth, isBackground: boolean): string => {
	const name = ansiNames.indexOf(color);
	if (name !== -1) {
		return String((name < 8 ? 30 + name : 82 + name) + (isBackground ? 10 : 0));
	}

	const prefix = isBackground ? 48 : 38;
	if (color.startsWith('ansi256(')) {
		return `${prefix};5;${color.slice(8, -1)}`;
	}

	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16));
	return depth === 24 ? `${prefix};2;${red};${green};${blue}` : `${prefix};5;${to256(red, green, blue)}`;
};

const luminanceOf = (color: ColorText): number => {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
		const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
		return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** WCAG 2.2's contrast of two `#rrggbb` colours, 1 to 21; 1 for names, whose colours the terminal knows. */
export const contrastOf = (color: ColorText, background: ColorText): number => {
	if (!color.startsWith('#') || !background.startsWith('#')) {
		return 1;
	}

	const [light, dark] = [luminanceOf(color), luminanceOf(background)].toSorted((left, right) => right - left);
	return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
};

/** The last place before the terminal: what slipped through until here loses its escapes now (SEC-17). Nearly all texts are plain. */
const drawable = (text: string): string => (knownWidth(text) === undefined ? sanitizeLine(text) : text);

/** Paints lines in one theme at one depth. */
export interface Painter {
	readonly theme: Theme;
	readonly depth: ColorDepth;
	readonly paint: (line: Line) => string;
}

/** How a piece of a line begins, and whether a blank shows it too (by its background). */
interface Style {
	readonly start: string;
	readonly isSeenOnBlanks: boolean;
	/** It tells the colour of its letters, so that nothing of the colour before it stays. */
	readonly hasInk: boolean;
	/** It changes nothing else, so that the next colour of letters is all that ends it. */
	readonly isInkAlone: boolean;
}

const plain: Style = {start: '', isSeenOnBlanks: false, hasInk: false, isInkAlone: true};
const reset = '\u001B[0m';

const sequence = (codes: readonly string[]): string => codes.map(code => `\u001B[${code}m`).join('');

/** What lies behind everything; nothing where the theme leaves it to the terminal. */
const groundOf = ({colors, colors16}: Theme, depth: ColorDepth): string => {
	const {background} = depth === 4 ? colors16 : colors;
	return depth === 0 || background === '' ? '' : sequence([parametersOf(background, depth, true)]);
};

/** What the parts of a line begin with, by their tone and look; remembers the sequence of every tone. */
const codesIn = (theme: Theme, depth: ColorDepth): ((part: Span) => readonly string[]) => {
	const colors = depth === 4 ? theme.colors16 : theme.colors;
	const memory = new Map<string, string>();
	const colorOf = (tone: Tone, isBackground: boolean): string => {
		const key = `${tone}${isBackground ? '+' : ''}`;
		const known = memory.get(key);
		if (known !== undefined) {
			return known;
		}

		const color = colors[tone];
		const made = depth === 0 || color === '' ? '' : parametersOf(color, depth, isBackground);
		memory.set(key, made);
		return made;
	};

	return part => {
		const {look} = part;
		const codes = [...(part.bold === true ? ['1'] : []), ...(part.italic === true ? ['3'] : [])];
		if (look === 'selection' && colorOf('selectionBg', true) === '') {
			return [...codes, '7'];
		}

		const background = look === undefined ? '' : colorOf(look === 'selection' ? 'selectionBg' : 'headerBg', true);
		const base = look === undefined ? 'text' : look === 'selection' ? 'selectionFg' : 'headerFg';
		const tone = part.tone ?? base;
		const isKept = look !== 'selection' || (tone !== 'muted' && contrastOf(colors[tone], colors.selectionBg) >= 3);
		const foreground = colorOf(isKept ? tone : 'selectionFg', false);
		const dim = foreground === '' && (tone === 'muted' || tone === 'reasoning') ? ['2'] : [];
		return [...codes, ...dim, ...[foreground, background].filter(code => code !== '')];
	};
};

/** A painter; cheap to make, it remembers how every look begins. */
export const createPainter = (theme: Theme, depth: ColorDepth): Painter => {
	const codesOf = codesIn(theme, depth);
	const ground = groundOf(theme, depth);
	const styles = new Map<string, Style>();
	const styleOf = (part: Span): Style => {
		const key = `${part.tone} ${part.look} ${part.bold} ${part.italic}`;
		const known = styles.get(key);
		if (known !== undefined) {
			return known;
		}

		const codes = codesOf(part);
		const inks = codes.filter(code => /^(?:3\d|9\d)(?:;|$)/.test(code)).length;
		const made = {
			start: sequence(codes),
			isSeenOnBlanks: part.look !== undefined,
			hasInk: inks > 0,
			isInkAlone: inks === codes.length,
		};
		styles.set(key, made);
		return made;
	};

	// A background that is stated with every change would be most of a row's bytes: colour follows upon colour instead.
	const between = (open: Style, next: Style): string =>
		open === plain || (ground !== '' && open.isInkAlone && next.hasInk) ? next.start : reset + ground + next.start;

	const paint: Painter['paint'] = line => {
		let painted = '';
		let open = plain;
		for (const part of line) {
			const text = drawable(part.text);
			if (text === '') {
				continue;
			}

			const style = styleOf(part);
			const isSame =
				style.start === open.start || (text.trim() === '' && !style.isSeenOnBlanks && !open.isSeenOnBlanks);
			if (!isSame) {
				painted += between(open, style);
				open = style.start === '' ? plain : style;
			}

			painted += text;
		}

		const isOpen = painted !== '' && (open !== plain || ground !== '');
		return isOpen ? ground + painted + reset : painted;
	};
	return {theme, depth, paint};
};
