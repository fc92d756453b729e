import {wordsOf, type Language} from '../language/words.ts';
import {span, type Line} from '../text/line.ts';
import type {VisibleList} from '../store/selectors.ts';
import {noteOf} from './pane.ts';

/** What stands in the corner of a list pane: its count, or `n of m` while a filter hides rows. */
export const listNote = (state: {readonly language: Language}, list: VisibleList<unknown>, extra: Line = []): Line => {
	const counts: Line =
		list.filter === ''
			? noteOf([String(list.total), 'muted'])
			: noteOf(
					[`/${list.filter}`, list.problem === undefined ? 'accent' : 'error'],
					[wordsOf(state).lists.matched(list.rows.length, list.total), 'muted'],
				);
	const order: Line =
		list.sort === undefined
			? []
			: [span(wordsOf(state).lists.sorted(list.sort.field, list.sort.isReversed), 'accent'), span('  ')];
	return [...order, ...extra, ...(extra.length === 0 ? [] : [span('  ')]), ...counts];
};
