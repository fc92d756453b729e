import type {BalanceAlert, BalanceReading} from '../../wire/balance.ts';

/* The alerts of codex-helper.md 3.6 and their limits of 1.11: low at 10 dollars, expiring within 7 days, 80 and 95 % of a day. */

const lowUsd = 10;
const expiringMs = 7 * 86_400_000;

const dollars = (usd: number): string => `$${usd.toFixed(2)}`;

const dailyAlert = (reading: BalanceReading): BalanceAlert | undefined => {
	const windows = [...(reading.windows ?? []), ...(reading.quota ? [reading.quota] : [])];
	const daily = windows.find(({period, isUnlimited}) => period === 'daily' && !isUnlimited);
	const {usedUsd, limitUsd} = daily ?? {};
	if (usedUsd === undefined || limitUsd === undefined || limitUsd <= 0) {
		return undefined;
	}

	const percent = Math.floor((usedUsd * 100) / limitUsd);
	const text = `${percent} % of the daily ${dollars(limitUsd)} are used`;
	if (percent >= 95) {
		return {kind: 'daily_usage_95', text};
	}

	return percent >= 80 ? {kind: 'daily_usage_80', text} : undefined;
};

const balanceAlert = ({totalBalanceUsd, isUnlimited}: BalanceReading): BalanceAlert | undefined =>
	totalBalanceUsd === undefined || isUnlimited === true || totalBalanceUsd > lowUsd
		? undefined
		: {kind: 'low_balance', text: `${dollars(totalBalanceUsd)} are left`};

const expiryAlert = ({subscriptionExpiresAtMs: atMs}: BalanceReading, nowMs: number): BalanceAlert | undefined => {
	if (atMs === undefined || atMs - nowMs > expiringMs) {
		return undefined;
	}

	const day = new Date(atMs).toISOString().slice(0, 10);
	return atMs <= nowMs
		? {kind: 'subscription_expired', text: `the subscription ended on ${day}`}
		: {kind: 'subscription_expiring_soon', text: `the subscription ends on ${day}`};
};

/** What of a reading is worth a look; `error` is added where a poll failed. */
export const alertsOf = (
	reading: BalanceReading,
	{nowMs, error}: {readonly nowMs: number; readonly error: string | undefined},
): readonly BalanceAlert[] =>
	[
		dailyAlert(reading),
		balanceAlert(reading),
		expiryAlert(reading, nowMs),
		error === undefined ? undefined : ({kind: 'error', text: error} as const),
	].filter(alert => alert !== undefined);
