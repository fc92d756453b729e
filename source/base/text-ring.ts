/** How much a {@link TextRing} holds: whatever is met first. */
export interface TextRingLimits {
	readonly texts: number;
	readonly bytes: number;
}

/** A text with the number that it was given, and its place among those that are held: 0 is the oldest. */
export interface LabelledText {
	readonly label: number;
	readonly index: number;
	readonly text: string;
}

const blockBytes = 256 * 1024;

/**
 * The newest texts, as bytes outside the heap. What is kept for a minute and then let go costs V8 most of all: it is moved to the old generation
 * and found dead there by a full collection only. Bytes in a block that is used again cost nothing.
 */
export class TextRing {
	readonly #texts: number;
	readonly #blockCount: number;
	/** Made when they are first needed. */
	readonly #blocks: Buffer[] = [];
	readonly #places: Uint32Array;
	readonly #labels: Float64Array;
	/** The block that is written to, and how far. */
	#block = 0;
	#used = 0;
	/** The place of the oldest text. */
	#first = 0;
	#size = 0;
	#dropped = 0;

	constructor({texts, bytes}: TextRingLimits) {
		this.#texts = texts;
		this.#blockCount = Math.max(2, Math.ceil(bytes / blockBytes));
		this.#places = new Uint32Array(texts * placeFields);
		this.#labels = new Float64Array(texts);
	}

	get size(): number {
		return this.#size;
	}

	/** How many texts were pushed out since the start. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Keeps a text; `label` is any number that it can be found by. */
	push(text: string, label = 0): void {
		const block = this.#blockWithRoom(text);
		if (this.#size === this.#texts) {
			this.#drop();
		}

		const place = (this.#first + this.#size) % this.#texts;
		const length = block.write(text, this.#used);
		this.#places.set([this.#block, this.#used, length], place * placeFields);
		this.#labels[place] = label;
		this.#used += length;
		this.#size++;
	}

	/** The texts that are held, oldest first; `isWanted` says which are read, by their label and their place in this order. */
	toArray(isWanted: (label: number, index: number) => boolean = () => true): LabelledText[] {
		const found: LabelledText[] = [];
		for (let index = 0; index < this.#size; index++) {
			const place = (this.#first + index) % this.#texts;
			const label = this.#labels[place] ?? 0;
			if (isWanted(label, index)) {
				found.push({label, index, text: this.#read(place)});
			}
		}

		return found;
	}

	#read(place: number): string {
		const [block = 0, start = 0, length = 0] = this.#places.subarray(place * placeFields);
		return this.#blocks[block]?.toString('utf8', start, start + length) ?? '';
	}

	#drop(): void {
		this.#first = (this.#first + 1) % this.#texts;
		this.#size--;
		this.#dropped++;
	}

	#blockWithRoom(text: string): Buffer {
		const current = this.#blocks[this.#block];
		if (current && fits(text, current.length - this.#used)) {
			return current;
		}

		if (current) {
			this.#block = (this.#block + 1) % this.#blockCount;
		}

		this.#used = 0;
		while (this.#size > 0 && this.#places[this.#first * placeFields] === this.#block) {
			this.#drop();
		}

		const next = this.#blocks[this.#block];
		if (next?.length === blockBytes && fits(text, blockBytes)) {
			return next;
		}

		const fresh = Buffer.allocUnsafeSlow(Math.max(blockBytes, Buffer.byteLength(text)));
		this.#blocks[this.#block] = fresh;
		return fresh;
	}
}

/** Block, start and length. */
const placeFields = 3;

const mostBytesPerUnit = 3;

/** Counting bytes costs as much as writing them: mostly there is room in any case. */
const fits = (text: string, room: number): boolean =>
	text.length * mostBytesPerUnit <= room || Buffer.byteLength(text) <= room;
