/*
 * Cuts a text into pieces that can be read on their own, by looking at its lines only: a transcript of any length is made into rows where
 * somebody looks, and of an answer that grows only its last piece is made again.
 */

/** An open fence (CommonMark 0.31, 4.5). */
interface Fence {
	readonly mark: string;
	/** The word behind it. */
	readonly lang: string;
}

/** What was known where a piece began: cutting can go on from there. */
interface Start {
	/** UTF-16 units into the text. */
	readonly from: number;
	/** Undefined: none is open. */
	readonly fence: Fence | undefined;
	/** A fence inside a list is open: blank lines and what follows them belong to the list. */
	readonly isNested: boolean;
	/** There was an empty line before it. */
	readonly isApart: boolean;
	/** Code: the first piece behind its fence. */
	readonly hasHead: boolean;
}

/** A piece of a text. */
export interface Cut extends Start {
	readonly kind: 'markdown' | 'code' | 'plain';
	readonly to: number;
}

/** Longer pieces are cut at a line's end: none takes long, although Markdown may take a time that grows with the square. */
const longest = {lines: 100, units: 6000} as const;

/** From this size on a piece ends at an empty line: smaller ones would be so many that keeping them takes longer than reading them. */
const enough = {lines: 16, units: 1000} as const;

const opening = /^(`{3,}|~{3,})([^`]*)$/;
const nestedFence = /^\s+(?:`{3,}|~{3,})/;
const closing = /^ {0,3}(`{3,}|~{3,})\s*$/;

interface Draft extends Start {
	readonly kind: Cut['kind'];
	lines: number;
}

class Cutter {
	readonly #text: string;
	readonly #isMarkdown: boolean;
	readonly #cuts: Cut[] = [];
	#at: number;
	#fence: Fence | undefined;
	#isNested: boolean;
	#isApart: boolean;
	#draft: Draft | undefined;

	constructor(text: string, isMarkdown: boolean, start: Start | undefined) {
		this.#text = text;
		this.#isMarkdown = isMarkdown;
		this.#at = start?.from ?? 0;
		this.#fence = start?.fence;
		this.#isNested = start?.isNested ?? false;
		this.#isApart = start?.isApart ?? false;
		if (start?.fence !== undefined) {
			this.#open('code', start.hasHead);
		}
	}

	run(): readonly Cut[] {
		while (this.#at < this.#text.length) {
			const found = this.#text.indexOf('\n', this.#at);
			const end = found === -1 ? this.#text.length : found;
			const next = found === -1 ? end : end + 1;
			if (!this.#isMarkdown) {
				this.#add('plain');
			} else if (this.#fence === undefined) {
				this.#markdownLine(this.#text.slice(this.#at, end), next);
			} else {
				this.#codeLine(this.#text.slice(this.#at, end), this.#fence);
			}

			this.#at = next;
		}

		this.#close();
		return this.#cuts;
	}

	#codeLine(line: string, fence: Fence): void {
		if (closing.exec(line)?.[1]?.startsWith(fence.mark) === true) {
			this.#close();
			this.#fence = undefined;
			return;
		}

		this.#add('code');
	}

	#markdownLine(line: string, next: number): void {
		const fence = this.#isNested ? null : opening.exec(line);
		if (fence !== null) {
			this.#close();
			this.#fence = {mark: fence[1] ?? '', lang: fence[2] ?? ''};
			this.#at = next;
			this.#open('code', true);
			return;
		}

		if (line.trim() === '') {
			this.#isApart = true;
			return;
		}

		if (this.#isApart && !this.#isNested && this.#has(enough) && !/^\s/.test(line)) {
			this.#close();
		}

		// Of a line of so many units nobody would see the marks.
		this.#add(line.length > longest.units ? 'plain' : 'markdown');
		this.#isApart = false;
		this.#isNested = nestedFence.test(line) !== this.#isNested;
	}

	#has({lines, units}: {readonly lines: number; readonly units: number}): boolean {
		return this.#draft !== undefined && (this.#draft.lines >= lines || this.#at - this.#draft.from >= units);
	}

	#add(kind: Cut['kind']): void {
		if (this.#has(longest) || (this.#draft !== undefined && this.#draft.kind !== kind)) {
			this.#close();
		}

		const current = this.#draft ?? this.#open(kind, false);
		current.lines++;
	}

	#open(kind: Cut['kind'], hasHead: boolean): Draft {
		const draft: Draft = {
			kind,
			from: this.#at,
			fence: this.#fence,
			isNested: this.#isNested,
			isApart: this.#isApart,
			hasHead,
			lines: 0,
		};
		this.#draft = draft;
		this.#isApart = false;
		return draft;
	}

	#close(): void {
		if (this.#draft !== undefined) {
			const {lines: _, ...cut} = this.#draft;
			this.#cuts.push({...cut, to: this.#at});
			this.#draft = undefined;
		}
	}
}

/** The pieces of a text; of a text that is not empty at least one. */
export const cutText = (text: string, isMarkdown: boolean): readonly Cut[] =>
	new Cutter(text, isMarkdown, undefined).run();

/** The pieces of a text that begins with `before`, whose pieces are `cuts`: as {@link cutText} would make them, in the time of what is new. */
export const recutText = (
	text: string,
	isMarkdown: boolean,
	{before, cuts}: {readonly before: string; readonly cuts: readonly Cut[]},
): readonly Cut[] => {
	// What an unfinished line began may become something else, for example a fence.
	const settled = before.lastIndexOf('\n') + 1;
	const last = cuts.findLastIndex(({from}) => from < settled);
	const kept = last <= 0 ? [] : cuts.slice(0, last);
	return [...kept, ...new Cutter(text, isMarkdown, last <= 0 ? undefined : cuts[last]).run()];
};
