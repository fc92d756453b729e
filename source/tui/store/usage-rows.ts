import {allTokens, errorsOf} from '../../observe/usage/tally.ts';
import type {UsageRow} from '../../observe/usage/usage-view.ts';
import {parseFilter, type FilterFields} from './filter.ts';

/* Sorting and filtering the rows of usage, the same for the page and the command. */

/** What rows are sorted by; `size`: tokens, for days and hours their time, for errors their number. */
export const usageSorts = ['size', 'cost', 'requests', 'errors', 'name'] as const;

/** One of {@link usageSorts}. */
export type UsageSort = (typeof usageSorts)[number];

/** What a filter may ask of a row; `cost` in dollars. */
export const usageFields: readonly string[] = ['name', 'about', 'requests', 'tokens', 'cost', 'errors'];

/** What a filter sees of a row; an unknown cost is larger and smaller than nothing. */
export const usageFieldsOf = ({label, about, tally}: UsageRow): FilterFields => ({
	name: label,
	about,
	requests: tally.requests,
	tokens: allTokens(tally),
	cost: tally.priced === 0 ? undefined : tally.nanoUsd / 1e9,
	errors: errorsOf(tally),
});

type Order = (left: UsageRow, right: UsageRow) => number;

const orders: Readonly<Record<Exclude<UsageSort, 'size'>, Order>> = {
	cost: (left, right) => right.tally.nanoUsd - left.tally.nanoUsd,
	requests: (left, right) => right.tally.requests - left.tally.requests,
	errors: (left, right) => errorsOf(right.tally) - errorsOf(left.tally),
	name: (left, right) => left.label.localeCompare(right.label),
};

/** The rows in another order than the view's own, the largest or the first name in front. */
export const sortUsage = (rows: readonly UsageRow[], sort: UsageSort, isReversed: boolean): readonly UsageRow[] => {
	const ordered =
		sort === 'size'
			? rows
			: rows.toSorted((left, right) => orders[sort](left, right) || allTokens(right.tally) - allTokens(left.tally));
	return isReversed ? ordered.toReversed() : ordered;
};

/** The rows that a filter lets through; `problem` says what is wrong with it. */
export const filterUsage = (
	rows: readonly UsageRow[],
	text: string,
): {readonly rows: readonly UsageRow[]; readonly problem: string | undefined} => {
	const {matches, problem} = parseFilter(text, usageFields);
	return {rows: rows.filter(row => matches(usageFieldsOf(row))), problem};
};
