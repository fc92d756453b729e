import type {Setting} from '../../config/settings-list.ts';
import {wrapText} from '../../base/text-width.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {focusOf, listOf} from '../store/selectors.ts';
import {tableLines, type Column} from '../table/columns.ts';
import {span, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {listNote} from './list-note.ts';
import {detailPane, emptyLines, factLines, framePane, noteOf, type Fact} from './pane.ts';

const isUsual = ({origin, value, usual}: Setting): boolean => origin.kind === 'default' || value === usual;

/** Its default comes from no file, wherever its value comes from. */
const usualRow = (row: Setting): Setting => ({...row, origin: {kind: 'default'}});

const originTone = ({origin}: Setting): Tone =>
	origin.kind === 'default' || origin.kind === 'derived'
		? 'muted'
		: origin.kind === 'flag' || origin.kind === 'environment'
			? 'warn'
			: 'accent';

/** Where a value comes from, in a few words. `file` is the file's name as it is to be shown. */
const originText = ({origin}: Setting, {origins}: Words['settings'], file = 'config.toml'): string => {
	switch (origin.kind) {
		case 'file': {
			return `${file}:${origin.line}`;
		}

		case 'memory': {
			return origins.memory;
		}

		case 'default': {
			return origins.usual;
		}

		default: {
			return origins[origin.kind](origin.name);
		}
	}
};

const valueOf = (row: Setting, {inFile, value}: Words['settings'], {ellipsis}: Glyphs): string =>
	row.stated === undefined
		? value(row, row.value)
		: `${value(row, row.value)} ${inFile(`${row.stated.slice(0, 12)}${row.stated.length > 12 ? ellipsis : ''}`)}`;

const columnsOf = (state: ScreenState, glyphs: Glyphs, width: number): ReadonlyArray<Column<Setting>> => {
	const {settings: words} = wordsOf(state);
	const {rows} = listOf(state, 'settings');
	const longest = Math.max(12, ...rows.map(({key}) => key.length));
	// Between the width for the values alone and that for their defaults beside them.
	const isMiddling = width >= 70 && width < 80;
	return [
		{
			title: words.columns.key,
			width: Math.min(longest, Math.max(20, Math.floor(width * (isMiddling ? 0.47 : 0.4)))),
			cell: row => span(row.key, isUsual(row) ? 'muted' : 'text'),
		},
		{
			title: words.columns.value,
			width: width < 70 ? 12 : isMiddling ? 21 : 18,
			grow: 2,
			cell: row => span(valueOf(row, words, glyphs), row.stated === undefined ? 'text' : 'warn', !isUsual(row)),
		},
		{
			title: words.columns.usual,
			width: 12,
			drop: 1,
			cell: row =>
				span(row.usual === undefined || row.usual === row.value ? '' : words.value(usualRow(row), row.usual), 'muted'),
		},
		{
			title: words.columns.origin,
			width: 16,
			grow: 1,
			most: 28,
			cell: row => span(originText(row, words), originTone(row)),
		},
	];
};

/** What is wrong with the file. */
const faultOf = (state: ScreenState): string | undefined =>
	state.settingsPage.fault && wordsOf(state).engine.problem(state.settingsPage.fault);

const emptyText = (state: ScreenState, total: number): ReadonlyArray<string | undefined> => {
	const {settings: words} = wordsOf(state);
	const {notice, isRead} = state.settingsPage;
	if (total > 0) {
		return [words.noMatch(state.lists.settings.filter)];
	}

	return notice === undefined ? (isRead ? [faultOf(state), words.mendFile] : [words.reading]) : [notice];
};

/** What is to be known about all values: a fault of the file, or that there is none. */
const bannerOf = (state: ScreenState, glyphs: Glyphs, width: number): readonly Line[] => {
	const fault = faultOf(state);
	const {lastGood, note: noteText} = wordsOf(state).settings;
	const text = fault === undefined ? noteText(state.settingsPage) : `${glyphs.failed} ${lastGood(fault)}`;
	const tone = fault === undefined ? 'warn' : 'error';
	return text === undefined ? [] : wrapText(text, width - 2).map((line): Line => [span(` ${line}`, tone)]);
};

/** The list of all values. */
export const settingsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {settings: words} = wordsOf(state);
	const list = listOf(state, 'settings');
	const isFocused = focusOf(state) === 'settings';
	const own = state.settings.filter(row => row.origin.kind !== 'default' && row.origin.kind !== 'derived').length;
	return framePane(box, {
		title: words.title,
		note: listNote(state, list, {part: list.filter === '' && own > 0 ? noteOf([words.changed(own), 'accent']) : []}),
		isFocused,
		glyphs,
		inside: (width, height) => {
			if (list.rows.length === 0) {
				return emptyLines(emptyText(state, list.total), width, height);
			}

			// Below the rows, so that a click finds the row that it is on.
			const banner = bannerOf(state, glyphs, width);
			const rows = height - banner.length;
			if (rows < 3) {
				return [...banner].slice(0, height);
			}

			const table = tableLines({
				columns: columnsOf(state, glyphs, width),
				rows: list.rows,
				selected: list.index,
				isFocused,
				glyphs,
				width,
				height: rows,
			});
			const gap = Array.from({length: Math.max(0, rows - table.length)}, (): Line => []);
			return [...table, ...gap, ...banner];
		},
	});
};

const takesText = ({editing}: Setting, {takes}: Words['settings']): string | undefined =>
	editing === undefined
		? undefined
		: editing.kind === 'choice'
			? (editing.choices ?? []).join(', ')
			: takes[editing.kind];

const settingFacts = (row: Setting, state: ScreenState): readonly Fact[] => {
	const {path} = state.settingsPage;
	const {settings: words} = wordsOf(state);
	const {facts} = words;
	return [
		[facts.what, words.about(row)],
		[facts.value, words.value(row, row.value), isUsual(row) ? 'text' : 'accent'],
		[facts.fileSays, row.stated, 'warn'],
		[facts.usual, row.usual && words.value(usualRow(row), row.usual)],
		[facts.origin, originText(row, words, path), originTone(row)],
		[facts.takes, takesText(row, words)],
		[facts.counts, row.editing && words.applies[row.editing.applies]],
		[facts.enter, row.editing && words.enterChanges],
		[facts.fault, faultOf(state), 'error'],
	];
};

/** The selected value at length. */
export const settingDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {settings: words} = wordsOf(state);
	const {selected: row} = listOf(state, 'settings');
	return detailPane(state, box, {
		title: row?.key ?? words.detail,
		note: [],
		glyphs,
		empty: words.nothingSelected,
		lines: row && (width => factLines(settingFacts(row, state), width)),
	});
};

type SettingEdit = Extract<NonNullable<ScreenState['editing']>, {readonly kind: 'setting'}>;

/** The row in which a value is typed. */
export const settingLine = (state: ScreenState, {key, text}: SettingEdit): Line => {
	const {tabNext, typing} = wordsOf(state).settings;
	const setting = state.settings.find(row => row.key === key);
	const hasWords = setting?.editing?.kind === 'boolean' || setting?.editing?.kind === 'choice';
	return [
		span(` ${key}: `, 'accent', true),
		span(text),
		span('_', 'focus', true),
		span(`   ${hasWords ? tabNext : ''}${typing}`, 'muted'),
	];
};
