import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../../source/config/config-error.ts';
import {carryFile} from '../../../source/config/legacy/carry.ts';
import {parseConfig} from '../../../source/config/load.ts';

/* The second format: stations, at first called groups. The order of tries is what must stay (codex-helper.md 8.1, row 5). */

const path = '/h/config.toml';
const carry = (source: string) => carryFile(path, `version = 2\n${source}`, {});
const tries = (source: string): string => {
	const {leaves} = parseConfig(carry(source).text, {path, env: {}}).services.codex;
	return leaves
		.map(({endpoint: {provider, endpoint}, preferenceGroup}) => `${provider}.${endpoint}${preferenceGroup}`)
		.join(' ');
};

const providers = `
[codex.providers.relay.auth]   # the team's
auth_token_env = "RELAY_KEY"
[codex.providers.relay.endpoints.slow]
base_url = "https://slow.example/v1"
priority = 10
[codex.providers.relay.endpoints.fast]
base_url = "https://fast.example/v1"
[codex.providers.backup]
[codex.providers.backup.endpoints.default]
base_url = "https://backup.example/v1"
supportedModels = {"gpt-5" = true}
`;
const member = (station: string, fields: string): string => `[[codex.stations.${station}.members]]\n${fields}\n`;

describe('a file of version 2', () => {
	test('tries preferred members first, then the others as they are written, endpoints by priority', () =>
		expect(
			tries(
				`[codex]\nactive_station = "main"\n${providers}[codex.stations.main]\n${member('main', 'provider = "backup"')}${member('main', 'provider = "relay"\npreferred = true')}`,
			),
		).toBe('relay.fast0 relay.slow0 backup.default1'));

	test('keeps to the endpoints that a member names, in its order', () =>
		expect(tries(`${providers}${member('main', 'provider = "relay"\nendpoint_names = ["slow", "fast"]')}`)).toBe(
			'relay.slow0 relay.fast1',
		));

	test('tries stations by level, within a level the active one first, then by name', () => {
		const three = `[codex.stations.c]\nlevel = 1\n${member('c', 'provider = "backup"')}[codex.stations.b]\nlevel = 2\n${member('b', 'provider = "relay"\nendpoint_names = ["slow"]')}[codex.stations.a]\nlevel = 2\n${member('a', 'provider = "relay"\nendpoint_names = ["fast"]')}`;
		expect(tries(`${providers}${three}`)).toBe('backup.default0 relay.fast1 relay.slow2');
		expect(tries(`[codex]\nactive_station = "b"\n${providers}${three}`)).toBe(
			'backup.default0 relay.slow1 relay.fast2',
		);
	});

	test('leaves out what is switched off, but not the active one', () => {
		const off = `[codex.stations.off]\nenabled = false\n${member('off', 'provider = "backup"')}[codex.stations.on]\n${member('on', 'provider = "relay"')}`;
		expect(tries(`${providers}${off}`)).toBe('relay.fast0 relay.slow0');
		expect(tries(`[codex]\nactive_station = "off"\n${providers}${off}`)).toBe(
			'backup.default0 relay.fast1 relay.slow1',
		);
		expect(carry(`${providers}${off}`).notes).toContainEqual(
			expect.stringMatching(/^\/h\/config\.toml:14: codex\.stations\.off is switched off and not the active one/),
		);
		expect(tries(`${providers}[codex.stations.x]\nenabled = false\n${member('x', 'provider = "backup"')}`)).toBe(
			'backup.default0',
		);
	});

	test('leaves out what stands in an earlier place, and says where', () => {
		const twice = `[codex.stations.a]\n${member('a', 'provider = "relay"\nendpoint_names = ["fast"]')}[codex.stations.b]\nlevel = 2\n${member('b', 'provider = "relay"')}[codex.stations.z]\nlevel = 3\n${member('z', 'provider = "relay"\nendpoint_names = ["slow"]')}`;
		expect(tries(`${providers}${twice}`)).toBe('relay.fast0 relay.slow1');
		const {notes} = carry(`${providers}${twice}`);
		expect(notes).toContainEqual(expect.stringContaining('codex.stations.b.members[0] stands in an earlier place too'));
		expect(notes).toContainEqual(expect.stringContaining('codex.stations.z adds nothing to try'));
	});

	test('reads the names it had before: active_group, groups, endpoints, a station called like a provider or main', () => {
		const old = `[codex]\nactive_group = "relay"\n${providers}[codex.groups.main]\n[[codex.groups.main.members]]\nprovider = "backup"\n[codex.groups.relay]\n[[codex.groups.relay.members]]\nprovider = "relay"\nendpoints = ["fast"]\n`;
		expect(tries(old)).toBe('relay.fast0 backup.default1');
		expect(carry(old).text).toContain('children = ["relay_route", "main_route"]');
	});

	test('is as strict with hidden state as stations were, and keeps comments and keys', () => {
		const {text} = carry(`${providers}${member('main', 'provider = "relay"')}`);
		const {codex} = parseConfig(text, {path, env: {}}).services;
		expect(codex.graph.affinity.policy).toBe('hard-compact');
		expect(codex.endpoints[0]?.accounts[0].credentials.bearer).toMatchObject({kind: 'env', name: 'RELAY_KEY'});
		expect(text).toContain('[codex.providers.relay.auth]   # the team');
		expect(text).not.toContain('stations');
	});

	test('brings supportedModels up to date and tells of profiles that chose a station', () => {
		const {text, notes} = carry(
			`${providers}[codex.profiles.deep]\nstation = "x"\nmodel = "gpt-5"\n${member('x', 'provider = "backup"')}`,
		);
		const {codex} = parseConfig(text, {path, env: {}}).services;
		expect(codex.endpoints.find(({provider}) => provider === 'backup')?.supportedModels).toEqual(
			new Map([['gpt-5', true]]),
		);
		expect(codex.profiles.byName.get('deep')).toMatchObject({model: 'gpt-5'});
		expect(notes).toContainEqual(
			expect.stringMatching(/^\/h\/config\.toml:15: codex\.profiles\.deep\.station is left out/),
		);
	});

	test('serves claude by its own stations', () => {
		const {text} = carry(
			'[claude.providers.c.endpoints.default]\nbase_url = "https://c.example"\n[[claude.stations.s.members]]\nprovider = "c"\n',
		);
		expect(parseConfig(text, {path, env: {}}).services.claude.leaves).toHaveLength(1);
	});

	test('without stations tries all in the order of their names', () =>
		expect(tries(providers)).toBe('backup.default0 relay.fast1 relay.slow1'));

	test.each([
		[
			member('a', 'provider = "relai"'),
			'/h/config.toml:15:1: codex.stations.a.members[0].provider is "relai", which is no provider; did you mean "relay"?',
		],
		[
			member('a', 'provider = "relay"\nendpoint_names = ["fasd"]'),
			'/h/config.toml:16:1: codex.stations.a.members[0].endpoint_names names "fasd", which relay does not have; did you mean "fast"?',
		],
		[member('a', 'preferred = true'), '/h/config.toml:14:1: codex.stations.a.members[0] names no provider.'],
		[
			'[codex.stations.a]\nlevel = "low"\n',
			'/h/config.toml:15:1: codex.stations.a.level is a string, but it takes a whole number from 0 to 255.',
		],
		['[codex.stations.a]\n', '/h/config.toml:14:1: codex.stations has no station with a member'],
		[
			`${member('a', 'provider = "relay"')}[codex.routing]\nentry = "main"\n`,
			'/h/config.toml:16:1: codex.routing stands beside stations',
		],
		[
			`${member('a', 'provider = "relay"')}[codex.groups.b]\n`,
			'/h/config.toml:16:1: codex.groups stands beside stations, which is the same',
		],
	])('with a fault is refused with file, line and key: %#', (stations, sentence) => {
		expect(() => carry(`${providers}${stations}`)).toThrow(ConfigError);
		expect(() => carry(`${providers}${stations}`)).toThrow(sentence);
	});
});
