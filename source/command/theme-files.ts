import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseJson} from '../base/json.ts';
import type {Home} from '../config/home.ts';
import {themeNameOf} from '../tui/theme/theme.ts';
import type {ThemeSource} from '../tui/theme/theme-book.ts';

/** The themes that come with the program; beside `source/` as beside `dist/`. */
export const shippedThemes = fileURLToPath(new URL('../../themes/', import.meta.url));

const readFolder = (folder: string): readonly ThemeSource[] => {
	let names: readonly string[];
	try {
		names = readdirSync(folder);
	} catch {
		// A home has no themes folder until the user makes one.
		return [];
	}

	return names
		.filter(name => name.endsWith('.json'))
		.toSorted()
		.map(name => {
			const file = path.join(folder, name);
			return {path: file, json: parseJson(readText(file))};
		});
};

/** A file that cannot be read is as one that is no JSON: the book of themes names it, and the others stay. */
const readText = (file: string): string => {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
};

/** All theme files, shipped ones first, so that a user's theme of the same name wins. A file that is no JSON has `json: undefined`. */
export const readThemes = (home: Home): readonly ThemeSource[] => [
	...readFolder(shippedThemes),
	...readFolder(home.themes),
];

/** The names of the themes that there are, each once. */
export const themeNames = (home: Home): readonly string[] => [
	...new Set(readThemes(home).flatMap(({json}) => themeNameOf(json) ?? [])),
];
