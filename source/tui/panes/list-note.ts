import {span, type Line} from '../text/line.ts';
import type {VisibleList} from '../store/selectors.ts';
import {noteOf} from './pane.ts';

/** What stands in the corner of a list pane: its count, or `n of m` while a filter hides rows. */
export const listNote = (list: VisibleList<unknown>, extra: Line = []): Line => {
	const counts: Line =
		list.filter === ''
			? noteOf([String(list.total), 'muted'])
			: noteOf(
					[`/${list.filter}`, list.problem === undefined ? 'accent' : 'error'],
					[`${list.rows.length} of ${list.total}`, 'muted'],
				);
	return extra.length === 0 ? counts : [...extra, span('  '), ...counts];
};
