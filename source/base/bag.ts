/** Something in a {@link Bag}, with its place there. */
interface Slot<Item> {
	readonly item: Item;
	at: number;
}

/**
 * Things that come and go with every request, in no order. A `Set` or a `Map` is not used for them on purpose: when V8 makes such a table anew,
 * which it does all the time while members come and go, the old table goes on pointing to the new one. Once one of them has become old, every later
 * one is kept with all its members until the next full collection: whole requests are then moved to the old generation, although they are over.
 */
export class Bag<Item> {
	readonly #slots: Array<Slot<Item>> = [];

	get size(): number {
		return this.#slots.length;
	}

	/** Puts an item in; the returned function takes it out again, and does nothing the second time. */
	add(item: Item): () => void {
		const slot = {item, at: this.#slots.length};
		this.#slots.push(slot);
		return () => this.#remove(slot);
	}

	/** What is in it now, as a new array. */
	toArray(): Item[] {
		return this.#slots.map(({item}) => item);
	}

	/**
	 * Calls with each item, newest first, without a new array. Items may be put in and taken out meanwhile: who is new is not asked, who was taken
	 * out neither, but another may be asked twice.
	 */
	forEach(visit: (item: Item) => void): void {
		for (let index = this.#slots.length - 1; index >= 0; index--) {
			const slot = this.#slots[index];
			if (slot !== undefined) {
				visit(slot.item);
			}
		}
	}

	#remove(slot: Slot<Item>): void {
		if (slot.at === -1) {
			return;
		}

		const last = this.#slots.pop();
		if (last !== undefined && last !== slot) {
			this.#slots[slot.at] = last;
			last.at = slot.at;
		}

		slot.at = -1;
	}
}
