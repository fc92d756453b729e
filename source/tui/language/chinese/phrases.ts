/*
 * Sentences that reach the screen in English and without a code are said in Chinese by what they look like, as message catalogues do. A
 * template has holes: `{name}` any text, `{count#}` a number, `{text!}` a text that must be known too; `(s)` may be there or not.
 */

/** A template in English, and what it is in Chinese with the same holes. */
export type Phrase = readonly [english: string, chinese: string];

/** A hole for any text, or the pattern of what stands between two of them. */
type Part = {readonly hole: string} | {readonly pattern: RegExp};

interface Compiled {
	readonly parts: readonly Part[];
	readonly chinese: string;
	/** Holes whose text must be known. */
	readonly musts: ReadonlySet<string>;
	/** Letters that are not in holes: the more, the surer. */
	readonly letters: number;
}

const hole = /\{(\w+)([#!]?)\}/g;

const sourceOf = (fixed: string): string =>
	fixed
		.split(/(\{\w+#\}|\(s\))/)
		.map(part => {
			const name = /^\{(\w+)#\}$/.exec(part)?.[1];
			return part === '(s)'
				? 's?'
				: name === undefined
					? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
					: `(?<${name}>\\d+)`;
		})
		.join('');

const compile = ([english, chinese]: Phrase): Compiled => {
	const musts = [...english.matchAll(hole)].filter(([, , kind]) => kind === '!').map(([, name = '']) => name);
	const pieces = english.split(/(\{\w+!?\})/).filter(piece => piece !== '');
	const parts = pieces.map((piece, index): Part => {
		const name = /^\{(\w+)!?\}$/.exec(piece)?.[1];
		const isLast = index === pieces.length - 1;
		return name === undefined
			? {pattern: new RegExp(sourceOf(piece) + (isLast ? '$' : ''), index === 0 ? 'y' : 'g')}
			: {hole: name};
	});
	return {parts, chinese, musts: new Set(musts), letters: english.replaceAll(hole, '').length};
};

/**
 * What stands in the holes; undefined where the phrase does not fit. Each part is looked for behind the one before it, and none is looked for
 * twice: one regular expression with four holes took half a minute for a text that an upstream had made for it.
 */
const holesIn = (parts: readonly Part[], text: string): ReadonlyMap<string, string> | undefined => {
	const values = new Map<string, string>();
	let at = 0;
	let open: string | undefined;
	for (const part of parts) {
		if ('hole' in part) {
			open = part.hole;
			continue;
		}

		part.pattern.lastIndex = open === undefined ? at : at + 1;
		const match = part.pattern.exec(text);
		if (match === null) {
			return undefined;
		}

		if (open !== undefined) {
			values.set(open, text.slice(at, match.index));
			open = undefined;
		}

		for (const [name, value] of Object.entries(match.groups ?? {})) {
			values.set(name, value);
		}

		at = match.index + match[0].length;
	}

	if (open === undefined) {
		return at === text.length ? values : undefined;
	}

	return at < text.length ? values.set(open, text.slice(at)) : undefined;
};

const mostRemembered = 500;

/** No sentence of ours comes near it; what an upstream said may be of any length. */
const longestText = 2000;

/** Texts in holes that are looked for because of one text. */
const mostInside = 100;

/** Says a text in Chinese where a phrase fits, the most exact one; undefined where none does. Holes are said too where they are known. */
export const createPhraseBook = (phrases: readonly Phrase[]): ((text: string) => string | undefined) => {
	const compiled = phrases.map(compile).toSorted((left, right) => right.letters - left.letters);
	const known = new Map<string, string | undefined>();
	/** Texts in the holes of the one that is being said. */
	let inside = new Map<string, string | undefined>();

	const filled = ({parts, chinese, musts}: Compiled, text: string): string | undefined => {
		const holes = holesIn(parts, text);
		if (holes === undefined) {
			return undefined;
		}

		const said = new Map([...holes].map(([name, value]) => [name, value === text ? undefined : sayInside(value)]));
		return [...musts].some(name => said.get(name) === undefined)
			? undefined
			: chinese.replaceAll(hole, (_, name: string) => said.get(name) ?? holes.get(name) ?? '');
	};

	const find = (text: string): string | undefined => {
		for (const phrase of compiled) {
			const said = filled(phrase, text);
			if (said !== undefined) {
				return said;
			}
		}

		return undefined;
	};

	const sayInside = (text: string): string | undefined => {
		if (!inside.has(text) && inside.size < mostInside) {
			inside.set(text, undefined);
			inside.set(text, find(text));
		}

		return inside.get(text);
	};

	return text => {
		if (text.length > longestText) {
			return undefined;
		}

		if (!known.has(text)) {
			inside = new Map();
			const said = find(text);
			if (known.size >= mostRemembered) {
				known.clear();
			}

			known.set(text, said);
		}

		return known.get(text);
	};
};
