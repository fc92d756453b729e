import {mkdir, rmdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {readIfThere, removeFile, removeLeftovers, replaceFile} from '../../base/atomic-file.ts';
import {codeOf, RelayError} from '../../base/errors.ts';
import {readHomeLock} from '../../config/home-lock.ts';
import type {Home} from '../../config/home.ts';
import {withMutex} from '../../config/mutex.ts';
import {readJournal, removeJournal, type SwitchJournal, writeJournal} from './journal.ts';
import {findBase, parseCodexConfig, planSwitch, undo} from './switch-plan.ts';
import {codexConfigFile, readStatus, type SwitchStatus} from './switch-status.ts';

/*
 * Takes Codex over and gives it back. The order is always: compute, check the result by parsing it, write the journal, write the
 * file; and back: write the file, remove the journal. So at every instant either the file is as it was, or the journal says how
 * it was. Switching on again starts from what undoing would give, which keeps our own values out of the journal.
 */

/** What `switchOn` needs. */
export interface SwitchOnOptions {
	readonly home: Home;
	readonly codexHome: string;
	/** Our data listener's origin, such as `http://127.0.0.1:3211`. */
	readonly url: string;
	readonly token: string;
	/** Also when the file points at another codex-tui. */
	readonly takeOver: boolean;
}

/** What `switchOn` did. */
export interface SwitchOnResult {
	/** False: everything was as it should be. */
	readonly changed: boolean;
	readonly tookOver: boolean;
	readonly status: SwitchStatus;
}

/** What giving back did. */
export interface SwitchOffResult {
	/**
	 * `restored`: our keys are out. `nothing`: nothing was switched on, or somebody else had put it back. `left`: the file points
	 * at another codex-tui and stays so. `held`: (heal only) a living instance owns it.
	 */
	readonly outcome: 'restored' | 'nothing' | 'left' | 'held';
	readonly file: string | undefined;
	/** Every byte is as it was before `switch on`. */
	readonly isByteExact: boolean;
	/** One sentence for people. */
	readonly detail: string;
}

const tries = 5;

/** A link is followed to a file of the user's: in the home directory, or in the Codex home. */
const rootsOf = (file: string): readonly string[] => [homedir(), path.dirname(file)];

const mutexOf = (home: Home): string => path.join(home.switchFolder, 'codex.mutex');

const retryWhenChanged = async <Result>(work: () => Promise<Result>): Promise<Result> => {
	for (let attempt = 1; ; attempt++) {
		try {
			return await work();
		} catch (error) {
			if (attempt === tries || codeOf(error) !== 'file-changed') {
				throw error;
			}
		}
	}
};

const makeFolder = async (folder: string): Promise<boolean> =>
	(await mkdir(folder, {recursive: true, mode: 0o700})) !== undefined;

/** The journal as it was before a switch that could not write the file. */
const restoreJournal = async (home: Home, journal: SwitchJournal | undefined): Promise<void> => {
	if (journal === undefined) {
		await removeJournal(home);
	} else {
		await writeJournal(home, journal);
	}
};

const switchOnOnce = async ({home, codexHome, url, token, takeOver}: SwitchOnOptions): Promise<SwitchOnResult> => {
	const file = codexConfigFile(codexHome);
	const previous = await readJournal(home);
	if (previous !== undefined && previous.file !== file) {
		throw new RelayError(
			'switch-other-file',
			`${previous.file} is still switched on; run "codex-tui switch off" before switching ${file}.`,
		);
	}

	const bytes = await readIfThere(file);
	const base = findBase(bytes, previous, {file, takeOver});
	const madeFolder = (await makeFolder(codexHome)) || (previous?.original.madeFolder ?? false);
	const {journal, patched} = planSwitch(base, {baseUrl: `${url}/v1`, token}, {file, madeFolder});
	const status = readStatus(file, parseCodexConfig(file, patched), journal);
	if (previous?.patchedSha256 === journal.patchedSha256 && bytes?.equals(patched) === true) {
		return {changed: false, tookOver: false, status};
	}

	await writeJournal(home, journal);
	try {
		await replaceFile(file, patched, {roots: rootsOf(file), expected: {bytes}});
	} catch (error) {
		await restoreJournal(home, previous);
		throw error;
	}

	return {changed: true, tookOver: base.tookOver, status};
};

/**
 * Points Codex at us. Throws `RelayError`: `switch-elsewhere` (another codex-tui has it; `takeOver` takes it), `switch-id-taken`,
 * `switch-other-file`, `switch-edit`, `file-refused`, `file-unwritable`, `file-changed`, `journal-invalid`, `busy`; `ConfigError` where
 * Codex's file cannot be parsed. Whenever it throws, Codex's file is as it was.
 */
export const switchOn = async (options: SwitchOnOptions): Promise<SwitchOnResult> =>
	await withMutex(mutexOf(options.home), async () => await retryWhenChanged(async () => await switchOnOnce(options)));

const sentences: Readonly<Record<'restored' | 'nothing' | 'left', (file: string) => string>> = {
	restored: file => `${file} is given back: our keys are out, everything else stayed.`,
	nothing: file => `${file} did not point at codex-tui any more; nothing was changed.`,
	left: file => `${file} points at another codex-tui by now; it was left as it is.`,
};

const removeMadeFolder = async ({file, original}: SwitchJournal): Promise<void> => {
	if (original.madeFolder) {
		// Codex may have put its own files there meanwhile; then the folder stays.
		await rmdir(path.dirname(file)).catch(() => undefined);
	}
};

const switchOffOnce = async (home: Home): Promise<SwitchOffResult> => {
	const journal = await readJournal(home);
	if (journal === undefined) {
		return {outcome: 'nothing', file: undefined, isByteExact: false, detail: 'Codex is not switched on.'};
	}

	const {file} = journal;
	const bytes = await readIfThere(file);
	const undone = undo(journal, bytes);
	if (undone.outcome === 'restored') {
		const options = {roots: rootsOf(file), expected: {bytes}};
		await (undone.bytes === undefined ? removeFile(file, options) : replaceFile(file, undone.bytes, options));
	}

	await removeLeftovers(file);
	await removeJournal(home);
	if (undone.bytes === undefined) {
		await removeMadeFolder(journal);
	}

	const unknown = journal.tookOver ? ' What it pointed at before another codex-tui took it is not known.' : '';
	return {
		outcome: undone.outcome,
		file,
		isByteExact: undone.isByteExact,
		detail: `${sentences[undone.outcome](file)}${unknown}`,
	};
};

/**
 * Gives Codex back what it had. Throws `ConfigError` where its file cannot be parsed (nothing is written, the journal stays) and
 * the `RelayError`s of {@link switchOn}.
 */
export const switchOff = async ({home}: {readonly home: Home}): Promise<SwitchOffResult> =>
	await withMutex(mutexOf(home), async () => await retryWhenChanged(async () => await switchOffOnce(home)));

/** Gives back what a killed process left switched on; does nothing while a living instance holds the home. Can be run any time. */
export const healSwitch = async ({home}: {readonly home: Home}): Promise<SwitchOffResult> => {
	const journal = await readJournal(home);
	const holder = journal === undefined ? undefined : await readHomeLock(home);
	if (journal !== undefined && holder !== undefined) {
		return {
			outcome: 'held',
			file: journal.file,
			isByteExact: false,
			detail: `${journal.file} belongs to the running codex-tui with pid ${holder.pid}; nothing needs healing.`,
		};
	}

	return await switchOff({home});
};
