import {isJsonObject, parseJsonObject, type JsonObject} from './json-value.ts';
import {momentInTextMs, spanMs, waitInTextMs} from './retry-after-text.ts';

/*
 * How long an upstream asks us to wait, in every spelling known (codex-helper.md 2.4; watchdog.md 4). It only reads: how much of it is
 * honoured is decided by the breaker and by the retry decision.
 */

/** What an upstream's refusal says about the wait. Header names in lower case; `body` is its text as far as it was kept. */
export interface Refusal {
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
	/** The wall clock, milliseconds since the epoch. */
	readonly nowMs: number;
	/** The answer's status; healthy windows of rate limits stand beside every answer, so that they count for refusals only. */
	readonly status?: number | undefined;
}

/** A stated wait. */
export interface StatedWait {
	/** Milliseconds from now, at least 0. */
	readonly ms: number;
	/** It is when a used-up quota or window begins anew, not a request for patience: it is not capped (routing.md 5). */
	readonly isQuotaReset: boolean;
	readonly source: 'header' | 'limit-header' | 'body' | 'text';
}

/** Monthly windows are the longest that providers have; a longer wait is a broken clock or a jest. */
const longestBelievedMs = 32 * 86_400_000;

/** A wait that can be meant: a finite one up to 32 days; below 0 (a moment that has passed) it is 0. */
const believed = (ms: number | undefined): number | undefined =>
	ms === undefined || !Number.isFinite(ms) || ms > longestBelievedMs ? undefined : Math.max(0, Math.ceil(ms));

const headerOf = (headers: Refusal['headers'], name: string): string | undefined => {
	const value = headers[name];
	return typeof value === 'string' ? value.trim() : value?.[0]?.trim();
};

const plainNumber = /^\d+(?:\.\d+)?$/;

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

/** Smaller numbers are a count of seconds; no clock of an upstream stands before 1973. */
const earliestEpochSeconds = 1e8;
const earliestEpochMs = 1e11;

/** A reset as numbers tell it: epoch milliseconds, epoch seconds, or seconds from now. */
const fromNumber = (value: number, nowMs: number): number | undefined => {
	if (value >= earliestEpochMs) {
		return value - nowMs;
	}

	return value >= earliestEpochSeconds ? value * 1000 - nowMs : value < 0 ? undefined : value * 1000;
};

/** A reset in any form: a number, a number in a string, a span (`6m0s`) or a date; milliseconds from now. */
const resetMs = (value: unknown, nowMs: number): number | undefined => {
	if (typeof value === 'number') {
		return believed(fromNumber(value, nowMs));
	}

	if (typeof value !== 'string') {
		return undefined;
	}

	const text = value.trim();
	if (plainNumber.test(text)) {
		return believed(fromNumber(Number(text), nowMs));
	}

	return believed(spanMs(text) ?? (/^\d{4}-\d{2}|^[a-z]{3},/i.test(text) ? Date.parse(text) - nowMs : undefined));
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

type Reading = 'milliseconds' | 'seconds' | 'reset';

/** Field names without `_`, `-` and capitals, in the order of their precision. */
const fields: ReadonlyArray<{readonly name: string; readonly reading: Reading; readonly isQuotaReset: boolean}> = [
	{name: 'retryafterms', reading: 'milliseconds', isQuotaReset: false},
	{name: 'resetsinseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'resetseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'resetinseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'resetafterseconds', reading: 'seconds', isQuotaReset: true},
	{name: 'quotaresetdelay', reading: 'seconds', isQuotaReset: true},
	{name: 'retryafter', reading: 'seconds', isQuotaReset: false},
	{name: 'retryafterseconds', reading: 'seconds', isQuotaReset: false},
	{name: 'retryafterraw', reading: 'seconds', isQuotaReset: false},
	{name: 'retrydelay', reading: 'seconds', isQuotaReset: false},
	{name: 'cooldownseconds', reading: 'seconds', isQuotaReset: false},
	{name: 'resetsat', reading: 'reset', isQuotaReset: true},
	{name: 'resetat', reading: 'reset', isQuotaReset: true},
	{name: 'resettime', reading: 'reset', isQuotaReset: true},
	{name: 'quotaresettimestamp', reading: 'reset', isQuotaReset: true},
];

/** Where errors nest other errors; the walk enters nothing else, since a body may quote the request. */
const nests: ReadonlySet<string> = new Set([
	'error',
	'errors',
	'detail',
	'details',
	'metadata',
	'response',
	'data',
	'raw',
	'cause',
	'upstream_error',
	'headers',
]);

const deepest = 6;

/** A body's objects from the outside in, through arrays and through JSON in strings (`{"message": "{\"error\": …}"}`). */
const objectsIn = (value: unknown, depth = 0): readonly JsonObject[] => {
	if (depth > deepest) {
		return [];
	}

	if (typeof value === 'string') {
		const start = value.indexOf('{');
		const json = start === -1 ? undefined : parseJsonObject(value.slice(start, value.lastIndexOf('}') + 1));
		return json === undefined ? [] : objectsIn(json, depth + 1);
	}

	if (Array.isArray(value)) {
		return value.slice(0, 20).flatMap(item => objectsIn(item, depth + 1));
	}

	if (!isJsonObject(value)) {
		return [];
	}

	const inner = Object.entries(value).filter(([name]) => nests.has(name) || name === 'message');
	return [value, ...inner.flatMap(([, nested]) => objectsIn(nested, depth + 1))];
};

/** `{seconds: "12"}` is how protocol buffers print a span where it is no string. */
const amountOf = (value: unknown): unknown => (isJsonObject(value) && 'seconds' in value ? value['seconds'] : value);

const readField = (value: unknown, reading: Reading, nowMs: number): number | undefined => {
	const amount = amountOf(value);
	if (reading === 'reset') {
		return resetMs(amount, nowMs);
	}

	const number = typeof amount === 'string' && plainNumber.test(amount.trim()) ? Number(amount) : amount;
	if (typeof number === 'number') {
		return number < 0 ? undefined : believed(reading === 'milliseconds' ? number : number * 1000);
	}

	return typeof number === 'string' ? (believed(spanMs(number)) ?? resetMs(number, nowMs)) : undefined;
};

const plainName = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();

const fieldWait = (objects: readonly JsonObject[], nowMs: number): StatedWait | undefined => {
	const named = objects.flatMap(object =>
		Object.entries(object).map(([name, value]) => [plainName(name), value] as const),
	);
	for (const {name, reading, isQuotaReset} of fields) {
		for (const [, value] of named.filter(([candidate]) => candidate === name)) {
			const ms = readField(value, reading, nowMs);
			if (ms !== undefined) {
				return {ms, isQuotaReset, source: 'body'};
			}
		}
	}

	return undefined;
};

/** The wait in a sentence, milliseconds from now: {@link waitInTextMs}, where it can be believed. */
export const retryAfterTextMs = (text: string): number | undefined => believed(waitInTextMs(text));

const quotaWords = /quota|usage limit|credit|额度|配额|限额|套餐/i;

const textWait = (text: string, nowMs: number): StatedWait | undefined => {
	const spanWaitMs = retryAfterTextMs(text);
	const atMs = spanWaitMs === undefined ? momentInTextMs(text) : undefined;
	const ms = spanWaitMs ?? believed(atMs === undefined ? undefined : atMs - nowMs);
	return ms === undefined ? undefined : {ms, isQuotaReset: quotaWords.test(text), source: 'text'};
};

const sentenceFields: ReadonlySet<string> = new Set([
	'message',
	'msg',
	'detail',
	'error',
	'errormessage',
	'errormsg',
	'errordescription',
	'statusmsg',
	'description',
	'reason',
]);

/** The sentences of an error; a failed response also holds the user's instructions and the answer so far, and those say nothing of us. */
const sentencesIn = (objects: readonly JsonObject[]): readonly string[] =>
	objects.flatMap(object =>
		Object.entries(object).flatMap(([name, value]) =>
			typeof value === 'string' && sentenceFields.has(plainName(name)) ? [value] : [],
		),
	);

const sentenceWait = (sentences: readonly string[], nowMs: number): StatedWait | undefined => {
	for (const sentence of sentences) {
		const wait = textWait(sentence, nowMs);
		if (wait !== undefined) {
			return wait;
		}
	}

	return undefined;
};

/** The wait that a body states: in a field of it, of its `error` or of its `details`, in any spelling, else in its text. */
export const bodyWait = (body: string, nowMs: number): StatedWait | undefined => {
	const objects = objectsIn(body);
	return fieldWait(objects, nowMs) ?? sentenceWait(objects.length === 0 ? [body] : sentencesIn(objects), nowMs);
};

/** The milliseconds of {@link bodyWait}. */
export const retryAfterBodyMs = (body: string, nowMs: number): number | undefined => bodyWait(body, nowMs)?.ms;

/**
 * How long an upstream asks us to wait: `retry-after` first, then its body, then the headers of its limits; undefined when it does not
 * say. A quota's reset goes before a shorter `retry-after`: the patience that a gateway asks for does not refill an account.
 */
export const readWait = (refusal: Refusal): StatedWait | undefined => {
	const headerMs = retryAfterHeaderMs(refusal);
	const body = bodyWait(refusal.body, refusal.nowMs);
	const limit = limitHeaderWait(refusal);
	const reset = [body, limit].find(wait => wait?.isQuotaReset === true);
	if (headerMs === undefined) {
		return reset ?? body ?? limit;
	}

	const isReset = reset !== undefined && reset.ms >= headerMs;
	return isReset ? reset : {ms: headerMs, isQuotaReset: false, source: 'header'};
};

/** The milliseconds of {@link readWait}. */
export const readRetryAfterMs = (refusal: Refusal): number | undefined => readWait(refusal)?.ms;
