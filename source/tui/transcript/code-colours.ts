import {span, type Line, type Span} from '../text/line.ts';
import type {Tone} from '../theme/theme.ts';

/*
 * Colours of code. The grammars are loaded when the first code is on the screen, and one piece of code is looked at between two turns of
 * the event loop: neither the start nor a frame waits for them. Until then, and for languages that nobody knows, code is plain.
 */

/** The coloured lines of some code; undefined: not (yet) known. */
export type Paint = (lang: string, code: string) => readonly Line[] | undefined;

/** Longer code stays plain: colouring it would hold the keys up. */
const longestCode = 8000;
/** Some grammars take a time that grows with the square of a line: one of twenty thousand letters took ten seconds. */
const longestLine = 400;
const remembered = 400;
const mostWaiting = 40;

/** highlight.js' scopes as meanings that every theme has. */
const tonesOfScope: Readonly<Record<string, Tone>> = {
	keyword: 'chart4',
	'selector-tag': 'chart4',
	built_in: 'chart5',
	type: 'chart5',
	class_: 'chart5',
	literal: 'chart3',
	number: 'chart3',
	symbol: 'chart3',
	string: 'chart2',
	regexp: 'chart2',
	char: 'chart2',
	subst: 'text',
	comment: 'muted',
	quote: 'muted',
	doctag: 'muted',
	meta: 'muted',
	title: 'chart1',
	function_: 'chart1',
	section: 'chart1',
	name: 'chart1',
	attr: 'chart1',
	attribute: 'chart1',
	property: 'chart1',
	variable: 'chart6',
	'template-variable': 'chart6',
	tag: 'chart4',
	bullet: 'accent',
	code: 'tool',
	link: 'info',
	addition: 'diffAdd',
	deletion: 'diffDel',
};

/** A node of highlight.js' tree as lowlight gives it (hast). */
interface Node {
	readonly type: string;
	readonly value?: string;
	readonly properties?: {readonly className?: unknown};
	readonly children?: readonly Node[];
}

const scopeTone = (node: Node, outer: Tone): Tone => {
	const names = node.properties?.className;
	for (const name of Array.isArray(names) ? names.map(String) : []) {
		const tone = tonesOfScope[name.replace(/^hljs-/, '')];
		if (tone !== undefined) {
			return tone;
		}
	}

	return outer;
};

const linesOf = (root: Node): readonly Line[] => {
	const lines: Span[][] = [[]];
	const walk = (node: Node, tone: Tone): void => {
		if (node.type === 'text') {
			for (const [index, text] of (node.value ?? '').split('\n').entries()) {
				if (index > 0) {
					lines.push([]);
				}

				if (text !== '') {
					lines.at(-1)?.push(span(text, tone));
				}
			}

			return;
		}

		const inside = scopeTone(node, tone);
		for (const child of node.children ?? []) {
			walk(child, inside);
		}
	};
	walk(root, 'text');
	return lines;
};

interface Grammars {
	readonly highlight: (lang: string, code: string) => Node;
	readonly registered: (lang: string) => boolean;
}

interface Lowlight {
	readonly common: unknown;
	readonly createLowlight: (grammars: unknown) => Grammars;
}

const isLowlight = (loaded: unknown): loaded is Lowlight =>
	typeof loaded === 'object' && loaded !== null && 'common' in loaded && 'createLowlight' in loaded;

/** A variable keeps the package's types out: they would declare a browser's globals for the whole program. */
const packageName: string = 'lowlight';

const loadGrammars = async (): Promise<Grammars> => {
	const loaded: unknown = await import(packageName);
	if (!isLowlight(loaded)) {
		throw new Error('lowlight has another shape than version 3.');
	}

	return loaded.createLowlight(loaded.common);
};

interface Wish {
	readonly lang: string;
	readonly code: string;
}

const isTooLong = (code: string): boolean => {
	if (code.length > longestCode) {
		return true;
	}

	let from = 0;
	for (let end = code.indexOf('\n'); end !== -1; end = code.indexOf('\n', from)) {
		if (end - from > longestLine) {
			return true;
		}

		from = end + 1;
	}

	return code.length - from > longestLine;
};

const keyOf = ({lang, code}: Wish): string => `${lang}\n${code}`;

/** Colours code when it has time to. */
export class CodeColours {
	readonly #onChange: () => void;
	readonly #load: () => Promise<Grammars>;
	#grammars: Grammars | undefined;
	/** A set problem: the grammars cannot be loaded, and code stays plain. */
	#isBroken = false;
	#isBusy = false;
	#waiting: Wish[] = [];
	/** Oldest first. Empty: there are no colours for it. */
	readonly #known = new Map<string, readonly Line[] | undefined>();
	#newest: Wish | undefined;

	constructor(onChange: () => void, load: () => Promise<Grammars> = loadGrammars) {
		this.#onChange = onChange;
		this.#load = load;
	}

	/** What is known of some code. Of code that has grown since it was coloured the lines that it had. */
	readonly peek: Paint = (lang, code) => {
		const wish = {lang, code};
		const exact = this.#known.get(keyOf(wish));
		const before = this.#newest;
		if (exact !== undefined || before === undefined || before.lang !== lang) {
			return exact;
		}

		const whole = before.code.lastIndexOf('\n');
		if (whole === -1 || !code.startsWith(before.code.slice(0, whole + 1))) {
			return undefined;
		}

		return this.#known.get(keyOf(before))?.slice(0, -1);
	};

	/** Whether the colours of exactly this code are known, or that it has none. */
	isSettled(lang: string, code: string): boolean {
		return lang === '' || isTooLong(code) || this.#isBroken || this.#known.has(keyOf({lang, code}));
	}

	/** Asks for the colours of code that is on the screen. */
	want(lang: string, code: string): void {
		const isAsked = this.#waiting.some(wish => wish.lang === lang && wish.code === code);
		if (this.isSettled(lang, code) || isAsked) {
			return;
		}

		// What was on the screen long ago need not be coloured any more.
		this.#waiting = [...this.#waiting, {lang, code}].slice(-mostWaiting);
		if (!this.#isBusy) {
			this.#isBusy = true;
			void this.#work();
		}
	}

	async #work(): Promise<void> {
		try {
			this.#grammars ??= await this.#load();
		} catch {
			// Colours are an extra; without the package the code is as readable as it is in a file.
			this.#isBroken = true;
			this.#waiting = [];
		}

		for (let wish = this.#waiting.shift(); wish !== undefined; wish = this.#waiting.shift()) {
			await new Promise(resolve => setImmediate(resolve));
			this.#remember(wish);
			this.#onChange();
		}

		this.#isBusy = false;
	}

	#remember(wish: Wish): void {
		this.#known.set(keyOf(wish), this.#colour(wish));
		this.#newest = wish;
		for (const key of this.#known.keys()) {
			if (this.#known.size <= remembered) {
				break;
			}

			this.#known.delete(key);
		}
	}

	#colour({lang, code}: Wish): readonly Line[] | undefined {
		if (this.#grammars?.registered(lang) !== true) {
			return undefined;
		}

		try {
			return linesOf(this.#grammars.highlight(lang, code));
		} catch {
			// A grammar that fails on some text says nothing about the text.
			return undefined;
		}
	}
}
