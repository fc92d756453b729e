import {expect, test} from 'vitest';
import {isModelSupported, modelAt} from '../../source/route/model.ts';
import {endpoint} from '../support/endpoint.ts';

const supported = (entries: Readonly<Record<string, boolean>>, mapping: Readonly<Record<string, string>> = {}) =>
	endpoint('relay-a', {
		supportedModels: new Map(Object.entries(entries)),
		modelMapping: new Map(Object.entries(mapping)),
	});

type Flags = Readonly<Record<string, boolean>>;
type Names = Readonly<Record<string, string>>;

test.for<[string, Flags, Names, string, boolean]>([
	['no list allows everything', {}, {}, 'gpt-5.5', true],
	['an exact name', {'gpt-5.5': true}, {}, 'gpt-5.5', true],
	['a name that is not on the list', {'gpt-5.5': true}, {}, 'gpt-6', false],
	['a wildcard at the end', {'gpt-*': true}, {}, 'gpt-5.5', true],
	['a wildcard at the start', {'*-codex': true}, {}, 'gpt-5.3-codex', true],
	['a wildcard in the middle', {'gpt-*-codex': true}, {}, 'gpt-5.3-codex', true],
	['a wildcard whose two sides would overlap', {'gpt-5*5-mini': true}, {}, 'gpt-5-mini', false],
	['an exact no beats a wildcard yes', {'gpt-*': true, 'gpt-6': false}, {}, 'gpt-6', false],
	['the longer wildcard beats the shorter', {'gpt-*': true, 'gpt-5*': false}, {}, 'gpt-5.5', false],
	['a mapped name counts as supported', {'gpt-5.5': true}, {'gpt-6': 'big'}, 'gpt-6', true],
	['with a mapping alone only its names are allowed', {}, {'gpt-6': 'big'}, 'gpt-5.5', false],
	['names are compared with their case', {'GPT-5.5': true}, {}, 'gpt-5.5', false],
])('%s', ([, entries, mapping, model, isSupported]) => {
	expect(isModelSupported(supported(entries, mapping), model)).toBe(isSupported);
});

test.for<[string, Names, string, string]>([
	['a name without a mapping stays', {other: 'x'}, 'gpt-5.5', 'gpt-5.5'],
	['an exact mapping', {'gpt-5.5': 'big'}, 'gpt-5.5', 'big'],
	['exact beats wildcard', {'gpt-*': 'small', 'gpt-5.5': 'big'}, 'gpt-5.5', 'big'],
	['the most specific wildcard wins', {'*': 'any', 'gpt-*': 'gpt', 'gpt-5*': 'five'}, 'gpt-5.5', 'five'],
	['a star in the target is what the pattern matched', {'gpt-*': 'openai/gpt-*'}, 'gpt-5.5', 'openai/gpt-5.5'],
	['a star between two parts', {'gpt-*-codex': 'codex/*'}, 'gpt-5.3-codex', 'codex/5.3'],
	['a star that matched nothing', {'gpt-*': 'x-*'}, 'gpt-', 'x-'],
	['a target without a star', {'gpt-*': 'fixed'}, 'gpt-5.5', 'fixed'],
	['a dollar sign in a name is no pattern', {'gpt-*': 'x-*'}, 'gpt-$&-$1', 'x-$&-$1'],
])('%s is sent as it should', ([, mapping, model, sent]) => {
	expect(modelAt(supported({}, mapping), model)).toBe(sent);
});
