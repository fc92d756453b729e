import {describe, expect, test} from 'vitest';
import {retryCooldownsOf, retryRulesOf, type ResolvedRetry} from '../../source/attempt/retry-config.ts';

const layer = {backoffMs: 200, backoffMaxMs: 2000, jitterMs: 100, onStatus: [{from: 500, to: 599}], onClass: ['x']};
const resolved = (stated: readonly string[], changed: Partial<ResolvedRetry> = {}): ResolvedRetry => ({
	stated: new Set(stated),
	upstream: {...layer, maxAttempts: 2},
	provider: {...layer, maxAttempts: 3},
	neverOnStatus: [{from: 413, to: 413}],
	neverOnClass: ['client_error_non_retryable'],
	cloudflareChallengeCooldownMs: 300_000,
	cloudflareTimeoutCooldownMs: 60_000,
	transportCooldownMs: 30_000,
	cooldownFactor: 1,
	cooldownMaxMs: 600_000,
	...changed,
});

describe('the rules', () => {
	test.for<[readonly string[], number, number | undefined, boolean]>([
		[[], 1, undefined, false],
		[['profile'], 2, undefined, false],
		[['upstream.on_status'], 2, undefined, false],
		[['never_on_status'], 1, undefined, false],
		[['provider.max_attempts'], 1, 3, false],
		[['provider.backoff_ms'], 1, undefined, false],
		[['provider.on_class'], 1, undefined, true],
		[['provider.on_status'], 1, undefined, true],
	])('of a file that states %j', ([stated, here, candidates, isStated]) => {
		const rules = retryRulesOf(resolved(stated));
		expect(rules).toMatchObject({upstream: {maxAttempts: here}, provider: {maxAttempts: candidates, isStated}});
		expect(rules).toMatchObject({neverOnStatus: [{from: 413, to: 413}], neverOnClass: ['client_error_non_retryable']});
	});
});

describe('the cooldowns', () => {
	test('of a silent file are the breaker’s own', () => {
		expect(Object.values(retryCooldownsOf(resolved([]))).every(value => value === undefined)).toBe(true);
	});

	test('are what the file states, key by key', () => {
		const stated = ['cloudflare_challenge_cooldown_secs', 'transport_cooldown_secs', 'cooldown_backoff_factor'];
		expect(retryCooldownsOf(resolved(stated))).toEqual({
			cloudflareChallengeMs: 300_000,
			cloudflareTimeoutMs: undefined,
			transportMs: 30_000,
			backoffFactor: 1,
			maxMs: undefined,
		});
	});

	test('row 49: cost-primary doubles up to 900 s', () => {
		const profile = resolved(['profile'], {cooldownFactor: 2, cooldownMaxMs: 900_000});
		expect(retryCooldownsOf(profile)).toMatchObject({backoffFactor: 2, maxMs: 900_000});
		expect(retryCooldownsOf(resolved(['profile'])).backoffFactor).toBeUndefined();
	});
});
