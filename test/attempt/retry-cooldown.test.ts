import {expect, test} from 'vitest';
import type {ErrorClass} from '../../source/attempt/classify/error-class.ts';
import {cooldownOf, type RetryCooldowns} from '../../source/attempt/retry-cooldown.ts';

const silent: RetryCooldowns = {
	cloudflareChallengeMs: undefined,
	cloudflareTimeoutMs: undefined,
	transportMs: undefined,
	backoffFactor: undefined,
	maxMs: undefined,
};
const stated: RetryCooldowns = {
	cloudflareChallengeMs: 1000,
	cloudflareTimeoutMs: 2000,
	transportMs: 0,
	backoffFactor: 2,
	maxMs: 900_000,
};
const failure = (errorClass: ErrorClass | undefined) =>
	({fault: {errorClass, scope: 'endpoint', confidence: 'high'}, baseMs: 30_000}) as const;

test.each([
	['cloudflare_challenge', 1000],
	['cloudflare_timeout', 2000],
	['upstream_transport_error', 0],
	['upstream_overloaded', 30_000],
	[undefined, 30_000],
] as const)('the cooldown of %s is the one that the file states', (errorClass, baseMs) => {
	expect(cooldownOf(failure(errorClass), stated)).toEqual({baseMs, factor: 2, maxMs: 900_000});
	expect(cooldownOf(failure(errorClass), silent)).toEqual({baseMs: 30_000, factor: undefined, maxMs: undefined});
});
