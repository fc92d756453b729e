import {sanitizeLine} from '../base/sanitize.ts';
import type {Config} from './config.ts';
import {knownSettings, type KnownSetting, type SettingEditing} from './settings-known.ts';
import {shownLeaves} from './settings-leaves.ts';
import {endpointSettings} from './settings-endpoints.ts';
import type {TomlDocument} from './toml.ts';
import {formatSettingValue} from './settings-text.ts';

/*
 * Every value of a configuration with its default and the place that it comes from, for a person to read (tui.md 6.2, page Settings).
 * Nothing here holds a secret: of keys only their source is told. Pure; what the command line, the environment and the app's memory say
 * is handed in.
 */

/** What a value comes from. `derived`: from another value of the configuration. */
export type SettingOrigin =
	| {readonly kind: 'file'; readonly line: number}
	| {readonly kind: 'environment' | 'flag' | 'preset' | 'derived'; readonly name: string}
	/** What the app remembers in `settings.json`. */
	| {readonly kind: 'memory'}
	| {readonly kind: 'default'};

/** One value as it counts now. */
export interface Setting {
	/** With its tables, as in the file: `listen.port`. */
	readonly key: string;
	readonly value: string;
	/** The default as text; undefined where there is none. */
	readonly usual: string | undefined;
	readonly origin: SettingOrigin;
	/** What the file says where another value counts, because a flag wins over it or because it was cut to a bound. */
	readonly stated: string | undefined;
	/** One sentence on what it does. */
	readonly about: string | undefined;
	/** What can be typed; undefined: it is changed elsewhere. */
	readonly editing: SettingEditing | undefined;
}

/** All values, and the file. */
export interface SettingsView {
	/** The configuration file; undefined where there is none (demo, `--upstream`). */
	readonly path: string | undefined;
	/** Why there is no file, or what the values are those of. */
	readonly note: string | undefined;
	/** The flag that stands for a file; undefined where there is one. */
	readonly instead?: '--demo' | '--upstream' | undefined;
	readonly settings: readonly Setting[];
	/** What is wrong with the file, with its line; the values are then those of the last good one. */
	readonly fault: string | undefined;
}

/** What a screen may ask about settings. */
export interface SettingsLink {
	/** Never rejects for what stands in the file. */
	readonly read: () => Promise<SettingsView>;
	/** Checks a new value and keeps it ready; resolves with the change in one line. Rejects with the sentence that refuses it. */
	readonly plan: (key: string, text: string) => Promise<string>;
	/** Writes what {@link plan} keeps ready; resolves with a sentence. */
	readonly apply: () => Promise<string>;
	/** Takes the last change back, unless somebody else has written meanwhile; resolves with a sentence. */
	readonly undo: () => Promise<string>;
}

/** Where the values of a list come from. */
export interface SettingsSource {
	/** Undefined where there is no file. */
	readonly document: TomlDocument | undefined;
	readonly config: Omit<Config, 'hash'>;
	/** The configuration of a file that says nothing, but with the retry profile of this one. */
	readonly defaults: Omit<Config, 'hash'>;
	/** Keys whose value a flag or a variable has set. */
	readonly overrides: ReadonlyMap<string, SettingOrigin>;
	/** What the app remembers, and values of the file that only the screen reads. */
	readonly app: readonly Setting[];
	readonly others: readonly Setting[];
}

const originOf = (known: KnownSetting, {document, overrides, config}: SettingsSource): SettingOrigin => {
	const override = overrides.get(known.key);
	if (override !== undefined) {
		return override;
	}

	const line = document?.locate(known.key.split('.'))?.line;
	const source = known.derivedFrom?.(config);
	return line !== undefined
		? {kind: 'file', line}
		: source === undefined
			? {kind: 'default'}
			: {kind: 'derived', name: source};
};

const settingOf = (known: KnownSetting, source: SettingsSource): Setting => {
	const value = formatSettingValue(known.read(source.config));
	const usual = known.usual ?? formatSettingValue(known.read(source.defaults));
	const written = source.document === undefined ? undefined : known.written(source.document);
	const stated = written === undefined ? undefined : formatSettingValue(written);
	return {
		key: known.key,
		value,
		usual,
		origin: originOf(known, source),
		stated: stated === value ? undefined : stated,
		about: known.about,
		editing: known.editing,
	};
};

const lineOf = (text: string | undefined): string | undefined => text && sanitizeLine(text);

/** A file may hold escapes for a terminal in names and in texts. */
const drawable = (setting: Setting): Setting => ({
	...setting,
	key: sanitizeLine(setting.key),
	value: sanitizeLine(setting.value),
	usual: lineOf(setting.usual),
	stated: lineOf(setting.stated),
});

/** Every value: those of the app and the program, then each service's providers, then all else that stands in the file. */
export const listSettings = (source: SettingsSource): readonly Setting[] => {
	const known = knownSettings.map(setting => settingOf(setting, source));
	const endpoints = Object.values(source.config.services).flatMap(service =>
		service.endpoints.flatMap(endpoint => endpointSettings(endpoint, source.document)),
	);
	const first = [...source.app, ...known, ...source.others];
	const leaves = shownLeaves(source.document, new Set(first.map(({key}) => key)));
	return [...first, ...endpoints, ...leaves].map(drawable);
};

/** Where a value comes from, in a few words. `file` is the file's name as it is to be shown. */
export const originText = (origin: SettingOrigin, file = 'config.toml'): string => {
	switch (origin.kind) {
		case 'file': {
			return `${file}:${origin.line}`;
		}

		case 'environment': {
			return `env ${origin.name}`;
		}

		case 'flag': {
			return `flag ${origin.name}`;
		}

		case 'preset': {
			return `preset ${origin.name}`;
		}

		case 'derived': {
			return `from ${origin.name}`;
		}

		case 'memory': {
			return 'remembered';
		}

		default: {
			return 'default';
		}
	}
};
