import {RelayError} from '../../source/base/errors.ts';
import type {Setting, SettingsLink, SettingsView} from '../../source/config/settings-list.ts';
import type {ScreenState} from '../../source/tui/store/screen-state.ts';

/* Invented settings: every kind of origin and of editing, long names and wide characters. */

const setting = (key: string, value: string, more: Partial<Setting> = {}): Setting => ({
	key,
	value,
	usual: value,
	origin: {kind: 'default'},
	stated: undefined,
	about: undefined,
	editing: undefined,
	...more,
});

/** In the order in which they are shown. */
export const sampleSettings: readonly Setting[] = [
	setting('app.theme', 'midnight', {
		origin: {kind: 'memory'},
		about: 'The colours of the screen; T takes the next one.',
		editing: {kind: 'choice', choices: ['midnight', 'paper', 'mono'], applies: 'at once'},
	}),
	setting('listen.port', '3300', {
		usual: '3211',
		origin: {kind: 'file', line: 4},
		stated: '3400',
		about: 'The port for Codex and SDKs; 0 takes a free one.',
		editing: {kind: 'number', applies: 'at the next start'},
	}),
	setting('listen.host', '127.0.0.1', {editing: {kind: 'text', applies: 'at the next start'}}),
	setting('history.store', 'disk', {
		usual: 'memory',
		origin: {kind: 'environment', name: 'CODEX_TUI_HISTORY_STORE'},
		editing: {kind: 'choice', choices: ['memory', 'disk', 'off'], applies: 'at the next start'},
	}),
	setting('ui.usage_forecast.enabled', 'true', {editing: {kind: 'boolean', applies: 'at once'}}),
	setting('codex.providers.中转站-东京.endpoints.default.base_url', 'https://relay.example/v1', {
		usual: 'none',
		origin: {kind: 'file', line: 12},
	}),
	setting('codex.providers.deepseek.auth', 'token env DEEPSEEK_API_KEY', {
		usual: undefined,
		origin: {kind: 'preset', name: 'deepseek'},
	}),
	setting('codex.routing.routes.main.children', 'deepseek, 中转站-东京', {
		usual: undefined,
		origin: {kind: 'file', line: 20},
	}),
];

const path = '/home/me/.codex-tui/config.toml';

/** A state whose settings have been read. */
export const withSampleSettings = (state: ScreenState): ScreenState => ({
	...state,
	settings: sampleSettings,
	settingsPage: {path, note: undefined, fault: undefined, isRead: true, notice: undefined},
});

/** Settings that a test steers: what was planned, written and taken back is remembered. */
export class FakeSettings implements SettingsLink {
	view: SettingsView = {path, note: undefined, settings: sampleSettings, fault: undefined};
	/** The sentence with which a change is refused. */
	refusal: string | undefined;
	readonly calls: string[] = [];

	readonly read: SettingsLink['read'] = () => Promise.resolve(this.view);

	readonly plan: SettingsLink['plan'] = async (key, text) => {
		this.calls.push(`plan ${key} ${text}`);
		if (this.refusal !== undefined) {
			throw new RelayError('refused', this.refusal);
		}

		return Promise.resolve(`${key}: old -> ${text} (config.toml:4).`);
	};

	readonly apply: SettingsLink['apply'] = async () => {
		this.calls.push('apply');
		return Promise.resolve('It is written; u takes it back.');
	};

	readonly undo: SettingsLink['undo'] = async () => {
		this.calls.push('undo');
		return Promise.resolve('It is as it was.');
	};
}
