/**
 * Values by key that come and go with every request. For the reason that `Bag` gives it is no `Map`: a dictionary object made anew does not hang
 * on the old one. A key that reads as a number would stand before the others: there are none among the ids.
 */
export class Table<Value> {
	readonly #limit: number;
	#rows = emptyRows<Value>();
	#size = 0;

	/** `limit`: the key that was set first goes when there are more. */
	constructor(limit = Number.POSITIVE_INFINITY) {
		this.#limit = limit;
	}

	get size(): number {
		return this.#size;
	}

	get(key: string): Value | undefined {
		return this.#rows[key];
	}

	set(key: string, value: Value): void {
		if (!(key in this.#rows)) {
			this.#size++;
		}

		this.#rows[key] = value;
		if (this.#size > this.#limit) {
			this.#deleteOldest();
		}
	}

	delete(key: string): void {
		if (key in this.#rows) {
			this.#size--;
			// oxlint-disable-next-line typescript/no-dynamic-delete -- a dictionary object is what this is
			delete this.#rows[key];
		}
	}

	clear(): void {
		this.#rows = emptyRows();
		this.#size = 0;
	}

	/** In the order in which their keys were set first. */
	values(): Value[] {
		return Object.values(this.#rows);
	}

	/** Looks through all keys: a table is full only where somebody forgets to delete. */
	#deleteOldest(): void {
		const [oldest] = Object.keys(this.#rows);
		if (oldest !== undefined) {
			this.delete(oldest);
		}
	}
}

/** Without a prototype every name is only a key, and V8 makes a dictionary of it at once. */
const emptyRows = <Value>(): Record<string, Value> => Object.create(null);
