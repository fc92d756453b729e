import {wordsOf, type Language} from '../language/words.ts';
import {span, type Line} from '../text/line.ts';
import type {VisibleList} from '../store/selectors.ts';
import {noteOf} from './pane.ts';

/** What a list says of itself beside its count. */
interface ListNote {
	/** Facts that are no counts. */
	readonly extra?: Line;
	/** How many of all are of a kind: `3 live` of `3 live / 5`. */
	readonly part?: Line;
}

const before = (line: Line, gap: string): Line => (line.length === 0 ? [] : [...line, span(gap, 'muted')]);

/** What stands in the corner of a list pane: its count, or `n of m` while a filter hides rows. */
export const listNote = (
	state: {readonly language: Language},
	list: VisibleList<unknown>,
	{extra = [], part = []}: ListNote = {},
): Line => {
	const {matched, sorted} = wordsOf(state).lists;
	const counts: Line =
		list.filter === ''
			? [...(list.total === 0 ? [] : before(part, ' / ')), span(String(list.total), 'muted')]
			: [
					...before(part, '  '),
					...noteOf(
						[`/${list.filter}`, list.problem === undefined ? 'accent' : 'error'],
						[matched(list.rows.length, list.total), 'muted'],
					),
				];
	const order = list.sort === undefined ? [] : noteOf([sorted(list.sort.field, list.sort.isReversed), 'accent']);
	return [...before(order, '  '), ...before(extra, '  '), ...counts];
};
