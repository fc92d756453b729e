import {allTokens, errorsOf, promptTokens} from '../../observe/usage/tally.ts';
import type {Grouping, UsageRow, UsageView} from '../../observe/usage/usage-view.ts';
import type {PaneBox} from '../layout.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {formatFolder, formatShare} from '../text/format.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {listNote} from './list-note.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';
import {barText, sparkText} from './usage-charts.ts';
import {goodShare} from './usage-figures.ts';
import {formatCost, formatFirstByte, formatSpeed, formatTokens, isCostIncomplete} from './usage-format.ts';

const sparkCells = 12;
const shareCells = 8;

/** Ids of one day begin alike; their ends tell them apart. */
const shortSession = (id: string, {ellipsis}: Glyphs): string =>
	id.length <= 12 ? id : `${id.slice(0, 4)}${ellipsis}${id.slice(-6)}`;

const nameOf = (grouping: Grouping, {label, key}: UsageRow, glyphs: Glyphs): string => {
	if (key === '') {
		return label;
	}

	return grouping === 'session' ? shortSession(label, glyphs) : grouping === 'project' ? formatFolder(label) : label;
};

const goodTone = ({tally}: UsageRow): 'ok' | 'warn' => (errorsOf(tally) === 0 ? 'ok' : 'warn');

type Columns = ReadonlyArray<Column<UsageRow>>;

const nameColumn = (grouping: Grouping, glyphs: Glyphs, width = 12): Column<UsageRow> => ({
	title: grouping.toUpperCase(),
	width,
	grow: grouping === 'session' ? 0 : 3,
	most: grouping === 'project' || grouping === 'model' ? 30 : 24,
	cell: row => span(nameOf(grouping, row, glyphs), row.key === '' ? 'muted' : 'text'),
});

const errorColumns = (glyphs: Glyphs): Columns => [
	{...nameColumn('error', glyphs), width: 20, most: 36},
	{title: 'UPSTREAM', width: 12, grow: 2, most: 24, cell: row => span(row.about, 'muted')},
	{title: 'TRIES', width: 6, align: 'right', cell: ({tally}) => span(formatTokens(tally.requests))},
	{
		title: 'SEEN',
		width: 6,
		align: 'right',
		cell: ({tally}) => span(formatTokens(tally.endings.failed), tally.endings.failed === 0 ? 'muted' : 'error'),
	},
	{
		title: 'HIDDEN',
		width: 6,
		align: 'right',
		cell: ({tally}) => span(formatTokens(tally.requests - tally.endings.failed), 'ok'),
	},
];

/** Days and hours have a bar of their own size, everything else its course through the range. */
const courseColumn = (grouping: Grouping, most: number, glyphs: Glyphs): Column<UsageRow> =>
	grouping === 'day' || grouping === 'hour'
		? {
				title: 'TOKENS',
				width: sparkCells,
				drop: 7,
				cell: ({tally}) =>
					span(allTokens(tally) === 0 ? '' : barText(allTokens(tally) / most, sparkCells, glyphs), 'chart1'),
			}
		: {
				title: 'COURSE',
				width: sparkCells,
				drop: 7,
				cell: ({spark}) => span(sparkText(spark, sparkCells, glyphs), 'chart1'),
			};

const columnsOf = ({grouping, total, rows}: UsageView, glyphs: Glyphs, width: number): Columns => {
	if (grouping === 'error') {
		return errorColumns(glyphs);
	}

	const all = allTokens(total);
	const most = Math.max(1, ...rows.map(({tally}) => allTokens(tally)));
	const nameCells = width < 80 || grouping === 'session' ? 12 : 20;
	return [
		nameColumn(grouping, glyphs, nameCells),
		...(grouping === 'session'
			? [
					{
						title: 'FOLDER',
						width: 10,
						grow: 2,
						most: 30,
						drop: 3,
						cell: (row: UsageRow) => span(formatFolder(row.about), 'muted'),
					},
				]
			: []),
		{title: 'REQ', width: 6, align: 'right', cell: ({tally}) => span(formatTokens(tally.requests))},
		{title: 'OK', width: 4, align: 'right', drop: 1, cell: row => span(goodShare(row.tally), goodTone(row))},
		{title: 'IN', width: 6, align: 'right', drop: 2, cell: ({tally}) => span(formatTokens(promptTokens(tally)))},
		{title: 'OUT', width: 6, align: 'right', drop: 2, cell: ({tally}) => span(formatTokens(tally.output))},
		{
			title: 'CACHED',
			width: 6,
			align: 'right',
			drop: 4,
			cell: ({tally}) => span(formatShare(tally.cacheRead, promptTokens(tally)), 'muted'),
		},
		{
			title: 'COST',
			width: 9,
			align: 'right',
			cell: ({tally}) => span(formatCost(tally), isCostIncomplete(tally) ? 'warn' : 'text'),
		},
		{
			title: 'SHARE',
			width: 5,
			align: 'right',
			drop: 5,
			cell: ({tally}) => span(formatShare(allTokens(tally), all), 'muted'),
		},
		{
			title: '1ST BYTE',
			width: shareCells,
			align: 'right',
			drop: 6,
			cell: ({tally}) => span(formatFirstByte(tally), 'muted'),
		},
		{title: 'SPEED', width: 7, align: 'right', drop: 9, cell: ({tally}) => span(formatSpeed(tally), 'muted')},
		courseColumn(grouping, most, glyphs),
	];
};

const sortWords = {size: 'tokens', cost: 'cost', requests: 'requests', errors: 'errors', name: 'name'} as const;

const sortWord = ({usagePage: {sort, view, isReversed}}: ScreenState, glyphs: Glyphs): string => {
	const {grouping} = view ?? {};
	const isTime = sort === 'size' && (grouping === 'day' || grouping === 'hour');
	const word = isTime ? 'time' : sort === 'size' && grouping === 'error' ? 'tries' : sortWords[sort];
	const isDown = (sort === 'name' || (isTime && grouping === 'hour')) === isReversed;
	return `${isDown ? glyphs.followDown : glyphs.followUp} ${word}`;
};

const emptySentences = (state: ScreenState, total: number): readonly (string | undefined)[] => {
	const {view, notice, grouping} = state.usagePage;
	if (view === undefined) {
		return [notice ?? 'Reading the ledger.'];
	}

	if (total > 0) {
		return ['No row matches the filter. Esc clears it.'];
	}

	return grouping === 'error' && view.total.requests > 0
		? ['No attempt failed in this time.']
		: [
				'No request in this time.',
				'] takes a longer one. Requests are counted when they end; those of before stand in logs/requests.jsonl.',
			];
};

/** The rows of the page, by what the user chose. */
export const usagePane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'usage');
	const {view, grouping} = state.usagePage;
	const isFocused = focusOf(state) === 'usage';
	const hidden = view === undefined ? 0 : view.rowCount - view.rows.length;
	return framePane(box, {
		title: `By ${grouping}`,
		note: listNote(
			state,
			list,
			noteOf([sortWord(state, glyphs), 'muted'], hidden === 0 ? undefined : [`${hidden} small ones more`, 'warn']),
		),
		isFocused,
		glyphs,
		inside: (width, height) =>
			view === undefined || list.rows.length === 0
				? emptyLines(emptySentences(state, list.total), width, height)
				: tableLines({
						columns: columnsOf(view, glyphs, width),
						rows: list.rows,
						selected: list.index,
						isFocused,
						glyphs,
						width,
						height,
					}),
	});
};
