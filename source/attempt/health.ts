import type {Announce} from '../event/catalogue.ts';
import type {Clock} from '../base/clock.ts';
import {RelayError} from '../base/errors.ts';
import {
	beginProbe,
	closedBreaker,
	extendBreaker,
	rebaseBreaker,
	recordOutcome,
	settleBreaker,
	shiftBreaker,
	type Breaker,
	type BreakerOutcome,
} from './breaker.ts';
import {
	isStale,
	worstOf,
	type BreakerSlot,
	type HealthMember,
	type HealthTarget,
	type SendTicket,
	type SlotPlace,
	type StoredSlot,
} from './breaker-slot.ts';
import {HealthNews} from './health-news.ts';
import {JumpWatch} from './jump-watch.ts';
import {SlotBook} from './slot-book.ts';
import {signalOutcome, type PolicyAction, type Signal} from './policy-action.ts';

/** Where breakers are kept over a restart, by the slot's id. */
export interface BreakerStore {
	readonly load: () => ReadonlyMap<string, StoredSlot>;
	readonly save: (id: string, slot: StoredSlot) => void;
	readonly remove: (id: string) => void;
}

/** What a {@link Health} needs around it; `random` is in [0, 1). Without the other clocks the wall clock is taken at its word. */
export interface HealthOptions extends Partial<Clock> {
	readonly now: () => number;
	readonly random: () => number;
	readonly announce: Announce;
	readonly store: BreakerStore;
}

/**
 * The breakers of all candidates. Each has its own, one per model that failed alone, and shares one with all who spend the same quota:
 * a limit or a refused key keeps one account away and never the endpoint. Persisted open states outlive a crash, so that a crash loop
 * cannot hammer an upstream.
 */
export class Health {
	readonly #options: HealthOptions;
	readonly #jumps: JumpWatch;
	readonly #news: HealthNews;
	readonly #slots: SlotBook;

	constructor(options: HealthOptions) {
		this.#options = options;
		const {now, monotonic = now, uptime = monotonic, store} = options;
		this.#jumps = new JumpWatch({now, monotonic, uptime});
		this.#news = new HealthNews(options);
		this.#slots = new SlotBook(now, id => store.remove(id));
		for (const [id, {breaker, ...place}] of store.load()) {
			this.#restore(id, place, rebaseBreaker(forgetProbe(breaker), now()));
		}
	}

	/** The state of one candidate now: the breaker that holds it back most. */
	breaker(target: HealthTarget): Breaker {
		this.followClock();
		return this.worst(this.member(target), target.model, this.#options.now());
	}

	/** The candidate's entry, whose `version` counts its changes. */
	member(target: HealthTarget): HealthMember {
		return this.#slots.member(target);
	}

	/** The breaker that holds a member back most for a model; `nowMs` is the caller's, who called {@link followClock} in this tick. */
	worst(member: HealthMember, model: string | undefined, nowMs: number): Breaker {
		const both = worstOf(settleBreaker(member.own.breaker, nowMs), settleBreaker(member.quota.breaker, nowMs));
		const ofModel = model === undefined || member.models.size === 0 ? undefined : member.models.get(model);
		return ofModel ? worstOf(both, settleBreaker(ofModel.breaker, nowMs)) : both;
	}

	/** Tells the screens about cooldowns that were there before them. */
	tellAll(): void {
		for (const member of this.#slots.members()) {
			this.#news.tell(member, this.worst(member, undefined, this.#options.now()));
		}
	}

	/** Moves all times where the wall clock was set. Call it once before a row of look-ups. */
	followClock(): void {
		const jumpMs = this.#jumps.jumpMs();
		if (jumpMs !== 0) {
			for (const slot of this.#slots.all()) {
				this.#put(slot, shiftBreaker(slot.breaker, jumpMs));
			}
		}
	}

	/** Call in the tick of the plan, right before the send. `isForced` allows it although the plan would skip the candidate. */
	begin(target: HealthTarget, isForced: boolean): SendTicket {
		const breaker = this.breaker(target);
		const isProbe = breaker.phase === 'half-open' && !breaker.isProbing;
		const ticket: SendTicket = {target, isProbe, isLastResort: isForced && breaker.phase === 'open'};
		if (isProbe) {
			for (const slot of this.#slots.of(target)) {
				const settled = settleBreaker(slot.breaker, this.#options.now());
				if (settled.phase === 'half-open') {
					slot.probe = ticket;
					this.#put(slot, beginProbe(settled));
				}
			}
		}

		return ticket;
	}

	/**
	 * Learns at the end of a stream. A failure counts where it belongs (quota, model, account), a success everywhere. Of a half-open
	 * breaker only its running probe counts: the end of anything else would let a second probe in.
	 */
	end(ticket: SendTicket, outcome: BreakerOutcome): void {
		this.followClock();
		const blamed = outcome.outcome === 'success' ? undefined : this.#blamed(ticket.target, outcome);
		for (const slot of this.#slots.of(ticket.target)) {
			const counts = blamed === undefined || blamed === slot;
			this.#step(slot, ticket, counts ? outcome : {...outcome, outcome: 'neutral'});
		}
	}

	/** An observation beside the attempts; opens a breaker where it is sure, about routing, and says how long. Tells whether it did. */
	signal(target: HealthTarget, signal: Signal): boolean {
		this.followClock();
		const outcome = signalOutcome(signal);
		if (outcome === undefined) {
			return false;
		}

		const {now, random} = this.#options;
		const slot = this.#blamed(target, outcome);
		this.#put(slot, recordOutcome(slot.breaker, outcome, {nowMs: now(), random: random(), isProbe: true}));
		return true;
	}

	/** Forgets every cooldown of a candidate: the user chose it, or its credential changed. */
	dismiss(target: HealthTarget, reason: string): void {
		this.followClock();
		for (const slot of new Set([...this.#slots.of(target), ...this.member(target).models.values()])) {
			this.#dismiss(slot, reason);
		}
	}

	/** The cooldowns that hold now. */
	actions(): readonly PolicyAction[] {
		this.followClock();
		return [...this.#slots.all()].flatMap(slot => this.#news.action(slot) ?? []);
	}

	/** Ends one cooldown. Throws RelayError `unknown-action` where it does not hold (any more). */
	dismissAction(id: string, reason: string): void {
		this.#dismiss(this.#acting(id), reason);
	}

	/** Moves the end of one cooldown to a wall-clock time. Throws RelayError `unknown-action` or `bad-time` (not in the future). */
	extendAction(id: string, untilMs: number): void {
		const slot = this.#acting(id);
		if (!Number.isFinite(untilMs) || untilMs <= this.#options.now()) {
			throw new RelayError(
				'bad-time',
				'A cooldown can only be extended to a time in the future; dismiss it to end it now.',
			);
		}

		if (slot.breaker.phase === 'open') {
			this.#put(slot, extendBreaker(slot.breaker, untilMs));
		}
	}

	/** Which breaker a failure belongs to. */
	#blamed(target: HealthTarget, {isQuota, isAboutModel}: BreakerOutcome): BreakerSlot {
		const member = this.member(target);
		if (isQuota === true) {
			return member.quota;
		}

		return isAboutModel === true && target.model !== undefined ? this.#slots.ofModel(member, target.model) : member.own;
	}

	#step(slot: BreakerSlot, ticket: SendTicket, outcome: BreakerOutcome): void {
		const {now, random} = this.#options;
		const nowMs = now();
		const before = settleBreaker(slot.breaker, nowMs);
		const isProbe = before.phase === 'half-open' ? slot.probe === ticket : ticket.isLastResort;
		if (slot.probe === ticket) {
			slot.probe = undefined;
		}

		const isUntouched = outcome.outcome === 'neutral' && before.phase === 'closed';
		if (!isUntouched) {
			this.#put(slot, recordOutcome(before, outcome, {nowMs, random: random(), isProbe}));
		}
	}

	#dismiss(slot: BreakerSlot, reason: string): void {
		if (slot.breaker.phase !== 'closed') {
			slot.probe = undefined;
			this.#put(slot, closedBreaker(this.#options.now()), reason);
		}
	}

	#acting(id: string): BreakerSlot {
		this.followClock();
		const slot = this.#slots.find(id);
		if (slot && this.#news.action(slot)) {
			return slot;
		}

		throw new RelayError(
			'unknown-action',
			`There is no cooldown ${id} now; it may have ended. List them and choose again.`,
		);
	}

	#restore(id: string, place: SlotPlace, breaker: Breaker): void {
		if (isStale(breaker, this.#options.now())) {
			this.#options.store.remove(id);
		} else {
			this.#slots.open(id, place).breaker = breaker;
		}
	}

	#put(slot: BreakerSlot, breaker: Breaker, reason?: string): void {
		const before = slot.breaker;
		if (before === breaker) {
			return;
		}

		slot.breaker = breaker;
		if (isSpotless(before) && isSpotless(breaker)) {
			return;
		}

		this.#options.store.save(slot.id, {...slot.place, breaker});
		const nowMs = this.#options.now();
		for (const member of slot.members) {
			member.version++;
			this.#news.tell(member, this.worst(member, undefined, nowMs), reason);
		}

		this.#news.tellAction(slot, before, reason);
	}
}

const forgetProbe = (breaker: Breaker): Breaker =>
	breaker.phase === 'half-open' ? {...breaker, isProbing: false} : breaker;

/** Healthy traffic neither writes to the disk nor tells anybody. */
const isSpotless = (breaker: Breaker): boolean => breaker.phase === 'closed' && breaker.failures === 0;
