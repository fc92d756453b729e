/** Who waits: of one session the first come first, among sessions in turns. */
interface Line<Item> {
	readonly sessionId: string;
	readonly items: Set<Item>;
}

/** A bounded queue that is fair per session; the caller decides whose turn can be served. */
export class FairQueue<Item> {
	/** In the order of their turns. */
	readonly #lines = new Map<string, Line<Item>>();
	#size = 0;

	get size(): number {
		return this.#size;
	}

	/** Puts an item at the end of its session's line. The same item must not wait twice. */
	add(sessionId: string, item: Item): void {
		const line = this.#lines.get(sessionId) ?? {sessionId, items: new Set()};
		line.items.add(item);
		this.#lines.set(sessionId, line);
		this.#size++;
	}

	/** Takes an item out, wherever it stands; does nothing where it is not in the queue. */
	remove(sessionId: string, item: Item): void {
		const line = this.#lines.get(sessionId);
		if (line?.items.delete(item) === true) {
			this.#size--;
			if (line.items.size === 0) {
				this.#lines.delete(sessionId);
			}
		}
	}

	/**
	 * Takes out the first item whose turn it is and that `canServe`; undefined where there is none. A session that was served goes to the
	 * end of the turns. Only the head of each line is asked about, so that nobody overtakes within a session.
	 */
	take(canServe: (item: Item) => boolean): Item | undefined {
		for (const [sessionId, line] of this.#lines) {
			const [head] = line.items;
			if (head !== undefined && canServe(head)) {
				this.remove(sessionId, head);
				if (line.items.size > 0) {
					this.#lines.delete(sessionId);
					this.#lines.set(sessionId, line);
				}

				return head;
			}
		}

		return undefined;
	}
}
