import path from 'node:path';
import {readIfThere, removeFile, replaceFile} from '../../base/atomic-file.ts';
import {RelayError} from '../../base/errors.ts';
import type {Home} from '../../config/home.ts';
import {isTable} from '../../config/toml.ts';
import type {OriginalText} from './provider-edit.ts';

/*
 * The journal of what `switch on` changed: written and synced before Codex's file is, so that whatever dies when, `switch off`
 * and `switch heal` know what belongs there. It may hold keys of the user's file and is 0600 like everything in the home.
 */

/** What was changed in Codex's `config.toml`. */
export interface SwitchJournal {
	readonly version: 1;
	/** The file that was changed. */
	readonly file: string;
	/** `http://127.0.0.1:PORT/v1`, as we wrote it. */
	readonly baseUrl: string;
	/** Tells our table from another instance's; not the token itself. */
	readonly tokenFingerprint: string;
	readonly writtenAtMs: number;
	readonly original: OriginalText & {
		/** False: there was no file. */
		readonly existed: boolean;
		/** Of the whole file; of no bytes where it did not exist. */
		readonly sha256: string;
		/** The whole file, where it was at most 1 MiB. */
		readonly base64: string | undefined;
		/** We also made the folder around it. */
		readonly madeFolder: boolean;
	};
	/** Of the file as we wrote it: as long as it is that, undoing means the original bytes. */
	readonly patchedSha256: string;
	/** The file pointed at another codex-tui: what stood there before that is not known. */
	readonly tookOver: boolean;
}

const journalFile = (home: Home): string => path.join(home.switchFolder, 'codex.json');

const isOriginal = (value: unknown): boolean =>
	isTable(value) &&
	typeof value['existed'] === 'boolean' &&
	typeof value['sha256'] === 'string' &&
	['string', 'undefined'].includes(typeof value['base64']) &&
	['string', 'undefined'].includes(typeof value['modelProvider']) &&
	typeof value['addedBlankLine'] === 'boolean' &&
	typeof value['endedInLine'] === 'boolean';

const isJournal = (value: unknown): value is SwitchJournal =>
	isTable(value) &&
	value['version'] === 1 &&
	['file', 'baseUrl', 'tokenFingerprint', 'patchedSha256'].every(name => typeof value[name] === 'string') &&
	isOriginal(value['original']);

const parseJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};

/** The journal, or undefined where nothing is switched on. Throws `RelayError` `journal-invalid` for a file that is none. */
export const readJournal = async (home: Home): Promise<SwitchJournal | undefined> => {
	const bytes = await readIfThere(journalFile(home));
	if (bytes === undefined) {
		return undefined;
	}

	const value = parseJson(bytes.toString());
	if (!isJournal(value)) {
		throw new RelayError(
			'journal-invalid',
			`${journalFile(home)} is not a switch journal; take model_provider and [model_providers.codex-tui] out of Codex’s config.toml by hand, then remove it.`,
		);
	}

	return value;
};

/** Writes the journal durably. */
export const writeJournal = async (home: Home, journal: SwitchJournal): Promise<void> => {
	await replaceFile(journalFile(home), `${JSON.stringify(journal, undefined, '\t')}\n`, {mode: 0o600});
};

/** Removes the journal durably. */
export const removeJournal = async (home: Home): Promise<void> => {
	await removeFile(journalFile(home));
};
