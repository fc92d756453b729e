import {homedir} from 'node:os';
import path from 'node:path';
import {readIfThere} from '../../base/atomic-file.ts';
import {fingerprint} from '../../base/ids.ts';
import {messageOf} from '../../base/errors.ts';
import {ConfigError} from '../../config/config-error.ts';
import type {Home} from '../../config/home.ts';
import {decodeToml, isTable, parseToml, type TomlDocument} from '../../config/toml.ts';
import {readJournal, type SwitchJournal} from './journal.ts';
import {providerId, readSwitchKeys, type SwitchKeys} from './provider-edit.ts';

/** Whether Codex's configuration points at us. */
export interface SwitchStatus {
	/**
	 * `on`: at us, by our journal. `elsewhere`: at another codex-tui, or away from us although our journal says it is switched on.
	 * `broken`: it cannot be parsed, or names our provider without defining it. `off`: anything else.
	 */
	readonly state: 'on' | 'off' | 'elsewhere' | 'broken';
	readonly file: string;
	/** The `base_url` of the provider `codex-tui`, where there is one. */
	readonly baseUrl: string | undefined;
	/** The file's `model_provider`. */
	readonly modelProvider: string | undefined;
	/** The selected `profile` has a provider of its own, which wins over ours. */
	readonly profileOverride: {readonly profile: string; readonly modelProvider: string} | undefined;
	/** One sentence for people. */
	readonly detail: string;
}

/** `$CODEX_HOME`, else `~/.codex`. */
export const codexHomeOf = (env: NodeJS.ProcessEnv): string => {
	const configured = env['CODEX_HOME'];
	return configured === undefined || configured === ''
		? path.join(env['HOME'] ?? homedir(), '.codex')
		: path.resolve(configured);
};

/** The file that is switched. */
export const codexConfigFile = (codexHome: string): string => path.join(codexHome, 'config.toml');

/** Whether our table in a file is the one of this journal: by its token, or where that is gone by its address. */
export const isOfJournal = ({token, baseUrl}: SwitchKeys, journal: SwitchJournal): boolean =>
	(token !== undefined && fingerprint(token) === journal.tokenFingerprint) || baseUrl === journal.baseUrl;

const findProfileOverride = ({value}: TomlDocument): SwitchStatus['profileOverride'] => {
	const {profile, profiles} = value;
	const selected = typeof profile === 'string' && isTable(profiles) ? profiles[profile] : undefined;
	const modelProvider = isTable(selected) ? selected['model_provider'] : undefined;
	return typeof profile === 'string' && typeof modelProvider === 'string' && modelProvider !== providerId
		? {profile, modelProvider}
		: undefined;
};

const judge = (
	keys: SwitchKeys,
	journal: SwitchJournal | undefined,
): {readonly state: SwitchStatus['state']; readonly detail: string} => {
	const isPointing = keys.modelProvider === providerId;
	if (isPointing && keys.baseUrl === undefined) {
		return {
			state: 'broken',
			detail: 'names the provider codex-tui but does not define it; run "codex-tui switch off" or "switch on --yes"',
		};
	}

	if (isPointing && journal !== undefined && isOfJournal(keys, journal) && keys.baseUrl === journal.baseUrl) {
		return {state: 'on', detail: `points at codex-tui on ${journal.baseUrl}`};
	}

	if (isPointing) {
		return {
			state: 'elsewhere',
			detail: `points at another codex-tui on ${keys.baseUrl}; "switch on --yes" takes it over`,
		};
	}

	if (journal !== undefined && keys.table !== undefined) {
		const away =
			typeof keys.modelProvider === 'string' ? `the provider ${keys.modelProvider}` : 'Codex’s default provider';
		return {state: 'elsewhere', detail: `was switched on, but another program set it to ${away} since`};
	}

	return {state: 'off', detail: 'does not point at codex-tui'};
};

/** The status of a file's text under a journal. */
export const readStatus = (file: string, document: TomlDocument, journal: SwitchJournal | undefined): SwitchStatus => {
	const keys = readSwitchKeys(document);
	const {state, detail} = judge(keys, journal);
	const profileOverride = findProfileOverride(document);
	const but =
		profileOverride === undefined || state !== 'on'
			? ''
			: `, but its profile ${profileOverride.profile} uses ${profileOverride.modelProvider} instead`;
	return {
		state,
		file,
		baseUrl: keys.baseUrl,
		modelProvider: typeof keys.modelProvider === 'string' ? keys.modelProvider : undefined,
		profileOverride,
		detail: `${file} ${detail}${but}.`,
	};
};

/** Reads whether Codex points at us. Throws what reading the journal throws; a broken file is a status, not an error. */
export const switchStatus = async ({
	home,
	codexHome,
}: {
	readonly home: Home;
	readonly codexHome: string;
}): Promise<SwitchStatus> => {
	const journal = await readJournal(home);
	const file = codexConfigFile(codexHome);
	const ours = journal?.file === file ? journal : undefined;
	try {
		const bytes = await readIfThere(file);
		return readStatus(file, parseToml(file, bytes === undefined ? '' : decodeToml(file, bytes)), ours);
	} catch (error) {
		const detail = error instanceof ConfigError ? error.message : `${file} cannot be read: ${messageOf(error)}.`;
		return {state: 'broken', file, baseUrl: undefined, modelProvider: undefined, profileOverride: undefined, detail};
	}
};
