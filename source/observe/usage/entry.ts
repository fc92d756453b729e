import {at, isRecord, numberAt, textAt} from '../../base/json.ts';
import {sanitizeLine} from '../../base/sanitize.ts';
import type {TokenUsage} from '../../wire/usage.ts';
import {allTokens, type Ending, emptyTally, type Tally} from './tally.ts';

/* One line of `requests.jsonl` as something that can be counted. Lines are read leniently: older and foreign ones lack fields. */

/** What a request's cost is asked with. */
export interface CostAsk {
	readonly usage: TokenUsage;
	/** Names under which the upstream may have billed, the likeliest first. */
	readonly models: readonly string[];
	/** `service_tier` as it was billed. */
	readonly tier: string | undefined;
	readonly endpointKey: string;
	/** Responses and Chat count cached tokens inside the input, Messages beside it. */
	readonly isCachedInsideInput: boolean;
}

/** Whole nanodollars; undefined where nobody knows the price. `isPartial`: something of it could not be priced. */
export interface CostAnswer {
	readonly nanoUsd: number | undefined;
	readonly isPartial: boolean;
}

/** Prices are not this folder's: whoever reads the ledger brings them. */
export type PriceCost = (ask: CostAsk) => CostAnswer;

/** An attempt that failed at an upstream. */
export interface FailedTry {
	readonly endpointKey: string;
	/** For example `status-429`. */
	readonly code: string;
	/** The client got this failure; otherwise another attempt hid it. */
	readonly isSeen: boolean;
}

/** One request, ready to be counted. Names are fit for a terminal; an empty one is not known. */
export interface UsageEntry {
	readonly atMs: number;
	readonly endpointKey: string;
	readonly model: string;
	readonly session: string;
	/** The client's working directory. */
	readonly cwd: string;
	readonly tally: Tally;
	readonly failures: readonly FailedTry[];
}

const modelPath = /\/(?:responses|responses\/compact|chat\/completions|messages)$/;

const longestName = 200;

/** Names stand on screens and in keys: one line, and no longer than anybody's name. */
const name = (text: string | undefined): string => (text === undefined ? '' : sanitizeLine(text).slice(0, longestName));

/** No answer has more tokens; an upstream that says so must not spoil all sums. */
const mostTokens = 1e12;

/** No request takes longer than a month, as little. */
const mostMs = 31 * 24 * 3_600_000;

const millis = (value: number): number => Math.max(0, Math.min(mostMs, value));

const count = (value: unknown, field: string): number | undefined => {
	const number = numberAt(value, 'usage', field);
	return number === undefined ? undefined : Math.max(0, Math.min(mostTokens, Math.round(number)));
};

const usageOf = (record: unknown): TokenUsage => ({
	inputTokens: count(record, 'input_tokens'),
	outputTokens: count(record, 'output_tokens'),
	totalTokens: count(record, 'total_tokens'),
	cachedInputTokens: count(record, 'cached_input_tokens') ?? count(record, 'cache_read_input_tokens'),
	cacheCreationInputTokens: count(record, 'cache_creation_input_tokens'),
	reasoningTokens: count(record, 'reasoning_tokens') ?? count(record, 'reasoning_output_tokens'),
});

const endingOf = (record: unknown, status: number): Ending => {
	const outcome = textAt(record, 'outcome') ?? (status < 400 ? 'success' : 'failed');
	if (outcome === 'success') {
		return 'ok';
	}

	if (outcome === 'cancelled' || outcome === 'cut') {
		return outcome;
	}

	return status === 429 ? 'limited' : status >= 400 && status < 500 ? 'refused' : 'failed';
};

const addTokens = (tally: Tally, usage: TokenUsage, isCachedInsideInput: boolean): void => {
	const {inputTokens = 0, outputTokens = 0, cachedInputTokens = 0, cacheCreationInputTokens = 0} = usage;
	const cacheRead = isCachedInsideInput ? Math.min(cachedInputTokens, inputTokens) : cachedInputTokens;
	const cacheWrite = isCachedInsideInput
		? Math.min(cacheCreationInputTokens, inputTokens - cacheRead)
		: cacheCreationInputTokens;
	tally.cacheRead = cacheRead;
	tally.cacheWrite = cacheWrite;
	tally.input = isCachedInsideInput ? inputTokens - cacheRead - cacheWrite : inputTokens;
	tally.output = outputTokens;
	tally.reasoning = usage.reasoningTokens ?? 0;
};

/** A tenth of the time for the answer, and thousands of tokens a second: then the first byte came late, and the whole time counts. */
const addRate = (tally: Tally, ttfbMs: number | undefined): void => {
	const generationMs = tally.durationMs - (ttfbMs ?? 0);
	const isAbsurd = generationMs < tally.durationMs / 10 && tally.output > generationMs;
	tally.generationMs = tally.output === 0 ? 0 : isAbsurd ? tally.durationMs : generationMs;
	tally.generatedTokens = tally.output;
};

/** How the answer of a ledger record was billed. */
export const billedOf = (record: unknown): Pick<CostAsk, 'models' | 'tier'> => {
	const names = [
		textAt(record, 'actual_model'),
		textAt(record, 'route_decision', 'effective_model', 'value') ?? textAt(record, 'model'),
	];
	return {
		models: names.filter(model => model !== undefined),
		tier: textAt(record, 'service_tier', 'actual') ?? textAt(record, 'service_tier', 'effective'),
	};
};

const addCost = (tally: Tally, answer: CostAnswer): void => {
	if (answer.nanoUsd === undefined) {
		tally.unpriced = 1;
		return;
	}

	tally.nanoUsd = answer.nanoUsd;
	tally.priced = 1;
	tally.partlyPriced = answer.isPartial ? 1 : 0;
};

const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
	const found = at(value, ...path);
	return Array.isArray(found) ? found : [];
};

const failuresOf = (record: unknown, ending: Ending): readonly FailedTry[] => {
	const isError = ending !== 'ok' && ending !== 'cancelled';
	const tries = listAt(record, 'retry', 'route_attempts').flatMap((attempt): readonly FailedTry[] => {
		const decision = textAt(attempt, 'decision') ?? '';
		const code = name(textAt(attempt, 'code')) || 'unknown';
		const isSeen = isError && at(attempt, 'discarded') !== true;
		return decision.startsWith('failed')
			? [{endpointKey: name(textAt(attempt, 'provider_endpoint_key')), code, isSeen}]
			: [];
	});
	return !isError || tries.some(({isSeen}) => isSeen)
		? tries
		: [...tries, {endpointKey: '', code: name(textAt(record, 'ending')) || ending, isSeen: true}];
};

/** A sum of its own: what such tokens cost is not known, since nobody says whether a stream that broke off is billed. */
const discardedTokens = (record: unknown, isCachedInsideInput: boolean): number =>
	listAt(record, 'retry', 'route_attempts').reduce((sum: number, attempt) => {
		const tally = emptyTally();
		addTokens(tally, usageOf(attempt), isCachedInsideInput);
		return sum + allTokens(tally);
	}, 0);

const endpointOf = (record: unknown): string => {
	const service = textAt(record, 'service') ?? 'codex';
	const provider = textAt(record, 'provider_id') ?? textAt(record, 'config_name') ?? textAt(record, 'station_name');
	const key = textAt(record, 'provider_endpoint_key');
	return name(key ?? (provider === undefined ? undefined : `${service}/${provider}/default`));
};

/** The request of a parsed line; undefined where it is no record of a request. */
export const readEntry = (record: unknown, price: PriceCost): UsageEntry | undefined => {
	const atMs = numberAt(record, 'timestamp_ms');
	const status = numberAt(record, 'status_code');
	if (!isRecord(record) || atMs === undefined || status === undefined || !Number.isFinite(new Date(atMs).getTime())) {
		return undefined;
	}

	const tally = emptyTally();
	const ending = endingOf(record, status);
	const told = numberAt(record, 'ttfb_ms');
	const ttfbMs = told === undefined ? undefined : millis(told);
	const usage = usageOf(record);
	const isModelCall = modelPath.test(textAt(record, 'path') ?? '');
	const isCachedInsideInput = textAt(record, 'service') !== 'claude';
	tally.requests = 1;
	tally.endings[ending] = 1;
	tally.retried = (numberAt(record, 'retry', 'attempts') ?? 1) > 1 ? 1 : 0;
	tally.durationMs = millis(numberAt(record, 'duration_ms') ?? 0);
	tally.ttfbMs = ttfbMs ?? 0;
	tally.ttfbs = ttfbMs === undefined ? 0 : 1;
	addTokens(tally, usage, isCachedInsideInput);
	addRate(tally, ttfbMs);
	tally.discarded = discardedTokens(record, isCachedInsideInput);
	const hasUsage = usage.inputTokens !== undefined || usage.outputTokens !== undefined;
	// What was begun to be answered may be billed, also where the client left; a prewarm asks for no answer.
	const isAnswer =
		isModelCall && textAt(record, 'request_kind') !== 'prewarm' && (ending === 'ok' || ttfbMs !== undefined);
	tally.answers = hasUsage || isAnswer ? 1 : 0;
	tally.withUsage = hasUsage ? 1 : 0;
	const {models, tier} = billedOf(record);
	const endpointKey = endpointOf(record);
	if (hasUsage) {
		addCost(tally, price({usage, models, tier, endpointKey, isCachedInsideInput}));
	}

	return {
		...{atMs, endpointKey, tally},
		model: name(models.at(-1)),
		session: name(textAt(record, 'session_id')),
		cwd: name(textAt(record, 'cwd')),
		failures: failuresOf(record, ending),
	};
};
