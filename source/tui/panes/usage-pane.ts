import {allTokens, errorsOf, promptTokens} from '../../observe/usage/tally.ts';
import type {Grouping, UsageRow, UsageView} from '../../observe/usage/usage-view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {type Column} from '../table/columns.ts';
import {formatFolder, formatShare} from '../text/format.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {listPane, noteOf} from './pane.ts';
import {barText, sparkText} from './usage-charts.ts';
import {goodShare} from './usage-figures.ts';
import {formatCost, formatFirstByte, formatSpeed, formatTokens, isCostIncomplete} from './usage-format.ts';

const sparkCells = 12;
const shareCells = 8;

/** Ids of one day begin alike; their ends tell them apart. */
const shortSession = (id: string, {ellipsis}: Glyphs): string =>
	id.length <= 12 ? id : `${id.slice(0, 4)}${ellipsis}${id.slice(-6)}`;

/** The whole name of a row; what is not known has a word of the language. */
export const nameOfRow = (grouping: Grouping, {label, key}: UsageRow, words: Words['usage']): string =>
	key !== '' ? label : grouping === 'provider' ? words.noProvider : words.notKnown;

const nameOf = (grouping: Grouping, row: UsageRow, {words, glyphs}: Drawing): string => {
	const {label, key} = row;
	if (key === '') {
		return nameOfRow(grouping, row, words);
	}

	return grouping === 'session' ? shortSession(label, glyphs) : grouping === 'project' ? formatFolder(label) : label;
};

const goodTone = ({tally}: UsageRow): 'ok' | 'warn' => (errorsOf(tally) === 0 ? 'ok' : 'warn');

/** What rows are drawn with. */
interface Drawing {
	readonly words: Words['usage'];
	readonly glyphs: Glyphs;
}

type Columns = ReadonlyArray<Column<UsageRow>>;

const nameColumn = (grouping: Grouping, drawing: Drawing, width = 12): Column<UsageRow> => ({
	title: drawing.words.groupings[grouping].toUpperCase(),
	width,
	grow: grouping === 'session' ? 0 : 3,
	most: grouping === 'hour' || grouping === 'day' ? 24 : 40,
	cell: row => span(nameOf(grouping, row, drawing), row.key === '' ? 'muted' : 'text'),
});

const errorColumns = (drawing: Drawing): Columns => {
	const {columns} = drawing.words;
	return [
		{...nameColumn('error', drawing), width: 20, most: 60},
		{title: columns.upstream, width: 12, grow: 2, most: 40, cell: row => span(row.about, 'muted')},
		{title: columns.tries, width: 6, align: 'right', cell: ({tally}) => span(formatTokens(tally.requests))},
		{
			title: columns.seen,
			width: 6,
			align: 'right',
			cell: ({tally}) => span(formatTokens(tally.endings.failed), tally.endings.failed === 0 ? 'muted' : 'error'),
		},
		{
			title: columns.hidden,
			width: 6,
			align: 'right',
			cell: ({tally}) => span(formatTokens(tally.requests - tally.endings.failed), 'ok'),
		},
	];
};

/** Days and hours have a bar of their own size, everything else its course through the range. */
const courseColumn = (grouping: Grouping, most: number, {words: {columns}, glyphs}: Drawing): Column<UsageRow> =>
	grouping === 'day' || grouping === 'hour'
		? {
				title: columns.tokens,
				width: sparkCells,
				drop: 7,
				cell: ({tally}) =>
					span(allTokens(tally) === 0 ? '' : barText(allTokens(tally) / most, sparkCells, glyphs), 'chart1'),
			}
		: {
				title: columns.course,
				width: sparkCells,
				drop: 7,
				cell: ({spark}) => span(sparkText(spark, sparkCells, glyphs), 'chart1'),
			};

const folderColumn = (title: string): Column<UsageRow> => ({
	...{title, width: 10, grow: 2, most: 30, drop: 3},
	cell: row => span(formatFolder(row.about), 'muted'),
});

const columnsOf = ({grouping, total, rows}: UsageView, drawing: Drawing, width: number): Columns => {
	if (grouping === 'error') {
		return errorColumns(drawing);
	}

	const {words} = drawing;
	const {columns} = words;
	const all = allTokens(total);
	const most = Math.max(1, ...rows.map(({tally}) => allTokens(tally)));
	const nameCells = width < 80 || grouping === 'session' ? 12 : 20;
	return [
		nameColumn(grouping, drawing, nameCells),
		...(grouping === 'session' ? [folderColumn(columns.folder)] : []),
		{title: columns.requests, width: 6, align: 'right', cell: ({tally}) => span(formatTokens(tally.requests))},
		{title: columns.share, width: 4, align: 'right', drop: 1, cell: row => span(goodShare(row.tally), goodTone(row))},
		{
			title: columns.input,
			width: 6,
			align: 'right',
			drop: 2,
			cell: ({tally}) => span(formatTokens(promptTokens(tally))),
		},
		{title: columns.output, width: 6, align: 'right', drop: 2, cell: ({tally}) => span(formatTokens(tally.output))},
		{
			title: columns.cached,
			width: 6,
			align: 'right',
			drop: 4,
			cell: ({tally}) => span(formatShare(tally.cacheRead, promptTokens(tally)), 'muted'),
		},
		{
			title: columns.cost,
			width: 9,
			align: 'right',
			cell: ({tally}) => span(formatCost(tally, words), isCostIncomplete(tally) ? 'warn' : 'text'),
		},
		{
			title: columns.part,
			width: 5,
			align: 'right',
			drop: 5,
			cell: ({tally}) => span(formatShare(allTokens(tally), all), 'muted'),
		},
		{
			title: columns.firstByte,
			width: shareCells,
			align: 'right',
			drop: 6,
			cell: ({tally}) => span(formatFirstByte(tally), 'muted'),
		},
		{title: columns.speed, width: 7, align: 'right', drop: 9, cell: ({tally}) => span(formatSpeed(tally), 'muted')},
		courseColumn(grouping, most, drawing),
	];
};

const sortWord = (state: ScreenState, glyphs: Glyphs): string => {
	const {sort, view, isReversed} = state.usagePage;
	const {sorts} = wordsOf(state).usage;
	const {grouping} = view ?? {};
	const isTime = sort === 'size' && (grouping === 'day' || grouping === 'hour');
	const word = sorts[isTime ? 'time' : sort === 'size' && grouping === 'error' ? 'tries' : sort];
	const isDown = (sort === 'name' || (isTime && grouping === 'hour')) === isReversed;
	return `${isDown ? glyphs.followDown : glyphs.followUp} ${word}`;
};

const emptySentences = (state: ScreenState, total: number): readonly (string | undefined)[] => {
	const {usage: words} = wordsOf(state);
	const {view, notice, grouping} = state.usagePage;
	if (view === undefined) {
		return [notice ?? words.readingNow];
	}

	if (total > 0) {
		return [words.noMatch];
	}

	return grouping === 'error' && view.total.requests > 0 ? [words.noFailure] : [words.noRequest, words.takeLonger];
};

/** The rows of the page, by what the user chose. */
export const usagePane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {usage: words} = wordsOf(state);
	const list = listOf(state, 'usage');
	const {view, grouping} = state.usagePage;
	const isFocused = focusOf(state) === 'usage';
	const hidden = view === undefined ? 0 : view.rowCount - view.rows.length;
	return listPane(box, {
		title: words.by(words.groupings[grouping]),
		note: listNote(state, list, {
			extra: noteOf([sortWord(state, glyphs), 'muted'], hidden === 0 ? undefined : [words.hiddenRows(hidden), 'warn']),
		}),
		isFocused,
		glyphs,
		...{rows: view === undefined ? [] : list.rows, selected: list.index},
		columns: width => (view === undefined ? [] : columnsOf(view, {words, glyphs}, width)),
		empty: emptySentences(state, list.total),
	});
};
