/**
 * One request's end, told to whoever works for it: cheaper than an AbortController on the hot path (no event objects, no
 * listener maps). Listeners run once, in the order in which they came.
 */
export class Cancellation {
	#isCancelled = false;
	#listeners: Array<() => void> = [];

	get isCancelled(): boolean {
		return this.#isCancelled;
	}

	/** Calls back once when it is cancelled (at once when it already is), unless the returned function was called before. */
	onCancel(listener: () => void): () => void {
		if (this.#isCancelled) {
			listener();
			return () => undefined;
		}

		this.#listeners.push(listener);
		return () => {
			this.#listeners = this.#listeners.filter(other => other !== listener);
		};
	}

	cancel(): void {
		if (this.#isCancelled) {
			return;
		}

		this.#isCancelled = true;
		const listeners = this.#listeners;
		this.#listeners = [];
		for (const listener of listeners) {
			listener();
		}
	}
}
