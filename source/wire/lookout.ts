const maxWords = 31;

/** Words to look out for while a body is scanned: where none of them begins a string, nobody has to search for them. */
export class Lookout {
	/** By a word's first byte. */
	readonly #words: ReadonlyArray<ReadonlyArray<{readonly bytes: Buffer; readonly bit: number}> | undefined>;
	readonly #bits: ReadonlyMap<string, number>;

	/** At most 31 plain ASCII words; one that ends in a quote is a whole string, any other one the beginning of it. */
	constructor(words: readonly string[]) {
		this.#bits = new Map(words.slice(0, maxWords).map((word, index) => [word, 1 << index]));
		const all = [...this.#bits].map(([word, bit]) => ({bytes: Buffer.from(word), bit}));
		this.#words = Array.from({length: 256}, (_, first) => {
			const own = all.filter(({bytes}) => bytes[0] === first);
			return own.length === 0 ? undefined : own;
		});
	}

	/** The bits of the words that begin at `at`, the byte behind a string's opening quote. */
	at(bytes: Buffer, at: number): number {
		const words = this.#words[bytes[at] ?? 0];
		return words === undefined ? 0 : this.#match(words, bytes, at);
	}

	/** Whether a word is among those that were seen; throws a RangeError for one that nobody looked out for. */
	isIn(seen: number, word: string): boolean {
		const bit = this.#bits.get(word);
		if (bit === undefined) {
			throw new RangeError(`Nobody looks out for ${word}.`);
		}

		return (seen & bit) !== 0;
	}

	#match(words: ReadonlyArray<{readonly bytes: Buffer; readonly bit: number}>, bytes: Buffer, at: number): number {
		let bits = 0;
		for (const {bytes: word, bit} of words) {
			let index = 1;
			while (index < word.length && bytes[at + index] === word[index]) {
				index += 1;
			}

			bits |= index === word.length ? bit : 0;
		}

		return bits;
	}
}
