import type {Blocks, RowPlace} from './blocks.ts';

/* Walking over the shown rows of a conversation by display lines. */

/** A place in the conversation: what stands at the top of a page. */
export interface Anchor extends RowPlace {
	/** The UTF-16 unit of the row's text that the line begins with or holds; it stays the same at another width. */
	readonly offset: number;
}

/** A display line. */
export interface DisplayPlace extends RowPlace {
	readonly line: number;
}

/** The blocks at the width that they are shown in. */
export interface Sheet {
	readonly blocks: Blocks;
	/** Cells of a display line. */
	readonly width: number;
}

/** The first line. */
export const startAnchor: Anchor = {block: 0, piece: 0, row: 0, offset: 0};

/** Whether one place comes after another. */
export const isAfter = (left: Anchor, right: Anchor): boolean =>
	(left.block - right.block || left.piece - right.piece || left.row - right.row || left.offset - right.offset) > 0;

const nextRow = (blocks: Blocks, {block, piece, row}: RowPlace): RowPlace | undefined => {
	if (row + 1 < blocks.rowCount(block, piece)) {
		return {block, piece, row: row + 1};
	}

	return piece + 1 < blocks.pieceCount(block)
		? {block, piece: piece + 1, row: 0}
		: block + 1 < blocks.count
			? {block: block + 1, piece: 0, row: 0}
			: undefined;
};

const lastOfPiece = (blocks: Blocks, block: number, piece: number): RowPlace => ({
	block,
	piece,
	row: Math.max(0, blocks.rowCount(block, piece) - 1),
});

const previousRow = (blocks: Blocks, {block, piece, row}: RowPlace): RowPlace | undefined => {
	if (row > 0) {
		return {block, piece, row: row - 1};
	}

	return piece > 0
		? lastOfPiece(blocks, block, piece - 1)
		: block > 0
			? lastOfPiece(blocks, block - 1, blocks.pieceCount(block - 1) - 1)
			: undefined;
};

/** The nearest row that is shown: of a folded block that which says so. */
const shownRow = (blocks: Blocks, {block, piece, row}: RowPlace): RowPlace => {
	if (block >= blocks.count) {
		return lastRow(blocks);
	}

	const pieces = blocks.pieceCount(block);
	return piece >= pieces
		? lastOfPiece(blocks, block, pieces - 1)
		: {block, piece, row: Math.min(row, Math.max(0, blocks.rowCount(block, piece) - 1))};
};

/** The last row. */
export const lastRow = (blocks: Blocks): RowPlace => {
	const block = Math.max(0, blocks.count - 1);
	return lastOfPiece(blocks, block, Math.max(0, blocks.pieceCount(block) - 1));
};

/** The display line that an anchor is in. */
export const placeOf = ({blocks, width}: Sheet, anchor: Anchor): DisplayPlace => {
	const place = shownRow(blocks, anchor);
	const isSame = place.piece === anchor.piece && place.row === anchor.row && place.block === anchor.block;
	const line = isSame ? blocks.laid(place, width).findLastIndex(({from}) => from <= anchor.offset) : 0;
	return {...place, line: Math.max(0, line)};
};

/** What a display line begins with. */
export const anchorOf = ({blocks, width}: Sheet, {line, ...place}: DisplayPlace): Anchor => ({
	...place,
	offset: blocks.laid(place, width)[line]?.from ?? 0,
});

/** The display line `delta` lines further, or the first or the last one. */
export const walk = ({blocks, width}: Sheet, from: DisplayPlace, delta: number): DisplayPlace => {
	let place: RowPlace = from;
	let line = from.line + delta;
	while (line < 0) {
		const before = previousRow(blocks, place);
		if (before === undefined) {
			return {...place, line: 0};
		}

		place = before;
		line += blocks.laid(place, width).length;
	}

	for (let count = blocks.laid(place, width).length; line >= count; count = blocks.laid(place, width).length) {
		const after = nextRow(blocks, place);
		if (after === undefined) {
			return {...place, line: Math.max(0, count - 1)};
		}

		place = after;
		line -= count;
	}

	return {block: place.block, piece: place.piece, row: place.row, line};
};

/** The display lines of a page that begins at a place. */
export const pagePlaces = ({blocks, width}: Sheet, from: DisplayPlace, height: number): readonly DisplayPlace[] => {
	const places: DisplayPlace[] = [];
	let {line} = from;
	for (
		let place: RowPlace | undefined = blocks.count === 0 ? undefined : from;
		place !== undefined;
		place = nextRow(blocks, place)
	) {
		const {block, piece, row} = place;
		for (const count = blocks.laid(place, width).length; line < count; line++) {
			if (places.length >= height) {
				return places;
			}

			places.push({block, piece, row, line});
		}

		line = 0;
	}

	return places;
};
