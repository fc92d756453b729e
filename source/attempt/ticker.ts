/** A watch that the ticker asks now and then; `nowMs` is monotonic. */
export type Watch = (nowMs: number) => void;

const tickMs = 200;

/**
 * One timer for the clocks of all running attempts: a thousand silent streams cost one wake-up per tick, not a thousand
 * timers that are rearmed with every chunk (performance.md 4.8). The price is a resolution of 200 ms.
 */
export class Ticker {
	readonly #watches = new Set<Watch>();
	readonly #monotonic: () => number;
	#timer: NodeJS.Timeout | undefined;

	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
	}

	/** Calls `watch` every tick until the returned function is called. */
	add(watch: Watch): () => void {
		this.#watches.add(watch);
		this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
		return () => {
			this.#watches.delete(watch);
			if (this.#watches.size === 0) {
				clearInterval(this.#timer);
				this.#timer = undefined;
			}
		};
	}

	#tick(): void {
		const now = this.#monotonic();
		for (const watch of this.#watches) {
			watch(now);
		}
	}
}
