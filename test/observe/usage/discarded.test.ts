import {expect, test} from 'vitest';
import {usageJson} from '../../../source/command/usage-json.ts';
import {periodOf} from '../../../source/observe/usage/calendar.ts';
import {readEntry} from '../../../source/observe/usage/entry.ts';
import {defaultForecast} from '../../../source/observe/usage/forecast.ts';
import {allTokens} from '../../../source/observe/usage/tally.ts';
import {UsageBook} from '../../../source/observe/usage/usage-book.ts';
import {usageView} from '../../../source/observe/usage/usage-sums.ts';
import type {UsageView} from '../../../source/observe/usage/usage-view.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {coverageNotes} from '../../../source/tui/panes/usage-coverage.ts';
import {flatPrice, usageRecord, type LineFacts} from '../../support/usage-lines.ts';

/* Tokens of attempts that gave no answer: a sum of their own, said beside the figures. What they cost nobody states. */

const nowMs = new Date(2026, 10, 21, 12, 0).getTime();

const viewOf = (facts: Partial<LineFacts>): UsageView => {
	const book = new UsageBook();
	const entry = readEntry(usageRecord({atMs: nowMs, failedTries: ['stream-cut', 'hedge-lost'], ...facts}), flatPrice);
	if (entry === undefined) {
		throw new Error('The record is one of a request.');
	}

	book.add(entry);
	const reading = {isReading: false, filesLeft: 0, brokenLines: 0, unreadableFiles: []};
	return usageView(book, {
		...{period: periodOf('today', nowMs), grouping: 'provider', nowMs, forecast: defaultForecast, reading},
		...{priceText: () => undefined, projectOf: cwd => cwd},
	});
};

test('tokens of attempts that gave no answer are in no other sum, and cost nothing that is known', () => {
	const [without, within] = [viewOf({}), viewOf({discarded: [70, 5, 30]})];
	expect(without.total.discarded).toBe(0);
	expect(within.total.discarded).toBe(2 * 75);
	expect({...within.total, discarded: 0}).toEqual(without.total);
	expect(allTokens(within.total)).toBe(allTokens(without.total));
});

test('they are counted as their service counts: what Claude read from the cache stands beside its input', () => {
	expect(viewOf({service: 'claude', discarded: [70, 5, 30]}).total.discarded).toBe(2 * 105);
});

test('the page and the command say how many the figures leave out, in both languages', () => {
	const view = viewOf({discarded: [70, 5, 30]});
	expect(coverageNotes(view, english.coverage).map(({text}) => text)).toContain(
		'150 tokens of attempts that gave no answer are not in the figures; they may be billed.',
	);
	expect(coverageNotes(view, chinese.coverage).map(({text}) => text)).toContain(
		'没有给出回答的尝试用了 150 个词元，未计入；可能仍会计费。',
	);
	expect(coverageNotes(viewOf({}), english.coverage).filter(({text}) => text.includes('attempts'))).toEqual([]);
});

test('the command has them as data, beside the tokens of answers', () => {
	const view = viewOf({discarded: [70, 5, 30]});
	expect(usageJson(view, view.rows, [])).toMatchObject({
		total: {tokens: {total: allTokens(view.total), discarded: 150}},
		rows: [{tokens: {discarded: 150}}],
		coverage: {discarded_tokens: 150},
	});
});
