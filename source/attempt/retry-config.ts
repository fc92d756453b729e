import type {RetryCooldowns} from './retry-cooldown.ts';
import type {RetryLayer, RetryRules, StatusRange} from './retry-rules.ts';

/** A `[retry]` section as the configuration resolves it: the profile's values with the file's over them. Times in milliseconds. */
export interface ResolvedRetry {
	/** The keys that the file states itself: `profile`, `upstream.max_attempts`, `cooldown_backoff_factor`, … */
	readonly stated: ReadonlySet<string>;
	readonly upstream: RetryLayer & {readonly maxAttempts: number};
	readonly provider: RetryLayer & {readonly maxAttempts: number};
	readonly neverOnStatus: readonly StatusRange[];
	readonly neverOnClass: readonly string[];
	readonly cloudflareChallengeCooldownMs: number;
	readonly cloudflareTimeoutCooldownMs: number;
	readonly transportCooldownMs: number;
	readonly cooldownFactor: number;
	readonly cooldownMaxMs: number;
}

/**
 * The rules of a section. Without it each candidate is tried once, so that the attempts of a layer hold only where the file speaks of them: the
 * same endpoint again for a stated profile or any key of `[retry.upstream]`, the number of candidates for its own key alone (routing.md 5).
 */
export const retryRulesOf = (retry: ResolvedRetry): RetryRules => {
	const {stated, upstream, provider} = retry;
	const hasRepeats = stated.has('profile') || [...stated].some(key => key.startsWith('upstream.'));
	return {
		upstream: {...upstream, maxAttempts: hasRepeats ? upstream.maxAttempts : 1},
		provider: {
			...provider,
			maxAttempts: stated.has('provider.max_attempts') ? provider.maxAttempts : undefined,
			isStated: stated.has('provider.on_status') || stated.has('provider.on_class'),
		},
		neverOnStatus: retry.neverOnStatus,
		neverOnClass: retry.neverOnClass,
	};
};

/** The cooldowns of a section: only what the file states, or a profile that it names; the rest is the breaker's own (watchdog.md 4). */
export const retryCooldownsOf = (retry: ResolvedRetry): RetryCooldowns => {
	const ifStated = (key: string, value: number): number | undefined => (retry.stated.has(key) ? value : undefined);
	// "No growth" is what most profiles leave unsaid; it holds where the file says it.
	const isGrowing = retry.stated.has('cooldown_backoff_factor') || retry.cooldownFactor > 1;
	return {
		cloudflareChallengeMs: ifStated('cloudflare_challenge_cooldown_secs', retry.cloudflareChallengeCooldownMs),
		cloudflareTimeoutMs: ifStated('cloudflare_timeout_cooldown_secs', retry.cloudflareTimeoutCooldownMs),
		transportMs: ifStated('transport_cooldown_secs', retry.transportCooldownMs),
		backoffFactor: isGrowing ? retry.cooldownFactor : undefined,
		maxMs: ifStated('cooldown_backoff_max_secs', retry.cooldownMaxMs) ?? ifStated('profile', retry.cooldownMaxMs),
	};
};
