/* The marks that stand beside words. Every one is a single cell, so that switching the set never moves a column. */

/** How a list's row is said where nothing is drawn. */
export interface Spoken {
	/** A cell with the title of its column. */
	readonly label: (title: string, text: string) => string;
	/** Between two things that are said. */
	readonly comma: string;
}

/** A set of marks and frame corners. */
export interface Glyphs {
	readonly selected: string;
	readonly healthy: string;
	readonly half: string;
	readonly down: string;
	readonly done: string;
	readonly failed: string;
	readonly running: string;
	readonly arrow: string;
	readonly followDown: string;
	readonly followUp: string;
	readonly separator: string;
	readonly dot: string;
	readonly ellipsis: string;
	readonly pinned: string;
	readonly rail: string;
	readonly branch: string;
	/** The part of a bar that is there, and the rest. */
	readonly full: string;
	readonly empty: string;
	readonly topLeft: string;
	readonly topRight: string;
	readonly bottomLeft: string;
	readonly bottomRight: string;
	readonly horizontal: string;
	readonly vertical: string;
	/** Given: nothing is drawn, and panes and lists are sentences for a screen reader. */
	readonly spoken?: Spoken;
}

/** For terminals with UTF-8. */
export const unicodeGlyphs: Glyphs = {
	selected: '▸',
	healthy: '●',
	half: '◐',
	down: '○',
	done: '✔',
	failed: '✖',
	running: '▶',
	arrow: '→',
	followDown: '▼',
	followUp: '▲',
	separator: '│',
	dot: '·',
	ellipsis: '…',
	pinned: '◆',
	rail: '│',
	branch: '├',
	full: '█',
	empty: '░',
	topLeft: '╭',
	topRight: '╮',
	bottomLeft: '╰',
	bottomRight: '╯',
	horizontal: '─',
	vertical: '│',
};

/** For terminals without UTF-8, or `borders: "ascii"`. */
export const asciiGlyphs: Glyphs = {
	selected: '>',
	healthy: '*',
	half: '%',
	down: 'o',
	done: '+',
	failed: 'x',
	running: '~',
	arrow: '>',
	followDown: 'v',
	followUp: '^',
	separator: '|',
	dot: '-',
	ellipsis: '~',
	pinned: '#',
	rail: '|',
	branch: '+',
	full: '#',
	empty: '.',
	topLeft: '+',
	topRight: '+',
	bottomLeft: '+',
	bottomRight: '+',
	horizontal: '-',
	vertical: '|',
};

/** The glyphs of a border style: `single` has square corners. */
export const withBorders = (glyphs: Glyphs, borders: 'round' | 'single' | 'ascii'): Glyphs =>
	borders === 'single' ? {...glyphs, topLeft: '┌', topRight: '┐', bottomLeft: '└', bottomRight: '┘'} : glyphs;
