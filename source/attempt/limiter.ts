import {cutWindow, growWindow, openWindow, type AimdWindow} from './aimd.ts';
import {FairQueue} from './fair-queue.ts';

/*
 * Concurrency per account: what the user configured, and what the account has shown that it bears, whichever is lower (watchdog.md 4).
 * A permit lives from the send to the end of the stream. A saturated candidate is skipped without a penalty (codex-helper.md 2.10), or
 * waited for in a bounded queue that is fair per session.
 */

/** What limits one candidate. */
export interface LimitTarget {
	/** `<service>/<limit_group>`, or the endpoint's key; candidates with the same key share one counter. */
	readonly limitKey: string;
	/** `max_concurrent_requests`; undefined: none. */
	readonly max: number | undefined;
	/** `<service>/<provider>#<account>`: who has the AIMD window. */
	readonly accountKey: string;
	/** Requests that may wait; 0: none. */
	readonly queue: number;
	readonly queueTimeoutMs: number;
}

/** A place that is taken until it is disposed of; disposing twice gives back one place. */
export interface Permit extends Disposable {
	readonly waitedMs: number;
}

/** Who asks for a place. */
export interface Applicant {
	readonly sessionId: string;
	/** Calls back when the applicant leaves; gives the function that forgets the call. */
	readonly onCancel: (leave: () => void) => () => void;
	/** Told when it must wait, with the number of those who wait before it. */
	readonly onWait?: (ahead: number) => void;
}

/** How crowded a candidate is. */
export interface Crowd {
	readonly active: number;
	readonly limit: number | undefined;
	readonly limitKey: string | undefined;
	readonly hasQueueRoom: boolean;
}

/** How busy a candidate is, with all that limits it, for people. */
export interface Load {
	readonly active: number;
	readonly accountActive: number;
	readonly max: number | undefined;
	/** The account's learned window; undefined: it was never too much. */
	readonly window: number | undefined;
	readonly waiting: number;
	readonly queue: number;
}

interface Counter {
	readonly key: string;
	active: number;
	/** Queues in which somebody may wait for this counter. */
	readonly queues: Set<FairQueue<Waiter>>;
}

interface AccountCounter extends Counter {
	window: AimdWindow;
}

interface Waiter {
	readonly target: LimitTarget;
	readonly grant: () => void;
}

/** What a {@link Limiter} needs; `monotonic` in milliseconds. */
export interface LimiterOptions {
	readonly monotonic: () => number;
	/** Told when a counter or a window has changed, so that views of it know when they are old. */
	readonly onChange?: (key: string) => void;
}

const nothing = (): void => undefined;

/** All counters, windows and queues. */
export class Limiter {
	readonly #options: LimiterOptions;
	readonly #counters = new Map<string, Counter>();
	readonly #accounts = new Map<string, AccountCounter>();
	readonly #queues = new Map<string, FairQueue<Waiter>>();

	constructor(options: LimiterOptions) {
		this.#options = options;
	}

	/** A place at once; undefined where there is none. Who waits could not have used it: a place is offered to them before it is free. */
	tryAcquire(target: LimitTarget): Permit | undefined {
		return this.#hasRoom(target) ? this.#take(target, 0) : undefined;
	}

	/** A place, now or after a wait. `full`: nobody more may wait. Never rejects. */
	async acquire(target: LimitTarget, applicant: Applicant): Promise<Permit | 'full' | 'timeout' | 'cancelled'> {
		const queue = this.#queueOf(target);
		const permit = this.tryAcquire(target);
		if (permit || queue.size >= target.queue) {
			return permit ?? 'full';
		}

		applicant.onWait?.(queue.size);
		return await this.#wait(queue, target, applicant);
	}

	/** How crowded a candidate is now. Of two limits the one with fewer free places is told. */
	crowd(target: LimitTarget): Crowd {
		const counter = this.#counter(target.limitKey);
		const account = this.#account(target.accountKey);
		const hasQueueRoom = (this.#queues.get(target.limitKey)?.size ?? 0) < target.queue;
		const {limit} = account.window;
		const isAccountTighter =
			limit !== undefined && (target.max === undefined || limit - account.active < target.max - counter.active);
		return isAccountTighter
			? {active: account.active, limit, limitKey: account.key, hasQueueRoom}
			: {
					active: counter.active,
					limit: target.max,
					limitKey: target.max === undefined ? undefined : counter.key,
					hasQueueRoom,
				};
	}

	/** The account answered 429 or 529. Call it while the permit is held. */
	refused(target: LimitTarget): void {
		const account = this.#account(target.accountKey);
		this.#setWindow(account, cutWindow(account.window, account.active, this.#options.monotonic()));
	}

	/** The account served a request to its end. Call it while the permit is held. */
	served(target: LimitTarget): void {
		const account = this.#account(target.accountKey);
		this.#setWindow(account, growWindow(account.window, account.active));
		this.#pump(account);
	}

	/** Who runs and waits, for tests and pages. */
	totals(): {readonly active: number; readonly waiting: number} {
		return {
			active: sum([...this.#counters.values()].map(({active}) => active)),
			waiting: sum([...this.#queues.values()].map(({size}) => size)),
		};
	}

	#wait(
		queue: FairQueue<Waiter>,
		target: LimitTarget,
		{sessionId, onCancel}: Applicant,
	): Promise<Permit | 'timeout' | 'cancelled'> {
		const startedMs = this.#options.monotonic();
		return new Promise(resolve => {
			let forget = nothing;
			const leave = (why: 'timeout' | 'cancelled'): void => {
				clearTimeout(timer);
				forget();
				queue.remove(sessionId, waiter);
				this.#changed(target);
				// Who waited behind it may have a place of another account.
				this.#pumpQueue(queue);
				resolve(why);
			};
			const waiter: Waiter = {
				target,
				grant: () => {
					clearTimeout(timer);
					forget();
					resolve(this.#take(target, this.#options.monotonic() - startedMs));
				},
			};
			const timer = setTimeout(() => leave('timeout'), target.queueTimeoutMs);
			queue.add(sessionId, waiter);
			this.#counter(target.limitKey).queues.add(queue);
			this.#account(target.accountKey).queues.add(queue);
			this.#changed(target);
			forget = onCancel(() => leave('cancelled'));
			// With another account of the same group there may be a place at once.
			this.#pumpQueue(queue);
		});
	}

	#take(target: LimitTarget, waitedMs: number): Permit {
		const counters = [this.#counter(target.limitKey), this.#account(target.accountKey)];
		for (const counter of counters) {
			counter.active++;
		}

		this.#changed(target);
		let isHeld = true;
		return {
			waitedMs,
			[Symbol.dispose]: () => {
				if (isHeld) {
					isHeld = false;
					this.#release(counters, target);
				}
			},
		};
	}

	#release(counters: readonly Counter[], target: LimitTarget): void {
		for (const counter of counters) {
			counter.active--;
		}

		this.#changed(target);
		for (const counter of counters) {
			this.#pump(counter);
		}
	}

	#pump({queues}: Counter): void {
		for (const queue of queues) {
			this.#pumpQueue(queue);
			if (queue.size === 0) {
				queues.delete(queue);
			}
		}
	}

	#pumpQueue(queue: FairQueue<Waiter>): void {
		for (;;) {
			const waiter = queue.take(({target}) => this.#hasRoom(target));
			if (!waiter) {
				return;
			}

			// It takes its place before the next one is asked about.
			waiter.grant();
		}
	}

	/** How busy a candidate is. */
	load({limitKey, accountKey, max, queue}: LimitTarget): Load {
		const {active: accountActive, window} = this.#account(accountKey);
		return {
			...{active: this.#counter(limitKey).active, accountActive, max, window: window.limit},
			...{waiting: this.#queues.get(limitKey)?.size ?? 0, queue},
		};
	}

	#hasRoom({limitKey, max, accountKey}: LimitTarget): boolean {
		const {active, window} = this.#account(accountKey);
		return (
			(max === undefined || this.#counter(limitKey).active < max) &&
			(window.limit === undefined || active < window.limit)
		);
	}

	#setWindow(account: AccountCounter, window: AimdWindow): void {
		const isChanged = account.window.limit !== window.limit;
		account.window = window;
		if (isChanged) {
			this.#options.onChange?.(account.key);
		}
	}

	#changed({limitKey, accountKey}: LimitTarget): void {
		this.#options.onChange?.(limitKey);
		this.#options.onChange?.(accountKey);
	}

	#counter(key: string): Counter {
		const counter = this.#counters.get(key) ?? {key, active: 0, queues: new Set()};
		this.#counters.set(key, counter);
		return counter;
	}

	#account(key: string): AccountCounter {
		const counter = this.#accounts.get(key) ?? {key, active: 0, queues: new Set(), window: openWindow};
		this.#accounts.set(key, counter);
		return counter;
	}

	#queueOf({limitKey}: LimitTarget): FairQueue<Waiter> {
		const queue = this.#queues.get(limitKey) ?? new FairQueue<Waiter>();
		this.#queues.set(limitKey, queue);
		return queue;
	}
}

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

/** Where only the account's own window stands in the way and nobody else can serve, waiting beats failing (watchdog.md 4). */
export const windowQueue = {queue: 64, queueTimeoutMs: 30_000} as const;
