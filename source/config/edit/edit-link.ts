import type {ConfigEdit} from './config-edit.ts';
import type {ProviderName} from './provider-edit.ts';

/* What a screen may ask about the providers and routes of config.toml. */

/** A provider, or one of its endpoints, as it stands in the file. */
export interface EditableProvider {
	readonly name: ProviderName;
	/** Field → text as a person types it; keys are left out. */
	readonly texts: Readonly<Record<string, string>>;
	/** The fields that hold a key. */
	readonly hidden: readonly string[];
}

/** What a preset fills in. */
export interface PresetFacts {
	readonly name: string;
	readonly title: string;
	readonly baseUrl: string | undefined;
	readonly dialect: string | undefined;
	readonly profile: string;
	/** Which field its key belongs to, and the variable that is read where the file names none. */
	readonly keyField: 'auth_token_env' | 'api_key_env' | undefined;
	readonly variable: string | undefined;
	readonly note: string | undefined;
}

/** What there is to edit. */
export interface EditView {
	readonly providers: readonly EditableProvider[];
	/** The routes of each service by name, as `codex/main`. */
	readonly routes: readonly string[];
	readonly presets: readonly PresetFacts[];
}

/** A change that was worked out, and not written. */
export interface EditPreview {
	readonly what: string;
	/** Unified, keys masked; '' where nothing changes. */
	readonly diff: string;
	readonly warnings: readonly string[];
	/** What the file was when it was worked out. */
	readonly stamp: string;
}

/** Why nothing can be written: the built-in upstreams serve, or those of the command line. */
export type EditBar = 'demo' | 'upstream';

/** The file behind a screen. */
export interface EditLink {
	/** Undefined: it can be written. */
	readonly bar: EditBar | undefined;
	/** Rejects with what is wrong with the file. */
	readonly read: () => Promise<EditView>;
	/** Rejects with the sentence that refuses the change. */
	readonly plan: (edit: ConfigEdit) => Promise<EditPreview>;
	/** Writes a change; rejects where the file is not what `stamp` says any more. Resolves with what was done. */
	readonly apply: (edit: ConfigEdit, stamp: string) => Promise<string>;
	/** Takes the last edit of the file back; resolves with what that was. */
	readonly undo: () => Promise<string>;
}
