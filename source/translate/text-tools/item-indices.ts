/** Dense indices for items of which some are left out and others put in: an upstream's index of an item → ours. */
export class ItemIndices {
	readonly #known = new Map<number, number>();
	#next = 0;

	/** Ours; the first question gives the next free one. */
	of(index: number): number {
		const known = this.#known.get(index);
		if (known !== undefined) {
			return known;
		}

		const fresh = this.next();
		this.#known.set(index, fresh);
		return fresh;
	}

	/** Another upstream answer begins: its indices start again, ours go on. */
	restart(): void {
		this.#known.clear();
	}

	/** One for an item that the upstream did not send. */
	next(): number {
		this.#next += 1;
		return this.#next - 1;
	}
}
