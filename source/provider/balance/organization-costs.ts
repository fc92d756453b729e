import {type BalanceAnswer, type BalanceResult, nothingFound} from './kind.ts';
import {amountOf, roundUsd, textOf, valueAtPath} from './paths.ts';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

/**
 * `openai_organization_costs` (codex-helper.md 1.11): the sum of `data[].results[].amount.value` in dollars is what was spent. It has no limit to
 * compare with, so it never exhausts.
 */
export const readOrganizationCosts = ({json}: BalanceAnswer): BalanceResult => {
	const buckets = valueAtPath(json, 'data');
	if (!Array.isArray(buckets)) {
		return nothingFound('openai_organization_costs');
	}

	const spent = listOf(buckets)
		.flatMap(bucket => listOf(valueAtPath(bucket, 'results')))
		.filter(result => (textOf(valueAtPath(result, 'amount.currency')) ?? 'usd').toLowerCase() === 'usd')
		.reduce((total: number, result) => total + (amountOf(valueAtPath(result, 'amount.value')) ?? 0), 0);
	return {kind: 'reading', reading: {monthlySpentUsd: roundUsd(spent), isExhausted: false}};
};
