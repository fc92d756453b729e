import {widthOf} from '../../base/text-width.ts';
import {allTokens, endings, promptTokens, type Ending, type Tally} from '../../observe/usage/tally.ts';
import type {UsageView} from '../../observe/usage/usage-view.ts';
import type {PaneBox} from '../layout.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatShare} from '../text/format.ts';
import {span, widthOfLine, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';
import {coverageNotes} from './usage-coverage.ts';
import {
	formatCost,
	formatFirstByte,
	formatSpan,
	formatSpeed,
	formatTokens,
	isCostIncomplete,
	rangeTitles,
} from './usage-format.ts';

/** A figure with its name; the first ones stay longest where there is little room. */
interface Figure {
	readonly name: string;
	readonly text: string;
	readonly tone?: Tone;
}

/** How many went well, of those that their clients waited for. */
export const goodShare = ({requests, endings: {ok, cancelled}}: Tally): string => formatShare(ok, requests - cancelled);

const goodTone = ({requests, endings: {ok, cancelled}}: Tally): Tone =>
	requests === cancelled ? 'muted' : ok === requests - cancelled ? 'ok' : 'warn';

const figuresOf = (tally: Tally): readonly Figure[] => [
	{name: 'requests', text: formatTokens(tally.requests)},
	{name: 'ok', text: goodShare(tally), tone: goodTone(tally)},
	{name: 'cost', text: formatCost(tally), tone: isCostIncomplete(tally) ? 'warn' : 'text'},
	{name: 'tokens', text: formatTokens(allTokens(tally))},
	{name: 'in', text: formatTokens(promptTokens(tally))},
	{name: 'out', text: formatTokens(tally.output)},
	{name: 'cached', text: formatShare(tally.cacheRead, promptTokens(tally))},
	{name: 'first byte', text: formatFirstByte(tally)},
	{name: 'speed', text: formatSpeed(tally)},
	{name: 'answering', text: formatSpan(tally.durationMs)},
];

const cellsOf = ({name, text}: Figure): number => Math.max(widthOf(name), widthOf(text)) + 2;

const fitting = (figures: readonly Figure[], width: number): readonly Figure[] => {
	let left = width - 1;
	return figures.filter(figure => {
		left -= cellsOf(figure);
		return left >= 0;
	});
};

const tableLines = (figures: readonly Figure[], width: number): readonly Line[] => {
	const shown = fitting(figures, width);
	// What is left over stands between them, but no figure flies away from its neighbour.
	const spare = Math.min(
		3,
		Math.floor((width - 1 - shown.reduce((sum, figure) => sum + cellsOf(figure), 0)) / shown.length),
	);
	const cell = (figure: Figure, text: string): string => ` ${text.padEnd(cellsOf(figure) - 1 + spare)}`;
	return [
		shown.map(figure => span(cell(figure, figure.name), 'muted')),
		shown.map(figure => span(cell(figure, figure.text), figure.tone ?? 'text', true)),
	];
};

const wordsLine = (figures: readonly Figure[], width: number): Line => {
	let line: Line = [span(' ')];
	for (const {name, text, tone} of figures) {
		const longer: Line = [...line, span(text, tone ?? 'text', true), span(` ${name}  `, 'muted')];
		if (widthOfLine(longer) > width) {
			break;
		}

		line = longer;
	}

	return line;
};

const pillOf: Readonly<Record<Ending, readonly [word: string, tone: Tone, glyph: 'done' | 'half' | 'failed' | 'dot']>> =
	{
		ok: ['ok', 'ok', 'done'],
		limited: ['limited (429)', 'warn', 'half'],
		refused: ['refused (4xx)', 'error', 'failed'],
		failed: ['failed (5xx)', 'error', 'failed'],
		cut: ['cut', 'error', 'failed'],
		cancelled: ['cancelled', 'muted', 'dot'],
	};

/** How requests ended, a glyph and words each; what did not happen is left out, what does not fit too. */
export const pillsLine = ({total, sessions, projects}: UsageView, width: number, glyphs: Glyphs): Line => {
	const pills = endings
		.filter(ending => ending === 'ok' || total.endings[ending] > 0)
		.map((ending): Span => {
			const [word, tone, glyph] = pillOf[ending];
			return span(`${glyphs[glyph]} ${formatTokens(total.endings[ending])} ${word}`, tone);
		});
	const rest = [
		total.retried === 0 ? '' : `${formatTokens(total.retried)} retried`,
		`${sessions} session${sessions === 1 ? '' : 's'}`,
		`${projects} project${projects === 1 ? '' : 's'}`,
	].filter(text => text !== '');
	let line: Line = [];
	for (const pill of [...pills, ...rest.map(text => span(text, 'muted'))]) {
		const longer: Line = [...line, span(line.length === 0 ? ' ' : '   '), pill];
		if (widthOfLine(longer) > width) {
			break;
		}

		line = longer;
	}

	return line;
};

/** The most important figures of the range, and how its requests ended. */
export const usageFiguresPane = (state: ScreenState, box: PaneBox, glyphs: Glyphs): readonly Line[] => {
	const {view, notice, range} = state.usagePage;
	const notes = view === undefined ? [] : coverageNotes(view);
	const isIncomplete = notes.some(({tone}) => tone === 'warn');
	return framePane(box, {
		title: `Usage ${rangeTitles[range]}`,
		note: noteOf(
			view?.coverage.isReading === true ? ['reading the ledger', 'info'] : undefined,
			isIncomplete ? [`! ${notes.length} note${notes.length === 1 ? '' : 's'}`, 'warn'] : undefined,
		),
		isFocused: false,
		glyphs,
		inside: (width, height) => {
			if (view === undefined) {
				return emptyLines([notice ?? 'Reading the ledger.'], width, height);
			}

			const figures = figuresOf(view.total);
			return height < 3 ? [wordsLine(figures, width)] : [...tableLines(figures, width), pillsLine(view, width, glyphs)];
		},
	});
};
