import type {Clock} from '../base/clock.ts';

/** Smaller differences are a clock that is steered, and a coarse uptime. */
const toleranceMs = 500;

/**
 * Tells a wall clock that was set from time that has passed, asleep or awake. Cooldowns are kept in wall-clock time, since they
 * outlive the process; this says by how much they must move when somebody sets the clock.
 */
export class JumpWatch {
	readonly #clocks: Clock;
	#lastWallMs: number;
	#lastMonotonicMs: number;
	#lastUptimeMs: number;

	constructor(clocks: Clock) {
		this.#clocks = clocks;
		this.#lastWallMs = clocks.now();
		this.#lastMonotonicMs = clocks.monotonic();
		this.#lastUptimeMs = clocks.uptime();
	}

	/** By how many milliseconds the wall clock was set since the last call: 0 nearly always, negative where it was set back. */
	jumpMs(): number {
		const wallMs = this.#clocks.now();
		const monotonicMs = this.#clocks.monotonic();
		const strangeMs = wallMs - this.#lastWallMs - (monotonicMs - this.#lastMonotonicMs);
		if (Math.abs(strangeMs) <= toleranceMs) {
			return 0;
		}

		const uptimeMs = this.#clocks.uptime();
		const sleptMs = Math.max(0, uptimeMs - this.#lastUptimeMs - (monotonicMs - this.#lastMonotonicMs));
		this.#lastWallMs = wallMs;
		this.#lastMonotonicMs = monotonicMs;
		this.#lastUptimeMs = uptimeMs;
		const jumpMs = strangeMs - sleptMs;
		return Math.abs(jumpMs) <= toleranceMs ? 0 : jumpMs;
	}
}
