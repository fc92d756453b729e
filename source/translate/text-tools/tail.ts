/** The end of a long text is enough to find calls in: so many characters of it are kept. */
const tailLength = 64 * 1024;

/** A text of which only the end is remembered. */
export class Tail {
	#text = '';

	add(piece: string): void {
		this.#text += piece;
		if (this.#text.length > 2 * tailLength) {
			this.#text = this.#text.slice(-tailLength);
		}
	}

	get text(): string {
		return this.#text.slice(-tailLength);
	}
}
