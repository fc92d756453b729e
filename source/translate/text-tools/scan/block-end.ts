import type {Pattern} from './pattern.ts';

/** How a block of a format ends. */
export type BlockEnding =
	/** At a closing marker; not inside of a JSON string where the body is JSON. */
	| {readonly kind: 'marker'; readonly closing: Pattern}
	/** With the JSON value that begins at `from(body)`; undefined: it has not begun yet. */
	| {readonly kind: 'json'; readonly from: (body: string) => number | undefined}
	/** With the text. */
	| {readonly kind: 'text'};

/** Where a block's body ends, and where the block does; both counted from the beginning of the body. */
export interface BlockBounds {
	readonly body: number;
	readonly block: number;
}

/** What has not begun behind so many characters is no call; looking at them anew with each piece would cost the square of their number. */
const longestLead = 4096;

/** Looks for the end of one block while it grows: every character is looked at once, and what was looked at is not kept. */
export class BlockEnd {
	readonly #ending: BlockEnding;
	/** What of the body was not looked at yet, and where it begins in the body. */
	#window = '';
	#base = 0;
	#at = 0;
	#hasBegun = false;
	#isJson = false;
	#depth = 0;
	#isInString = false;

	constructor(ending: BlockEnding) {
		this.#ending = ending;
	}

	/** Adds to the body; its bounds, or undefined where the end has not come yet. */
	push(piece: string): BlockBounds | undefined {
		if (this.#ending.kind === 'text') {
			return undefined;
		}

		if (!this.#hasBegun && this.#window.length > longestLead) {
			return undefined;
		}

		this.#window += piece;
		const bounds =
			this.#ending.kind === 'json' ? this.#findJson(this.#ending.from) : this.#findMarker(this.#ending.closing);
		if (this.#hasBegun) {
			this.#window = this.#window.slice(this.#at);
			this.#base += this.#at;
			this.#at = 0;
		}

		return bounds;
	}

	#findJson(from: (body: string) => number | undefined): BlockBounds | undefined {
		if (!this.#hasBegun) {
			const start = from(this.#window);
			if (start === undefined) {
				return undefined;
			}

			this.#hasBegun = true;
			this.#at = start;
		}

		while (this.#at < this.#window.length) {
			if (!this.#step(this.#window)) {
				return undefined;
			}

			if (this.#depth === 0 && !this.#isInString) {
				return {body: this.#base + this.#at, block: this.#base + this.#at};
			}
		}

		return undefined;
	}

	#findMarker(closing: Pattern): BlockBounds | undefined {
		if (!this.#hasBegun) {
			const first = /\S/.exec(this.#window)?.[0];
			if (first === undefined) {
				return undefined;
			}

			this.#hasBegun = true;
			this.#isJson = first === '{';
		}

		while (this.#at < this.#window.length) {
			const length = this.#isInString ? 0 : closing.matchAt(this.#window, this.#at);
			if (length > 0) {
				const body = this.#base + this.#at;
				return {body, block: body + length};
			}

			const waits = !this.#isInString && closing.mayBegin(this.#window, this.#at);
			if (waits || !this.#step(this.#window)) {
				return undefined;
			}
		}

		return undefined;
	}

	/** One character on; false where an escape waits for its other half. */
	#step(body: string): boolean {
		const character = body[this.#at];
		if (this.#ending.kind === 'marker' && !this.#isJson) {
			this.#at += 1;
			return true;
		}

		if (this.#isInString && character === '\\') {
			if (this.#at + 1 >= body.length) {
				return false;
			}

			this.#at += 2;
			return true;
		}

		this.#at += 1;
		if (character === '"') {
			this.#isInString = !this.#isInString;
		} else if (!this.#isInString && (character === '{' || character === '[')) {
			this.#depth += 1;
		} else if (!this.#isInString && (character === '}' || character === ']')) {
			this.#depth -= 1;
		}

		return true;
	}
}

/** A closing marker is no longer than that, with the blanks behind it. */
const longestEnd = 64;

/** Where a closing marker stands at the end of a text that is over: one that a search from the front took for a part of a JSON string. */
export const lastMarker = (ending: BlockEnding, text: string, start: number): number | undefined => {
	if (ending.kind !== 'marker') {
		return undefined;
	}

	for (let at = text.length - 1; at >= Math.max(start, text.length - longestEnd); at -= 1) {
		const length = ending.closing.matchAt(text, at);
		if (length > 0) {
			return text.slice(at + length).trim() === '' ? at : undefined;
		}
	}

	return undefined;
};
