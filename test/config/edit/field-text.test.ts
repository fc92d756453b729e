import {array, assert, boolean, dictionary, property, string} from 'fast-check';
import {describe, expect, test} from 'vitest';
import {fieldText, readField} from '../../../source/config/edit/field-text.ts';
import {providerFields} from '../../../source/config/edit/provider-fields.ts';
import {propertyRuns} from '../../support/property-runs.ts';

const word = string({maxLength: 8, unit: 'binary'});
const name = string({minLength: 1, maxLength: 8, unit: 'binary'});

const back = (kind: 'pairs' | 'models' | 'names', value: unknown): unknown =>
	readField({name: 'x', kind}, fieldText({kind}, value));

describe('a field as a person types it', () => {
	test.each([
		['pairs', 'region=eu, note="a, b=c"', {region: 'eu', note: 'a, b=c'}],
		['pairs', ' a = b=c ', {a: 'b=c'}],
		['pairs', '"a=b"=""', {'a=b': ''}],
		['models', 'gpt-5*, !gpt-5-mini, "!odd"', {'gpt-5*': true, 'gpt-5-mini': false, '!odd': true}],
		['names', 'shell,, web search', ['shell', 'web search']],
		['number', ' 1.5 ', 1.5],
		['number', 'many', 'many'],
		['boolean', 'false', false],
		['boolean', 'yes', 'yes'],
		['variable', ' SHOP_KEY_2 ', 'SHOP_KEY_2'],
		['text', '  ', undefined],
	] as const)('%s: %s', (kind, text, value) => {
		expect(readField({name: 'x', kind}, text)).toEqual(value);
	});

	test.each([
		['pairs', 'region', 'x takes NAME=VALUE'],
		['pairs', '=eu', 'x takes NAME=VALUE'],
		['names', '"open', 'x has a double quote that does not end.'],
		['variable', 'sk-plain-words', 'x takes the name of an environment variable, not the key itself.'],
		['variable', 'plain words', 'x takes the name of an environment variable, not the key itself.'],
		['names', '"a\\q"', 'x has a text in double quotes that cannot be read'],
	] as const)('%s: %s is refused', (kind, text, sentence) => {
		expect(() => readField({name: 'x', kind}, text)).toThrow(sentence);
	});

	test('is read back as what it was written from, whatever stands in it', () => {
		assert(
			property(dictionary(name, word), dictionary(name, boolean()), array(word), (pairs, models, names) => {
				const tables = [
					['pairs', pairs],
					['models', models],
				] as const;
				for (const [kind, value] of tables) {
					expect(back(kind, value)).toEqual(Object.keys(value).length === 0 ? undefined : value);
				}

				expect(back('names', names)).toEqual(names.length === 0 ? undefined : names);
			}),
			propertyRuns(100),
		);
	});

	test('a key has no text, and no two fields share a flag', () => {
		expect(fieldText({kind: 'secret'}, 'plain')).toBe('');
		const flags = providerFields.map(({flag}) => flag);
		expect(new Set(flags).size).toBe(flags.length);
	});
});
