import type {Announce} from '../event/catalogue.ts';
import type {EndpointKey} from '../wire/names.ts';
import {beginProbe, closedBreaker, recordOutcome, settleBreaker, type Breaker, type BreakerOutcome} from './breaker.ts';

/** Where breakers are kept over a restart. */
export interface BreakerStore {
	readonly load: () => ReadonlyMap<EndpointKey, Breaker>;
	readonly save: (endpointKey: EndpointKey, breaker: Breaker) => void;
}

/** What a {@link Health} needs around it; `now` is wall-clock milliseconds, `random` in [0, 1). */
export interface HealthOptions {
	readonly now: () => number;
	readonly random: () => number;
	readonly announce: Announce;
	readonly store: BreakerStore;
}

/** A permission to send to an endpoint, with what its outcome will mean. */
export interface SendTicket {
	readonly endpointKey: EndpointKey;
	/** Its outcome counts although the breaker is not closed. */
	readonly isProbe: boolean;
}

/** The breakers of all endpoints. Persisted open states outlive a crash, so that a crash loop cannot hammer an upstream. */
export class Health {
	readonly #options: HealthOptions;
	readonly #breakers: Map<EndpointKey, Breaker>;

	constructor(options: HealthOptions) {
		this.#options = options;
		this.#breakers = new Map(
			// A probe that was under way when the process died has no outcome any more.
			[...options.store.load()].map(([key, breaker]) => [key, forgetProbe(breaker)]),
		);
	}

	/** The state of one endpoint now. */
	breaker(endpointKey: EndpointKey): Breaker {
		const nowMs = this.#options.now();
		return settleBreaker(this.#breakers.get(endpointKey) ?? closedBreaker(nowMs), nowMs);
	}

	/**
	 * Call in the tick of the plan, right before the send. `isForced` marks a last resort, whose outcome counts like a probe's; but
	 * beside a running probe it teaches nothing, or its end would let a second probe in.
	 */
	begin(endpointKey: EndpointKey, isForced: boolean): SendTicket {
		const breaker = this.breaker(endpointKey);
		if (breaker.phase !== 'half-open') {
			return {endpointKey, isProbe: isForced};
		}

		if (breaker.isProbing) {
			return {endpointKey, isProbe: false};
		}

		this.#set(endpointKey, beginProbe(breaker));
		return {endpointKey, isProbe: true};
	}

	/** Learns at the end of a stream. */
	end(ticket: SendTicket, outcome: BreakerOutcome): void {
		const {now, random} = this.#options;
		const before = this.breaker(ticket.endpointKey);
		this.#set(
			ticket.endpointKey,
			recordOutcome(before, outcome, {nowMs: now(), random: random(), isProbe: ticket.isProbe}),
		);
	}

	/** Forgets a cooldown: the user chose the endpoint, or its credential changed. */
	dismiss(endpointKey: EndpointKey, reason: string): void {
		if (this.breaker(endpointKey).phase !== 'closed') {
			this.#set(endpointKey, closedBreaker(this.#options.now()), reason);
		}
	}

	#set(endpointKey: EndpointKey, breaker: Breaker, reason?: string): void {
		const before = this.#breakers.get(endpointKey);
		this.#breakers.set(endpointKey, breaker);
		if (before?.phase === 'closed' && breaker.phase === 'closed' && before.failures === 0 && breaker.failures === 0) {
			return;
		}

		this.#options.store.save(endpointKey, breaker);
		if (isVisibleChange(before, breaker)) {
			this.#options.announce({
				type: 'breaker-changed',
				atMs: this.#options.now(),
				endpointKey,
				phase: breaker.phase,
				failures: breaker.failures,
				untilMs: breaker.phase === 'open' ? breaker.untilMs : undefined,
				reason: reason ?? (breaker.phase === 'closed' ? 'it answers again' : breaker.reason),
			});
		}
	}
}

const forgetProbe = (breaker: Breaker): Breaker =>
	breaker.phase === 'half-open' ? {...breaker, isProbing: false} : breaker;

const isVisibleChange = (before: Breaker | undefined, after: Breaker): boolean =>
	(before?.phase ?? 'closed') !== after.phase ||
	(before?.failures ?? 0) !== after.failures ||
	(before?.phase === 'open' && after.phase === 'open' && before.untilMs !== after.untilMs);
