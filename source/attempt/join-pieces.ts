/**
 * The pieces of one read in one buffer, and `rest` in front of them. The body of a chunked answer lies in pieces in what was read
 * from its socket: they are moved together there, over the chunk sizes between them, since a new block for each read would be most of a
 * stream's garbage. Pieces must belong to the caller alone; they are not valid afterwards.
 */
export const joinPieces = (pieces: readonly Buffer[], rest?: Buffer): Buffer => {
	const [first] = pieces;
	if (first !== undefined && pieces.length === 1 && rest === undefined) {
		return first;
	}

	return packed(pieces, rest) ?? Buffer.concat(rest === undefined ? pieces : [rest, ...pieces]);
};

const packed = (pieces: readonly Buffer[], rest: Buffer | undefined): Buffer | undefined => {
	const [first] = pieces;
	const last = pieces.at(-1);
	if (first === undefined || last === undefined) {
		return undefined;
	}

	const block = Buffer.from(first.buffer);
	if (!isOneBody(block, pieces)) {
		return undefined;
	}

	const start = first.byteOffset;
	const end = last.byteOffset + last.length;
	const total = pieces.reduce((sum, {length}) => sum + length, rest?.length ?? 0);
	if (total > end - start) {
		return undefined;
	}

	// To the end, since room in front is what the rest needs.
	let to = end;
	for (let index = pieces.length - 1; index >= 0; index -= 1) {
		const {byteOffset, length} = pieces[index] ?? first;
		to -= length;
		if (to !== byteOffset) {
			block.copyWithin(to, byteOffset, byteOffset + length);
		}
	}

	rest?.copy(block, end - total);
	return block.subarray(end - total, end);
};

const cr = 13;
const lf = 10;
const longestSizeLine = 12;

const isHexDigit = (byte: number | undefined): boolean =>
	byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70));

/** Whether `[start, end)` is nothing, or the end of a chunk and the size of the next (RFC 9112, 7.1). Anything else may be another's. */
const isSizeLine = (block: Buffer, start: number, end: number): boolean => {
	if (start === end) {
		return true;
	}

	if (end - start > longestSizeLine || end - start < 5) {
		return false;
	}

	for (let at = start + 2; at < end - 2; at += 1) {
		if (!isHexDigit(block[at])) {
			return false;
		}
	}

	return block[start] === cr && block[start + 1] === lf && block[end - 2] === cr && block[end - 1] === lf;
};

/** In one block and in order, with nothing but chunk sizes between them. */
const isOneBody = (block: Buffer, pieces: readonly Buffer[]): boolean => {
	let end = pieces[0]?.byteOffset ?? 0;
	for (const {buffer, byteOffset, length} of pieces) {
		if (buffer !== block.buffer || byteOffset < end || !isSizeLine(block, end, byteOffset)) {
			return false;
		}

		end = byteOffset + length;
	}

	return true;
};
