import type {Announce} from '../event/catalogue.ts';
import {settleBreaker, type Breaker} from './breaker.ts';
import type {BreakerSlot, HealthMember} from './breaker-slot.ts';
import type {PolicyAction} from './policy-action.ts';

/** Tells the rest of the program what changed in the breakers: candidates for the Routes page, actions for those who manage them. */
export class HealthNews {
	readonly #now: () => number;
	readonly #announce: Announce;

	constructor({now, announce}: {readonly now: () => number; readonly announce: Announce}) {
		this.#now = now;
		this.#announce = announce;
	}

	/** Announces a candidate's state where it differs from what was last told. */
	tell(member: HealthMember, breaker: Breaker, reason?: string): void {
		const untilMs = breaker.phase === 'open' ? breaker.untilMs : undefined;
		const {phase, failures} = breaker;
		const {told, endpointKey, account} = member;
		if (told.phase === phase && told.failures === failures && told.untilMs === untilMs) {
			return;
		}

		member.told = {phase, failures, untilMs};
		this.#announce({
			type: 'breaker-changed',
			atMs: this.#now(),
			endpointKey,
			account,
			phase,
			failures,
			untilMs,
			reason: reason ?? (breaker.phase === 'closed' ? 'it answers again' : breaker.reason),
		});
	}

	/** Announces that a cooldown began, moved or ended. */
	tellAction(slot: BreakerSlot, before: Breaker, reason?: string): void {
		const after = slot.breaker;
		const change = changeOf(before, after, reason);
		if (change !== undefined) {
			this.#announce({
				type: 'policy-action-changed',
				atMs: this.#now(),
				id: slot.id,
				...slot.place,
				change,
				cause: after.phase === 'closed' ? undefined : after.cause,
				untilMs: after.phase === 'open' ? after.untilMs : undefined,
				reason: reason ?? (after.phase === 'closed' ? 'it answers again' : after.reason),
			});
		}
	}

	/** The action that a slot is, where it holds now. */
	action(slot: BreakerSlot): PolicyAction | undefined {
		const breaker = settleBreaker(slot.breaker, this.#now());
		if (breaker.phase !== 'open') {
			return undefined;
		}

		const {cause, reason, sinceMs, untilMs, opened, isExtended} = breaker;
		return {
			id: slot.id,
			kind: 'cooldown',
			...slot.place,
			...{cause, reason, isExtended},
			createdAtMs: sinceMs,
			expiresAtMs: untilMs,
			generation: opened,
		};
	}
}

const changeOf = (
	before: Breaker,
	after: Breaker,
	reason: string | undefined,
): 'created' | 'extended' | 'dismissed' | 'ended' | undefined => {
	if (after.phase === 'open') {
		const isNew = before.phase !== 'open' || before.opened !== after.opened || before.cause !== after.cause;
		return isNew ? 'created' : before.untilMs === after.untilMs ? undefined : 'extended';
	}

	// What a probe made half-open has ended already.
	if (before.phase !== 'open') {
		return undefined;
	}

	return reason === undefined ? 'ended' : 'dismissed';
};
