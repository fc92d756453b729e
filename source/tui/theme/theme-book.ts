import {sanitizeLine} from '../../base/sanitize.ts';
import type {Glyphs} from './glyphs.ts';
import {asciiGlyphs, withBorders} from './glyphs.ts';
import {createPainter, type ColorDepth, type Painter} from './painter.ts';
import {parseTheme, plainTheme, themeNameOf, type Theme} from './theme.ts';

/** A theme file as it was read: the reading and watching of files belongs to `config/`. */
export interface ThemeSource {
	/** Where it comes from, for warnings. */
	readonly path: string;
	/** The parsed JSON. */
	readonly json: unknown;
}

/** What a frame is painted with. */
export interface Look {
	readonly painter: Painter;
	readonly glyphs: Glyphs;
}

/** How the terminal is. */
export interface TerminalLook {
	readonly depth: ColorDepth;
	readonly isAscii: boolean;
}

/** All themes, the chosen one, and who wants to know when it changes. Reading new files keeps the choice by name. */
export class ThemeBook {
	readonly #terminal: TerminalLook;
	readonly #listeners = new Set<() => void>();
	#themes: ReadonlyMap<string, Theme> = new Map();
	#warnings: readonly string[] = [];
	#chosen: string;
	#look: Look;

	constructor(sources: readonly ThemeSource[], chosen: string, terminal: TerminalLook) {
		this.#terminal = terminal;
		this.#chosen = chosen;
		this.#look = this.#lookOf(plainTheme);
		this.load(sources);
	}

	/** The name of the theme in use. */
	get name(): string {
		return this.#look.painter.theme.name;
	}

	/** The names of all themes. */
	get names(): readonly string[] {
		return [...this.#themes.keys()];
	}

	/** What was wrong with the files. */
	get warnings(): readonly string[] {
		return this.#warnings;
	}

	/** Takes what the files hold now; later ones win over earlier ones of the same name. */
	load(sources: readonly ThemeSource[]): void {
		const warnings: string[] = [];
		const read = (source: ThemeSource, depth: number): Theme => {
			const parentOf = (name: string): Theme | undefined => {
				const parent = sources.find(({json}) => themeNameOf(json) === name);
				return parent === undefined || parent === source || depth > 4 ? undefined : read(parent, depth + 1);
			};

			const parsed = parseTheme(source.json, parentOf);
			if (depth === 0) {
				warnings.push(...parsed.warnings.map(text => sanitizeLine(`${source.path}: ${text}`)));
			}

			return parsed.theme;
		};

		this.#themes = new Map(sources.map(source => read(source, 0)).map(theme => [theme.name, theme]));
		this.#warnings = warnings;
		this.#show();
	}

	/** Takes another theme into use; an unknown name changes nothing and gives false. */
	choose(name: string): boolean {
		if (!this.#themes.has(name)) {
			return false;
		}

		this.#chosen = name;
		this.#show();
		return true;
	}

	/** Takes the next theme into use and gives its name. */
	cycle(): string {
		const {names} = this;
		this.choose(names[(names.indexOf(this.name) + 1) % Math.max(1, names.length)] ?? this.name);
		return this.name;
	}

	/** Calls back after every change until the returned function is called. */
	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/** The look of now; the same object until something changes. */
	readonly look = (): Look => this.#look;

	#show(): void {
		const theme =
			this.#themes.get(this.#chosen) ?? this.#themes.get('midnight') ?? [...this.#themes.values()][0] ?? plainTheme;
		this.#look = this.#lookOf(theme);
		for (const listener of this.#listeners) {
			listener();
		}
	}

	#lookOf(theme: Theme): Look {
		const glyphs = this.#terminal.isAscii ? asciiGlyphs : withBorders(theme.glyphs, theme.borders);
		return {painter: createPainter(theme, this.#terminal.depth), glyphs};
	}
}
