import {describe, expect, test} from 'vitest';
import {changeConfig, type ConfigEdit} from '../../../source/config/edit/config-edit.ts';
import {editedConfig as file} from '../../support/edited-config.ts';

const options = {path: '/c.toml', env: {}};
const team = {service: 'codex', provider: 'team'} as const;
const change = (edit: ConfigEdit, text = file) => changeConfig(text, edit, options);
const main = {service: 'codex', route: undefined} as const;

describe('what cannot be is refused with one sentence', () => {
	const edit = (field: string, value: unknown): ConfigEdit => ({kind: 'edit', name: team, fields: [{field, value}]});
	test.each<readonly [ConfigEdit, string]>([
		[edit('base_url', 'ftp://x'), 'base_url'],
		[edit('base_url', undefined), 'codex.providers.team has neither base_url nor preset nor endpoints.NAME.'],
		[edit('price_multiplier', 'much'), 'price_multiplier is a string, but it takes a number from 0 to 1000.'],
		[edit('dialect', 'klingon'), 'dialect is "klingon", but it takes one of responses, chat'],
		[edit('auth_token_env', 'sk-no-name'), 'takes the name of an environment variable, not the key itself.'],
		[edit('weight', 3), 'A provider has no field weight; it takes one of preset, alias'],
		[
			{kind: 'enable', name: {...team, provider: 'teem'}, isEnabled: false},
			'There is no provider codex/teem in the file; did you mean team?',
		],
		[
			{kind: 'enable', name: {...team, endpoint: 'west'}, isEnabled: false},
			'There is no endpoint codex/team.west in the file.',
		],
		[
			{kind: 'enable', name: {...team, service: 'claude'}, isEnabled: false},
			'There is no provider claude/team in the file.',
		],
		[
			{kind: 'add', name: team, fields: [], placement: 'none'},
			'codex/team is in the file already; edit it, or take another name.',
		],
		[
			{kind: 'add', name: {...team, provider: 'a.b'}, fields: [], placement: 'none'},
			'a dot, a slash, a blank or a control character',
		],
		[{kind: 'add', name: {...team, provider: 'x'}, fields: [], placement: 'none'}, 'has neither base_url nor preset'],
		[
			{kind: 'duplicate', name: team, copy: 'spare', placement: 'none'},
			'codex/spare is in the file already; take another name.',
		],
		[
			{kind: 'duplicate', name: team, copy: 'main', placement: 'none'},
			'has the name of a provider; rename one of them.',
		],
		[
			{kind: 'order', route: main, children: ['x']},
			'x is no child of the route codex/main; its children are team, spare.',
		],
		[
			{kind: 'order', route: {service: 'codex', route: 'side'}, children: []},
			'There is no route codex/side; there are main.',
		],
		[{kind: 'route', route: main, values: {strategy: 'random'}}, 'strategy is "random", but it takes one of'],
		[
			{kind: 'route', route: main, values: {strategy: 'cheapest'}},
			'contradicts the strategy cheapest; it goes with weighted.',
		],
	])('%j', (bad, sentence) => {
		expect(() => change(bad)).toThrow(sentence);
	});

	test('a file with a fault elsewhere is not edited: the fault is told with its line', () => {
		const broken = file.replace('entry = "main"', 'entry = "mein"');
		expect(() => change({kind: 'enable', name: team, isEnabled: false}, broken)).toThrow(
			/\/c\.toml:\d+:1: codex\.routing\.entry is "mein", but there is no such route/,
		);
	});
});
