import {describe, expect, test} from 'vitest';
import {parseConfig} from '../../source/config/load.ts';
import {parseStatusList, type RetryConfig} from '../../source/config/retry.ts';

const read = (text: string): RetryConfig => parseConfig(`version = 5\n${text}`, {path: 'c.toml', env: {}}).retry;
const profile = (name: string): RetryConfig => read(`[retry]\nprofile = "${name}"`);

const classes = {
	upstream: [
		'upstream_transport_error',
		'cloudflare_timeout',
		'cloudflare_challenge',
		'upstream_rate_limited',
		'upstream_overloaded',
	],
	provider: [
		'upstream_transport_error',
		'routing_mismatch_capability',
		'image_generation_missing_result',
		'upstream_rate_limited',
		'upstream_overloaded',
	],
};

const balanced = {
	upstream: {
		maxAttempts: 2,
		backoffMs: 200,
		backoffMaxMs: 2000,
		jitterMs: 100,
		onStatus: [429, [500, 502], [504, 528], [530, 599]],
		onClass: classes.upstream,
	},
	provider: {
		maxAttempts: 2,
		backoffMs: 0,
		backoffMaxMs: 0,
		jitterMs: 0,
		onStatus: [401, 403, 404, 408, 429, [500, 599]],
		onClass: classes.provider,
	},
	neverOnStatus: [413, 415, 422],
	neverOnClass: ['client_error_non_retryable'],
	cloudflareChallengeCooldownMs: 300_000,
	cloudflareTimeoutCooldownMs: 60_000,
	transportCooldownMs: 30_000,
	cooldownFactor: 1,
	cooldownMaxMs: 600_000,
	sends: 8,
	windowMs: 60_000,
};

const short = (ranges: RetryConfig['neverOnStatus']): unknown =>
	ranges.map(({from, to}) => (from === to ? from : [from, to]));

const plain = ({stated, profile: name, ...retry}: RetryConfig): unknown => {
	expect([...stated]).toEqual(stated.size === 0 ? [] : ['profile']);
	expect(name).toMatch(/./);
	return {
		...retry,
		upstream: {...retry.upstream, onStatus: short(retry.upstream.onStatus)},
		provider: {...retry.provider, onStatus: short(retry.provider.onStatus)},
		neverOnStatus: short(retry.neverOnStatus),
	};
};

describe('each retry profile resolves to its column', () => {
	test('balanced, which no section and no profile mean too', () => {
		expect(plain(read(''))).toEqual(balanced);
		expect(plain(read('[retry]'))).toEqual(balanced);
		expect(plain(profile('balanced'))).toEqual(balanced);
	});

	test('same-upstream', () => {
		expect(plain(profile('same-upstream'))).toEqual({
			...balanced,
			upstream: {...balanced.upstream, maxAttempts: 3},
			provider: {...balanced.provider, maxAttempts: 1},
		});
	});

	test('aggressive-failover', () => {
		expect(plain(profile('aggressive-failover'))).toEqual({
			...balanced,
			upstream: {...balanced.upstream, backoffMaxMs: 2500, jitterMs: 150},
			provider: {
				...balanced.provider,
				maxAttempts: 3,
				onClass: classes.provider.filter(name => !name.startsWith('image_')),
			},
		});
	});

	test('cost-primary', () => {
		expect(plain(profile('cost-primary'))).toEqual({...balanced, cooldownFactor: 2, cooldownMaxMs: 900_000});
	});
});

test('explicit keys override the profile, are clamped and are known as stated', () => {
	const retry = read(`[retry]
profile = "cost-primary"
never_on_status = "400"
never_on_class = []
cloudflare_challenge_cooldown_secs = 1
cloudflare_timeout_cooldown_secs = 2
transport_cooldown_secs = 3
cooldown_backoff_factor = 99
cooldown_backoff_max_secs = 999999
allow_cross_station_before_first_output = true
sends = 12
window_ms = 5000
[retry.upstream]
max_attempts = 20
backoff_ms = 3000
strategy = "same_upstream"
[retry.provider]
max_attempts = 0
on_status = "500"
on_class = ["upstream_overloaded"]
jitter_ms = 7
`);
	expect(retry).toMatchObject({
		profile: 'cost-primary',
		neverOnStatus: [{from: 400, to: 400}],
		neverOnClass: [],
		cloudflareChallengeCooldownMs: 1000,
		cloudflareTimeoutCooldownMs: 2000,
		transportCooldownMs: 3000,
		cooldownFactor: 16,
		cooldownMaxMs: 86_400_000,
		sends: 12,
		windowMs: 5000,
		upstream: {maxAttempts: 8, backoffMs: 3000, backoffMaxMs: 3000},
		provider: {maxAttempts: 1, onStatus: [{from: 500, to: 500}], onClass: ['upstream_overloaded'], jitterMs: 7},
	});
	expect(retry.stated.has('provider.max_attempts')).toBe(true);
	expect(retry.stated.has('upstream.on_status')).toBe(false);
	expect(profile('same-upstream').stated).toEqual(new Set(['profile']));
});

test('a status list takes codes, ranges and blanks, and leaves bad items out', () => {
	expect(parseStatusList(' 429 , 500 - 502,x,700,99,503-501,,52')).toEqual([
		{from: 429, to: 429},
		{from: 500, to: 502},
	]);
});

test.each([
	['[retry]\nprofile = "brave"', 'config-value', 3, 'takes one of balanced, same-upstream'],
	['[retry]\nsends = 0', 'config-value', 3, 'takes a whole number from 1 to 64'],
	['[retry]\nnever_on_status = 400', 'config-type', 3, 'takes a string'],
	['[retry.upstream]\nmax_attempts = "2"', 'config-type', 3, 'retry.upstream.max_attempts is a string'],
	[
		'[retry]\nsends = 2\n[retry.provider]\nmax_attempts = 5',
		'config-retry',
		3,
		'retry.sends is 2, less than the 5 of retry.provider.max_attempts',
	],
])('%j is refused', (...[text, code, line, sentence]) => {
	expect(() => read(text)).toThrow(expect.objectContaining({code, line, message: expect.stringContaining(sentence)}));
});
