import {editDistance} from '../../base/edit-distance.ts';
import {textAt} from '../../base/json.ts';
import {sanitizeLine} from '../../base/sanitize.ts';
import {asciiGlyphs, unicodeGlyphs, type Glyphs} from './glyphs.ts';

/* A theme as data: semantic colours, a hand-chosen set of sixteen, and the glyphs. Reading one never fails the program. */

/** Every meaning a colour can have (tui.md 7). */
export const tones = [
	'background',
	'text',
	'muted',
	'accent',
	'focus',
	'ok',
	'warn',
	'error',
	'info',
	'border',
	'borderFocus',
	'selectionFg',
	'selectionBg',
	'headerFg',
	'headerBg',
	'diffAdd',
	'diffDel',
	'user',
	'assistant',
	'tool',
	'reasoning',
	'chart1',
	'chart2',
	'chart3',
	'chart4',
	'chart5',
	'chart6',
] as const;

/** One of {@link tones}. */
export type Tone = (typeof tones)[number];

/** `#rrggbb`, an ANSI name, `ansi256(n)`, or an empty text for the terminal's own colour. */
export type ColorText = string;

/** A checked theme with every token filled in. */
export interface Theme {
	readonly name: string;
	readonly base: 'dark' | 'light';
	readonly colors: Readonly<Record<Tone, ColorText>>;
	/** For terminals with sixteen colours: chosen, not computed. */
	readonly colors16: Readonly<Record<Tone, ColorText>>;
	readonly borders: 'round' | 'single' | 'ascii';
	readonly glyphs: Glyphs;
}

/** The names that stand for the sixteen basic colours, in the order of their numbers. */
export const ansiNames: readonly string[] = [
	'black',
	'red',
	'green',
	'yellow',
	'blue',
	'magenta',
	'cyan',
	'white',
	'blackBright',
	'redBright',
	'greenBright',
	'yellowBright',
	'blueBright',
	'magentaBright',
	'cyanBright',
	'whiteBright',
];

const plainColors: Record<Tone, ColorText> = {
	background: '',
	text: '',
	muted: '',
	accent: '',
	focus: '',
	ok: '',
	warn: '',
	error: '',
	info: '',
	border: '',
	borderFocus: '',
	selectionFg: '',
	selectionBg: '',
	headerFg: '',
	headerBg: '',
	diffAdd: '',
	diffDel: '',
	user: '',
	assistant: '',
	tool: '',
	reasoning: '',
	chart1: '',
	chart2: '',
	chart3: '',
	chart4: '',
	chart5: '',
	chart6: '',
};

/** A theme without any colour: what is left when nothing else can be read, and the meaning of NO_COLOR. */
export const plainTheme: Theme = {
	name: 'plain',
	base: 'dark',
	colors: plainColors,
	colors16: plainColors,
	borders: 'round',
	glyphs: unicodeGlyphs,
};

const themeKeys = ['name', 'base', 'extends', 'colors', 'colors16', 'glyphs', 'borders'];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a text is one of the spellings of {@link ColorText}. */
export const isColorText = (value: unknown): value is ColorText =>
	typeof value === 'string' &&
	(value === '' ||
		/^#[\da-f]{6}$/i.test(value) ||
		ansiNames.includes(value) ||
		(/^ansi256\(\d{1,3}\)$/.test(value) && Number(value.slice(8, -1)) < 256));

const nearestOf = (word: string, known: readonly string[]): string =>
	known.toSorted((left, right) => editDistance(word, left) - editDistance(word, right))[0] ?? '';

/** What {@link parseTheme} found: always a usable theme, and a sentence for everything that it had to put right. */
export interface ParsedTheme {
	readonly theme: Theme;
	readonly warnings: readonly string[];
}

const readColors = (value: unknown, inherited: Theme['colors'], warn: (text: string) => void): Theme['colors'] => {
	const colors = {...inherited};
	if (!isRecord(value)) {
		return colors;
	}

	for (const [key, color] of Object.entries(value)) {
		const tone = tones.find(known => known === key);
		if (tone === undefined) {
			warn(`has the unknown colour "${key}"; did you mean "${nearestOf(key, tones)}"?`);
		} else if (isColorText(color)) {
			colors[tone] = color;
		} else {
			warn(`gives "${key}" the bad colour ${JSON.stringify(color)}; use #rrggbb, an ANSI name, ansi256(n) or ""`);
		}
	}

	return colors;
};

/** The name that a theme file gives itself, as it can be drawn; undefined where it gives none. */
export const themeNameOf = (json: unknown): string | undefined => sanitizeLine(textAt(json, 'name') ?? '') || undefined;

/**
 * A theme from parsed JSON. Unknown keys and bad colours become warnings and the inherited value stays; nothing throws.
 * `parentOf` gives the theme named by `extends`.
 */
export const parseTheme = (
	json: unknown,
	parentOf: (name: string) => Theme | undefined = () => undefined,
): ParsedTheme => {
	if (!isRecord(json)) {
		return {theme: plainTheme, warnings: ['A theme must be a JSON object; the plain one is used instead.']};
	}

	const warnings: string[] = [];
	const name = themeNameOf(json) ?? 'unnamed';
	const warn = (text: string): void =>
		void warnings.push(sanitizeLine(`Theme "${name}" ${text}${text.endsWith('?') ? '' : '.'}`));
	for (const key of Object.keys(json).filter(known => !themeKeys.includes(known))) {
		warn(`has the unknown key "${key}"; did you mean "${nearestOf(key, themeKeys)}"?`);
	}

	const parent = typeof json['extends'] === 'string' ? parentOf(json['extends']) : undefined;
	if (typeof json['extends'] === 'string' && parent === undefined) {
		warn(`extends "${json['extends']}", which is not known`);
	}

	const inherited = parent ?? plainTheme;
	const borders = json['borders'];
	const isAscii = borders === 'ascii';
	return {
		theme: {
			name,
			base: json['base'] === 'light' ? 'light' : json['base'] === 'dark' ? 'dark' : inherited.base,
			colors: readColors(json['colors'], inherited.colors, warn),
			colors16: readColors(json['colors16'], inherited.colors16, warn),
			borders: borders === 'single' || borders === 'round' || isAscii ? borders : inherited.borders,
			glyphs: isAscii ? asciiGlyphs : inherited.glyphs,
		},
		warnings,
	};
};
