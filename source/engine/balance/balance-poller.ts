import type {FetchJson} from '../../attempt/fetch-json.ts';
import type {Clock} from '../../base/clock.ts';
import {messageOf} from '../../base/errors.ts';
import type {Announce} from '../../event/catalogue.ts';
import type {ResetClock} from '../../provider/balance/exhaustion.ts';
import type {BalanceSnapshot} from '../../wire/balance.ts';
import {type PollOutcome, pollBalance} from './balance-poll.ts';
import {type BalanceStanding, BalanceState, type Moment} from './balance-state.ts';
import type {BalanceTarget} from './balance-targets.ts';

/*
 * Asks the accounts' balance endpoints now and then (codex-helper.md 1.11). What it learns demotes a candidate through {@link BalanceStanding} and
 * never decides over state-bound requests; a failure is "unknown", never exhaustion.
 */

const requestDelayMs = 60_000;
const mostAtOnce = 6;
const mostRequested = 16;
const tickMs = 1000;
/** Keys come and go with the client's files: so often they are looked at. */
const adoptMs = 15_000;

/** What a poller needs around it. */
export interface PollerOptions {
	readonly clock: Clock;
	readonly fetch: FetchJson;
	readonly readEnv: (name: string) => string | undefined;
	/** The accounts of the configuration in force; asked every 15 s and at `reload()`. */
	readonly targets: () => readonly BalanceTarget[];
	readonly resetClock: () => ResetClock;
	/** Routing's side: called when an account's standing changes, and with nothing set when it is forgotten. */
	readonly onStanding: (standing: BalanceStanding) => void;
	readonly announce: Announce;
	/** 6 s where it is not given. */
	readonly timeoutMs?: number | undefined;
}

/** Whose balance is meant. */
export interface BalanceOwner {
	readonly endpointKey: string;
	readonly account: string;
}

const keyOf = ({endpointKey, account}: BalanceOwner): string => `${endpointKey}#${account}`;

/** What a person would notice of a snapshot: everything but when it was read. */
const faceOf = (snapshot: BalanceSnapshot): string => JSON.stringify({...snapshot, fetchedAtMs: 0, staleAfterMs: 0});

/** A fault of ours in reading an answer is shown like one of the upstream, so that the other accounts are still asked. */
const readingFault = (error: unknown): PollOutcome => ({
	kind: 'failure',
	text: `its answer could not be read (${messageOf(error)})`,
	isTerminal: false,
});

/** Keeps the balances. Create one per engine, `start()` it, and `close()` it with the engine. */
export class BalancePoller {
	readonly #options: PollerOptions;
	readonly #states = new Map<string, BalanceState>();
	readonly #waiting: Array<() => void> = [];
	readonly #abort = new AbortController();
	/** Looks that run or wait, those of replaced accounts included. */
	readonly #looks = new Set<Promise<void>>();
	#running = 0;
	#adoptedAtMs = Number.NEGATIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;

	constructor(options: PollerOptions) {
		this.#options = options;
	}

	/** Begins to look; the first looks are made at once. */
	start(): void {
		this.tick();
		this.#timer ??= setInterval(() => this.tick(), tickMs).unref();
	}

	/** Ends the looks that run; nothing is called afterwards. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		this.#abort.abort();
		await Promise.all([...this.#looks]);
	}

	/** One step of the clock: takes over a new configuration, ages what is known, begins what is due. */
	tick(): void {
		if (this.#abort.signal.aborted) {
			return;
		}

		const moment = this.#moment();
		if (moment.monotonicMs - this.#adoptedAtMs >= adoptMs) {
			this.reload();
		}

		for (const state of this.#states.values()) {
			this.#change(state, () => state.age(moment));
			if (state.isDue(moment.monotonicMs)) {
				void this.#poll(state, false);
			}
		}
	}

	/**
	 * A request used this account, got a 429 there, or went to a worse group because of it: look in a minute, once for all requests until then.
	 * Only the first 16 are taken.
	 */
	requestPolls(owners: readonly BalanceOwner[]): void {
		const dueMs = this.#options.clock.monotonic() + requestDelayMs;
		for (const owner of owners.slice(0, mostRequested)) {
			const state = this.#states.get(keyOf(owner));
			if (state !== undefined && (state.target.usage?.refreshesOnRequest ?? true)) {
				state.requestedDueMs ??= dueMs;
			}
		}
	}

	/** Takes over the targets of a new configuration; what was learned of changed ones is forgotten. */
	reload(): void {
		this.#adoptedAtMs = this.#options.clock.monotonic();
		const targets = this.#options.targets();
		const keys = new Set(targets.map(keyOf));
		for (const [key, state] of this.#states) {
			if (!keys.has(key)) {
				this.#forget(key, state);
			}
		}

		for (const target of targets) {
			const key = keyOf(target);
			const known = this.#states.get(key);
			if (known?.target.identity === target.identity) {
				known.target = target;
				continue;
			}

			if (known !== undefined) {
				this.#forget(key, known);
			}

			this.#states.set(key, new BalanceState(target, this.#moment()));
		}
	}

	/** Looks now, whatever rests or is suppressed, at all accounts or those of one provider; the snapshots afterwards. */
	async refresh(provider?: string): Promise<readonly BalanceSnapshot[]> {
		this.reload();
		await Promise.all(this.#select(provider).map(state => this.#poll(state, true)));
		return this.snapshots(provider);
	}

	/** What is known, in the order of the configuration; `provider` is a provider's name or an endpoint's key. */
	snapshots(provider?: string): readonly BalanceSnapshot[] {
		return this.#select(provider).map(({snapshot}) => snapshot);
	}

	/** The last 64 readings of one account, oldest first. */
	history(owner: BalanceOwner): readonly BalanceSnapshot[] {
		return this.#states.get(keyOf(owner))?.history ?? [];
	}

	#select(provider: string | undefined): readonly BalanceState[] {
		const states = [...this.#states.values()];
		return provider === undefined
			? states
			: states.filter(({target}) => target.provider === provider || target.endpointKey === provider);
	}

	#moment(): Moment {
		const {clock, resetClock} = this.#options;
		return {nowMs: clock.now(), monotonicMs: clock.monotonic(), resetClock: resetClock()};
	}

	#forget(key: string, state: BalanceState): void {
		this.#states.delete(key);
		const {endpointKey, account, exhausted, quotaUsed} = state.standing;
		if (exhausted !== undefined || quotaUsed !== undefined) {
			this.#options.onStanding({endpointKey, account, exhausted: undefined, quotaUsed: undefined});
		}
	}

	async #poll(state: BalanceState, isForced: boolean): Promise<void> {
		if (state.running === undefined) {
			const look = this.#look(state, isForced).finally(() => {
				state.running = undefined;
				this.#looks.delete(look);
			});
			state.running = look;
			this.#looks.add(look);
		}

		await state.running;
	}

	async #look(state: BalanceState, isForced: boolean): Promise<void> {
		await this.#enter();
		try {
			const {fetch, readEnv, timeoutMs} = this.#options;
			const {nowMs, monotonicMs} = this.#moment();
			const {signal} = this.#abort;
			const context = {fetch, readEnv, timeoutMs, nowMs, monotonicMs, isForced, signal};
			const outcome = await pollBalance(state.target, state.memory, context).catch(readingFault);
			// A state that was replaced meanwhile asked with an old key or address: nobody wants to know.
			if (!signal.aborted && this.#states.get(keyOf(state.target)) === state) {
				this.#change(state, () => state.take(outcome, this.#moment()));
			}
		} finally {
			this.#leave();
		}
	}

	#change(state: BalanceState, step: () => void): void {
		const face = faceOf(state.snapshot);
		const standing = JSON.stringify(state.standing);
		step();
		if (JSON.stringify(state.standing) !== standing) {
			this.#options.onStanding(state.standing);
		}

		if (faceOf(state.snapshot) !== face) {
			this.#options.announce({
				type: 'balance-changed',
				atMs: this.#options.clock.now(),
				balance: state.snapshot,
			});
		}
	}

	async #enter(): Promise<void> {
		if (this.#running >= mostAtOnce) {
			await new Promise<void>(resolve => {
				this.#waiting.push(resolve);
			});
			return;
		}

		this.#running += 1;
	}

	#leave(): void {
		const next = this.#waiting.shift();
		if (next === undefined) {
			this.#running -= 1;
		} else {
			next();
		}
	}
}
