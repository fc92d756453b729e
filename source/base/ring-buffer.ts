/** A list that keeps the newest `capacity` items and counts what it dropped. */
export class RingBuffer<Item> {
	readonly capacity: number;
	#items: Item[] = [];
	#start = 0;
	#dropped = 0;

	constructor(capacity: number) {
		this.capacity = capacity;
	}

	get size(): number {
		return this.#items.length;
	}

	/** How many items were pushed out since the start. */
	get dropped(): number {
		return this.#dropped;
	}

	push(item: Item): void {
		if (this.#items.length < this.capacity) {
			this.#items.push(item);
			return;
		}

		this.#items[this.#start] = item;
		this.#start = (this.#start + 1) % this.capacity;
		this.#dropped++;
	}

	/** The items, oldest first, as a new array. */
	toArray(): Item[] {
		return [...this.#items.slice(this.#start), ...this.#items.slice(0, this.#start)];
	}

	/** Takes all items out, oldest first. */
	drain(): Item[] {
		const items = this.toArray();
		this.#items = [];
		this.#start = 0;
		return items;
	}
}
