const lf = 10;
const cr = 13;

/** Finds the next LF or CR of a chunk with native searches; must be asked in rising order. */
export class LineEnds {
	readonly #chunk: Buffer;
	#nextLf = -1;
	#nextCr = -1;

	constructor(chunk: Buffer) {
		this.#chunk = chunk;
	}

	/** The first line end at or behind `at`, or the chunk's length. */
	next(at: number): number {
		if (this.#nextLf < at) {
			this.#nextLf = this.#search(lf, at);
		}

		if (this.#nextCr < at) {
			this.#nextCr = this.#search(cr, at);
		}

		return Math.min(this.#nextLf, this.#nextCr);
	}

	#search(byte: number, at: number): number {
		const found = this.#chunk.indexOf(byte, at);
		return found === -1 ? this.#chunk.length : found;
	}
}
