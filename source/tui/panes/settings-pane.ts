import {originText, type Setting} from '../../config/settings-list.ts';
import {wrapText} from '../../base/text-width.ts';
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

const originTone = ({origin}: Setting): Tone =>
	origin.kind === 'default' || origin.kind === 'derived'
		? 'muted'
		: origin.kind === 'flag' || origin.kind === 'environment'
			? 'warn'
			: 'accent';

const valueOf = (row: Setting, {ellipsis}: Glyphs): string =>
	row.stated === undefined
		? row.value
		: `${row.value} (file: ${row.stated.slice(0, 12)}${row.stated.length > 12 ? ellipsis : ''})`;

const columnsOf = (rows: readonly Setting[], glyphs: Glyphs, width: number): ReadonlyArray<Column<Setting>> => {
	const longest = Math.max(12, ...rows.map(({key}) => key.length));
	return [
		{
			title: 'SETTING',
			width: Math.min(longest, Math.max(20, Math.floor(width * 0.4))),
			cell: row => span(row.key, isUsual(row) ? 'muted' : 'text'),
		},
		{
			title: 'VALUE',
			width: width < 70 ? 12 : 18,
			grow: 2,
			cell: row => span(valueOf(row, glyphs), row.stated === undefined ? 'text' : 'warn', !isUsual(row)),
		},
		{
			title: 'DEFAULT',
			width: 12,
			drop: 1,
			cell: row => span(row.usual === undefined || row.usual === row.value ? '' : row.usual, 'muted'),
		},
		{title: 'FROM', width: 16, grow: 1, most: 28, cell: row => span(originText(row.origin), originTone(row))},
	];
};

const emptyText = ({settingsPage, lists}: ScreenState, total: number): ReadonlyArray<string | undefined> => {
	const {notice, fault, isRead} = settingsPage;
	if (total > 0) {
		return [`No setting matches the filter "${lists.settings.filter}". Esc clears it.`];
	}

	return notice === undefined
		? isRead
			? [fault, 'Mend the file; it is read again at once.']
			: ['Reading the configuration.']
		: [notice];
};

/** What is to be known about all values: a fault of the file, or that there is none. */
const bannerOf = ({settingsPage: {fault, note}}: ScreenState, glyphs: Glyphs, width: number): readonly Line[] => {
	const text = fault === undefined ? note : `${glyphs.failed} ${fault} Shown is the last good one.`;
	const tone = fault === undefined ? 'warn' : 'error';
	return text === undefined ? [] : wrapText(text, width - 2).map((line): Line => [span(` ${line}`, tone)]);
};

/** The list of all values. */
export const settingsPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const list = listOf(state, 'settings');
	const isFocused = focusOf(state) === 'settings';
	const own = state.settings.filter(row => row.origin.kind !== 'default' && row.origin.kind !== 'derived').length;
	return framePane(box, {
		title: 'Settings',
		note: listNote(state, list, list.filter === '' && own > 0 ? noteOf([`${own} set`, 'accent']) : []),
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
				columns: columnsOf(list.rows, glyphs, width),
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

const takesText = ({editing}: Setting): string | undefined =>
	editing === undefined
		? undefined
		: editing.kind === 'choice'
			? (editing.choices ?? []).join(', ')
			: {text: 'a text', number: 'a number', boolean: 'true or false'}[editing.kind];

const settingFacts = (row: Setting, {settingsPage}: ScreenState): readonly Fact[] => {
	const {path, note, fault} = settingsPage;
	return [
		['what', row.about],
		['value', row.value, isUsual(row) ? 'text' : 'accent'],
		['file says', row.stated, 'warn'],
		['default', row.usual],
		['from', originText(row.origin, path), originTone(row)],
		['takes', takesText(row)],
		['counts', row.editing?.applies],
		['Enter', row.editing === undefined ? undefined : 'changes it; the change is shown before it is written'],
		['fault', fault, 'error'],
		['note', note, 'warn'],
	];
};

/** The selected value at length. */
export const settingDetailPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {selected: row} = listOf(state, 'settings');
	return detailPane(state, box, {
		title: row?.key ?? 'Setting',
		note: [],
		glyphs,
		empty: 'Select a setting to see what it does and where it comes from.',
		lines: row && (width => factLines(settingFacts(row, state), width)),
	});
};

type SettingEdit = Extract<NonNullable<ScreenState['editing']>, {readonly kind: 'setting'}>;

/** The row in which a value is typed. */
export const settingLine = (state: ScreenState, {key, text}: SettingEdit): Line => {
	const setting = state.settings.find(row => row.key === key);
	const hasWords = setting?.editing?.kind === 'boolean' || setting?.editing?.kind === 'choice';
	return [
		span(` ${key}: `, 'accent', true),
		span(text),
		span('_', 'focus', true),
		span(`   ${hasWords ? 'Tab next, ' : ''}Enter shows the change, Esc takes back`, 'muted'),
	];
};
