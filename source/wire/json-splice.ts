import {RelayError} from '../base/errors.ts';
import type {ByteRange} from './json-scan.ts';
import {isSpace, skipSpaces} from './json-token.ts';

/* Changes a JSON text by cutting and pasting: everything that is not changed keeps its bytes (architecture.md, rule 8 of the road). */

/** One change: `replacement` takes the place of the range; undefined removes the member or element with its comma. */
export interface Edit extends ByteRange {
	readonly replacement: Buffer | undefined;
}

const comma = 44;

const commaAfter = (bytes: Buffer, at: number): number | undefined => {
	const next = skipSpaces(bytes, at);
	return bytes[next] === comma ? next : undefined;
};

const commaBefore = (bytes: Buffer, at: number): number | undefined => {
	let previous = at - 1;
	while (isSpace(bytes[previous])) {
		previous -= 1;
	}

	return bytes[previous] === comma ? previous : undefined;
};

/** Neighbours that both go are one removal: with their commas taken one by one, one comma would be left over. */
const joinRemovals = (bytes: Buffer, edits: readonly Edit[]): readonly Edit[] => {
	const joined: Edit[] = [];
	for (const edit of edits) {
		const last = joined.at(-1);
		const gap = last === undefined ? undefined : commaAfter(bytes, last.end);
		const isNeighbour =
			last !== undefined &&
			gap !== undefined &&
			last.replacement === undefined &&
			edit.replacement === undefined &&
			skipSpaces(bytes, gap + 1) === edit.start;
		if (isNeighbour) {
			joined[joined.length - 1] = {start: last.start, end: edit.end, replacement: undefined};
		} else {
			joined.push(edit);
		}
	}

	return joined;
};

const withComma = (bytes: Buffer, edit: Edit): ByteRange => {
	if (edit.replacement !== undefined) {
		return edit;
	}

	const after = commaAfter(bytes, edit.end);
	return after === undefined
		? {start: commaBefore(bytes, edit.start) ?? edit.start, end: edit.end}
		: {start: edit.start, end: after + 1};
};

/**
 * A copy of the body with the edits made; ranges come from a scan of the same bytes. Throws RelayError
 * `edits-overlap` when two edits touch the same bytes: that is a fault of the caller.
 */
export const spliceBytes = (bytes: Buffer, edits: readonly Edit[]): Buffer => {
	const parts: Buffer[] = [];
	let copied = 0;
	for (const edit of joinRemovals(
		bytes,
		edits.toSorted((one, other) => one.start - other.start),
	)) {
		const {start, end} = withComma(bytes, edit);
		if (start < copied) {
			throw new RelayError('edits-overlap', `Two changes of a body overlap at byte ${start}. Report this fault.`);
		}

		parts.push(bytes.subarray(copied, start));
		if (edit.replacement !== undefined) {
			parts.push(edit.replacement);
		}

		copied = end;
	}

	parts.push(bytes.subarray(copied));
	return Buffer.concat(parts);
};
