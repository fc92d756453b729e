/** A watch that the ticker asks now and then; `nowMs` is monotonic. */
export type Watch = (nowMs: number) => void;

const tickMs = 200;

/**
 * One timer for the clocks of all running attempts: a thousand silent streams cost one wake-up per tick, not a thousand
 * timers that are rearmed with every chunk (performance.md 4.8). The price is a resolution of 200 ms.
 */
export class Ticker {
	readonly #watches = new Map<Watch, {readonly everyMs: number; dueMs: number}>();
	readonly #monotonic: () => number;
	#timer: NodeJS.Timeout | undefined;

	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
	}

	/** Calls `watch` about every `everyMs`, but not more often than every tick, until the returned function is called. */
	add(watch: Watch, everyMs: number = tickMs): () => void {
		this.#watches.set(watch, {everyMs, dueMs: this.#monotonic() + everyMs});
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
		for (const [watch, turn] of this.#watches) {
			// Half a tick early is nearer than half a tick late.
			if (turn.dueMs - now < tickMs / 2) {
				turn.dueMs = now + turn.everyMs;
				watch(now);
			}
		}
	}
}
