import {cutText, fitText} from '../../base/text-width.ts';
import type {Transcript, TranscriptItem} from '../../event/view.ts';
import {english} from '../language/english/english.ts';
import type {Words} from '../language/words.ts';
import type {Glyphs} from '../theme/glyphs.ts';
import {tonesOfKind} from '../transcript/block.ts';
import {Blocks} from '../transcript/blocks.ts';
import {CodeColours} from '../transcript/code-colours.ts';
import {TranscriptSearch} from '../transcript/find.ts';
import type {ReaderTools} from '../transcript/reader-tools.ts';
import {drawLine, type Mark} from '../transcript/row.ts';
import {
	anchorOf,
	isAfter,
	lastRow,
	pagePlaces,
	placeOf,
	startAnchor,
	walk,
	type Anchor,
	type DisplayPlace,
	type Sheet,
} from '../transcript/walk.ts';
import {span, type Line} from './line.ts';

/*
 * A conversation as display lines without ever making all of them: blocks become rows, and rows display lines, where somebody looks. Places
 * are (block, piece, row, unit of its text), so new text at the end, another width, folding and a conversation of 200,000 lines all cost what
 * is on the screen.
 */

export {startAnchor, type Anchor};

/** What a page is drawn with. */
export interface LayoutLook {
	readonly glyphs: Glyphs;
	/** English where it is not given. */
	readonly words?: Words['transcript'] | undefined;
	/** Which of the hits the reader stands at. */
	readonly hit?: number | undefined;
}

/** What a line of a page belongs to. */
export interface PageLine {
	readonly block: number;
	/** It says how much of its block is hidden. */
	readonly isFold: boolean;
	/** Nothing is said in it. */
	readonly isBlank: boolean;
}

const labelCells = 6;
const leastCells = 4;

const asciiOf: Readonly<Record<string, string>> = {'│': '|', '─': '-', '┼': '+', '▌': '_', '→': '>'};

/** Terminals without UTF-8 get what we draw in ASCII. */
const inGlyphs = (line: Line, {rail}: Glyphs): Line =>
	rail === '│'
		? line
		: line.map(part => ({...part, text: part.text.replaceAll(/[│─┼▌→]/g, drawn => asciiOf[drawn] ?? drawn)}));

/** Lays one conversation out; feed it every new version with {@link TranscriptLayout.update}. */
export class TranscriptLayout {
	readonly #colours: CodeColours;
	#tools: ReaderTools | undefined;
	#blocks: Blocks;
	#transcript: Transcript | undefined;
	#cells = 80 - labelCells;
	#isOther = false;
	readonly #search: TranscriptSearch;

	/** Calls back when code that is on the screen has got its colours, or a search has found more. */
	constructor(onChange: () => void = () => undefined) {
		this.#search = new TranscriptSearch(onChange);
		this.#colours = new CodeColours(onChange);
		this.#blocks = new Blocks({tools: undefined, colours: this.#colours});
	}

	/** What Markdown and edits are read with from now on. */
	use(tools: ReaderTools): void {
		if (this.#tools === undefined) {
			this.#tools = tools;
			this.#blocks = new Blocks({tools, colours: this.#colours});
			this.#blocks.update(this.#transcript, true);
			this.find(this.#search.text);
		}
	}

	/** The next version is that of another conversation: folds and the search end with this one. */
	startAnew(): void {
		this.#isOther = true;
	}

	/** Takes a new version; what did not change keeps its lines. */
	update(transcript: Transcript | undefined): void {
		this.#transcript = transcript;
		this.#blocks.update(transcript, this.#isOther);
		this.find(this.#isOther ? '' : this.#search.text);
		this.#isOther = false;
	}

	/** What is shown; undefined: nothing. */
	get transcript(): Transcript | undefined {
		return this.#transcript;
	}

	/** Its blocks, to be folded. */
	get blocks(): Blocks {
		return this.#blocks;
	}

	/** Sets the cells of a line. */
	resize(width: number): void {
		this.#cells = Math.max(leastCells, width - labelCells);
	}

	get isEmpty(): boolean {
		return this.#blocks.count === 0;
	}

	/** The top of the last page of `height` lines. */
	lastPage(height: number): Anchor {
		const row = lastRow(this.#blocks);
		const line = Math.max(0, this.#blocks.laid(row, this.#cells).length - 1);
		return this.#anchorOf(walk(this.#sheet, {...row, line}, 1 - Math.max(1, height)));
	}

	/** The place `delta` lines further, never past the last page of `height` lines. */
	move(anchor: Anchor, delta: number, height: number): Anchor {
		const target = this.#anchorOf(walk(this.#sheet, this.#placeOf(anchor), delta));
		const last = this.lastPage(height);
		return isAfter(target, last) ? last : target;
	}

	/** Whether the page at this place shows the last line. */
	isAtEnd(anchor: Anchor, height: number): boolean {
		return !isAfter(this.lastPage(height), this.#anchorOf(this.#placeOf(anchor)));
	}

	/** How far the page is in the text, 0 to 100, counted in lines as they were written. */
	percentOf(anchor: Anchor, height: number): number {
		if (this.isAtEnd(anchor, height)) {
			return 100;
		}

		let before = 0;
		let all = 0;
		for (let block = 0; block < this.#blocks.count; block++) {
			const lines = this.#blocks.shownLines(block);
			const share = anchor.piece / Math.max(1, this.#blocks.piecesOf(block).length);
			before += block < anchor.block ? lines : block === anchor.block ? lines * share : 0;
			all += lines;
		}

		return Math.min(99, Math.round((before / Math.max(1, all)) * 100));
	}

	/** The lines of a page. */
	page(anchor: Anchor, height: number, look: LayoutLook): readonly Line[] {
		return this.#places(anchor, height).map(place => {
			this.#blocks.piecesOf(place.block)[place.piece]?.wantColours();
			return inGlyphs(this.#draw(place, look), look.glyphs);
		});
	}

	/** What each line of a page belongs to. */
	blocksOfPage(anchor: Anchor, height: number): readonly PageLine[] {
		return this.#places(anchor, height).map(place => ({
			block: place.block,
			isFold: this.#blocks.isFoldRow(place),
			isBlank: this.#blocks.piecesOf(place.block)[place.piece]?.rows[place.row]?.text === '',
		}));
	}

	/** Looks for a text; the empty one is found nowhere. */
	find(text: string): void {
		this.#search.find(this.#blocks, text);
	}

	/** What is looked for, and what was found. */
	get search(): TranscriptSearch {
		return this.#search;
	}

	/** The place of a hit; its block is unfolded where the hit is hidden. */
	showHit(index: number): Anchor | undefined {
		const hit = this.#search.hitAt(index);
		if (hit === undefined) {
			return undefined;
		}

		const {block, piece, row, from} = hit;
		const fold = this.#blocks.foldOf(block);
		if (fold !== undefined && (piece > fold.piece || (piece === fold.piece && row >= fold.row))) {
			this.#blocks.setFold(block, false);
		}

		return {block, piece, row, offset: from};
	}

	#draw(place: DisplayPlace, {glyphs, words = english.transcript, hit}: LayoutLook): Line {
		const row = this.#blocks.rowAt(place, count => `${glyphs.ellipsis} ${words.moreLines(count)}`);
		const item = this.#blocks.itemOf(place.block);
		const laid = this.#blocks.laid(place, this.#cells)[place.line];
		if (row === undefined || laid === undefined || item === undefined) {
			return [];
		}

		if (this.#blocks.isFoldRow(place)) {
			return [span(' '.repeat(labelCells)), span(cutText(row.text, this.#cells, glyphs.ellipsis), 'focus')];
		}

		const label = this.#isFirstText(place) ? words.kinds[item.kind] : '';
		return [
			span(fitText(label, labelCells), toneOfLabel(item), true),
			...drawLine(row, laid, this.#marksOf(place, hit)),
		];
	}

	/** The first line of a block that is not empty space before it. */
	#isFirstText({block, piece, row, line}: DisplayPlace): boolean {
		const rows = this.#blocks.piecesOf(block)[0]?.rows ?? [];
		return piece === 0 && line === 0 && row === rows.findIndex(({isGap}) => !isGap);
	}

	#marksOf(place: DisplayPlace, current: number | undefined): readonly Mark[] {
		return this.#search.hitsIn(place).map(({hit: {from, to}, index}) => ({from, to, isCurrent: index === current}));
	}

	get #sheet(): Sheet {
		return {blocks: this.#blocks, width: this.#cells};
	}

	#places(anchor: Anchor, height: number): readonly DisplayPlace[] {
		return pagePlaces(this.#sheet, this.#placeOf(anchor), height);
	}

	#placeOf(anchor: Anchor): DisplayPlace {
		return placeOf(this.#sheet, anchor);
	}

	#anchorOf(place: DisplayPlace): Anchor {
		return anchorOf(this.#sheet, place);
	}
}

const toneOfLabel = ({kind}: TranscriptItem) => (kind === 'assistant' ? 'assistant' : tonesOfKind[kind]);
