/*
 * What is known of an account's money and quotas (codex-helper.md 3.6, "Balance snapshot"). Plain values that events, the control API and
 * the adapters share. Amounts are US dollars as the upstream states them: shown and compared, never added up into costs.
 */

/** One quota window of a plan: `daily`, `weekly`, `monthly`, `quota`, `token`, `rate_limit:5h`, … */
export interface UsageWindow {
	readonly period: string;
	readonly usedUsd: number | undefined;
	readonly limitUsd: number | undefined;
	readonly remainingUsd: number | undefined;
	readonly resetsAtMs: number | undefined;
	readonly isUnlimited: boolean;
}

/** What the upstream says about the requests of one model. */
export interface UsageModelStat {
	readonly model: string;
	readonly requests: number | undefined;
	readonly inputTokens: number | undefined;
	readonly outputTokens: number | undefined;
	readonly totalTokens: number | undefined;
	readonly costUsd: number | undefined;
}

/** What one answer of a balance endpoint said; undefined where it said nothing. */
export interface BalanceReading {
	readonly planName?: string | undefined;
	readonly totalBalanceUsd?: number | undefined;
	readonly subscriptionBalanceUsd?: number | undefined;
	readonly paygoBalanceUsd?: number | undefined;
	readonly monthlyBudgetUsd?: number | undefined;
	readonly monthlySpentUsd?: number | undefined;
	readonly isUnlimited?: boolean | undefined;
	/** Undefined: the answer does not tell. */
	readonly isExhausted?: boolean | undefined;
	/** The window that ends first, and the one that exhaustion is about. */
	readonly quota?: UsageWindow | undefined;
	readonly windows?: readonly UsageWindow[] | undefined;
	readonly totalUsedUsd?: number | undefined;
	readonly todayUsedUsd?: number | undefined;
	readonly totalRequests?: number | undefined;
	readonly todayRequests?: number | undefined;
	readonly totalTokens?: number | undefined;
	readonly todayTokens?: number | undefined;
	readonly subscriptionExpiresAtMs?: number | undefined;
	readonly rate?:
		| {readonly rpm: number | undefined; readonly tpm: number | undefined; readonly averageMs: number | undefined}
		| undefined;
	readonly modelStats?: readonly UsageModelStat[] | undefined;
}

/** Why a balance is worth a look (codex-helper.md 3.6, `usage_alerts[]`); `error`: it could not be read. */
export type BalanceAlertKind =
	| 'daily_usage_80'
	| 'daily_usage_95'
	| 'low_balance'
	| 'subscription_expiring_soon'
	| 'subscription_expired'
	| 'error';

/** One alert, with a sentence for people. */
export interface BalanceAlert {
	readonly kind: BalanceAlertKind;
	readonly text: string;
}

/** `unknown`: nothing was read, which never counts as exhaustion; `stale`: it was read three intervals ago. */
export type BalanceStatus = 'unknown' | 'ok' | 'exhausted' | 'stale' | 'error';

/** The last known balance of one endpoint with one account. */
export interface BalanceSnapshot extends BalanceReading {
	readonly endpointKey: string;
	readonly account: string;
	/** The entry of `usage_providers.json`, or `auto:balance:<provider>`. */
	readonly providerId: string;
	/** `usage_provider:<kind>`; undefined while no kind has worked. */
	readonly source: string | undefined;
	readonly fetchedAtMs: number;
	readonly staleAfterMs: number;
	readonly status: BalanceStatus;
	/** Its exhaustion may demote the endpoint; never state-bound requests (routing.md 4). */
	readonly exhaustionAffectsRouting: boolean;
	readonly alerts: readonly BalanceAlert[];
	/** Why the last poll failed, one phrase without a secret. */
	readonly error: string | undefined;
	/** A terminal error: it is not asked again before this moment, unless a person does. */
	readonly suppressedUntilMs: number | undefined;
}
