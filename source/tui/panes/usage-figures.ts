import {fitText, widthOf} from '../../base/text-width.ts';
import {allTokens, endings, promptTokens, type Ending, type Tally} from '../../observe/usage/tally.ts';
import type {UsageView} from '../../observe/usage/usage-view.ts';
import {wordsOf, type Words} from '../language/words.ts';
import type {PaneBox} from '../layout.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {formatShare} from '../text/format.ts';
import {span, widthOfLine, type Line, type Span} from '../text/line.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import type {Tone} from '../theme/theme.ts';
import {emptyLines, framePane, noteOf} from './pane.ts';
import {coverageNotes} from './usage-coverage.ts';
import {formatCost, formatFirstByte, formatSpan, formatSpeed, formatTokens, isCostIncomplete} from './usage-format.ts';

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

const figuresOf = (tally: Tally, words: Words['usage']): readonly Figure[] => {
	const {figures} = words;
	return [
		{name: figures.requests, text: formatTokens(tally.requests)},
		{name: figures.share, text: goodShare(tally), tone: goodTone(tally)},
		{name: figures.cost, text: formatCost(tally, words), tone: isCostIncomplete(tally) ? 'warn' : 'text'},
		{name: figures.tokens, text: formatTokens(allTokens(tally))},
		{name: figures.input, text: formatTokens(promptTokens(tally))},
		{name: figures.output, text: formatTokens(tally.output)},
		{name: figures.cached, text: formatShare(tally.cacheRead, promptTokens(tally))},
		{name: figures.firstByte, text: formatFirstByte(tally)},
		{name: figures.speed, text: formatSpeed(tally).replace('/s', '')},
		{name: figures.answering, text: formatSpan(tally.durationMs)},
	];
};

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
	const cell = (figure: Figure, text: string): string => ` ${fitText(text, cellsOf(figure) - 1 + spare)}`;
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

const pillOf: Readonly<Record<Ending, readonly [tone: Tone, glyph: 'done' | 'half' | 'failed' | 'dot']>> = {
	ok: ['ok', 'done'],
	limited: ['warn', 'half'],
	refused: ['error', 'failed'],
	failed: ['error', 'failed'],
	cut: ['error', 'failed'],
	cancelled: ['muted', 'dot'],
};

/** How requests ended, a glyph and words each; what did not happen is left out, what does not fit too. */
export const pillsLine = (
	{total, sessions, projects}: UsageView,
	width: number,
	{words, glyphs}: {readonly words: Words['usage']; readonly glyphs: Glyphs},
): Line => {
	const pills = endings
		.filter(ending => ending === 'ok' || total.endings[ending] > 0)
		.map((ending): Span => {
			const [tone, glyph] = pillOf[ending];
			return span(`${glyphs[glyph]} ${formatTokens(total.endings[ending])} ${words.endings[ending]}`, tone);
		});
	const rest = [
		total.retried === 0 ? '' : words.retried(formatTokens(total.retried)),
		words.sessions(sessions),
		words.projects(projects),
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
	const {usage: words, coverage} = wordsOf(state);
	const notes = view === undefined ? [] : coverageNotes(view, coverage);
	const isIncomplete = notes.some(({tone}) => tone === 'warn');
	return framePane(box, {
		title: `${words.title} ${words.ranges[range]}`,
		note: noteOf(
			view?.coverage.isReading === true ? [words.reading, 'info'] : undefined,
			isIncomplete ? [words.notes(notes.length), 'warn'] : undefined,
		),
		isFocused: false,
		glyphs,
		inside: (width, height) => {
			if (view === undefined) {
				return emptyLines([notice ?? words.readingNow], width, height);
			}

			const figures = figuresOf(view.total, words);
			return height < 3
				? [wordsLine(figures, width)]
				: [...tableLines(figures, width), pillsLine(view, width, {words, glyphs})];
		},
	});
};
