import {auxiliaryKind, findServedPath, isAuxiliary} from '../../identify/paths.ts';
import type {CandidateHealth, PlanHealth} from '../../route/inputs.ts';
import {candidateKey} from './candidate-entry.ts';

/** What an upstream stated when it refused a call beside the conversation. */
export interface StatedLimit {
	readonly reason: string;
	readonly retryAfterMs: number | undefined;
	/** The cooldown of such a refusal where nothing was stated. */
	readonly baseMs: number;
}

interface Cooldown {
	readonly reason: string;
	/** Monotonic: a clock that is set moves nothing. */
	readonly untilMs: number;
}

/** Longer waits are asked about once in this time: what such a call is refused for says little of when it is served again. */
const longestMs = 600_000;

const mostCooldowns = 1000;

/**
 * The limits of calls beside the conversation (see `isAuxiliary`), by candidate and kind of call. Upstreams limit these on their own
 * (Anthropic counts the rates of count_tokens and of messages independently), so a refusal of one keeps no turn away and no other kind;
 * but who states a Retry-After is not asked for the same before it is over (routing.md 5). Kept in memory: they are short.
 */
export class AuxiliaryLimits {
	readonly #monotonic: () => number;
	readonly #cooldowns = new Map<string, Cooldown>();

	constructor(monotonic: () => number) {
		this.#monotonic = monotonic;
	}

	/** A call was refused with a limit. Of two times the later one holds. */
	limited(
		at: {readonly endpointKey: string; readonly account: string; readonly relative: string},
		{reason, retryAfterMs, baseMs}: StatedLimit,
	): void {
		const key = keyOf(at.endpointKey, at.account, auxiliaryKind(at.relative));
		const untilMs = this.#monotonic() + Math.min(retryAfterMs ?? baseMs, longestMs);
		if (untilMs > (this.#cooldowns.get(key)?.untilMs ?? 0)) {
			this.#forgetOld();
			this.#cooldowns.set(key, {reason, untilMs});
		}
	}

	/** The same look-up with the limits that hold for a call of this path, which is the client's; `nowMs` is wall-clock. */
	over(of: PlanHealth['of'], path: string, nowMs: number): PlanHealth['of'] {
		const served = this.#cooldowns.size === 0 ? undefined : findServedPath(path);
		if (served === undefined || !isAuxiliary(served)) {
			return of;
		}

		const kind = auxiliaryKind(served.relative);
		// Read once: a plan is made of one moment.
		const monotonicMs = this.#monotonic();
		return (endpointKey, account, model) => {
			const health = of(endpointKey, account, model);
			const cooldown = this.#cooldowns.get(keyOf(endpointKey, account, kind));
			const leftMs = cooldown === undefined ? 0 : cooldown.untilMs - monotonicMs;
			return cooldown === undefined || leftMs <= 0 ? health : cooledDown(health, cooldown.reason, nowMs + leftMs);
		};
	}

	#forgetOld(): void {
		const nowMs = this.#monotonic();
		for (const [key, {untilMs}] of this.#cooldowns) {
			if (untilMs <= nowMs || this.#cooldowns.size >= mostCooldowns) {
				this.#cooldowns.delete(key);
			}
		}
	}
}

const keyOf = (endpointKey: string, account: string, kind: string): string =>
	`${candidateKey(endpointKey, account)} ${kind}`;

/** A breaker that is open already says more. */
const cooledDown = (health: CandidateHealth, reason: string, untilMs: number): CandidateHealth =>
	health.phase === 'open' ? health : {...health, phase: 'open', cause: 'limit', isProbing: false, reason, untilMs};
