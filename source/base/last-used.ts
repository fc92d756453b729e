/**
 * A `Map` whose keys stand in the order of their last use. The one that was used last stays where it is: to take it out and put it in again with
 * every request would make the table anew each time, and keep V8 from letting go of what it was (see `Bag`).
 */
export class LastUsed<Value> extends Map<string, Value> {
	#newest: string | undefined;

	/** Sets the value of a key that is in use now: it becomes the last one. */
	touch(key: string, value: Value): void {
		if (key !== this.#newest) {
			this.delete(key);
			this.#newest = key;
		}

		this.set(key, value);
	}
}
