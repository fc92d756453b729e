/** A piece of a model's text: what it says, or what it thought aloud between tags. */
export interface ThinkPiece {
	readonly isReasoning: boolean;
	readonly text: string;
}

const pairs: ReadonlyArray<readonly [opening: string, closing: string]> = [
	['<think>', '</think>'],
	['<thinking>', '</thinking>'],
	['<mm:think>', '</mm:think>'],
	['◁think▷', '◁/think▷'],
];

const allClosings = pairs.map(([, closing]) => closing);

/** How many characters at the end of a text may be the beginning of one of the tags. */
const heldBack = (text: string, tags: readonly string[]): number => {
	const longest = Math.max(...tags.map(tag => tag.length)) - 1;
	for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
		const tail = text.slice(-length);
		if (tags.some(tag => tag.startsWith(tail))) {
			return length;
		}
	}

	return 0;
};

/**
 * Finds inline thinking at the very start of a model's text (translation.md 2.6) and streams it as reasoning: held back is only
 * what may be a tag. With `isOpen` the template has opened the thinking and only a closing tag comes.
 */
export class ThinkTags {
	#state: 'start' | 'inside' | 'text';
	#closings: readonly string[] = allClosings;
	/** Nothing but blanks came so far. */
	#isBlank = true;
	#held = '';

	constructor(isEnabled: boolean, isOpen: boolean) {
		this.#state = isOpen ? 'inside' : isEnabled ? 'start' : 'text';
	}

	/** Whether the end of the stream would come inside the thinking. */
	get isInside(): boolean {
		return this.#state === 'inside';
	}

	/** Whether text passes as it is: no tag can come any more. */
	get isPassing(): boolean {
		return this.#state === 'text' && this.#held === '';
	}

	/** The provider sends reasoning in a field of its own: its text has no tags. */
	disable(): readonly ThinkPiece[] {
		const rest = this.end();
		this.#state = 'text';
		return rest;
	}

	push(text: string): readonly ThinkPiece[] {
		if (this.#state === 'text') {
			return text === '' ? [] : [{isReasoning: false, text}];
		}

		this.#held += text;
		this.#isBlank &&= text.trim() === '';
		if (this.#state === 'start' && this.#isBlank) {
			// Nothing can be decided, and looking at all of it each time would cost the square of its length.
			return [];
		}

		return this.#state === 'start' ? this.#decide() : this.#walk();
	}

	/** Whatever was held back. */
	end(): readonly ThinkPiece[] {
		const text = this.#held;
		this.#held = '';
		return text === '' ? [] : [{isReasoning: this.#state === 'inside', text}];
	}

	#decide(): readonly ThinkPiece[] {
		const text = this.#held.trimStart();
		const pair = pairs.find(([opening]) => text.startsWith(opening));
		if (pair) {
			this.#state = 'inside';
			this.#closings = [pair[1]];
			this.#held = text.slice(pair[0].length);
			return this.#walk();
		}

		if (pairs.some(([opening]) => opening.startsWith(text))) {
			return [];
		}

		this.#state = 'text';
		return this.end();
	}

	#walk(): readonly ThinkPiece[] {
		const text = this.#held;
		const found = this.#closings
			.map(closing => ({closing, at: text.indexOf(closing)}))
			.filter(({at}) => at !== -1)
			.toSorted((left, right) => left.at - right.at)[0];
		if (found) {
			this.#state = 'text';
			this.#held = '';
			const pieces = [
				{isReasoning: true, text: text.slice(0, found.at)},
				{isReasoning: false, text: text.slice(found.at + found.closing.length)},
			];
			return pieces.filter(piece => piece.text !== '');
		}

		const keep = heldBack(text, this.#closings);
		this.#held = text.slice(text.length - keep);
		const ready = text.slice(0, text.length - keep);
		return ready === '' ? [] : [{isReasoning: true, text: ready}];
	}
}
