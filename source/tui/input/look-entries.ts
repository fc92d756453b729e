import {languages, wordsOf} from '../language/words.ts';
import type {ScreenState} from '../store/screen-state.ts';
import type {PaletteEntry} from './palette.ts';

/** The commands of the palette that choose a theme or a language by its name: `theme paper`, `lang zh`. */
export const lookEntries = (state: ScreenState): readonly PaletteEntry[] => {
	const {palette} = wordsOf(state);
	const usable = {key: undefined, disabledReason: undefined};
	return [
		...state.themeNames.map((name): PaletteEntry => ({
			...{text: `theme ${name}`, label: palette.theme, ...usable},
			run: ({terminal}) => terminal.chooseTheme(name),
		})),
		...languages.map((language): PaletteEntry => ({
			...{text: `lang ${language.slice(0, 2)}`, label: palette.languages[language], ...usable},
			run: ({terminal}) => terminal.chooseLanguage(language),
		})),
	];
};
