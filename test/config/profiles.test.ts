import {expect, test} from 'vitest';
import {readProfiles, type Profiles} from '../../source/config/profiles.ts';
import {Section} from '../../source/config/section.ts';
import {parseToml} from '../../source/config/toml.ts';

const read = (text: string): Profiles => {
	const document = parseToml('config.toml', text);
	return readProfiles(new Section(document, [], document.value).table('codex'));
};

test('a profile has its own fields and those of the ones that it extends', () => {
	const {defaultProfile, byName} = read(`
[codex]
default_profile = "daily"
[codex.profiles.base]
model = "gpt-5.5"
service_tier = "fast"
[codex.profiles.daily]
extends = "base"
reasoning_effort = "low"
[codex.profiles.deep]
extends = "daily"
reasoning_effort = "xhigh"
`);
	expect(defaultProfile).toBe('daily');
	expect(Object.fromEntries(byName)).toEqual({
		base: {model: 'gpt-5.5', effort: undefined, tier: 'fast'},
		daily: {model: 'gpt-5.5', effort: 'low', tier: 'fast'},
		deep: {model: 'gpt-5.5', effort: 'xhigh', tier: 'fast'},
	});
});

test('no section and no profiles are none', () => {
	expect(read('')).toEqual({defaultProfile: undefined, byName: new Map()});
	expect(read('[codex]')).toEqual({defaultProfile: undefined, byName: new Map()});
});

test.each([
	[
		'[codex]\ndefault_profile = "x"\n[codex.profiles.a]\n',
		'profile-unknown',
		2,
		'codex.default_profile is "x", but there is no such profile; the file has a.',
	],
	[
		'[codex.profiles.a]\nextends = "b"\n',
		'profile-unknown',
		2,
		'codex.profiles.a.extends is "b", but there is no such profile; the file has a.',
	],
	[
		'[codex.profiles.a]\nextends = "b"\n[codex.profiles.b]\nextends = "a"\n',
		'profile-cycle',
		4,
		'codex.profiles.b.extends goes round in a circle: a → b → a.',
	],
	[
		'[codex.profiles.a]\nextends = "a"\n',
		'profile-cycle',
		2,
		'codex.profiles.a.extends goes round in a circle: a → a.',
	],
	['[codex.profiles.a]\nmodel = 5\n', 'config-type', 2, 'codex.profiles.a.model is a number, but it takes a string.'],
])('%j is refused as %s at line %i', (...[text, code, line, sentence]) => {
	expect(() => read(text)).toThrow(expect.objectContaining({code, line, message: expect.stringContaining(sentence)}));
});
