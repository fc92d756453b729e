import {describe, expect, test} from 'vitest';
import {isLightColor, mayAskBackground, usualTheme} from '../../../source/tui/theme/background.ts';

describe('a colour that a terminal tells', () => {
	test.each([
		['rgb:ffff/ffff/ffff', true],
		['rgb:fa/fb/fa', true],
		['rgba:f/f/f/f', true],
		['rgb:eeee/e8e8/d5d5', true],
		['rgb:0000/2b2b/3636', false],
		['rgb:1e1e/1e1e/2e2e', false],
		['rgb:0/0/0', false],
	])('%s is light: %s', (color, isLight) => {
		expect(isLightColor(color)).toBe(isLight);
	});

	test.each(['', 'rgb:', '#ffffff', 'rgb:fffff/0/0', 'white', 'rgb:gg/gg/gg'])('%j is none that we read', color => {
		expect(isLightColor(color)).toBeUndefined();
	});
});

test.each([
	[undefined, 'midnight'],
	['15;0', 'midnight'],
	['0;15', 'paper'],
	['0;default;7', 'paper'],
	['0;default', 'midnight'],
	['', 'midnight'],
])('COLORFGBG=%s begins with %s', (value, theme) => {
	expect(usualTheme({COLORFGBG: value})).toBe(theme);
});

test.each([
	[{TERM: 'xterm-256color'}, true],
	[{TERM: 'screen'}, true],
	[{TERM: 'linux'}, false],
	[{TERM: 'xterm-256color', NO_COLOR: '1'}, false],
])('with %j the terminal may be asked: %s', (environment, isAsked) => {
	expect(mayAskBackground(environment)).toBe(isAsked);
});
