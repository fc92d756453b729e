/**
 * Values by key that come and go with every request. For the reason that `Bag` gives it is no `Map`: a dictionary object made anew does not hang
 * on the old one.
 */
export class Table<Value> {
	#rows = emptyRows<Value>();
	#size = 0;

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

	/** The key that was set first; looks through all keys. Undefined where there is none. */
	oldest(): string | undefined {
		return Object.keys(this.#rows)[0];
	}

	/** In the order in which their keys were set first. */
	values(): Value[] {
		return Object.values(this.#rows);
	}
}

/** Without a prototype every name is only a key, and V8 makes a dictionary of it at once. */
const emptyRows = <Value>(): Record<string, Value> => Object.create(null);
