import {colorDepthOf, type TerminalEnvironment} from './painter.ts';

/* Whether the terminal is light or dark: it is asked, and until it answers its environment may say. */

/** Asks a terminal for the colour of its background (XTerm Control Sequences, OSC 11); one that does not know it stays silent. */
export const askBackground = '\u001B]11;?\u001B\\';

/** Whether the question may be asked, and its answer would change anything: the Linux console prints what it does not know. */
export const mayAskBackground = (environment: TerminalEnvironment): boolean =>
	colorDepthOf(environment) > 0 && environment['TERM'] !== 'linux';

/** Whether a colour is light, as terminals tell one: `rgb:ffff/ffff/ffff`, one to four digits each. Undefined where it is none. */
export const isLightColor = (color: string): boolean | undefined => {
	const parts = /^rgba?:([\da-f]{1,4})\/([\da-f]{1,4})\/([\da-f]{1,4})/i.exec(color)?.slice(1);
	const [red, green, blue] = parts?.map(digits => Number.parseInt(digits, 16) / (16 ** digits.length - 1)) ?? [];
	return red === undefined || green === undefined || blue === undefined
		? undefined
		: // ITU-R BT.601, as most programs that ask do it.
			0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
};

/** What rxvt, Konsole and others say of their background: `COLORFGBG=0;15`, the last number is one of the 16 colours. */
const isLightByEnvironment = (environment: TerminalEnvironment): boolean => {
	const background = environment['COLORFGBG']?.split(';').at(-1);
	return background === '7' || background === '15';
};

/** The theme of whoever has chosen none. */
export const themeFor = (isLight: boolean): string => (isLight ? 'paper' : 'midnight');

/** The theme to begin with where none was chosen. */
export const usualTheme = (environment: TerminalEnvironment): string => themeFor(isLightByEnvironment(environment));
