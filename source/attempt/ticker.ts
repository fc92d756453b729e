import {Bag} from '../base/bag.ts';

/** A watch that the ticker asks now and then; `nowMs` is monotonic. */
export type Watch = (nowMs: number) => void;

const tickMs = 200;

interface Turn {
	readonly watch: Watch;
	readonly everyTicks: number;
	/** The tick that asks it next. */
	dueTick: number;
}

/**
 * One timer for the clocks of all running attempts: a thousand silent streams cost one wake-up per tick, not a thousand
 * timers that are rearmed with every chunk (performance.md 4.8). The price is a resolution of 200 ms.
 */
export class Ticker {
	readonly #turns = new Bag<Turn>();
	readonly #monotonic: () => number;
	#timer: NodeJS.Timeout | undefined;
	#ticks = 0;
	/** Before it nobody is due. */
	#nextTick = 0;

	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
	}

	/** Calls `watch` about every `everyMs`, but not more often than every tick, until the returned function is called. */
	add(watch: Watch, everyMs: number = tickMs): () => void {
		const everyTicks = Math.max(1, Math.round(everyMs / tickMs));
		const turn = {watch, everyTicks, dueTick: this.#dueTick(everyTicks)};
		const remove = this.#turns.add(turn);
		this.#nextTick = Math.min(this.#nextTick, turn.dueTick);
		this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
		return () => {
			remove();
			if (this.#turns.size === 0) {
				clearInterval(this.#timer);
				this.#timer = undefined;
			}
		};
	}

	#tick(): void {
		const tick = ++this.#ticks;
		if (tick < this.#nextTick) {
			return;
		}

		const now = this.#monotonic();
		this.#nextTick = Infinity;
		this.#turns.forEach(turn => {
			if (turn.dueTick <= tick) {
				turn.dueTick = this.#dueTick(turn.everyTicks);
				turn.watch(now);
			}

			this.#nextTick = Math.min(this.#nextTick, turn.dueTick);
		});
	}

	/** Who is asked seldom is asked together with others, so that most ticks have nothing to do. */
	#dueTick(everyTicks: number): number {
		const step = Math.max(1, Math.floor(everyTicks / 4));
		return Math.ceil((this.#ticks + everyTicks) / step) * step;
	}
}
