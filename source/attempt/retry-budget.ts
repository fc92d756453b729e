/*
 * How many sends failures may cost (watchdog.md 4; routing.md 5). Two budgets: one bucket per provider that a storm of failures empties, and one
 * per request. Both refuse only repeats and candidates that are not closed, never a first try of a healthy candidate. Monotonic clocks only.
 */

/** The numbers of the bucket (Finagle: 20 % and a floor; watchdog.md 4). */
export const retryBucket = {max: 10, perFirstAttempt: 0.2, perRetry: 1, floorEveryMs: 10_000} as const;

/** A provider's bucket: +0.2 per first attempt, −1 per retry, +1 per 10 s whatever happens, 10 at most. It starts full. */
export class RetryBudget {
	readonly #monotonic: () => number;
	#level: number = retryBucket.max;
	#refilledAtMs: number;

	/** `monotonic`: milliseconds with an arbitrary zero. */
	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
		this.#refilledAtMs = monotonic();
	}

	/** Retries that may be made now; a fraction counts towards the next. */
	get level(): number {
		this.#refill();
		return this.#level;
	}

	/** A request's first attempt at this provider. */
	deposit(): void {
		this.#add(retryBucket.perFirstAttempt);
	}

	/** Takes the price of one retry; false: refused, nothing is taken. */
	take(): boolean {
		this.#refill();
		// Ten deposits of 0.2 are a hair less than 2.
		if (this.#level + 1e-9 < retryBucket.perRetry) {
			return false;
		}

		this.#level = Math.max(0, this.#level - retryBucket.perRetry);
		return true;
	}

	#refill(): void {
		const steps = Math.floor((this.#monotonic() - this.#refilledAtMs) / retryBucket.floorEveryMs);
		if (steps > 0) {
			this.#refilledAtMs += steps * retryBucket.floorEveryMs;
			this.#add(steps);
		}
	}

	#add(amount: number): void {
		this.#level = Math.min(retryBucket.max, this.#level + amount);
	}
}

/** The buckets of all providers, made on first use. */
export class RetryBudgets {
	readonly #monotonic: () => number;
	readonly #budgets = new Map<string, RetryBudget>();

	/** `monotonic`: milliseconds with an arbitrary zero. */
	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
	}

	/** The bucket of a pool, for example `codex/relay-a`. */
	of(pool: string): RetryBudget {
		const known = this.#budgets.get(pool);
		if (known) {
			return known;
		}

		const budget = new RetryBudget(this.#monotonic);
		this.#budgets.set(pool, budget);
		return budget;
	}

	/** Forgets the pools that a new configuration no longer has. */
	keep(pools: ReadonlySet<string>): void {
		for (const pool of this.#budgets.keys()) {
			if (!pools.has(pool)) {
				this.#budgets.delete(pool);
			}
		}
	}
}

/** A send that is about to be made. */
export interface IntendedSend {
	readonly pool: string;
	/** This request was sent to the same candidate before. */
	readonly isRepeat: boolean;
	/** The candidate's breaker is closed. */
	readonly isClosed: boolean;
}

/** Whether a send may be made, and why not. */
export type Admission = 'go' | 'sends-spent' | 'window-over' | 'budget-empty';

/** What a {@link RequestBudget} lives by. */
export interface RequestBudgetOptions {
	readonly budgets: RetryBudgets;
	readonly monotonic: () => number;
	/** Sends in all (limits.sends). */
	readonly sends: number;
	/** No send is begun later than this after the first failure (limits.retryWindowMs). */
	readonly retryWindowMs: number;
}

/** The budget of one request: at most 8 sends, at most 60 s after the first failure, retries only while the provider's bucket pays. */
export class RequestBudget {
	readonly #options: RequestBudgetOptions;
	readonly #pools = new Set<string>();
	#sends = 0;
	#failedSinceMs: number | undefined;

	constructor(options: RequestBudgetOptions) {
		this.#options = options;
	}

	get sends(): number {
		return this.#sends;
	}

	/** Since the first failure, milliseconds; 0 before it. */
	get failingForMs(): number {
		return this.#failedSinceMs === undefined ? 0 : this.#options.monotonic() - this.#failedSinceMs;
	}

	/** Asks for a send and, where it may go, counts it. The first send of a request always may. */
	admit({pool, isRepeat, isClosed}: IntendedSend): Admission {
		const {budgets, sends, retryWindowMs} = this.#options;
		if (this.#sends >= sends) {
			return 'sends-spent';
		}

		if (this.failingForMs > retryWindowMs) {
			return 'window-over';
		}

		const isRetry = this.#sends > 0 && (isRepeat || !isClosed);
		if (isRetry && !budgets.of(pool).take()) {
			return 'budget-empty';
		}

		this.#sends++;
		if (!this.#pools.has(pool) && !isRetry) {
			this.#pools.add(pool);
			budgets.of(pool).deposit();
		}

		return 'go';
	}

	/** A send that was admitted was not made. */
	giveBack(): void {
		this.#sends--;
	}

	/** A send failed: the window runs from the first one. */
	failed(): void {
		this.#failedSinceMs ??= this.#options.monotonic();
	}
}
