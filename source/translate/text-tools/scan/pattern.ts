/*
 * A marker as a list of atoms, so that a text can be asked two questions: does the marker stand here, and could it still come to stand
 * here when more text follows? The regular expressions of both are the trie of translation.md 5.3.
 */

/** A piece of a pattern: the source of a regular expression for one character or a run of one class. */
type Atom = string;

const escape = (character: string): Atom => character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);

/** The atoms of a text that stands as it is. */
export const literal = (text: string): readonly Atom[] => Array.from(text, escape);

/** The expression for a beginning of the atoms that reaches the end of the text. */
const beginning = (atoms: readonly Atom[]): string => atoms.reduceRight((rest, atom) => `(?:$|${atom}${rest})`, '');

/** A text's relation to a marker. */
export interface Pattern {
	/** How long the marker is that stands at `at`; 0: none. */
	readonly matchAt: (text: string, at: number) => number;
	/** Whether everything from `at` on is the beginning of the marker and no whole one. */
	readonly mayBegin: (text: string, at: number) => boolean;
	/** Absent where the pattern is no expression. */
	readonly spellings?: ReadonlyArray<readonly Atom[]>;
}

/** A pattern from spellings, each a list of atoms. */
export const pattern = (...spellings: ReadonlyArray<readonly Atom[]>): Pattern => {
	const whole = new RegExp(spellings.map(atoms => atoms.join('')).join('|'), 'y');
	const begun = new RegExp(spellings.map(beginning).join('|'), 'y');
	return {
		spellings,
		matchAt(text, at) {
			whole.lastIndex = at;
			return whole.exec(text)?.[0].length ?? 0;
		},
		mayBegin(text, at) {
			begun.lastIndex = at;
			const match = begun.exec(text);
			return match !== null && at + match[0].length === text.length && match[0] !== '';
		},
	};
};

/** Whether a text is, or may become by what follows, one that begins like one of the spellings. */
export const startsLike = (...spellings: ReadonlyArray<readonly Atom[]>): ((text: string) => boolean) => {
	const expression = new RegExp(`^(?:${spellings.map(beginning).join('|')})`);
	return text => expression.test(text);
};

/** A pattern for any of some. */
export const anyOf = (patterns: readonly Pattern[]): Pattern =>
	pattern(...patterns.flatMap(({spellings = []}) => spellings));
