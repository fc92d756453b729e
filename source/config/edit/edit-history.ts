import {readIfThere, replaceFile, sha256} from '../../base/atomic-file.ts';
import {RelayError} from '../../base/errors.ts';
import {isRecord} from '../../base/json.ts';

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
	const edit: Partial<Record<keyof RememberedEdit, unknown>> = isRecord(value) ? value : {};
	const {atMs, what, before, after, start, inserted, removed} = edit;
	return (
		[atMs, start, inserted].every(number => Number.isSafeInteger(number)) &&
		!Number.isNaN(new Date(Number(atMs)).getTime()) &&
		[what, after, removed].every(text => typeof text === 'string') &&
		['string', 'undefined'].includes(typeof before)
	);
};

/** What stands in the file of edits. */
interface KeptEdits {
	readonly edits: readonly RememberedEdit[];
	/** An edit that was about to be written, or taken back, when this was noted; only config.toml can say which side of it holds. */
	readonly pending: RememberedEdit | undefined;
}

const nothing: KeptEdits = {edits: [], pending: undefined};

const editsIn = (text: string): KeptEdits => {
	try {
		const found: unknown = JSON.parse(text);
		const {edits, pending} = isRecord(found) ? found : {};
		return {
			edits: Array.isArray(edits) ? edits.filter(isEdit) : [],
			pending: isEdit(pending) ? pending : undefined,
		};
	} catch (error) {
		if (error instanceof SyntaxError) {
			// Somebody broke it: then there is nothing that could be taken back.
			return nothing;
		}

		throw error;
	}
};

/**
 * The remembered edits of a file that holds `now`, the oldest first; none where they cannot be read as such. One that a killed process left
 * pending is among them exactly where the file holds what it made.
 */
export const readEdits = async (file: string, now: Uint8Array | undefined): Promise<readonly RememberedEdit[]> => {
	const bytes = await readIfThere(file);
	const {edits, pending} = bytes === undefined ? nothing : editsIn(bytes.toString());
	return pending !== undefined && now !== undefined && sha256(now) === pending.after ? [...edits, pending] : edits;
};

const keep = async (file: string, kept: KeptEdits): Promise<void> => {
	await replaceFile(file, `${JSON.stringify({version: 1, ...kept})}\n`, {mode: 0o600});
};

/**
 * Runs `change`, which makes the edit `pending` or takes it back, and remembers `past`, of which the oldest may go. The edit is noted behind `stay`
 * first: wherever a process is killed, and where `change` throws, it can be taken back exactly if it stands in the file.
 * Throws what `change` and `replaceFile` throw.
 */
export const journalEdit = async (
	file: string,
	{stay, pending, past}: Record<'stay' | 'past', readonly RememberedEdit[]> & {readonly pending: RememberedEdit},
	change: () => Promise<void>,
): Promise<void> => {
	await keep(file, {edits: stay, pending});
	await change();
	await keep(file, {edits: past.slice(-rememberedEdits), pending: undefined});
};
