import {Bag} from '../base/bag.ts';

/** A watch that the ticker asks now and then; `nowMs` is monotonic. */
export type Watch = (nowMs: number) => void;

const tickMs = 200;

interface Turn {
	readonly watch: Watch;
	readonly everyTicks: number;
	ticksLeft: number;
	isOver: boolean;
}

/**
 * One timer for the clocks of all running attempts: a thousand silent streams cost one wake-up per tick, not a thousand
 * timers that are rearmed with every chunk (performance.md 4.8). The price is a resolution of 200 ms.
 */
export class Ticker {
	readonly #turns = new Bag<Turn>();
	readonly #monotonic: () => number;
	#timer: NodeJS.Timeout | undefined;

	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
	}

	/** Calls `watch` about every `everyMs`, but not more often than every tick, until the returned function is called. */
	add(watch: Watch, everyMs: number = tickMs): () => void {
		const everyTicks = Math.max(1, Math.round(everyMs / tickMs));
		const turn = {watch, everyTicks, ticksLeft: everyTicks, isOver: false};
		const remove = this.#turns.add(turn);
		this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
		return () => {
			turn.isOver = true;
			remove();
			if (this.#turns.size === 0) {
				clearInterval(this.#timer);
				this.#timer = undefined;
			}
		};
	}

	#tick(): void {
		const now = this.#monotonic();
		for (const turn of this.#turns.toArray()) {
			turn.ticksLeft--;
			if (turn.ticksLeft === 0 && !turn.isOver) {
				turn.ticksLeft = turn.everyTicks;
				turn.watch(now);
			}
		}
	}
}
