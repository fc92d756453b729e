/*
 * What an upstream's headers say about its windows: `x-ratelimit-*` (OpenAI), `anthropic-ratelimit-*`, and `x-codex-*-used-percent`
 * (upstream-client.md 4; codex-wire.md). They order candidates; alone they never take one away, since relays hand on the numbers of
 * whole pools.
 */

/** The tightest window that an answer's headers name. */
export interface QuotaUse {
	/** 0 to 1. */
	readonly used: number;
	/** When the window begins anew, wall-clock milliseconds; undefined where it is not said. */
	readonly untilMs: number | undefined;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const textOf = (headers: Headers, name: string): string | undefined => {
	const value = headers[name];
	return typeof value === 'string' ? value.trim() : value?.[0]?.trim();
};

const numberOf = (headers: Headers, name: string): number | undefined => {
	const text = textOf(headers, name);
	return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
};

const spanPattern = /(\d+(?:\.\d+)?)(ms|h|m|s|d)/g;
const spanMs: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000};

/** `1s`, `6m0s`, `20ms`, bare seconds, or an RFC 3339 time; undefined where unreadable. */
const resetAtMs = (text: string | undefined, nowMs: number): number | undefined => {
	if (text === undefined || text === '') {
		return undefined;
	}

	if (/^\d+(?:\.\d+)?$/.test(text)) {
		return nowMs + Number(text) * 1000;
	}

	if (/^(?:\d+(?:\.\d+)?(?:ms|h|m|s|d))+$/.test(text)) {
		const spans = [...text.matchAll(spanPattern)];
		return nowMs + spans.reduce((sum, [, count, unit]) => sum + Number(count) * (spanMs[unit ?? ''] ?? 0), 0);
	}

	const atMs = Date.parse(text);
	return Number.isNaN(atMs) ? undefined : atMs;
};

const families: ReadonlyArray<(of: string) => {readonly limit: string; readonly left: string; readonly reset: string}> =
	[
		of => ({limit: `x-ratelimit-limit-${of}`, left: `x-ratelimit-remaining-${of}`, reset: `x-ratelimit-reset-${of}`}),
		of => ({
			limit: `anthropic-ratelimit-${of}-limit`,
			left: `anthropic-ratelimit-${of}-remaining`,
			reset: `anthropic-ratelimit-${of}-reset`,
		}),
	];

const windowNames = families.flatMap(family => ['requests', 'tokens', 'input-tokens', 'output-tokens'].map(family));

const codexWindows = ['x-codex-primary', 'x-codex-secondary'];

/** The tightest window of an answer; undefined where its headers name none. Names in lower case; `nowMs` is wall-clock. */
export const readQuotaUse = (headers: Headers, nowMs: number): QuotaUse | undefined => {
	const uses: QuotaUse[] = [];
	for (const {limit, left, reset} of windowNames) {
		const whole = numberOf(headers, limit);
		const rest = numberOf(headers, left);
		if (whole !== undefined && rest !== undefined && whole > 0) {
			uses.push({used: share(1 - rest / whole), untilMs: resetAtMs(textOf(headers, reset), nowMs)});
		}
	}

	for (const name of codexWindows) {
		const percent = numberOf(headers, `${name}-used-percent`);
		if (percent !== undefined) {
			const seconds = numberOf(headers, `${name}-reset-at`);
			uses.push({used: share(percent / 100), untilMs: seconds === undefined ? undefined : seconds * 1000});
		}
	}

	return uses.length === 0 ? undefined : uses.reduce((tightest, use) => (use.used > tightest.used ? use : tightest));
};

const share = (value: number): number => Math.min(1, Math.max(0, value));
