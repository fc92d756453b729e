import {isRecord} from '../../base/json.ts';
import type {BalanceReading, UsageModelStat, UsageWindow} from '../../wire/balance.ts';
import {readBalanceAmounts} from './amounts.ts';
import {type BalanceAnswer, type BalanceResult, nothingFound} from './kind.ts';
import {
	alsoInData,
	amountOf,
	firstAt,
	flagOf,
	momentOf,
	type ReadValue,
	roundUsd,
	textOf,
	valueAtPath,
} from './paths.ts';
import {relayBalanceTable} from './tables.ts';

/*
 * `sub2api_usage` (codex-helper.md 1.11): one endpoint, three modes. `quota_limited` counts a key's quota and rate windows, `unrestricted` with a
 * subscription counts daily, weekly and monthly dollars, everything else is a wallet.
 */

const periods: ReadonlyArray<{readonly name: string; readonly lengthMs: number}> = [
	{name: 'daily', lengthMs: 86_400_000},
	{name: 'weekly', lengthMs: 7 * 86_400_000},
	{name: 'monthly', lengthMs: 30 * 86_400_000},
];

const at = <Value>(json: unknown, path: string, read: ReadValue<Value>): Value | undefined =>
	firstAt(json, alsoInData([path]), read);

const left = (limit: number | undefined, used: number | undefined): number | undefined =>
	limit === undefined || used === undefined ? undefined : roundUsd(Math.max(0, limit - used));

/**
 * sub2api clears a window when the next request comes, not when it ends: until then the old window's usage stands there. It is over where its
 * start is a window's length ago, or where nothing was used today while the day's usage is not zero.
 */
const isLeftOver = (json: unknown, period: (typeof periods)[number], nowMs: number): boolean => {
	const startMs = at(json, `subscription.${period.name}_window_start`, momentOf);
	if (startMs !== undefined) {
		return nowMs - startMs >= period.lengthMs;
	}

	const today = firstAt(
		json,
		alsoInData(['usage.today.total_cost_usd', 'usage.today.total_cost', 'usage.today.cost']),
		amountOf,
	);
	return period.name === 'daily' && today === 0;
};

const subscriptionWindow = (
	json: unknown,
	period: (typeof periods)[number],
	nowMs: number,
): UsageWindow | undefined => {
	const usedUsd = at(json, `subscription.${period.name}_usage_usd`, amountOf);
	const limitUsd = at(json, `subscription.${period.name}_limit_usd`, amountOf);
	if (usedUsd === undefined && limitUsd === undefined) {
		return undefined;
	}

	const used = isLeftOver(json, period, nowMs) ? 0 : (usedUsd ?? 0);
	const isUnlimited = limitUsd === undefined || limitUsd === 0;
	return {
		period: period.name,
		usedUsd: used,
		limitUsd: isUnlimited ? undefined : limitUsd,
		remainingUsd: isUnlimited ? undefined : left(limitUsd, used),
		resetsAtMs: at(json, `subscription.${period.name}_window_resets_at`, momentOf),
		isUnlimited,
	};
};

const rateWindow = (entry: unknown, nowMs: number): UsageWindow | undefined => {
	const window = textOf(valueAtPath(entry, 'window'));
	if (window === undefined) {
		return undefined;
	}

	const limitUsd = amountOf(valueAtPath(entry, 'limit'));
	const usedUsd = amountOf(valueAtPath(entry, 'used'));
	const resetsAtMs = momentOf(valueAtPath(entry, 'reset_at'));
	const hasReset = resetsAtMs !== undefined && resetsAtMs <= nowMs;
	const stated = amountOf(valueAtPath(entry, 'remaining')) ?? left(limitUsd, usedUsd);
	return {
		period: `rate_limit:${window}`,
		usedUsd: hasReset ? 0 : usedUsd,
		limitUsd,
		remainingUsd: hasReset ? limitUsd : stated,
		resetsAtMs: hasReset ? undefined : resetsAtMs,
		isUnlimited: limitUsd === undefined || limitUsd === 0,
	};
};

const listAt = (json: unknown, paths: readonly string[]): readonly unknown[] =>
	firstAt(json, alsoInData(paths), value => (Array.isArray(value) ? (value as readonly unknown[]) : undefined)) ?? [];

const rateWindows = (json: unknown, nowMs: number): readonly UsageWindow[] =>
	listAt(json, ['rate_limits'])
		.map(entry => rateWindow(entry, nowMs))
		.filter(window => window !== undefined);

const quotaWindow = ({json, rules}: BalanceAnswer): UsageWindow | undefined => {
	const limitUsd = firstAt(json, [...rules.budgetPaths, ...alsoInData(['quota.limit'])], amountOf);
	const usedUsd = firstAt(json, [...rules.spentPaths, ...alsoInData(['quota.used'])], amountOf);
	const remainingUsd =
		firstAt(json, [...rules.remainingPaths, ...alsoInData(['quota.remaining'])], amountOf) ?? left(limitUsd, usedUsd);
	return limitUsd === undefined && usedUsd === undefined && remainingUsd === undefined
		? undefined
		: {period: 'quota', usedUsd, limitUsd, remainingUsd, resetsAtMs: undefined, isUnlimited: false};
};

/** Which share of a window is left; one without a limit counts only when it is empty. */
const shareLeft = ({limitUsd, remainingUsd = 0}: UsageWindow): number => {
	if (remainingUsd <= 0) {
		return 0;
	}

	return limitUsd === undefined || limitUsd <= 0 ? Number.POSITIVE_INFINITY : remainingUsd / limitUsd;
};

/** The window that ends first: an empty one before all, then the smallest share that is left; windows without a limit do not count. */
export const tightestWindow = (windows: readonly UsageWindow[]): UsageWindow | undefined =>
	windows
		.filter(window => !window.isUnlimited && window.remainingUsd !== undefined)
		.reduce<UsageWindow | undefined>(
			(best, window) => (best === undefined || shareLeft(window) < shareLeft(best) ? window : best),
			undefined,
		);

const exhaustedPaths = alsoInData(['exhausted', 'quota_exhausted']);

const statedFlag = ({json, rules}: BalanceAnswer): boolean | undefined =>
	firstAt(json, [...rules.exhaustedPaths, ...exhaustedPaths], flagOf);

const windowed = (answer: BalanceAnswer, windows: readonly UsageWindow[]): BalanceReading => {
	const quota = tightestWindow(windows);
	return {
		windows,
		quota,
		monthlyBudgetUsd: quota?.limitUsd,
		monthlySpentUsd: quota?.usedUsd,
		isExhausted: statedFlag(answer) ?? (quota?.remainingUsd !== undefined && quota.remainingUsd <= 0),
		isUnlimited: windows.length > 0 && windows.every(window => window.isUnlimited) ? true : undefined,
	};
};

const modelStat = (entry: unknown): UsageModelStat | undefined => {
	const model = firstAt(entry, ['model', 'model_name', 'name'], textOf);
	return model === undefined
		? undefined
		: {
				model,
				requests: firstAt(entry, ['request_count', 'requests', 'count'], amountOf),
				inputTokens: firstAt(entry, ['input_tokens', 'prompt_tokens'], amountOf),
				outputTokens: firstAt(entry, ['output_tokens', 'completion_tokens'], amountOf),
				totalTokens: firstAt(entry, ['total_tokens', 'tokens'], amountOf),
				costUsd: firstAt(entry, ['total_cost_usd', 'total_cost', 'cost', 'actual_cost'], amountOf),
			};
};

/** More models than this on one key say nothing to a person. */
const mostModels = 50;

const rateOf = (json: unknown): BalanceReading['rate'] => {
	const rate = {
		rpm: firstAt(json, alsoInData(['usage.rpm', 'rpm']), amountOf),
		tpm: firstAt(json, alsoInData(['usage.tpm', 'tpm']), amountOf),
		averageMs: firstAt(json, alsoInData(['usage.average_duration_ms', 'average_duration_ms']), amountOf),
	};
	return Object.values(rate).some(value => value !== undefined) ? rate : undefined;
};

const usageFields = (json: unknown): BalanceReading => {
	const count = (span: string, names: readonly string[]): number | undefined =>
		firstAt(json, alsoInData(names.map(name => `usage.${span}.${name}`)), amountOf);
	const costs = ['total_cost_usd', 'total_cost', 'cost'];
	const requests = ['request_count', 'requests', 'count'];
	const tokens = ['total_tokens', 'tokens'];
	return {
		planName: firstAt(json, alsoInData(['planName', 'plan_name']), textOf),
		totalUsedUsd: count('total', costs),
		todayUsedUsd: count('today', costs),
		totalRequests: count('total', requests),
		todayRequests: count('today', requests),
		totalTokens: count('total', tokens),
		todayTokens: count('today', tokens),
		subscriptionExpiresAtMs: firstAt(json, alsoInData(['subscription.expires_at', 'subscription.expiresAt']), momentOf),
		rate: rateOf(json),
		modelStats: listAt(json, ['model_stats', 'modelStats'])
			.slice(0, mostModels)
			.map(modelStat)
			.filter(stat => stat !== undefined),
	};
};

const byMode = (answer: BalanceAnswer): BalanceReading | undefined => {
	const {json, nowMs, rules} = answer;
	const mode = at(json, 'mode', textOf);
	if (mode === 'quota_limited') {
		const windows = [quotaWindow(answer), ...rateWindows(json, nowMs)].filter(window => window !== undefined);
		return windows.length === 0 ? undefined : windowed(answer, windows);
	}

	if (mode === 'unrestricted' && at(json, 'subscription', value => (isRecord(value) ? value : undefined))) {
		return windowed(
			answer,
			periods.map(period => subscriptionWindow(json, period, nowMs)).filter(window => window !== undefined),
		);
	}

	return readBalanceAmounts(json, relayBalanceTable, rules);
};

/** Reads `GET /v1/usage` of sub2api in any of its modes. `isValid: false` is a fault: the key, not the quota, is the trouble. */
export const readSub2apiUsage = (answer: BalanceAnswer): BalanceResult => {
	if (at(answer.json, 'isValid', flagOf) === false) {
		return {kind: 'fault', text: 'invalid API key (isValid is false)'};
	}

	const reading = byMode(answer);
	return reading === undefined
		? nothingFound('sub2api_usage')
		: {kind: 'reading', reading: {...usageFields(answer.json), ...dropUndefined(reading)}};
};

/** Without the members that say nothing, so that they do not hide what another part said. */
const dropUndefined = (reading: BalanceReading): BalanceReading =>
	Object.fromEntries(Object.entries(reading).filter(([, value]) => value !== undefined));
