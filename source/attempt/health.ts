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
	/** It is the one probe of a half-open endpoint. */
	readonly isProbe: boolean;
	/** It goes to an endpoint whose cooldown is not over, since nothing else can serve. */
	readonly isLastResort: boolean;
}

/** The breakers of all endpoints. Persisted open states outlive a crash, so that a crash loop cannot hammer an upstream. */
export class Health {
	readonly #options: HealthOptions;
	readonly #breakers: Map<EndpointKey, Breaker>;
	readonly #probes = new Map<EndpointKey, SendTicket>();

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

	/** Call in the tick of the plan, right before the send. `isForced` allows it although the plan would skip the endpoint. */
	begin(endpointKey: EndpointKey, isForced: boolean): SendTicket {
		const breaker = this.breaker(endpointKey);
		const isProbe = breaker.phase === 'half-open' && !breaker.isProbing;
		const ticket = {endpointKey, isProbe, isLastResort: isForced && breaker.phase === 'open'};
		if (isProbe) {
			this.#probes.set(endpointKey, ticket);
			this.#set(endpointKey, beginProbe(breaker));
		}

		return ticket;
	}

	/**
	 * Learns at the end of a stream. Of a half-open endpoint only its running probe counts: the end of anything else would let a
	 * second probe in.
	 */
	end(ticket: SendTicket, outcome: BreakerOutcome): void {
		const {now, random} = this.#options;
		const before = this.breaker(ticket.endpointKey);
		const isProbe =
			before.phase === 'half-open' ? this.#probes.get(ticket.endpointKey) === ticket : ticket.isLastResort;
		this.#set(ticket.endpointKey, recordOutcome(before, outcome, {nowMs: now(), random: random(), isProbe}));
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
		if (isSpotless(before) && isSpotless(breaker)) {
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

/** Healthy traffic neither writes to the disk nor tells anybody. */
const isSpotless = (breaker: Breaker | undefined): boolean =>
	breaker === undefined || (breaker.phase === 'closed' && breaker.failures === 0);

const isVisibleChange = (before: Breaker | undefined, after: Breaker): boolean =>
	(before?.phase ?? 'closed') !== after.phase ||
	(before?.failures ?? 0) !== after.failures ||
	(before?.phase === 'open' && after.phase === 'open' && before.untilMs !== after.untilMs);
