import type {UsageWindow} from '../../wire/balance.ts';
import {type BalanceAnswer, type BalanceResult, nothingFound} from './kind.ts';
import {amountOf, flagOf, roundUsd, textOf, valueAtPath} from './paths.ts';
import {withoutVersion} from './template.ts';

/* `rightcode_account_summary` (codex-helper.md 1.11): one account, several subscriptions, each for some path prefixes of the relay. */

interface Subscription {
	readonly name: string | undefined;
	readonly limitUsd: number;
	readonly remainingUsd: number;
}

const pathOf = (baseUrl: string): string => {
	const path = URL.canParse(baseUrl) ? new URL(withoutVersion(baseUrl)).pathname : '';
	return path.replace(/\/+$/, '');
};

const coversPath = (prefix: unknown, path: string): boolean => {
	const clean = textOf(prefix)?.replace(/\/+$/, '');
	return clean !== undefined && (path === clean || path.startsWith(`${clean}/`));
};

const readSubscription = (entry: unknown, path: string): Subscription | undefined => {
	const prefixes = valueAtPath(entry, 'available_prefixes');
	const limitUsd = amountOf(valueAtPath(entry, 'total_quota'));
	const storedUsd = amountOf(valueAtPath(entry, 'remaining_quota'));
	if (!Array.isArray(prefixes) || !prefixes.some(prefix => coversPath(prefix, path))) {
		return undefined;
	}

	if (limitUsd === undefined || limitUsd <= 0 || storedUsd === undefined) {
		return undefined;
	}

	// Until the day's reset was booked, its quota comes on top of what is stored.
	const hasReset = flagOf(valueAtPath(entry, 'reset_today')) === true;
	return {
		name: textOf(valueAtPath(entry, 'name')),
		limitUsd,
		remainingUsd: hasReset ? storedUsd : roundUsd(storedUsd + limitUsd),
	};
};

const windowOf = (subscriptions: readonly Subscription[]): UsageWindow => {
	const limitUsd = roundUsd(subscriptions.reduce((total, {limitUsd: limit}) => total + limit, 0));
	const remainingUsd = roundUsd(subscriptions.reduce((total, {remainingUsd: rest}) => total + rest, 0));
	return {
		period: 'daily',
		usedUsd: roundUsd(Math.max(0, limitUsd - remainingUsd)),
		limitUsd,
		remainingUsd,
		resetsAtMs: undefined,
		isUnlimited: false,
	};
};

/** Reads the account summary: the wallet and the subscriptions whose prefix is a whole part of the endpoint's path. */
export const readRightcode = ({json, baseUrl}: BalanceAnswer): BalanceResult => {
	const balance = amountOf(valueAtPath(json, 'balance'));
	const listed = valueAtPath(json, 'subscriptions');
	const path = pathOf(baseUrl);
	const subscriptions = (Array.isArray(listed) ? (listed as readonly unknown[]) : [])
		.map(entry => readSubscription(entry, path))
		.filter(entry => entry !== undefined);
	if (balance === undefined && subscriptions.length === 0) {
		return nothingFound('rightcode_account_summary');
	}

	const quota = subscriptions.length === 0 ? undefined : windowOf(subscriptions);
	const names = new Set(subscriptions.map(({name}) => name).filter(name => name !== undefined));
	return {
		kind: 'reading',
		reading: {
			planName: names.size === 0 ? undefined : [...names].join(', '),
			totalBalanceUsd: balance,
			quota,
			windows: quota === undefined ? [] : [quota],
			isExhausted: (quota?.remainingUsd ?? 0) <= 0 && (balance ?? 0) <= 0,
		},
	};
};
