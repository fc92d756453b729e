/*
 * Sentences that reach the screen in English and without a code are said in Chinese by what they look like, as message catalogues do. A
 * template has holes: `{name}` any text, `{count#}` a number, `{text!}` a text that must be known too; `(s)` may be there or not.
 */

/** A template in English, and what it is in Chinese with the same holes. */
export type Phrase = readonly [english: string, chinese: string];

interface Compiled {
	readonly pattern: RegExp;
	readonly chinese: string;
	/** Holes whose text must be known. */
	readonly musts: ReadonlySet<string>;
	/** Letters that are not in holes: the more, the surer. */
	readonly letters: number;
}

const hole = /\{(\w+)([#!]?)\}/g;

const compile = ([english, chinese]: Phrase): Compiled => {
	const musts = [...english.matchAll(hole)].filter(([, , kind]) => kind === '!').map(([, name = '']) => name);
	const pattern = english
		.split(/(\{\w+[#!]?\}|\(s\))/)
		.map(part => {
			const [, name, kind] = /^\{(\w+)([#!]?)\}$/.exec(part) ?? [];
			const any = kind === '#' ? '\\d+' : '.+?';
			return part === '(s)'
				? 's?'
				: name === undefined
					? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
					: `(?<${name}>${any})`;
		})
		.join('');
	return {
		pattern: new RegExp(`^${pattern}$`, 's'),
		chinese,
		musts: new Set(musts),
		letters: english.replaceAll(hole, '').length,
	};
};

const mostRemembered = 500;

/** Says a text in Chinese where a phrase fits, the most exact one; undefined where none does. Holes are said too where they are known. */
export const createPhraseBook = (phrases: readonly Phrase[]): ((text: string) => string | undefined) => {
	const compiled = phrases.map(compile).toSorted((left, right) => right.letters - left.letters);
	const known = new Map<string, string | undefined>();

	const filled = ({pattern, chinese, musts}: Compiled, text: string): string | undefined => {
		const match = pattern.exec(text);
		if (match === null) {
			return undefined;
		}

		const values = Object.entries(match.groups ?? {});
		const said = new Map(values.map(([name, value]) => [name, value === text ? undefined : say(value)]));
		return [...musts].some(name => said.get(name) === undefined)
			? undefined
			: chinese.replaceAll(hole, (_, name: string) => said.get(name) ?? match.groups?.[name] ?? '');
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

	const say = (text: string): string | undefined => {
		if (known.has(text)) {
			return known.get(text);
		}

		const said = find(text);
		if (known.size >= mostRemembered) {
			known.clear();
		}

		known.set(text, said);
		return said;
	};

	return say;
};
