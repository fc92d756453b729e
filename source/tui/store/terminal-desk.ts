import {messageOf} from '../../base/errors.ts';
import type {EditorPlace, OpenEditor} from '../../event/editor.ts';
import {languages, wordsOf, type Language, type Words} from '../language/words.ts';
import type {KeptName} from './kept-state.ts';
import type {ScreenState} from './screen-state.ts';

/** What the screen is given to change how it looks and what the terminal does. */
export interface TerminalOptions {
	/** Gives the name of the theme that is in use then. */
	readonly cycleTheme: () => string;
	/** Takes a theme by its name into use; gives the name of the one that is in use then. */
	readonly chooseTheme: (name: string) => string;
	/** Keeps what the user has chosen for the next start. */
	readonly remember: (key: KeptName, value: string) => void;
	/** Undefined: no program can be started from here. */
	readonly openEditor?: OpenEditor | undefined;
	readonly onMouse: (isOn: boolean) => void;
	/** Gives a text to the terminal's clipboard. */
	readonly onCopy: (text: string) => void;
}

/** What only the mounted screen can do with the terminal. */
interface TerminalHandover {
	readonly suspend: () => void;
	readonly redraw: () => void;
	/** Gives the terminal away while something runs. */
	readonly lend: (work: () => Promise<void>) => Promise<void>;
}

/** What keys may do to the terminal. */
export interface TerminalControls extends Omit<TerminalHandover, 'lend'> {
	/** Opens the user's editor on a file; the screen comes back when it is closed, and says how it went. */
	readonly edit: (place: EditorPlace) => void;
	readonly cycleTheme: () => void;
	/** Shows the theme of this name. */
	readonly useTheme: (name: string) => void;
	/** The same, says so, and remembers it. */
	readonly chooseTheme: (name: string) => void;
	readonly cycleLanguage: () => void;
	/** Speaks a language. */
	readonly useLanguage: (language: Language) => void;
	/** The same, says so, and remembers it. */
	readonly chooseLanguage: (language: Language) => void;
	readonly toggleMouse: () => void;
	/** Keeps something for the next start. */
	readonly keep: (name: KeptName, text: string) => void;
	/** Puts a text on the clipboard and says so; `what` is the sentence's subject. */
	readonly copy: (text: string, what: string) => void;
}

/** What the desk may do to the screen. */
interface Screen {
	readonly state: () => ScreenState;
	readonly update: (change: (state: ScreenState) => ScreenState) => void;
	readonly say: (text: string, tone: 'ok' | 'error') => void;
}

/** Theme, language, mouse, clipboard, and the terminal itself. */
export class TerminalDesk implements TerminalControls {
	readonly #options: TerminalOptions;
	readonly #screen: Screen;
	#handover: TerminalHandover | undefined;

	constructor(options: TerminalOptions, screen: Screen) {
		this.#options = options;
		this.#screen = screen;
	}

	/** The mounted screen alone can hand the terminal over; undefined when it goes. */
	connect(handover: TerminalHandover | undefined): void {
		this.#handover = handover;
	}

	readonly keep = (name: KeptName, text: string): void => this.#options.remember(name, text);

	readonly suspend = (): void => this.#handover?.suspend();

	readonly redraw = (): void => this.#handover?.redraw();

	readonly edit = (place: EditorPlace): void => void this.#edit(place);

	readonly cycleTheme = (): void => {
		this.chooseTheme(this.#options.cycleTheme());
	};

	readonly useTheme = (name: string): void => {
		const themeName = this.#options.chooseTheme(name);
		this.#screen.update(state => ({...state, themeName}));
	};

	readonly chooseTheme = (name: string): void => {
		this.useTheme(name);
		const {themeName} = this.#screen.state();
		this.#options.remember('theme', themeName);
		this.#screen.say(this.#words().theme(themeName), 'ok');
	};

	readonly cycleLanguage = (): void => {
		const next = languages[(languages.indexOf(this.#screen.state().language) + 1) % languages.length] ?? 'en';
		this.chooseLanguage(next);
	};

	readonly useLanguage = (language: Language): void => {
		this.#screen.update(state => ({...state, language}));
	};

	readonly chooseLanguage = (language: Language): void => {
		this.useLanguage(language);
		this.#options.remember('language', language);
		this.#screen.say(wordsOf(this.#screen.state()).frame.spoken, 'ok');
	};

	readonly toggleMouse = (): void => {
		const hasMouse = !this.#screen.state().hasMouse;
		this.#options.onMouse(hasMouse);
		this.#screen.update(state => ({...state, hasMouse}));
		this.#screen.say(hasMouse ? this.#words().mouseOn : this.#words().mouseOff, 'ok');
	};

	readonly copy = (text: string, what: string): void => {
		this.#options.onCopy(text);
		this.#screen.say(this.#words().copied(what), 'ok');
	};

	async #edit(place: EditorPlace): Promise<void> {
		const {openEditor} = this.#options;
		const words = wordsOf(this.#screen.state()).editor;
		if (openEditor === undefined) {
			this.#screen.say(words.notHere, 'error');
			return;
		}

		try {
			await this.#handover?.lend(async () => {
				const end = await openEditor(place);
				this.#screen.say(words.ended(end), end.kind === 'closed' ? 'ok' : 'error');
			});
		} catch (error) {
			this.#screen.say(messageOf(error), 'error');
		}
	}

	#words(): Words['notices'] {
		return wordsOf(this.#screen.state()).notices;
	}
}
