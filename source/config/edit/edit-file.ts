import path from 'node:path';
import {readIfThere, removeFile, replaceFile, sha256} from '../../base/atomic-file.ts';
import {RelayError} from '../../base/errors.ts';
import type {Home} from '../home.ts';
import {withMutex} from '../mutex.ts';
import {decodeToml} from '../toml.ts';
import {changeConfig, emptyConfig, type ConfigEdit, type EditedConfig} from './config-edit.ts';
import {contentBefore, editBetween, journalEdit, readEdits, type RememberedEdit} from './edit-history.ts';
import {maskedDiff} from './masked-diff.ts';

/* config.toml of a home, edited: planned, written, taken back. Whatever somebody else writes in between is noticed and stays. */

type EditedHome = Pick<Home, 'config' | 'configEdits'>;

/** A change that was checked and is not written. */
export interface PlannedEdit extends EditedConfig {
	/** What the file holds now; undefined: there is none. */
	readonly before: Buffer | undefined;
	readonly isChanged: boolean;
	/** Unified, without secrets; '' where nothing changes. */
	readonly diff: string;
}

/**
 * Writes, or removes, config.toml where it holds `expected`. People keep it in a repository and link it into their home: the link stays and
 * the file behind it changes, wherever that is, as only a configuration that was read through the link is ever replaced (SEC-15).
 * Throws as `replaceFile` does.
 */
export const putConfig = async (
	file: string,
	content: Uint8Array | undefined,
	{expected}: {readonly expected: Uint8Array | undefined},
): Promise<void> => {
	const options = {roots: 'owned', expected: {bytes: expected}} as const;
	await (content === undefined ? removeFile(file, options) : replaceFile(file, content, options));
};

const nameOf = ({config}: EditedHome): string => path.basename(config);

/** A new file begins with the one line that makes it a configuration. */
const textOf = ({config}: EditedHome, bytes: Buffer | undefined): string =>
	bytes === undefined ? emptyConfig : decodeToml(config, bytes);

/** The edits of a home's config.toml that can be taken back one after the other, the oldest first. */
export const pastEdits = async (home: EditedHome): Promise<readonly RememberedEdit[]> =>
	await readEdits(home.configEdits, await readIfThere(home.config));

/** Works a change out. Throws as `changeConfig` does. */
export const planEdit = async (home: EditedHome, edit: ConfigEdit, env: NodeJS.ProcessEnv): Promise<PlannedEdit> => {
	const before = await readIfThere(home.config);
	const source = textOf(home, before);
	const edited = changeConfig(source, edit, {path: home.config, env});
	const diff = maskedDiff(before === undefined ? '' : source, edited.text, nameOf(home));
	return {...edited, before, isChanged: edited.text !== source, diff};
};

/**
 * Writes a planned change, and remembers how to take it back. Throws `RelayError` `file-changed` where the file is no longer what the
 * change was planned on, and the other errors of `replaceFile`.
 */
export const writeEdit = async (
	home: EditedHome,
	{before, text, what}: Pick<PlannedEdit, 'before' | 'text' | 'what'>,
	nowMs: number,
): Promise<void> =>
	await withMutex(`${home.configEdits}.lock`, async () => {
		const after = Buffer.from(text);
		const stay = await pastEdits(home);
		const pending = editBetween(before, after, {what, atMs: nowMs});
		await journalEdit(home.configEdits, {stay, pending, past: [...stay, pending]}, async () => {
			await putConfig(home.config, after, {expected: before});
		});
	});

/** What taking the last edit back would do. */
export interface PlannedUndo {
	readonly edit: RememberedEdit;
	readonly now: Buffer;
	/** Undefined: the edit made the file. */
	readonly before: Buffer | undefined;
	readonly diff: string;
}

const refuse = (sentence: string): RelayError => new RelayError('undo-refused', sentence);

/** Works out how the last edit is taken back. Throws `RelayError` `undo-refused` where there is none, or the file is another one by now. */
export const planUndo = async (home: EditedHome): Promise<PlannedUndo> => {
	const edit = (await pastEdits(home)).at(-1);
	if (edit === undefined) {
		throw refuse(`There is no edit of ${home.config} to take back.`);
	}

	const now = await readIfThere(home.config);
	if (now === undefined || sha256(now) !== edit.after) {
		throw refuse(
			`${home.config} was changed after the last edit (${edit.what}), so it is not taken back; change it by hand.`,
		);
	}

	const before = contentBefore(edit, now);
	const diff = maskedDiff(textOf(home, now), before === undefined ? '' : textOf(home, before), nameOf(home));
	return {edit, now, before, diff};
};

/** Takes the last edit back, to the byte; the one before it is then the last. Throws as {@link planUndo} and `replaceFile` do. */
export const undoEdit = async (home: EditedHome): Promise<RememberedEdit> =>
	await withMutex(`${home.configEdits}.lock`, async () => {
		const {edit, now, before} = await planUndo(home);
		const stay = (await pastEdits(home)).slice(0, -1);
		await journalEdit(home.configEdits, {stay, pending: edit, past: stay}, async () => {
			await putConfig(home.config, before, {expected: now});
		});
		return edit;
	});
