import {array, assert, constantFrom, property, string} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {addSupportedModels} from '../../source/config/model-edit.ts';
import {isTable, parseToml} from '../../source/config/toml.ts';
import {propertyRuns} from '../support/property-runs.ts';

/** Names that no table of the file may have. */
const refused = ['__proto__', 'constructor', 'prototype'];

const owner = {service: 'codex', provider: 'team'} as const;
const add = (text: string, ...ids: readonly string[]) => addSupportedModels({path: 'config.toml', text}, owner, ids);

describe('models are added to supported_models', () => {
	test.each([
		[
			'a provider without a list',
			'# mine\n[codex.providers.team] # keep\nbase_url = "x"\n',
			'# mine\n[codex.providers.team] # keep\nbase_url = "x"\n\n[codex.providers.team.supported_models]\n"a" = true\n"b.c" = true\n',
		],
		[
			'a file without an end of its last line',
			'[codex.providers.team]\nbase_url = "x"',
			'[codex.providers.team]\nbase_url = "x"\n\n[codex.providers.team.supported_models]\n"a" = true\n"b.c" = true\n',
		],
		[
			'an inline list, of which a refused model stays refused',
			'[codex.providers.team]\nsupported_models = { "x" = false } # list\nbase_url = "x"\n',
			'[codex.providers.team]\nsupported_models = { "x" = false, "a" = true, "b.c" = true } # list\nbase_url = "x"\n',
		],
		[
			'an empty inline list',
			'[codex.providers.team]\nsupported_models = {}\n',
			'[codex.providers.team]\nsupported_models = { "a" = true, "b.c" = true }\n',
		],
		[
			'a table in the middle of the file',
			'[codex.providers.team.supported_models]\n"x" = true # one\n\n[codex.providers.other]\nbase_url = "y"\n',
			'[codex.providers.team.supported_models]\n"x" = true # one\n"a" = true\n"b.c" = true\n\n[codex.providers.other]\nbase_url = "y"\n',
		],
		[
			'an empty table, with the line ends of Windows',
			'[codex.providers.team.supported_models]\r\n\r\n[claude]\r\n',
			'[codex.providers.team.supported_models]\r\n"a" = true\r\n"b.c" = true\r\n\r\n[claude]\r\n',
		],
		[
			'dotted keys',
			'[codex.providers.team]\nsupported_models."x" = true\nbase_url = "x"\n',
			'[codex.providers.team]\nsupported_models."x" = true\nsupported_models."a" = true\nsupported_models."b.c" = true\nbase_url = "x"\n',
		],
	])('of %s', (_, before, after) => {
		expect(add(before, 'a', 'b.c')).toEqual({text: after, added: ['a', 'b.c'], known: []});
		// A second import finds nothing to do.
		expect(add(after, 'a', 'b.c')).toEqual({text: after, added: [], known: ['a', 'b.c']});
	});

	test('nowhere in a provider that is an inline table: nothing is written', () => {
		const text = '[codex]\nproviders = { team = { base_url = "x" } }\n';
		expect(() => add(text, 'a')).toThrow('cannot be edited safely');
	});

	test('whatever they are called, nothing else of the file changes', () => {
		const lists = ['', 'supported_models = { "x" = true }\n', '[codex.providers.team.supported_models]\n"x" = true\n'];
		assert(
			property(array(string({minLength: 1}), {minLength: 1}), constantFrom(...lists), (ids, list) => {
				const before = `# first\n[codex.providers.team]\nbase_url = "u" # url\n${list}`;
				const unique = [...new Set(ids.filter(id => !refused.includes(id)))];
				const {text, added, known} = add(before, ...unique);
				const value = parseToml('config.toml', text).value['codex'];
				const team = isTable(value) && isTable(value['providers']) ? value['providers']['team'] : undefined;
				const models = isTable(team) ? team['supported_models'] : undefined;
				const expected = [...(list === '' ? [] : ['x']), ...added].map(id => [id, true]);
				expect(new Map(Object.entries(isTable(models) ? models : {}))).toEqual(
					new Map(Object.entries(Object.fromEntries(expected))),
				);
				expect([...added, ...known].toSorted()).toEqual(unique.toSorted());
				expect(text).toContain('base_url = "u" # url');
			}),
			propertyRuns(300),
		);
	});
});
