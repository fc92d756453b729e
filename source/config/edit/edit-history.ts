import {readIfThere, replaceFile, sha256} from '../../base/atomic-file.ts';
import {RelayError} from '../../base/errors.ts';

/*
 * The last edits of config.toml, so that they can be taken back. Of each only the bytes are kept that it took away: a file of its own,
 * mode 0600, as they may hold a key.
 */

/** How many edits are remembered. */
export const rememberedEdits = 20;

/** One edit: at `start` stand now `inserted` bytes where the `removed` ones stood. */
export interface RememberedEdit {
	/** Wall clock, milliseconds. */
	readonly atMs: number;
	/** What was done, in a sentence. */
	readonly what: string;
	/** SHA-256 of the file before, undefined where there was none, and after the edit. */
	readonly before: string | undefined;
	readonly after: string;
	/** Bytes. */
	readonly start: number;
	readonly inserted: number;
	/** Base64. */
	readonly removed: string;
}

/** The edit between two contents of a file. */
export const editBetween = (
	before: Uint8Array | undefined,
	after: Uint8Array,
	{what, atMs}: Pick<RememberedEdit, 'what' | 'atMs'>,
): RememberedEdit => {
	const old = before ?? new Uint8Array();
	const least = Math.min(old.length, after.length);
	let start = 0;
	while (start < least && old[start] === after[start]) {
		start++;
	}

	let end = 0;
	while (end < least - start && old[old.length - 1 - end] === after[after.length - 1 - end]) {
		end++;
	}

	return {
		atMs,
		what,
		before: before === undefined ? undefined : sha256(before),
		after: sha256(after),
		start,
		inserted: after.length - end - start,
		removed: Buffer.from(old.subarray(start, old.length - end)).toString('base64'),
	};
};

/** The content before an edit; undefined: there was no file. Throws `RelayError` `edit-history` where it does not come out as it was. */
export const contentBefore = (edit: RememberedEdit, now: Uint8Array): Buffer | undefined => {
	if (edit.before === undefined) {
		return undefined;
	}

	const content = Buffer.concat([
		now.subarray(0, edit.start),
		Buffer.from(edit.removed, 'base64'),
		now.subarray(edit.start + edit.inserted),
	]);
	if (sha256(content) !== edit.before) {
		throw new RelayError(
			'edit-history',
			'The remembered edit does not lead back to the file as it was; nothing is undone.',
		);
	}

	return content;
};

const isEdit = (value: unknown): value is RememberedEdit => {
	const edit: Partial<Record<keyof RememberedEdit, unknown>> = typeof value === 'object' && value !== null ? value : {};
	const {atMs, what, before, after, start, inserted, removed} = edit;
	return (
		[atMs, start, inserted].every(number => Number.isSafeInteger(number)) &&
		!Number.isNaN(new Date(Number(atMs)).getTime()) &&
		[what, after, removed].every(text => typeof text === 'string') &&
		['string', 'undefined'].includes(typeof before)
	);
};

const editsIn = (text: string): readonly RememberedEdit[] => {
	try {
		const found: unknown = JSON.parse(text);
		const edits = typeof found === 'object' && found !== null && 'edits' in found ? found.edits : undefined;
		return Array.isArray(edits) ? edits.filter(isEdit) : [];
	} catch (error) {
		if (error instanceof SyntaxError) {
			// Somebody broke it: then there is nothing that could be taken back.
			return [];
		}

		throw error;
	}
};

/** The remembered edits of a file, the oldest first; none where it cannot be read as such. */
export const readEdits = async (file: string): Promise<readonly RememberedEdit[]> => {
	const bytes = await readIfThere(file);
	return bytes === undefined ? [] : editsIn(bytes.toString());
};

/** Remembers these edits, of which the oldest may go. */
export const writeEdits = async (file: string, edits: readonly RememberedEdit[]): Promise<void> => {
	await replaceFile(file, `${JSON.stringify({version: 1, edits: edits.slice(-rememberedEdits)})}\n`, {mode: 0o600});
};
