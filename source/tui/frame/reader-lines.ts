import {wrapText} from '../../base/text-width.ts';
import {wordsOf, type Words} from '../language/words.ts';
import {keyOfPage, pageNames, type ScreenState} from '../store/screen-state.ts';
import {openIncidents} from '../store/selectors.ts';
import {plainOf, type Line} from '../text/line.ts';
import {asciiGlyphs, type Glyphs} from '../theme/glyphs.ts';
import {footerRow} from './footer-row.ts';
import {focusedLines} from './frame.ts';
import {messageRow} from './message-row.ts';
import {statusRow} from './status-row.ts';
import {wizardFooter} from './wizard-pane.ts';

/*
 * The screen for a screen reader: one column of sentences in reading order, from the same state and the same panes as the
 * drawn one (tui.md 2, A10). Ink's own mode for screen readers writes everything again after every change; here the lines
 * are what they are to be, and only those that changed are written.
 */

/** Cells at most: below the width from which pages stand side by side, so that keys do what is said. */
export const readerColumns = 100;

/** Rows stay whole here, since nothing has a place to keep. */
const unbound = 4000;

const spokenGlyphs = ({reader}: Words): Glyphs => ({
	...asciiGlyphs,
	...{selected: reader.selected, arrow: reader.arrow, pinned: reader.pinned, separator: ' ', dot: ' ', ellipsis: '…'},
	...{healthy: '', half: '', down: '', done: '', failed: '', running: '', rail: '', branch: '', full: '', empty: ''},
	...{followDown: '', followUp: '', horizontal: '', vertical: '', topLeft: ''},
	...{topRight: '', bottomLeft: '', bottomRight: ''},
	spoken: {label: reader.label, comma: reader.comma},
});

/** Lines and blocks, geometric shapes, dingbats and braille: upstreams and answers may hold them too. */
const drawn = /[\u2500-\u25FF\u2700-\u27BF\u2800-\u28FF]/gu;

const arrowNames = {'←': 'left', '↑': 'up', '→': 'right', '↓': 'down'} as const;

const isArrow = (text: string): text is keyof typeof arrowNames => text in arrowNames;

/** A drawn line as a sentence: what space set apart is set apart by commas. */
const sentenceOf = (line: Line, {reader}: Words): string => {
	const [first, ...rest] = line;
	const isFact = rest.length > 0 && first !== undefined && /^ \S.* {2,}$/.test(first.text);
	const text = isFact ? reader.label(first.text.trim(), plainOf(rest).trim()) : plainOf(line);
	return text
		.replaceAll(/[←↑→↓]/g, arrow => (isArrow(arrow) ? reader.arrows[arrowNames[arrow]] : arrow))
		.replaceAll(drawn, '')
		.trim()
		.replaceAll(/(?<=[:,]) {2,}/g, ' ')
		.replaceAll(/(?<=[：，]) +/g, '')
		.replaceAll(/ {2,}/g, reader.comma);
};

const wrapped = (sentences: readonly string[], {columns}: ScreenState): readonly string[] =>
	sentences.filter(text => text !== '').flatMap(text => wrapText(text, Math.max(20, columns)));

/** How the whole is doing, without the clock. */
const statusSentence = (state: ScreenState, glyphs: Glyphs, words: Words): string =>
	sentenceOf(statusRow({...state, columns: unbound}, glyphs).slice(0, -1), words);

/** Figures of the engine's own load change all the time and are nobody's news. */
const messageSentence = (state: ScreenState, glyphs: Glyphs, words: Words): string => {
	const engine = state.engine && {...state.engine, loopP99Ms: undefined, rssMb: undefined};
	return sentenceOf(messageRow({...state, engine, columns: unbound}, glyphs), words);
};

const keysSentences = (state: ScreenState, words: Words): readonly string[] => {
	const {wizard, form} = state;
	const wide = form === undefined && wizard === undefined ? {...state, columns: unbound} : state;
	const keys = wizard === undefined ? footerRow(wide) : wizardFooter(state, wizard);
	const {titles} = words.frame;
	const pages = pageNames.map(page => `${keyOfPage(page)} ${titles[page]}`).join(words.reader.comma);
	return [
		words.reader.label(words.reader.keys, sentenceOf(keys, words)),
		words.reader.label(words.reader.pages, pages),
	];
};

/** As many whole sentences around the selected one as there is room for; without one, from the start. */
const around = (
	sentences: readonly string[],
	selected: string,
	{state, room}: {readonly state: ScreenState; readonly room: number},
): readonly string[] => {
	const blocks = sentences.map(text => wrapped([text], state));
	const at = Math.max(
		0,
		sentences.findIndex(text => text.startsWith(selected)),
	);
	let [from, to] = [at, at + 1];
	let left = room - (blocks[at]?.length ?? 0);
	for (let isGrowing = true; isGrowing;) {
		const below = blocks[to];
		const above = blocks[from - 1];
		isGrowing = false;
		if (above !== undefined && above.length <= left) {
			left -= above.length;
			from--;
			isGrowing = true;
		}

		if (below !== undefined && below.length <= left) {
			left -= below.length;
			to++;
			isGrowing = true;
		}
	}

	return blocks.slice(from, to).flat().slice(0, Math.max(0, room));
};

/**
 * The screen as sentences, `rows` lines of at most `columns` cells: status, page, the title and the rows of what has
 * the keys, the selected one said so and with the titles of its columns, the message, and the keys.
 */
export const readerLines = (state: ScreenState): readonly string[] => {
	const words = wordsOf(state);
	const glyphs = spokenGlyphs(words);
	const {reader, frame} = words;
	const page = reader.page(frame.titles[state.page], frame.openIncidents(openIncidents(state)));
	const head = wrapped([statusSentence(state, glyphs, words), page], state);
	const foot = wrapped([messageSentence(state, glyphs, words), ...keysSentences(state, words)], state);
	const room = Math.max(2, state.rows - head.length - foot.length);
	const pane = focusedLines(state, {width: state.columns, height: room + 1, glyphs});
	const [title = '', ...rows] = pane.map(line => sentenceOf(line, words)).filter(text => text !== '');
	const titles = wrapped([title], state);
	const body = around(rows, reader.selected, {state, room: room - titles.length});
	// Message and keys keep their rows, so that another selection writes none of them again; Ink gives an empty text no row.
	const gap = Array.from({length: Math.max(0, room - titles.length - body.length)}, () => ' ');
	return [...head, ...titles, ...body, ...gap, ...foot].slice(0, state.rows);
};

/**
 * The lines on a screen that is read aloud. Its clock stands until something else has changed: a duration that grows alone
 * is nothing to read again.
 */
export class ReaderView {
	#shown: readonly string[] = [];
	#atMs: number | undefined;

	/** The lines for a state; those of before where only time has passed. */
	readonly linesOf = (state: ScreenState): readonly string[] => {
		const still = readerLines({...state, nowMs: this.#atMs ?? state.nowMs});
		if (still.join('\n') !== this.#shown.join('\n')) {
			this.#atMs = state.nowMs;
			this.#shown = readerLines(state);
		}

		return this.#shown;
	};
}
