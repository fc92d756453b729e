import {fitText, graphemesOf, widthOf, wrapText} from '../../base/text-width.ts';
import {wordsOf} from '../language/words.ts';
import {topOf} from '../layout.ts';
import {framePane, noteOf} from '../panes/pane.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {fitLine, joinBlocks, span, spreadLine, widthOfLine, withLook, type Line} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {changedFields, fittingChoices, selectedField, type Form, type FormField} from './form.ts';
import {wideForm} from './form-keys.ts';

/* An open form: its fields over the whole body, the preview beside them or in their place. */

/** One more than the longest label. */
const labelCells = 31;
const pickerRows = 9;

const leftCells = (columns: number): number => Math.floor(columns * 0.54);

const masked = (text: string): string => '*'.repeat(Math.min(24, text.length));

/** Of a long text the end stays in view while it is typed. */
const tailOf = (text: string, cells: number): string => {
	const graphemes = graphemesOf(text);
	let from = 0;
	while (from < graphemes.length && widthOf(graphemes.slice(from).join('')) > cells) {
		from++;
	}

	return graphemes.slice(from).join('');
};

const valueOf = (field: FormField, typing: Form['typing'], cells: number): Line => {
	const text = typing?.text ?? field.text;
	const isHidden = field.isSecret === true && (typing !== undefined || field.text !== field.before);
	const shown = isHidden ? masked(text) : text;
	if (typing !== undefined) {
		return [span(tailOf(shown, cells - 1)), span('_', 'focus', true)];
	}

	const isChanged = field.text !== field.before;
	return text === ''
		? [span(field.hint, field.isNeeded === true ? 'warn' : 'muted')]
		: [span(shown, isChanged ? 'accent' : 'text', isChanged)];
};

const fieldLine = (
	form: Form,
	index: number,
	{width, glyphs}: {readonly width: number; readonly glyphs: Glyphs},
): Line => {
	const field = form.fields[index];
	if (field === undefined) {
		return [];
	}

	const isSelected = index === form.index;
	const isOpen = field.isNeeded === true && field.text === '';
	const mark = isOpen ? '!' : field.text === field.before ? ' ' : '*';
	const group = field.group === form.fields[index - 1]?.group ? '' : (field.group ?? '');
	const line: Line = [
		span(isSelected ? glyphs.selected : ' ', 'focus'),
		span(mark, isOpen ? 'warn' : 'accent', true),
		span(fitText(field.label, labelCells), isSelected ? 'focus' : 'muted', isSelected),
		...valueOf(field, isSelected ? form.typing : undefined, width - labelCells - 2),
	];
	// A long value has the room.
	return group === '' || widthOfLine(line) + widthOf(group) + 2 > width
		? line
		: spreadLine(line, [span(`${group} `, 'info')], width);
};

const choiceLine = (
	[choice, note]: readonly [string, string],
	{isSelected, glyphs, width}: {readonly isSelected: boolean; readonly glyphs: Glyphs; readonly width: number},
): Line => {
	const line: Line = [
		span(`    ${isSelected ? glyphs.selected : ' '} ${fitText(choice, 22)} `, 'text', isSelected),
		span(note, 'muted'),
	];
	const fitted = fitLine(line, width, glyphs.ellipsis);
	return isSelected ? withLook(fitted, 'selection') : fitted;
};

/** The choices below the fields while one is picked. */
const pickerLines = (
	form: Form,
	{width, glyphs}: {readonly width: number; readonly glyphs: Glyphs},
): readonly Line[] => {
	const field = selectedField(form);
	if (form.typing === undefined || field?.choices === undefined) {
		return [];
	}

	const {choice} = form.typing;
	const fitting = fittingChoices(field, form.typing.text);
	const top = topOf(choice, fitting.length, pickerRows - 1);
	const rows = fitting
		.slice(top, top + pickerRows - 1)
		.map((each, at) => choiceLine(each, {isSelected: top + at === choice, glyphs, width}));
	return [[span(glyphs.horizontal.repeat(width), 'border')], ...rows];
};

const fieldsPane = (
	state: ScreenState,
	form: Form,
	box: {readonly width: number; readonly height: number; readonly glyphs: Glyphs},
) => {
	const {glyphs} = box;
	const words = wordsOf(state).forms;
	const changed = changedFields(form).length;
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: box.width, height: box.height, isCollapsed: false},
		{
			title: form.title,
			note: noteOf(changed === 0 ? undefined : [words.changed(changed), 'accent'], [
				`${form.index + 1}/${form.fields.length}`,
				'muted',
			]),
			isFocused: form.shows === 'fields',
			glyphs,
			inside: (width, height) => {
				const picker = pickerLines(form, {width, glyphs}).slice(0, Math.max(0, height - 1));
				const rows = Math.max(1, height - picker.length);
				const top = topOf(form.index, form.fields.length, rows);
				const lines = Array.from({length: rows}, (_, row) => fieldLine(form, top + row, {width, glyphs}));
				return [...lines, ...picker];
			},
		},
	);
};

/** Which field of the form stands at a place of a body of so many rows; undefined where none does, or while one is typed. */
export const fieldAt = (
	{form, columns}: Pick<ScreenState, 'form' | 'columns'>,
	{x, row}: {readonly x: number; readonly row: number},
	bodyRows: number,
): number | undefined => {
	const isWide = columns >= wideForm;
	if (form === undefined || form.typing !== undefined || (isWide ? x >= leftCells(columns) : form.shows !== 'fields')) {
		return undefined;
	}

	const shown = bodyRows - 2;
	const index = topOf(form.index, form.fields.length, shown) + row - 1;
	return row >= 1 && row <= shown && index < form.fields.length ? index : undefined;
};

const diffTone = (line: string): Tone =>
	/^(?:---|\+\+\+)/.test(line)
		? 'muted'
		: line.startsWith('+')
			? 'ok'
			: line.startsWith('-')
				? 'error'
				: line.startsWith('@@')
					? 'info'
					: 'text';

const previewLines = (state: ScreenState, {preview}: Form, width: number): readonly Line[] => {
	const words = wordsOf(state).forms;
	if (preview === undefined) {
		return [[span(` ${words.workingOut}`, 'muted')]];
	}

	if (preview.problem !== undefined) {
		return wrapText(preview.problem, width - 2).map(text => [span(` ${text}`, 'error')]);
	}

	return preview.lines.length === 0
		? [[span(` ${words.noChange}`, 'muted')]]
		: preview.lines.flatMap(line =>
				wrapText(line.replaceAll('\t', '    '), width - 2).map((text): Line => [span(` ${text}`, diffTone(line))]),
			);
};

/** How many rows of the preview lie below those that are shown. */
const belowPreview = (
	state: ScreenState,
	form: Form,
	{width, height}: {readonly width: number; readonly height: number},
): number => Math.max(0, previewLines(state, form, width).length - form.previewTop - height);

const canWrite = ({preview}: Form): boolean =>
	preview !== undefined && preview.problem === undefined && preview.lines.length > 0;

const previewPane = (
	state: ScreenState,
	form: Form,
	box: {readonly width: number; readonly height: number; readonly glyphs: Glyphs},
) => {
	const words = wordsOf(state).forms;
	const isMore = belowPreview(state, form, {width: box.width - 2, height: box.height - 2}) > 0;
	const key = form.shows === 'preview' ? 'j' : 'p';
	const more = `${key} ${box.glyphs.followDown} ${wordsOf(state).help.more}`;
	return framePane(
		{pane: 'facts', x: 0, y: 0, width: box.width, height: box.height, isCollapsed: false},
		{
			title: words.preview,
			note: noteOf(isMore ? [more, 'accent'] : undefined, canWrite(form) ? [words.yWrites, 'accent'] : undefined),
			isFocused: form.shows === 'preview',
			glyphs: box.glyphs,
			inside: (width, height) => {
				const all = previewLines(state, form, width);
				return all.slice(Math.max(0, Math.min(form.previewTop, all.length - height)));
			},
		},
	);
};

/** The form over the whole body of this height. */
export const formPane = (
	state: ScreenState,
	form: Form,
	{height, glyphs}: {readonly height: number; readonly glyphs: Glyphs},
): readonly Line[] => {
	const {columns} = state;
	if (columns < wideForm) {
		const box = {width: columns, height, glyphs};
		return form.shows === 'fields' ? fieldsPane(state, form, box) : previewPane(state, form, box);
	}

	const left = leftCells(columns);
	return joinBlocks([
		fieldsPane(state, form, {width: left, height, glyphs}),
		previewPane(state, form, {width: columns - left, height, glyphs}),
	]);
};

/** What stands above the footer: what the selected field is, also while it is typed. */
export const formMessage = (state: ScreenState, form: Form): Line => {
	const words = wordsOf(state).forms;
	const field = selectedField(form);
	if (form.shows === 'preview' && state.columns < wideForm) {
		return [];
	}

	const isPicked = field?.choices !== undefined && form.typing !== undefined;
	return [span(` ${field?.about ?? ''}${isPicked ? `  ${words.picking}` : ''}`, 'muted')];
};

/** The keys of a form while nothing is typed, in place of those of the page. */
export const formFooter = (state: ScreenState, form: Form): Line => {
	const {keys} = wordsOf(state).forms;
	const isPreview = form.shows === 'preview';
	const hasChoices = selectedField(form)?.choices !== undefined;
	const shown: ReadonlyArray<readonly [string, string]> = isPreview
		? [
				['j k', wordsOf(state).footer.scroll],
				...(canWrite(form) ? ([['y', keys.write]] as const) : []),
				['Esc', keys.toFields],
			]
		: [
				['Enter', keys.change],
				...(hasChoices ? ([['Space', keys.next]] as const) : []),
				['x', keys.clear],
				['r', keys.reset],
				...(state.columns < wideForm ? ([['p', keys.preview]] as const) : []),
				['y', keys.write],
			];
	const left: Line = shown.flatMap(([key, label]) => [span(` ${key}`, 'accent', true), span(` ${label} `, 'muted')]);
	return spreadLine(
		left,
		isPreview ? [] : [span('Esc', 'accent', true), span(` ${keys.close} `, 'muted')],
		state.columns,
	);
};
