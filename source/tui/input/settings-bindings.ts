import type {Setting} from '../../config/settings-list.ts';
import {originText} from '../../config/settings-list.ts';
import {focusPane, typeFilter} from '../store/moves.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import type {Controls} from './controls.ts';
import type {Binding} from './keymap.ts';
import type {KeyName} from './keys.ts';

/* What a person may do on the page Settings. */

const selectedSetting = (state: ScreenState): Setting | undefined => listOf(state, 'settings').selected;

const readOnly = 'This screen is read-only: it may not change settings.';

const whyNotChange = (state: ScreenState): string | undefined => {
	const setting = selectedSetting(state);
	if (setting === undefined) {
		return 'No setting is selected.';
	}

	if (state.isReadOnly) {
		return readOnly;
	}

	const {origin, editing, key} = setting;
	const place = originText(origin, state.settingsPage.path ?? 'config.toml');
	if (editing === undefined) {
		return origin.kind === 'file' ? `It stands at ${place}: change it there.` : `${key} is not changed here.`;
	}

	if (origin.kind === 'environment' || origin.kind === 'flag') {
		return `${place} wins over the file; start without it to change ${key} here.`;
	}

	return state.settingsPage.path === undefined && !key.startsWith('app.')
		? 'There is no config.toml in use, so nothing can be written.'
		: state.settingsPage.fault === undefined || key.startsWith('app.')
			? undefined
			: 'The file has a fault; mend that first, the page says where.';
};

/** The words that can be chosen instead of typed. */
const wordsOf = (setting: Setting | undefined): readonly string[] =>
	setting?.editing?.kind === 'boolean' ? ['true', 'false'] : (setting?.editing?.choices ?? []);

const nextWord = (words: readonly string[], text: string, step: 1 | -1): string =>
	words[(words.indexOf(text) + step + words.length) % words.length] ?? text;

/** Where words can be chosen the next one stands there already, so that Enter alone changes it. */
const startEditing = (state: ScreenState): ScreenState => {
	const setting = selectedSetting(state);
	if (setting === undefined) {
		return state;
	}

	const {key, value, stated} = setting;
	const before = stated ?? value;
	const words = wordsOf(setting);
	const text = words.length === 0 ? (before === 'none' ? '' : before) : nextWord(words, before, 1);
	return {...state, editing: {kind: 'setting', key, text, before}};
};

/** Keys that mean something of their own while a value is typed; false: the key types. */
export const settingKey = (key: KeyName, controls: Controls): boolean => {
	const state = controls.state();
	const {editing} = state;
	if (editing?.kind !== 'setting') {
		return false;
	}

	const words = wordsOf(state.settings.find(setting => setting.key === editing.key));
	if (key === 'enter') {
		controls.update(current => ({...current, editing: undefined}));
		controls.settings.plan(editing.key, editing.text.trim());
		return true;
	}

	if (words.length === 0 || !['tab', 'down', 'up', 'shift+tab', ' ', 'space'].includes(key)) {
		return false;
	}

	const step = key === 'up' || key === 'shift+tab' ? -1 : 1;
	controls.update(current => typeFilter(current, text => nextWord(words, text, step)));
	return true;
};

/** The rows of the key table that are about settings. */
export const settingsBindings: readonly Binding[] = [
	{
		keys: ['enter'],
		command: 'setting.change',
		group: 'This page',
		pages: ['settings'],
		footer: 1,
		disabledReason: whyNotChange,
		run: controls => controls.update(startEditing),
	},
	{
		keys: ['u'],
		command: 'setting.undo',
		group: 'This page',
		pages: ['settings'],
		footer: 2,
		disabledReason: state => (state.isReadOnly ? readOnly : undefined),
		run: controls => controls.settings.undo(),
	},
	{
		keys: ['y'],
		command: 'setting.copy',
		group: 'This page',
		pages: ['settings'],
		footer: 4,
		disabledReason: state => (selectedSetting(state) === undefined ? 'No setting is selected.' : undefined),
		run: controls => {
			const setting = selectedSetting(controls.state());
			controls.terminal.copy(setting === undefined ? '' : `${setting.key} = ${setting.value}`, 'The setting');
		},
	},
	{
		keys: ['d'],
		command: 'setting.detail',
		group: 'This page',
		pages: ['settings'],
		footer: 5,
		run: controls => controls.update(state => focusPane(state, 'detail')),
	},
];
