import {periodOf, rangeNames, type RangeName} from '../../observe/usage/calendar.ts';
import type {UsageQuestion} from '../../observe/usage/usage-source.ts';
import {groupings, type Grouping, type UsageRow, type UsageView} from '../../observe/usage/usage-view.ts';
import type {ScreenState} from './screen-state.ts';
import {sortUsage, usageSorts, type UsageSort} from './usage-rows.ts';

/* The page Usage: what is asked, in which order the answer is shown, and what keys do to both. */

/** The page Usage. */
export interface UsagePageState {
	readonly range: RangeName;
	readonly grouping: Grouping;
	readonly sort: UsageSort;
	readonly isReversed: boolean;
	/** The last answer; it may be to the question before. */
	readonly view: UsageView | undefined;
	/** Why there is no answer. */
	readonly notice: string | undefined;
}

/** Who answers; on the machine of the engine that is `UsageSource.look`. */
export type LookUsage = (question: UsageQuestion) => Promise<UsageView>;

/** The page as it opens first. */
export const initialUsagePage: UsagePageState = {
	range: 'today',
	grouping: 'provider',
	sort: 'size',
	isReversed: false,
	view: undefined,
	notice: undefined,
};

/** What the page asks now. */
export const usageQuestionOf = ({usagePage: {range, grouping}, nowMs}: ScreenState): UsageQuestion => ({
	period: periodOf(range, nowMs),
	grouping,
});

/** Changes the page; its rows follow. */
export const withUsage = (state: ScreenState, change: Partial<UsagePageState>): ScreenState => {
	const usagePage = {...state.usagePage, ...change};
	const {view, sort, isReversed} = usagePage;
	return {...state, usagePage, usage: sortUsage(view?.rows ?? [], sort, isReversed)};
};

const stepped = <Name extends string>(names: readonly Name[], from: Name, step: 1 | -1): Name =>
	names[(names.indexOf(from) + step + names.length) % names.length] ?? from;

/** The next longer range, or with -1 the next shorter one; both ends stay. */
export const stepRange = (state: ScreenState, step: 1 | -1): ScreenState => {
	const at = rangeNames.indexOf(state.usagePage.range) + step;
	return withUsage(state, {range: rangeNames[Math.max(0, Math.min(at, rangeNames.length - 1))] ?? 'today'});
};

/** Makes the rows by something else. */
export const groupBy = (state: ScreenState, grouping: Grouping): ScreenState => ({
	...withUsage(state, {grouping, sort: 'size', isReversed: false}),
	lists: {...state.lists, usage: {selectedKey: undefined, filter: ''}},
	detailTop: 0,
});

/** Makes the rows by the next thing, or with -1 by the one before. */
export const stepGrouping = (state: ScreenState, step: 1 | -1): ScreenState =>
	groupBy(state, stepped(groupings, state.usagePage.grouping, step));

/** Sorts by the next column. */
export const stepSort = (state: ScreenState): ScreenState =>
	withUsage(state, {sort: stepped(usageSorts, state.usagePage.sort, 1)});

const filterFields: Readonly<Partial<Record<Grouping, string>>> = {
	provider: 'provider',
	model: 'model',
	session: 'session',
};

/** The filter of the page Requests that shows what a row is made of; undefined where no filter can say it. */
export const requestsFilterOf = (state: ScreenState, row: UsageRow | undefined): string | undefined => {
	const field = filterFields[state.usagePage.view?.grouping ?? state.usagePage.grouping];
	return field === undefined || row === undefined || row.key === '' || /\s/.test(row.label)
		? undefined
		: `${field}:${row.label}`;
};
