import type {BalanceReading, UsageWindow} from '../../wire/balance.ts';
import type {ExtractRules} from './extract.ts';
import {alsoInData, amountOf, firstAt, flagOf, roundUsd, textOf} from './paths.ts';

/* The reader of every kind whose answer is a handful of amounts: which member means what is a table, one per kind. */

/** Where a kind's amounts stand; each path is also looked for below `data`. */
export interface AmountTable {
	readonly remaining: readonly string[];
	readonly subscription: readonly string[];
	readonly paygo: readonly string[];
	readonly budget: readonly string[];
	readonly spent: readonly string[];
	readonly exhausted: readonly string[];
	readonly unlimited: readonly string[];
	readonly planName: readonly string[];
	/** What one dollar is in the answer's numbers. */
	readonly divisor: number;
	/** The budget is what is left plus what was spent, where the answer has none. */
	readonly derivesBudget: boolean;
	/** What exhausts it: nothing left, a budget that is spent, or nothing at all. */
	readonly exhaustedBy: 'nothing-left' | 'budget-spent';
	/** The name of the window that the amounts are about; undefined: a wallet, not a window. */
	readonly period: string | undefined;
}

/** An empty table to fill in. */
export const emptyTable: AmountTable = {
	remaining: [],
	subscription: [],
	paygo: [],
	budget: [],
	spent: [],
	exhausted: ['exhausted', 'quota_exhausted', 'balance_exhausted'],
	unlimited: [],
	planName: [],
	divisor: 1,
	derivesBudget: false,
	exhaustedBy: 'nothing-left',
	period: undefined,
};

interface Amounts {
	readonly remaining: number | undefined;
	readonly subscription: number | undefined;
	readonly paygo: number | undefined;
	readonly budget: number | undefined;
	readonly spent: number | undefined;
}

const sum = (left: number | undefined, right: number | undefined): number | undefined =>
	left === undefined || right === undefined ? (left ?? right) : roundUsd(left + right);

const readAmounts = (json: unknown, table: AmountTable, rules: ExtractRules): Amounts => {
	const read = (own: readonly string[], known: readonly string[], divisor: number | undefined): number | undefined => {
		const amount = firstAt(json, [...own, ...alsoInData(known)], amountOf);
		return amount === undefined ? undefined : roundUsd(amount / (divisor ?? table.divisor));
	};

	return {
		remaining: read(rules.remainingPaths, table.remaining, rules.remainingDivisor),
		subscription: read(rules.subscriptionPaths, table.subscription, rules.remainingDivisor),
		paygo: read(rules.paygoPaths, table.paygo, rules.remainingDivisor),
		budget: read(rules.budgetPaths, table.budget, rules.budgetDivisor),
		spent: read(rules.spentPaths, table.spent, rules.spentDivisor),
	};
};

const leftOf = (amounts: Amounts, rules: ExtractRules): number | undefined => {
	const stated = amounts.remaining ?? sum(amounts.subscription, amounts.paygo);
	const {budget, spent} = amounts;
	return stated === undefined && rules.derivesRemaining && budget !== undefined && spent !== undefined
		? roundUsd(Math.max(0, budget - spent))
		: stated;
};

const isSpent = (left: number | undefined, {budget, spent}: Amounts, table: AmountTable): boolean | undefined => {
	if (table.exhaustedBy === 'nothing-left') {
		return left === undefined ? undefined : left <= 0;
	}

	return budget === undefined || spent === undefined ? undefined : budget > 0 && spent >= budget;
};

const windowOf = (period: string, left: number | undefined, {budget, spent}: Amounts): UsageWindow => ({
	period,
	usedUsd: spent,
	limitUsd: budget,
	remainingUsd: left,
	resetsAtMs: undefined,
	isUnlimited: false,
});

/** What an answer says by a kind's table and the user's rules; undefined where no amount and no flag was found in it. */
export const readBalanceAmounts = (
	json: unknown,
	table: AmountTable,
	rules: ExtractRules,
): BalanceReading | undefined => {
	const found = readAmounts(json, table, rules);
	const left = leftOf(found, rules);
	const isBudgetDerived = table.derivesBudget || rules.derivesBudget;
	const amounts = {...found, budget: found.budget ?? (isBudgetDerived ? deriveBudget(left, found.spent) : undefined)};
	const flag = firstAt(json, [...rules.exhaustedPaths, ...alsoInData(table.exhausted)], flagOf);
	const isUnlimited = firstAt(json, alsoInData(table.unlimited), flagOf);
	const isEmpty = Object.values(amounts).every(amount => amount === undefined);
	if (isEmpty && flag === undefined && isUnlimited !== true) {
		return undefined;
	}

	const isQuota = table.period !== undefined && isUnlimited !== true;
	return {
		planName: firstAt(json, alsoInData(table.planName), textOf),
		totalBalanceUsd: isUnlimited === true || isQuota ? undefined : left,
		subscriptionBalanceUsd: amounts.subscription,
		paygoBalanceUsd: amounts.paygo,
		monthlyBudgetUsd: isUnlimited === true ? undefined : amounts.budget,
		monthlySpentUsd: amounts.spent,
		isUnlimited,
		isExhausted: isUnlimited === true ? false : (flag ?? isSpent(left, amounts, table)),
		quota: isQuota && table.period !== undefined ? windowOf(table.period, left, amounts) : undefined,
	};
};

const deriveBudget = (left: number | undefined, spent: number | undefined): number | undefined =>
	left === undefined || spent === undefined ? undefined : roundUsd(left + spent);
