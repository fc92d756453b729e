import type {ListenOverride} from '../config/listen.ts';
import {historyNames} from '../config/history.ts';
import {parseConfig} from '../config/load.ts';
import {listSettings, type Setting, type SettingOrigin} from '../config/settings-list.ts';
import type {SettingEditing} from '../config/settings-known.ts';
import {formatSettingValue, noValue} from '../config/settings-text.ts';
import {parseToml, type TomlDocument} from '../config/toml.ts';
import {defaultForecast} from '../observe/usage/forecast.ts';
import {languageOf, languageOfEnvironment, languages, type Language} from '../tui/language/words.ts';
import {historyFlagOf} from './history-flags.ts';
import type {Remembered} from './settings.ts';
import {parseForecast} from './usage-open.ts';

/* From the text of a configuration, the environment, the flags and the app's memory to the list of all values. */

/** What may be read from and written to the app's memory. */
export interface Memory {
	readonly get: <Key extends keyof Remembered>(key: Key) => Remembered[Key];
	/** The names of all themes. */
	readonly themes: readonly string[];
}

/** What a run was started with. */
export interface StartedWith {
	readonly env: NodeJS.ProcessEnv;
	/** Variables that stand for given flags of the response store. */
	readonly environment?: Readonly<Record<string, string>>;
	readonly hasPortFlag?: boolean;
	readonly theme?: string | undefined;
	readonly language?: Language | undefined;
	readonly fps?: number | undefined;
	/** The ports of the running engine. */
	readonly listen?: ListenOverride;
	/** The configuration is of `--demo`, or of `--upstream`. */
	readonly instead?: '--demo' | '--upstream' | undefined;
}

/** The file's text as it is to be listed; `path` serves the messages. */
export interface SettingsText {
	readonly path: string;
	readonly text: string;
}

const variableKeys: Readonly<Record<string, string>> = {
	'history.store': historyNames.store,
	'history.dir': historyNames.dir,
	'history.session_ttl_hours': historyNames.ttl,
	'history.max_sessions': historyNames.count,
	'history.max_session_memory_mb': historyNames.memory,
};

/** The environment with the flags that stand for its variables. */
const wholeEnvironment = ({env, environment}: StartedWith): NodeJS.ProcessEnv => ({...env, ...environment});

const overridesOf = (started: StartedWith): ReadonlyMap<string, SettingOrigin> => {
	const found = new Map<string, SettingOrigin>();
	const {env, environment = {}, hasPortFlag, instead} = started;
	const port: SettingOrigin | undefined =
		hasPortFlag === true
			? {kind: 'flag', name: '--port'}
			: env['CODEX_TUI_PORT']
				? {kind: 'environment', name: 'CODEX_TUI_PORT'}
				: instead === '--demo'
					? {kind: 'flag', name: instead}
					: undefined;
	if (port !== undefined) {
		found.set('listen.port', port).set('listen.control_port', {kind: 'derived', name: 'listen.port'});
	}

	for (const [key, variable] of Object.entries(variableKeys)) {
		if (environment[variable]) {
			found.set(key, {kind: 'flag', name: historyFlagOf(variable) ?? variable});
		} else if (env[variable]) {
			found.set(key, {kind: 'environment', name: variable});
		}
	}

	return found;
};

const row = (key: string, about: string, rest: Omit<Setting, 'key' | 'about' | 'stated'>): Setting => ({
	...{key, about, stated: undefined},
	...rest,
});

const remembered = (value: unknown): SettingOrigin => ({kind: value === undefined ? 'default' : 'memory'});

const languageSetting = (memory: Memory, {env, language}: StartedWith): Setting => {
	const [kept, usual] = [languageOf(memory.get('language')), languageOfEnvironment(env)];
	const unset: SettingOrigin = usual === languages[0] ? {kind: 'default'} : {kind: 'derived', name: 'LANG'};
	return row('app.language', 'The language of the screen; L takes the next one.', {
		value: language ?? kept ?? usual,
		usual,
		origin: language === undefined ? (kept === undefined ? unset : {kind: 'memory'}) : {kind: 'flag', name: '--lang'},
		editing: {kind: 'choice', choices: languages, applies: 'at once'},
	});
};

/** Midnight, or paper on a light terminal (source/tui/theme/background.ts). */
const fitting = 'auto';

/** What the app itself remembers or was told at its start; its keys stand in no file of the user's. */
const appSettings = (memory: Memory, started: StartedWith): readonly Setting[] => {
	const {theme, fps} = started;
	const [kept, switches] = [memory.get('theme'), memory.get('switchesCodex')];
	return [
		row('app.theme', 'The colours of the screen; T takes the next one, auto fits the terminal.', {
			value: theme ?? kept ?? fitting,
			usual: fitting,
			origin: theme === undefined ? remembered(kept) : {kind: 'flag', name: '--theme'},
			editing: {kind: 'choice', choices: memory.themes, applies: 'at once'},
		}),
		languageSetting(memory, started),
		row('app.switches_codex', 'Whether a start points Codex at the engine without asking.', {
			value: switches === undefined ? 'asks' : String(switches),
			usual: 'asks',
			origin: remembered(switches),
			editing: {kind: 'boolean', applies: 'at the next start'},
		}),
		row('app.fps', 'Frames per second at most while nobody scrolls; --fps sets it for one run.', {
			value: String(fps ?? 10),
			usual: '10',
			origin: fps === undefined ? {kind: 'default'} : {kind: 'flag', name: '--fps'},
			editing: undefined,
		}),
	];
};

const dollarsOf = (nanoUsd: number | undefined): string => (nanoUsd === undefined ? noValue : String(nanoUsd / 1e9));

const forecastSettings = (document: TomlDocument, {path, text}: SettingsText): readonly Setting[] => {
	const now = parseForecast(path, text);
	const own = (name: string, about: string, rest: {value: unknown; usual: unknown; kind?: 'boolean'}): Setting => {
		const key = `ui.usage_forecast.${name}`;
		const line = document.locate(key.split('.'))?.line;
		const editing: SettingEditing = {kind: rest.kind ?? 'number', applies: 'at once'};
		return row(key, about, {
			value: formatSettingValue(rest.value),
			usual: formatSettingValue(rest.usual),
			origin: line === undefined ? {kind: 'default'} : {kind: 'file', line},
			editing,
		});
	};
	return [
		own('enabled', 'Whether the page Usage says what today will cost.', {
			...{value: now.isEnabled, usual: defaultForecast.isEnabled, kind: 'boolean'},
		}),
		own('rate_window_minutes', 'The minutes whose pace is taken, 5 to 1440.', {
			...{value: now.windowMs / 60_000, usual: defaultForecast.windowMs / 60_000},
		}),
		own('min_priced_requests', 'Fewer requests with a price make no forecast.', {
			...{value: now.leastPriced, usual: defaultForecast.leastPriced},
		}),
		own('daily_budget_usd', 'What a day may cost, in dollars.', {
			...{value: dollarsOf(now.dailyBudgetNanoUsd), usual: noValue},
		}),
	];
};

/** Throws the ConfigError of a key that only the screen reads. */
export const checkForecast = (path: string, text: string): void => void parseForecast(path, text);

const emptyText = (profile: string): string => `version = 5\n[retry]\nprofile = ${JSON.stringify(profile)}\n`;

/** The values of a text, in their order. Throws the ConfigError of a text that cannot be used. */
export const readSettings = (source: SettingsText, started: StartedWith, memory: Memory): readonly Setting[] => {
	const env = wholeEnvironment(started);
	const document = parseToml(source.path, source.text);
	const overrides = overridesOf(started);
	if (started.listen !== undefined && !overrides.has('listen.port')) {
		// The ports of the running engine hide what the file says; its faults are told all the same.
		parseConfig(source.text, {path: source.path, env});
	}

	const config = parseConfig(source.text, {path: source.path, env, listen: started.listen});
	const defaults = parseConfig(emptyText(config.retry.profile), {path: source.path, env: {}});
	const [app, others] = [appSettings(memory, started), forecastSettings(document, source)];
	const settings = listSettings({document, config, defaults, overrides, app, others});
	const {instead} = started;
	return instead === undefined
		? settings
		: settings.map(setting =>
				setting.origin.kind === 'file' ? {...setting, origin: {kind: 'flag', name: instead}} : setting,
			);
};
