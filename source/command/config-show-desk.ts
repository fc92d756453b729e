import {readIfThere} from '../base/atomic-file.ts';
import {sanitizeLine} from '../base/sanitize.ts';
import {messageOf, RelayError} from '../base/errors.ts';
import {undoEdit, writeEdit} from '../config/edit/edit-file.ts';
import type {Home} from '../config/home.ts';
import {originText, type Setting, type SettingsLink, type SettingsView} from '../config/settings-list.ts';
import {changeSetting} from '../config/setting-edit.ts';
import {decodeToml} from '../config/toml.ts';
import {checkForecast, readSettings, type Memory, type StartedWith} from './config-show-read.ts';
import type {Remembered, Settings} from './settings.ts';

/** What the desk needs. */
export interface SettingsDeskOptions {
	readonly home: Home;
	readonly started: StartedWith;
	readonly memory: Settings;
	readonly themes: () => readonly string[];
	/** The text that stands in the place of `config.toml`, for `--demo` and `--upstream`. */
	readonly insteadText?: string | undefined;
}

/** A change that was checked. */
interface Planned {
	/** Resolves with the sentence that it is done. */
	readonly apply: () => Promise<string>;
}

/** What the app remembers, by the keys under which it is listed. */
const memoryNames: Readonly<Record<string, keyof Remembered>> = {
	'app.theme': 'theme',
	'app.language': 'language',
	'app.switches_codex': 'switchesCodex',
};

const emptyFile = 'version = 5\n';

const refuse = (sentence: string): RelayError => new RelayError('setting-refused', sentence);

const noteOf = ({started: {instead}}: SettingsDeskOptions): string | undefined =>
	instead === '--demo'
		? 'No file: the built-in demo upstreams serve. These are the defaults.'
		: instead === '--upstream'
			? 'No file: the command line (or CODEX_TUI_UPSTREAM) says what serves.'
			: undefined;

/**
 * The settings of a running app: lists them, and changes single values of `config.toml` and of what the app remembers. A change is planned, shown
 * and then made; the last one can be taken back.
 */
export class SettingsFileDesk implements SettingsLink {
	readonly #options: SettingsDeskOptions;
	#good: readonly Setting[] = [];
	#seen = '';
	#view: SettingsView | undefined;
	#planned: Planned | undefined;
	/** The newest last. */
	readonly #undos: Array<() => Promise<string>> = [];

	constructor(options: SettingsDeskOptions) {
		this.#options = options;
	}

	readonly read = async (): Promise<SettingsView> => {
		const {home, insteadText, memory} = this.#options;
		const hasFile = insteadText === undefined;
		const path = hasFile ? home.config : undefined;
		const note = noteOf(this.#options);
		const {instead} = this.#options.started;
		try {
			const text = await this.#text();
			const remembered = Object.values(memoryNames).map(name => memory.get(name));
			const stamp = JSON.stringify([text, remembered, this.#options.themes()]);
			if (this.#view === undefined || stamp !== this.#seen) {
				this.#good = this.#list(text);
				this.#seen = stamp;
				this.#view = {path, note, instead, settings: this.#good, fault: undefined};
			}

			return this.#view;
		} catch (error) {
			this.#view = undefined;
			return {path, note, instead, settings: this.#good, fault: sanitizeLine(messageOf(error))};
		}
	};

	readonly plan = async (key: string, text: string): Promise<string> => {
		this.#planned = undefined;
		const {settings} = await this.read();
		const setting = settings.find(each => each.key === key);
		if (setting?.editing === undefined) {
			throw refuse(`${key} is not changed here.`);
		}

		if (setting.value === text && setting.stated === undefined) {
			throw refuse(`${key} is ${text} already.`);
		}

		const {editing} = setting;
		if (editing.choices !== undefined && !editing.choices.includes(text)) {
			throw refuse(`${key} takes one of ${editing.choices.join(', ')}.`);
		}

		return key.startsWith('app.') ? this.#planMemory(setting, text) : this.#planFile(setting, text, editing.kind);
	};

	readonly apply = async (): Promise<string> => {
		const planned = this.#planned;
		this.#planned = undefined;
		if (planned === undefined) {
			throw refuse('There is no change to write; type it again.');
		}

		return planned.apply();
	};

	readonly undo = async (): Promise<string> => {
		const take = this.#undos.at(-1);
		if (take !== undefined) {
			const sentence = await take();
			this.#undos.pop();
			return sentence;
		}

		if (this.#options.insteadText !== undefined) {
			throw refuse('There is no change of this page to take back.');
		}

		return this.#takeEditBack();
	};

	async #takeEditBack(): Promise<string> {
		const {what} = await undoEdit(this.#options.home);
		return `Taken back: ${what}`;
	}

	async #text(): Promise<string> {
		const {home, insteadText} = this.#options;
		if (insteadText !== undefined) {
			return insteadText;
		}

		const bytes = await readIfThere(home.config);
		if (bytes === undefined) {
			throw refuse(`${home.config} is gone; the engine keeps what it has read.`);
		}

		return decodeToml(home.config, bytes);
	}

	#list(text: string): readonly Setting[] {
		const {home, started, memory, themes, insteadText} = this.#options;
		const reading: Memory = {get: key => memory.get(key), themes: themes()};
		const all = readSettings({path: home.config, text}, started, reading);
		return insteadText === emptyFile ? all.filter(({key}) => key !== 'version') : all;
	}

	#planMemory({key, value}: Setting, text: string): string {
		const {memory} = this.#options;
		const name = memoryNames[key] ?? 'switchesCodex';
		if (name === 'switchesCodex' && text !== 'true' && text !== 'false') {
			throw refuse(`${key} takes true or false.`);
		}

		this.#planned = {
			apply: async () => {
				const before = memory.get(name);
				memory.set({[name]: name === 'switchesCodex' ? text === 'true' : text});
				await memory.saved();
				this.#undos.push(async () => {
					if (before === undefined) {
						memory.forget(name);
					} else {
						memory.set({[name]: before});
					}

					await memory.saved();
					return `${key} is ${value} again.`;
				});
				return `${key} is ${text} now; u takes it back.`;
			},
		};
		return `${key}: ${value} -> ${text} (remembered).`;
	}

	async #planFile(setting: Setting, text: string, kind: 'text' | 'number' | 'boolean' | 'choice'): Promise<string> {
		const {key, value, origin, stated} = setting;
		const {home, started, insteadText} = this.#options;
		if (insteadText !== undefined) {
			throw refuse('There is no config.toml in use, so nothing can be written; make one and start again.');
		}

		if (origin.kind === 'environment' || origin.kind === 'flag') {
			throw refuse(`${originText(origin)} wins over the file for ${key}; start without it to change it here.`);
		}

		const before = await readIfThere(home.config);
		const source = before === undefined ? emptyFile : decodeToml(home.config, before);
		const after = changeSetting(
			source,
			{key, text, kind},
			{path: home.config, env: started.env, check: changed => checkForecast(home.config, changed)},
		);
		this.#planned = {apply: async () => this.#write(setting, {before, after}, text)};
		const place = origin.kind === 'file' ? originText(origin) : 'new in config.toml';
		return `${key}: ${stated ?? value} -> ${text} (${place}).`;
	}

	async #write(
		{key, editing}: Setting,
		{before, after}: {readonly before: Buffer | undefined; readonly after: string},
		text: string,
	): Promise<string> {
		await writeEdit(this.#options.home, {before, text: after, what: `${key} = ${text} is written.`}, Date.now());
		this.#undos.push(() => this.#takeEditBack());
		const when = editing?.applies === 'at the next start' ? ' and counts at the next start' : '';
		return `${key} = ${text} is written${when}; u takes it back.`;
	}
}

/** What stands in the place of a file that the demo does not have. */
export const demoText = emptyFile;
