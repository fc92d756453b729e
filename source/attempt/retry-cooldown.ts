import type {Fault} from './classify/error-class.ts';

/** The cooldowns of the `[retry]` section (codex-helper.md 1.7); undefined where the file does not state one. */
export interface RetryCooldowns {
	readonly cloudflareChallengeMs: number | undefined;
	readonly cloudflareTimeoutMs: number | undefined;
	readonly transportMs: number | undefined;
	/** 1 to 16: what each failure in a row multiplies the cooldown with. */
	readonly backoffFactor: number | undefined;
	/** No cooldown is longer, but for a spent quota. */
	readonly maxMs: number | undefined;
}

/** What the breaker takes of a configuration. */
export interface Cooldown {
	readonly baseMs: number;
	readonly factor: number | undefined;
	readonly maxMs: number | undefined;
}

/** The cooldown of one failure: what the file states for its class, else the class's own base. */
export const cooldownOf = (
	failure: {readonly fault?: Fault | undefined; readonly baseMs: number},
	cooldowns: RetryCooldowns,
): Cooldown => ({
	baseMs: statedBaseMs(failure.fault, cooldowns) ?? failure.baseMs,
	factor: cooldowns.backoffFactor,
	maxMs: cooldowns.maxMs,
});

const statedBaseMs = (fault: Fault | undefined, cooldowns: RetryCooldowns): number | undefined => {
	switch (fault?.errorClass) {
		case 'cloudflare_challenge': {
			return cooldowns.cloudflareChallengeMs;
		}

		case 'cloudflare_timeout': {
			return cooldowns.cloudflareTimeoutMs;
		}

		case 'upstream_transport_error': {
			return cooldowns.transportMs;
		}

		default: {
			return undefined;
		}
	}
};
