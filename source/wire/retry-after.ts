import {isJsonObject, numberField, objectField, parseJsonObject, type JsonObject} from './json-value.ts';

/** What an upstream's refusal says about the wait. Header names in lower case; `body` is its text as far as it was kept. */
export interface Refusal {
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
	/** The wall clock, milliseconds since the epoch. */
	readonly nowMs: number;
}

const headerOf = (headers: Refusal['headers'], name: string): string | undefined => {
	const value = headers[name];
	return typeof value === 'string' ? value.trim() : value?.[0]?.trim();
};

const plainNumber = /^\d+(?:\.\d+)?$/;

/**
 * `retry-after` (RFC 9110, 10.2.3: seconds or an HTTP date) or `retry-after-ms` as milliseconds from now; a date that
 * has passed is 0. Undefined where both are missing or unreadable.
 */
export const retryAfterHeaderMs = ({headers, nowMs}: Omit<Refusal, 'body'>): number | undefined => {
	const milliseconds = headerOf(headers, 'retry-after-ms');
	if (milliseconds !== undefined && plainNumber.test(milliseconds)) {
		return Math.ceil(Number(milliseconds));
	}

	const value = headerOf(headers, 'retry-after');
	if (value === undefined) {
		return undefined;
	}

	if (plainNumber.test(value)) {
		return Math.ceil(Number(value) * 1000);
	}

	const atMs = Date.parse(value);
	return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
};

/** Milliseconds in one of each unit; the longer spellings come first so that `ms` is not read as `m`. */
const units: ReadonlyArray<{readonly name: RegExp; readonly ms: number}> = [
	{name: /^(?:ms|msecs?|milliseconds?)$/, ms: 1},
	{name: /^(?:s|secs?|seconds?)$/, ms: 1000},
	{name: /^(?:m|mins?|minutes?)$/, ms: 60_000},
	{name: /^(?:h|hrs?|hours?)$/, ms: 3_600_000},
	{name: /^(?:d|days?)$/, ms: 86_400_000},
];

const tryAgainPattern =
	/(?:try again in|retry (?:after|in))\s+((?:\d{1,9}(?:\.\d{1,9})?\s{0,2}[a-z]{1,12}[\s,]{0,2}){1,5})/i;
const spanPattern = /(\d{1,9}(?:\.\d{1,9})?)\s{0,2}([a-z]{1,12})/gi;
/** No provider's sentence is longer; a longer text is a page. */
const longestText = 16 * 1024;

/** The wait in a sentence such as `try again in 1.5s`, `… in 20ms`, `… in 1m3s`, `retry after 5 minutes`; undefined without one. */
export const retryAfterTextMs = (text: string): number | undefined => {
	const spans = tryAgainPattern.exec(text.slice(0, longestText))?.[1];
	if (spans === undefined) {
		return undefined;
	}

	let totalMs: number | undefined;
	for (const [, amount, name = ''] of spans.matchAll(spanPattern)) {
		const unit = units.find(candidate => candidate.name.test(name.toLowerCase()));
		// The first word that is no unit starts the rest of the sentence.
		if (unit === undefined) {
			break;
		}

		totalMs = (totalMs ?? 0) + Number(amount) * unit.ms;
	}

	return totalMs === undefined ? undefined : Math.ceil(totalMs);
};

/** A point in time that a body states, as wall-clock milliseconds. Ten digits are seconds, thirteen milliseconds. */
const momentMs = (value: unknown): number | undefined => {
	if (typeof value === 'number' && Number.isFinite(value)) {
		return value > 1e11 ? value : value * 1000;
	}

	const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
	return Number.isNaN(atMs) ? undefined : atMs;
};

const fieldsMs = (json: JsonObject, nowMs: number): number | undefined => {
	const seconds = numberField(json, 'resets_in_seconds') ?? numberField(json, 'retry_after');
	if (seconds !== undefined) {
		return Math.max(0, Math.ceil(seconds * 1000));
	}

	const atMs = momentMs(json['resets_at']);
	return atMs === undefined ? undefined : Math.max(0, Math.ceil(atMs - nowMs));
};

/** `resets_in_seconds`, `resets_at` or `retry_after` in a body or in its `error`, else the wait in its text. */
export const retryAfterBodyMs = (body: string, nowMs: number): number | undefined => {
	const json = parseJsonObject(body);
	const stated = isJsonObject(json)
		? (fieldsMs(json, nowMs) ?? fieldsMs(objectField(json, 'error'), nowMs))
		: undefined;
	return stated ?? retryAfterTextMs(body);
};

/** How long an upstream asks us to wait, milliseconds from now: its headers first, then its body; undefined when it does not say. */
export const readRetryAfterMs = (refusal: Refusal): number | undefined =>
	retryAfterHeaderMs(refusal) ?? retryAfterBodyMs(refusal.body, refusal.nowMs);
