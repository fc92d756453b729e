import type {Transcript, TranscriptItem} from '../../event/view.ts';
import {countLines, piecesOf, type BlockMaker, type Piece, type Pieces} from './block.ts';
import {textRow, type LaidLine, type Row} from './row.ts';

/* All blocks of a conversation: which of their rows are shown, and the display lines of those. */

/** A row of the conversation. Folding, new text at the end, another width and colours do not move it. */
export interface RowPlace {
	readonly block: number;
	readonly piece: number;
	readonly row: number;
}

/** How long a block is before it is folded at first, and how many of its lines are left then. */
interface FoldRule {
	readonly above: number;
	readonly head: number;
}

/** The lines that are left of a block in the outline that folding everything makes. */
const leastHead = 1;

const neverAtFirst = Number.POSITIVE_INFINITY;

const foldRules: Readonly<Record<TranscriptItem['kind'], FoldRule>> = {
	developer: {above: 6, head: 3},
	user: {above: 40, head: 12},
	assistant: {above: neverAtFirst, head: leastHead},
	reasoning: {above: neverAtFirst, head: leastHead},
	'tool-call': {above: 60, head: 20},
	'tool-output': {above: 12, head: 8},
	compaction: {above: 12, head: 6},
	note: {above: 12, head: 3},
};

/** Where the hidden rows of a folded block begin, and how many lines there are. */
interface Fold {
	readonly piece: number;
	readonly row: number;
	readonly hidden: number;
}

/** The blocks. */
export class Blocks {
	readonly #maker: BlockMaker;
	#blocks: readonly Pieces[] = [];
	#lines: readonly number[] = [];
	/** What the reader chose for single blocks, over what holds for all. */
	#choices = new Map<number, boolean>();
	#all: boolean | undefined;
	readonly #folds = new Map<number, Fold | undefined>();

	constructor(maker: BlockMaker) {
		this.#maker = maker;
	}

	get count(): number {
		return this.#blocks.length;
	}

	/** Takes a new version of the conversation, or with `isOther` another one. */
	update(transcript: Transcript | undefined, isOther: boolean): void {
		const before = isOther ? [] : this.#blocks;
		const linesBefore = this.#lines;
		const items = transcript?.items ?? [];
		const lines: number[] = [];
		this.#blocks = items.map((item, index) => {
			const old = before[index];
			const isSame = old !== undefined && isSameItem(old.item, item);
			lines.push((isSame ? linesBefore[index] : undefined) ?? linesOfItem(item));
			return isSame
				? old
				: piecesOf(item, this.#maker, {isFirst: index === 0, old: old?.item.kind === item.kind ? old : undefined});
		});
		this.#lines = lines;
		this.#folds.clear();
		if (isOther) {
			this.#choices = new Map();
			this.#all = undefined;
		}
	}

	/** Makes all rows anew, with what blocks are made of now. */
	remake(): void {
		this.#blocks = this.#blocks.map(({item}, index) =>
			piecesOf(item, this.#maker, {isFirst: index === 0, old: undefined}),
		);
		this.#folds.clear();
	}

	itemOf(block: number): TranscriptItem | undefined {
		return this.#blocks[block]?.item;
	}

	piecesOf(block: number): readonly Piece[] {
		return this.#blocks[block]?.pieces ?? [];
	}

	/** The lines of a block as it is shown, without making rows: what a scroll bar counts. */
	shownLines(block: number): number {
		const lines = this.#lines[block] ?? 0;
		return this.#wantsFold(block) ? Math.min(lines, this.#headOf(block) + 1) : lines;
	}

	/** Where a block is folded; undefined: all of it is shown. */
	foldOf(block: number): Fold | undefined {
		if (!this.#wantsFold(block)) {
			return undefined;
		}

		if (!this.#folds.has(block)) {
			this.#folds.set(block, this.#findFold(block, this.#headOf(block)));
		}

		return this.#folds.get(block);
	}

	/** Whether there is anything to fold. */
	canFold(block: number): boolean {
		return this.#findFold(block, leastHead) !== undefined;
	}

	setFold(block: number, isFolded: boolean): void {
		this.#choices.set(block, isFolded);
		this.#folds.clear();
	}

	setAllFolds(isFolded: boolean): void {
		this.#choices = new Map();
		this.#all = isFolded;
		this.#folds.clear();
	}

	/** The pieces of a block that are shown, at least one. */
	pieceCount(block: number): number {
		const fold = this.foldOf(block);
		return fold === undefined ? this.piecesOf(block).length : fold.piece + 1;
	}

	/** The rows of a piece that are shown; of a folded block the last one says how much is hidden. */
	rowCount(block: number, piece: number): number {
		const fold = this.foldOf(block);
		return fold !== undefined && fold.piece === piece ? fold.row + 1 : (this.piecesOf(block)[piece]?.rows.length ?? 0);
	}

	/** Whether a row is the one that says how much of its block is hidden. */
	isFoldRow({block, piece, row}: RowPlace): boolean {
		const fold = this.foldOf(block);
		return fold !== undefined && fold.piece === piece && fold.row === row;
	}

	/** A shown row. `moreLines` says how many lines are hidden. */
	rowAt(place: RowPlace, moreLines: (count: number) => string): Row | undefined {
		return this.isFoldRow(place)
			? textRow(moreLines(this.foldOf(place.block)?.hidden ?? 0), 'focus', {first: []})
			: this.piecesOf(place.block)[place.piece]?.rows[place.row];
	}

	/** The display lines of a shown row, at least one. */
	laid(place: RowPlace, width: number): readonly LaidLine[] {
		return this.isFoldRow(place)
			? [{prefix: [], from: 0, to: Number.MAX_SAFE_INTEGER}]
			: (this.piecesOf(place.block)[place.piece]?.laid(place.row, width) ?? []);
	}

	#wantsFold(block: number): boolean {
		const item = this.itemOf(block);
		// What is being written is read at its end.
		const atFirst = item !== undefined && !item.isLive && (this.#lines[block] ?? 0) > foldRules[item.kind].above;
		return this.#choices.get(block) ?? this.#all ?? atFirst;
	}

	/** A block that was folded for its length keeps its head; what the reader folds beyond that becomes one line. */
	#headOf(block: number): number {
		const item = this.itemOf(block);
		const isLong = item !== undefined && (this.#lines[block] ?? 0) > foldRules[item.kind].above;
		const isFoldedWithAll = this.#all === true && !this.#choices.has(block);
		return isLong && !isFoldedWithAll ? foldRules[item.kind].head : leastHead;
	}

	#findFold(block: number, head: number): Fold | undefined {
		const pieces = this.piecesOf(block);
		let left = head;
		for (const [piece, {rows}] of pieces.entries()) {
			for (const [row, {isGap}] of rows.entries()) {
				if (left === 0 && !isGap) {
					const later = pieces.slice(piece + 1).reduce((sum, {lineCount}) => sum + lineCount, 0);
					const hidden = rows.length - row + later;
					// A line that says that one line is hidden is no shorter.
					return hidden > 1 ? {piece, row, hidden} : undefined;
				}

				left -= isGap ? 0 : 1;
			}
		}

		return undefined;
	}
}

const linesOfItem = ({text, edits}: TranscriptItem): number =>
	(text === '' && edits !== undefined ? 0 : countLines(text)) +
	(edits ?? []).reduce((sum, {before, after}) => sum + countLines(before ?? '') + countLines(after), 0);

const isSameItem = (left: TranscriptItem, right: TranscriptItem): boolean =>
	left.kind === right.kind &&
	left.title === right.title &&
	left.isLive === right.isLive &&
	left.text === right.text &&
	(left.edits === right.edits || JSON.stringify(left.edits) === JSON.stringify(right.edits));
