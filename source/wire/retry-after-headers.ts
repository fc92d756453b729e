import {spanMs} from './retry-after-text.ts';
import {believed, plainNumber, resetMs, type Refusal, type StatedWait} from './stated-wait.ts';

/* The waits in an answer's headers: the one that is asked for, and the resets of limits that are used up (watchdog.md 4). */

const headerOf = (headers: Refusal['headers'], name: string): string | undefined => {
	const value = headers[name];
	return typeof value === 'string' ? value.trim() : value?.[0]?.trim();
};

/**
 * `retry-after` (RFC 9110, 10.2.3: seconds or an HTTP date; relays also write `5s` and `250ms`) or `retry-after-ms` as milliseconds
 * from now; a date that has passed is 0. Undefined where both are missing, unreadable or beyond belief (32 days).
 */
export const retryAfterHeaderMs = ({headers, nowMs}: Omit<Refusal, 'body'>): number | undefined => {
	const milliseconds = headerOf(headers, 'retry-after-ms');
	const fromMilliseconds =
		milliseconds !== undefined && plainNumber.test(milliseconds) ? believed(Number(milliseconds)) : undefined;
	if (fromMilliseconds !== undefined) {
		return fromMilliseconds;
	}

	const value = headerOf(headers, 'retry-after');
	if (value === undefined) {
		return undefined;
	}

	if (plainNumber.test(value)) {
		return believed(Number(value) * 1000);
	}

	// `Date.parse` reads `-5` as a year.
	return believed(spanMs(value) ?? (/[a-z]{3}|\dT\d/i.test(value) ? Date.parse(value) - nowMs : undefined));
};

/** Families of limit headers: OpenAI's, Anthropic's, OpenRouter's and the IETF draft's. */
const limitFamilies: ReadonlyArray<{readonly remaining: string; readonly reset: string; readonly isQuota: boolean}> = [
	...['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap(kind => [
		{remaining: `anthropic-ratelimit-${kind}-remaining`, reset: `anthropic-ratelimit-${kind}-reset`, isQuota: false},
		{remaining: `x-ratelimit-remaining-${kind}`, reset: `x-ratelimit-reset-${kind}`, isQuota: false},
	]),
	{remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', isQuota: false},
	{remaining: 'ratelimit-remaining', reset: 'ratelimit-reset', isQuota: false},
];

/** Windows of subscriptions: a share that is used up, and when it begins anew. */
const windowFamilies: ReadonlyArray<{
	readonly used: string;
	readonly isSpent: RegExp;
	readonly resets: readonly string[];
}> = [
	...['primary', 'secondary'].map(window => ({
		used: `x-codex-${window}-used-percent`,
		isSpent: /^1\d\d(?:\.\d+)?$/,
		resets: [`x-codex-${window}-reset-after-seconds`, `x-codex-${window}-reset-at`],
	})),
	...['-5h', '-7d', ''].map(window => ({
		used: `anthropic-ratelimit-unified${window}-status`,
		isSpent: /^rejected$/i,
		resets: [`anthropic-ratelimit-unified${window}-reset`],
	})),
];

const longest = (waits: readonly (number | undefined)[]): number | undefined => {
	const known = waits.filter(wait => wait !== undefined);
	return known.length === 0 ? undefined : Math.max(...known);
};

const spentWindowMs = ({headers, nowMs}: Omit<Refusal, 'body'>): number | undefined =>
	longest(
		windowFamilies
			.filter(({used, isSpent}) => isSpent.test(headerOf(headers, used) ?? ''))
			.map(({resets}) => resets.map(name => resetMs(headerOf(headers, name), nowMs)).find(ms => ms !== undefined)),
	);

const limitMs = ({headers, nowMs}: Omit<Refusal, 'body'>): number | undefined => {
	const stated = limitFamilies
		.map(({remaining, reset}) => ({left: headerOf(headers, remaining), ms: resetMs(headerOf(headers, reset), nowMs)}))
		.filter(({ms}) => ms !== undefined);
	const spent = stated.filter(({left}) => left !== undefined && Number.parseFloat(left) <= 0);
	// Without a word on what is left, the limit that ends last is the safe one; with something left of all, it was another limit.
	const unknown = stated.filter(({left}) => left === undefined);
	return longest((spent.length > 0 ? spent : unknown).map(({ms}) => ms));
};

const refusals: ReadonlySet<number> = new Set([402, 403, 408, 429, 503, 529]);

/**
 * The reset of the limit that is used up, from `x-ratelimit-*`, `anthropic-ratelimit-*`, `ratelimit-*` and `x-codex-*`. Nothing for an
 * answer that is no refusal: those headers stand beside every answer.
 */
export const limitHeaderWait = (refusal: Omit<Refusal, 'body'>): StatedWait | undefined => {
	if (refusal.status !== undefined && !refusals.has(refusal.status)) {
		return undefined;
	}

	const windowMs = spentWindowMs(refusal);
	if (windowMs !== undefined) {
		return {ms: windowMs, isQuotaReset: true, source: 'limit-header'};
	}

	const ms = limitMs(refusal);
	return ms === undefined ? undefined : {ms, isQuotaReset: false, source: 'limit-header'};
};
