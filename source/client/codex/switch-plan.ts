import {sha256} from '../../base/atomic-file.ts';
import {RelayError} from '../../base/errors.ts';
import {fingerprint} from '../../base/ids.ts';
import {decodeToml, parseToml, type TomlDocument} from '../../config/toml.ts';
import type {SwitchJournal} from './journal.ts';
import {
	addProvider,
	checkEdit,
	looksLikeOurs,
	type OriginalText,
	providerId,
	readOriginal,
	readSwitchKeys,
	removeProvider,
	type SwitchTarget,
} from './provider-edit.ts';
import {isOfJournal} from './switch-status.ts';

/* Decides what a switch writes: bytes and journal in, bytes and journal out, no file touched. */

/** Above this the original is kept by its hash and our keys' old text only. */
const keptBytes = 1024 * 1024;

/** What undoing gives. */
export interface Undone {
	readonly outcome: 'restored' | 'nothing' | 'left';
	/** What the file should hold; undefined: no file. */
	readonly bytes: Buffer | undefined;
	readonly isByteExact: boolean;
}

const undoKeys = (journal: SwitchJournal, source: string, original: OriginalText): string => {
	const result = removeProvider(source, original);
	const before = readSwitchKeys(parseToml(journal.file, source)).modelProvider;
	const restored: unknown =
		original.modelProvider === undefined
			? undefined
			: parseToml(journal.file, `value = ${original.modelProvider}`).value['value'];
	checkEdit(source, result, {modelProvider: before === providerId ? restored : before});
	return result;
};

/** What undoing a journal makes of a file's bytes. Throws `ConfigError` where they cannot be parsed. */
export const undo = (journal: SwitchJournal, bytes: Buffer | undefined): Undone => {
	if (bytes === undefined) {
		return {outcome: 'nothing', bytes, isByteExact: !journal.original.existed};
	}

	const {original} = journal;
	const hash = sha256(bytes);
	if (original.existed && hash === original.sha256) {
		return {outcome: 'nothing', bytes, isByteExact: true};
	}

	if (hash === journal.patchedSha256 && (!original.existed || original.base64 !== undefined)) {
		const before = original.existed ? Buffer.from(original.base64 ?? '', 'base64') : undefined;
		return {outcome: 'restored', bytes: before, isByteExact: true};
	}

	const source = decodeToml(journal.file, bytes);
	const keys = readSwitchKeys(parseToml(journal.file, source));
	if (keys.table === undefined && keys.modelProvider !== providerId) {
		return {outcome: 'nothing', bytes, isByteExact: false};
	}

	if (keys.table !== undefined && !isOfJournal(keys, journal)) {
		return {outcome: 'left', bytes, isByteExact: false};
	}

	const text = undoKeys(journal, source, original);
	const result = Buffer.from(text);
	const isGone = !original.existed && text.trim() === '';
	return {
		outcome: 'restored',
		bytes: isGone ? undefined : result,
		isByteExact: isGone || (original.existed && sha256(result) === original.sha256),
	};
};

/** Parses Codex's file; none is an empty one. Throws `ConfigError`. */
export const parseCodexConfig = (file: string, bytes: Buffer | undefined): TomlDocument =>
	parseToml(file, bytes === undefined ? '' : decodeToml(file, bytes));

const otherOwner = (file: string, baseUrl: string | undefined): RelayError =>
	new RelayError(
		'switch-elsewhere',
		`${file} already points at another codex-tui on ${baseUrl ?? 'an unknown address'}; run "codex-tui switch on --yes" to take it over, or "switch off" where that one was started.`,
	);

/**
 * The file as it is without us: what to build on and to journal as the original.
 * Throws `RelayError` `switch-elsewhere` or `switch-id-taken`, and `ConfigError` for a file that cannot be parsed.
 */
export const findBase = (
	bytes: Buffer | undefined,
	journal: SwitchJournal | undefined,
	{file, takeOver}: {readonly file: string; readonly takeOver: boolean},
): {readonly bytes: Buffer | undefined; readonly tookOver: boolean} => {
	const undone = journal === undefined ? undefined : undo(journal, bytes);
	if (undone !== undefined && undone.outcome !== 'left') {
		return {bytes: undone.bytes, tookOver: journal?.tookOver ?? false};
	}

	const document = parseCodexConfig(file, bytes);
	const keys = readSwitchKeys(document);
	if (bytes === undefined || (keys.modelProvider !== providerId && keys.table === undefined)) {
		return {bytes, tookOver: false};
	}

	if (keys.table !== undefined && !looksLikeOurs(keys)) {
		throw new RelayError(
			'switch-id-taken',
			`${file} has a provider codex-tui that no codex-tui wrote; rename it there, then switch on again.`,
		);
	}

	if (!takeOver) {
		throw otherOwner(file, keys.baseUrl);
	}

	// What stood there before the other instance is not known here; the other's own values are not an original (they are ours).
	const unknown = {modelProvider: journal?.original.modelProvider, addedBlankLine: false, endedInLine: false};
	const source = decodeToml(file, bytes);
	return {bytes: Buffer.from(removeProvider(source, unknown)), tookOver: true};
};

/** The new content and the journal that goes before it. */
export interface SwitchPlan {
	readonly journal: SwitchJournal;
	readonly patched: Buffer;
}

/** Computes and checks what switching on writes. Throws `RelayError` `switch-edit` where the file cannot be edited safely. */
export const planSwitch = (
	base: {readonly bytes: Buffer | undefined; readonly tookOver: boolean},
	target: SwitchTarget,
	{file, madeFolder}: {readonly file: string; readonly madeFolder: boolean},
): SwitchPlan => {
	const source = base.bytes === undefined ? '' : decodeToml(file, base.bytes);
	const document = parseToml(file, source);
	const {modelProvider} = readSwitchKeys(document);
	if (modelProvider !== undefined && typeof modelProvider !== 'string') {
		throw new RelayError('switch-edit', `${file} has a model_provider that is not a string; nothing was written.`);
	}

	const text = addProvider(source, target);
	checkEdit(source, text, {...target, modelProvider: providerId});
	const patched = Buffer.from(text);
	const bytes = base.bytes ?? Buffer.alloc(0);
	return {
		patched,
		journal: {
			version: 1,
			file,
			baseUrl: target.baseUrl,
			tokenFingerprint: fingerprint(target.token),
			writtenAtMs: Date.now(),
			original: {
				...readOriginal(document),
				existed: base.bytes !== undefined,
				sha256: sha256(bytes),
				base64: bytes.length <= keptBytes ? bytes.toString('base64') : undefined,
				madeFolder,
			},
			patchedSha256: sha256(patched),
			tookOver: base.tookOver,
		},
	};
};
