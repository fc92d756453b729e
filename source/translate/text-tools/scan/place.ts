const longestFenceLine = 200;
const fenceStart = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Where in a Markdown text a character stands, fed piece by piece: a model quotes markup inside fences, inline code and block quotes,
 * and what is quoted is no call (translation.md 5.2).
 */
export class Place {
	/** The current line as far as a fence could be in it. */
	#line = '';
	#lineLength = 0;
	#ticks = 0;
	#fence: string | undefined;
	#last = '\n';
	#isBlank = true;
	#isEmpty = true;

	/** Only blanks stand between here and the beginning of the line. */
	get isLineStart(): boolean {
		return this.#isBlank;
	}

	/** Nothing but blanks came so far. */
	get isTextStart(): boolean {
		return this.#isEmpty;
	}

	/** The character before this place is blank, or there is none. */
	get isAfterBlank(): boolean {
		return /\s/.test(this.#last);
	}

	/** Inside a fence, a line that opens one, inline code or a block quote. */
	get isQuoted(): boolean {
		return (
			this.#fence !== undefined ||
			this.#ticks % 2 === 1 ||
			fenceStart.test(this.#line) ||
			this.#line.trimStart().startsWith('>')
		);
	}

	/** Goes on behind a text. */
	feed(text: string): void {
		if (text === '') {
			return;
		}

		let from = 0;
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
			this.#grow(text.slice(from, end));
			this.#endLine();
			from = end + 1;
		}

		this.#grow(text.slice(from));
		this.#last = text.at(-1) ?? this.#last;
	}

	#grow(piece: string): void {
		this.#lineLength += piece.length;
		if (this.#line.length < longestFenceLine) {
			this.#line += piece.slice(0, longestFenceLine - this.#line.length);
		}

		for (let at = piece.indexOf('`'); at !== -1; at = piece.indexOf('`', at + 1)) {
			this.#ticks += 1;
		}

		this.#isBlank &&= piece.trim() === '';
		this.#isEmpty &&= this.#isBlank;
	}

	#endLine(): void {
		const mark = fenceStart.exec(this.#line)?.[1];
		if (this.#fence === undefined) {
			this.#fence = mark;
		} else if (
			mark !== undefined &&
			mark.startsWith(this.#fence) &&
			this.#lineLength <= longestFenceLine &&
			this.#line.trim() === mark
		) {
			this.#fence = undefined;
		}

		this.#line = '';
		this.#lineLength = 0;
		this.#ticks = 0;
		this.#isBlank = true;
	}
}
