/** What becomes of the lines. */
export interface LineCutterOptions {
	readonly onLine: (line: string) => void;
	/** A line that was longer than any record was left out. */
	readonly onTooLong: () => void;
}

/** No record comes near it; a line without end must not fill the memory. */
export const longestLineBytes = 1024 * 1024;

const lineFeed = 0x0a;

/** Cuts blocks of a file into lines; empty ones are left out. What is behind the last line feed waits for its rest. */
export class LineCutter {
	readonly #options: LineCutterOptions;
	#pieces: Buffer[] = [];
	#bytes = 0;
	#isTooLong = false;

	constructor(options: LineCutterOptions) {
		this.#options = options;
	}

	/** Takes the next block; it must not change afterwards. */
	push(block: Buffer): void {
		let start = 0;
		for (let end = block.indexOf(lineFeed); end !== -1; end = block.indexOf(lineFeed, start)) {
			this.#keep(block.subarray(start, end));
			this.end();
			start = end + 1;
		}

		this.#keep(block.subarray(start));
	}

	/** Something waits for the rest of its line. */
	get hasRest(): boolean {
		return this.#bytes > 0;
	}

	/** What waits is a line: nothing more comes. */
	end(): void {
		const [pieces, isTooLong] = [this.#pieces, this.#isTooLong];
		this.#pieces = [];
		this.#bytes = 0;
		this.#isTooLong = false;
		if (isTooLong) {
			this.#options.onTooLong();
			return;
		}

		const line = (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))?.toString().trim() ?? '';
		if (line !== '') {
			this.#options.onLine(line);
		}
	}

	#keep(piece: Buffer): void {
		if (piece.length === 0 || this.#isTooLong) {
			return;
		}

		this.#bytes += piece.length;
		this.#isTooLong = this.#bytes > longestLineBytes;
		if (this.#isTooLong) {
			this.#pieces = [];
			return;
		}

		this.#pieces.push(piece);
	}
}
