import {limits} from '../wire/limits.ts';
import {retryProfiles, type RetryProfileName, type RetryTable} from './retry-profiles.ts';
import type {Section} from './section.ts';

/* The section `[retry]`: codex-helper.md 1.7 with routing.md 5's budgets. The profile first, explicit keys over it. */

/** Statuses from `from` to `to`, both included. */
export interface StatusRange {
	readonly from: number;
	readonly to: number;
}

/** `[retry.upstream]`, the same endpoint again, or `[retry.provider]`, the next candidate. */
export interface RetryLayerConfig {
	/** Sends to one endpoint, or candidates tried; 1 to 8. */
	readonly maxAttempts: number;
	readonly backoffMs: number;
	/** Never below `backoffMs`. */
	readonly backoffMaxMs: number;
	readonly jitterMs: number;
	readonly onStatus: readonly StatusRange[];
	/** Signal names, such as `upstream_transport_error`. */
	readonly onClass: readonly string[];
}

/** The whole section, resolved. */
export interface RetryConfig {
	readonly profile: RetryProfileName;
	/** The keys that the file itself states, as `provider.max_attempts`; routing.md 5 gives some of them effect only then. */
	readonly stated: ReadonlySet<string>;
	readonly upstream: RetryLayerConfig;
	readonly provider: RetryLayerConfig;
	readonly neverOnStatus: readonly StatusRange[];
	readonly neverOnClass: readonly string[];
	readonly cloudflareChallengeCooldownMs: number;
	readonly cloudflareTimeoutCooldownMs: number;
	readonly transportCooldownMs: number;
	/** 1 to 16. */
	readonly cooldownFactor: number;
	/** 0 to a day. */
	readonly cooldownMaxMs: number;
	/** Sends that one request may cost in all. */
	readonly sends: number;
	/** No send is begun later than this after a request's first failure. */
	readonly windowMs: number;
}

/** The words of `retry.profile`. */
export const retryProfileNames = [
	'balanced',
	'same-upstream',
	'aggressive-failover',
	'cost-primary',
] as const satisfies readonly RetryProfileName[];

const daySeconds = 86_400;
const anyCount = [0, 4_294_967_295] as const;
const layerKeys = ['max_attempts', 'backoff_ms', 'backoff_max_ms', 'jitter_ms', 'on_status', 'on_class', 'strategy'];

/** A comma list of codes and ranges, blanks allowed; what is neither is left out (codex-helper.md 1.7). */
export const parseStatusList = (text: string): readonly StatusRange[] =>
	text.split(',').flatMap(item => {
		const match = /^\s*(\d{3})\s*(?:-\s*(\d{3})\s*)?$/.exec(item);
		const from = Number(match?.[1]);
		const to = match?.[2] === undefined ? from : Number(match[2]);
		return match !== null && from >= 100 && from <= to && to <= 599 ? [{from, to}] : [];
	});

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

const count = (section: Section | undefined, key: string): number | undefined => section?.integer(key, anyCount);

const readStatuses = (section: Section | undefined, key: string, usual: string): readonly StatusRange[] =>
	parseStatusList(section?.string(key) ?? usual);

const readLayer = (section: Section | undefined, usual: RetryTable['upstream']): RetryLayerConfig => {
	// With a route graph it changes nothing (codex-helper.md 1.7); only its type is checked.
	section?.string('strategy');
	const backoffMs = count(section, 'backoff_ms') ?? usual.backoffMs;
	return {
		maxAttempts: clamp(count(section, 'max_attempts') ?? usual.maxAttempts, 1, 8),
		backoffMs,
		backoffMaxMs: Math.max(backoffMs, count(section, 'backoff_max_ms') ?? usual.backoffMaxMs),
		jitterMs: count(section, 'jitter_ms') ?? usual.jitterMs,
		onStatus: readStatuses(section, 'on_status', usual.onStatus),
		onClass: section?.stringList('on_class') ?? usual.onClass,
	};
};

const statedKeys = (section: Section | undefined): ReadonlySet<string> => {
	const layers = ['upstream', 'provider'].flatMap(name => {
		const layer = section?.table(name);
		return layerKeys.filter(key => layer?.has(key) === true).map(key => `${name}.${key}`);
	});
	return new Set([...(section?.names() ?? []).filter(name => name !== 'upstream' && name !== 'provider'), ...layers]);
};

/** Only where the file states both: `sends` is ours, the attempts are codex-helper's. */
const checkBudgets = (section: Section, retry: RetryConfig): void => {
	for (const layer of ['upstream', 'provider'] as const) {
		const {maxAttempts} = retry[layer];
		if (retry.stated.has('sends') && retry.stated.has(`${layer}.max_attempts`) && maxAttempts > retry.sends) {
			throw section.error(
				'config-retry',
				`is ${retry.sends}, less than the ${maxAttempts} of retry.${layer}.max_attempts; raise one or lower the other.`,
				'sends',
			);
		}
	}
};

/**
 * Reads `[retry]`; numbers beyond codex-helper's bounds are clamped as it does. Throws `ConfigError`: `config-value`, `config-type`, and
 * `config-retry` for budgets that contradict each other.
 */
export const readRetry = (section: Section | undefined): RetryConfig => {
	const profile = section?.choice('profile', retryProfileNames) ?? 'balanced';
	const usual = retryProfiles[profile];
	const seconds = (key: string, usually: number): number => 1000 * clamp(count(section, key) ?? usually, 0, daySeconds);
	const retry: RetryConfig = {
		profile,
		stated: statedKeys(section),
		upstream: readLayer(section?.table('upstream'), usual.upstream),
		provider: readLayer(section?.table('provider'), usual.provider),
		neverOnStatus: readStatuses(section, 'never_on_status', usual.neverOnStatus),
		neverOnClass: section?.stringList('never_on_class') ?? usual.neverOnClass,
		cloudflareChallengeCooldownMs: seconds('cloudflare_challenge_cooldown_secs', 300),
		cloudflareTimeoutCooldownMs: seconds('cloudflare_timeout_cooldown_secs', 60),
		transportCooldownMs: seconds('transport_cooldown_secs', 30),
		cooldownFactor: clamp(count(section, 'cooldown_backoff_factor') ?? usual.cooldownFactor, 1, 16),
		cooldownMaxMs: seconds('cooldown_backoff_max_secs', usual.cooldownMaxSeconds),
		sends: section?.integer('sends', [1, 64]) ?? limits.sends,
		windowMs: section?.integer('window_ms', [0, 600_000]) ?? limits.retryWindowMs,
	};
	section?.boolean('allow_cross_station_before_first_output');
	if (section !== undefined) {
		checkBudgets(section, retry);
	}

	return retry;
};

/** What holds for a file without the section. */
export const defaultRetry: RetryConfig = readRetry(undefined);
