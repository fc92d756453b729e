import {describe, expect, test} from 'vitest';
import type {EditView} from '../../../source/config/edit/edit-link.ts';
import {formPane} from '../../../source/tui/forms/form-pane.ts';
import {withTexts, type Form} from '../../../source/tui/forms/form.ts';
import {chinese} from '../../../source/tui/language/chinese/chinese.ts';
import {english} from '../../../source/tui/language/english/english.ts';
import {
	providerFormFields,
	withConsequences,
	type ProviderFormSource,
} from '../../../source/tui/store/provider-form.ts';
import {plainOf} from '../../../source/tui/text/line.ts';
import {unicodeGlyphs} from '../../../source/tui/theme/glyphs.ts';
import {sampleState} from '../../support/sample-state.ts';

const view: EditView = {
	providers: [],
	routes: ['codex/main'],
	presets: [
		{
			...{name: 'deepseek', title: 'DeepSeek', baseUrl: 'https://api.deepseek.example', dialect: 'chat', profile: 'x'},
			...{keyField: 'auth_token_env', variable: 'DEEPSEEK_API_KEY', note: undefined},
		},
	],
};

const sourceIn = (words: ProviderFormSource['words']): ProviderFormSource => ({
	...{kind: 'add', view, from: undefined, words},
});

const formOf = (source: ProviderFormSource): Form => ({
	...{title: 'Add', fields: providerFormFields(source), index: 0, typing: undefined, shows: 'fields'},
	...{previewTop: 0, preview: undefined, onChange: () => undefined, onWrite: () => undefined},
});

const rowsOf = (form: Form, columns: number): readonly string[] => {
	const state = sampleState('full', 'routes', [columns, 60]);
	return formPane(state, form, {height: 50, glyphs: unicodeGlyphs}).map(plainOf);
};

const rowOf = (rows: readonly string[], label: string): string =>
	rows.find(row => row.includes(` ${label} `) || row.includes(`!${label} `)) ?? '';

describe('the form of a new provider', () => {
	const source = sourceIn(english);

	test('marks what must be filled in, and no more once it is', () => {
		const empty = withConsequences(formOf(source), source);
		const needed = empty.fields.filter(({isNeeded}) => isNeeded).map(({name}) => name);
		expect(needed).toEqual(['form.name', 'base_url']);
		const rows = rowsOf(empty, 80);
		expect(rowOf(rows, 'base_url')).toMatch(/!base_url +needed /);
		expect(rowOf(rows, 'auth_token_env')).toContain('this or api_key_env');
		const typed = withConsequences(
			withTexts(empty, {'form.name': 'relay', base_url: 'https://relay.example/v1'}),
			source,
		);
		expect(rowsOf(typed, 80).join('\n')).not.toContain('needed');
	});

	test('needs nothing beside a preset that has it all', () => {
		const chosen = withConsequences(withTexts(formOf(source), {preset: 'deepseek'}), source);
		expect(chosen.fields.filter(({isNeeded, text}) => isNeeded === true && text === '')).toEqual([]);
		expect(rowOf(rowsOf(chosen, 80), 'auth_token_env')).toContain('DEEPSEEK_API_KEY (preset)');
	});

	test.each([
		['English', 80, english],
		['Chinese', 80, chinese],
		['English', 160, english],
	] as const)('names each group once, at its first field, in %s at %s columns', (_, columns, words) => {
		const ours = sourceIn(words);
		const text = rowsOf(withConsequences(formOf(ours), ours), columns).join('\n');
		for (const group of Object.values(words.routeEditor.groups)) {
			expect(text.split(` ${group} │`)).toHaveLength(2);
		}
	});
});
