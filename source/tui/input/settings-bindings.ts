import type {Setting} from '../../config/settings-list.ts';
import {originText} from '../../config/settings-list.ts';
import {wordsOf} from '../language/words.ts';
import {focusPane} from '../store/moves.ts';
import {typeFilter} from '../store/typing.ts';
import type {ScreenState} from '../store/screen-state.ts';
import {listOf} from '../store/selectors.ts';
import type {Controls} from './controls.ts';
import type {Binding} from './keymap.ts';
import type {KeyName} from './keys.ts';

/* What a person may do on the page Settings. */

const selectedSetting = (state: ScreenState): Setting | undefined => listOf(state, 'settings').selected;

const whyNotChange = (state: ScreenState): string | undefined => {
	const setting = selectedSetting(state);
	const words = wordsOf(state).settingKeys;
	if (setting === undefined) {
		return words.noneSelected;
	}

	if (state.isReadOnly) {
		return words.readOnly;
	}

	const {origin, editing, key} = setting;
	const place = originText(origin, state.settingsPage.path ?? 'config.toml');
	if (editing === undefined) {
		return origin.kind === 'file' ? words.standsAt(place) : words.notChangedHere(key);
	}

	if (origin.kind === 'environment' || origin.kind === 'flag') {
		return words.winsOverFile(place, key);
	}

	return state.settingsPage.path === undefined && !key.startsWith('app.')
		? words.noConfig
		: state.settingsPage.fault === undefined || key.startsWith('app.')
			? undefined
			: words.mendFirst;
};

/** The words that can be chosen instead of typed. */
const choicesOf = (setting: Setting | undefined): readonly string[] =>
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
	const words = choicesOf(setting);
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

	const words = choicesOf(state.settings.find(setting => setting.key === editing.key));
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

const whyNotEdit = (state: ScreenState): string | undefined => {
	const {editor, settingKeys} = wordsOf(state);
	if (state.isReadOnly) {
		return editor.readOnly;
	}

	const {path, notice} = state.settingsPage;
	return path === undefined ? (notice ?? settingKeys.noConfig) : undefined;
};

/** Where the editor starts: at the file's fault where it has one, else at the selected value. */
const lineToEdit = (state: ScreenState): number | undefined => {
	const fault = /:(\d+):/.exec(state.settingsPage.fault ?? '')?.[1];
	const origin = selectedSetting(state)?.origin;
	return fault !== undefined ? Number(fault) : origin?.kind === 'file' ? origin.line : undefined;
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
		keys: ['e'],
		command: 'setting.edit',
		group: 'This page',
		pages: ['settings'],
		footer: 3,
		disabledReason: whyNotEdit,
		run: controls => {
			const state = controls.state();
			const {path} = state.settingsPage;
			if (path !== undefined) {
				controls.terminal.edit({path, line: lineToEdit(state)});
			}
		},
	},
	{
		keys: ['y'],
		command: 'setting.copy',
		group: 'This page',
		pages: ['settings'],
		footer: 4,
		disabledReason: state =>
			selectedSetting(state) === undefined ? wordsOf(state).settingKeys.noneSelected : undefined,
		run: controls => {
			const state = controls.state();
			const setting = selectedSetting(state);
			const text = setting === undefined ? '' : `${setting.key} = ${setting.value}`;
			controls.terminal.copy(text, wordsOf(state).settingKeys.theSetting);
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
