import type {TranscriptItem} from '../../source/event/view.ts';
import {startAnchor, TranscriptLayout, type Anchor} from '../../source/tui/text/transcript-layout.ts';
import {unicodeGlyphs} from '../../source/tui/theme/glyphs.ts';
import {richItems, richTranscript} from './rich-transcript.ts';
import {markdownRows, type Lexer} from '../../source/tui/transcript/markdown-rows.ts';
import {drawLine, layRow, type Row} from '../../source/tui/transcript/row.ts';
import {loadReaderTools} from '../../source/tui/transcript/reader-tools.ts';
import {plainOf, type Line} from '../../source/tui/text/line.ts';

/** Rows as the display lines of a width. */
export const linesOfRows = (rows: readonly Row[], width: number): readonly Line[] =>
	rows.flatMap(row => layRow(row, width).map(laid => drawLine(row, laid, [])));

/** What Markdown and edits are read with. */
export const tools = await loadReaderTools();

/** Markdown as rows, without colours of code. */
export const rowsOfMarkdown = (text: string, lexer: Lexer = tools.lex): readonly Row[] =>
	markdownRows(text, {lex: lexer, tone: 'text', paint: () => undefined});

/** How tests draw pages. */
export const look = {glyphs: unicodeGlyphs};

/** A conversation laid out with Markdown. */
export const layoutOf = (items: readonly TranscriptItem[] = richItems, width = 78): TranscriptLayout => {
	const layout = new TranscriptLayout();
	layout.use(tools);
	layout.resize(width);
	layout.update(richTranscript('r', items));
	return layout;
};

/** All of its lines. */
export const allLines = (layout: TranscriptLayout): readonly string[] =>
	layout.page(startAnchor, 100_000, look).map(line => plainOf(line).trimEnd());

/** What stands at the top of a page, without its label. */
export const topText = (layout: TranscriptLayout, anchor: Anchor): string =>
	plainOf(layout.page(anchor, 1, look)[0] ?? []).slice(6);
