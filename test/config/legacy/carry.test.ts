import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../../source/config/config-error.ts';
import {carryFile} from '../../../source/config/legacy/carry.ts';
import {parseConfig} from '../../../source/config/load.ts';

const carry = (source: string, path = '/h/config.json') => carryFile(path, source, {});
const load = (text: string) => parseConfig(text, {path: '/h/config.toml', env: {}});
const orderOf = (text: string): readonly string[] =>
	load(text).services.codex.leaves.map(({endpoint}) => endpoint.baseUrl);

const versionOne = {
	version: 1,
	default_service: 'codex',
	codex: {
		active: 'my relay',
		configs: {
			other: {upstreams: [{base_url: 'https://other.example/v1', auth: {api_key_env: 'OTHER'}}]},
			'my relay': {
				name: 'my relay',
				alias: 'Mine "1"',
				upstreams: [
					{base_url: 'https://z.example/v1', auth: {auth_token: 'sk-canary'}, tags: {provider_id: 'z'}},
					{base_url: 'https://a.example/v1', auth: {api_key_env: 'A'}},
					...Array.from({length: 9}, (_, index) => ({base_url: `https://n${9 - index}.example/v1`, auth: {}})),
				],
			},
		},
	},
	claude: {active: null, configs: {}},
};

const config = (name: string, fields: object) => ({
	[name]: {...fields, upstreams: [{base_url: `https://${name}.example`}]},
});
const levels = (active: string, ...configs: object[]): readonly string[] =>
	orderOf(carry(JSON.stringify({codex: {active, configs: Object.assign({}, ...configs)}})).text);

describe('a config.json of the first format', () => {
	test('keeps its order, its keys and its last resort', () => {
		const {text, notes, fromVersion} = carry(JSON.stringify(versionOne));
		const {codex, claude} = load(text).services;
		expect(fromVersion).toBe(1);
		expect(orderOf(text)).toEqual([
			'https://z.example/v1',
			'https://a.example/v1',
			...Array.from({length: 9}, (_, index) => `https://n${9 - index}.example/v1`),
		]);
		expect(codex.leaves.map(({preferenceGroup}) => preferenceGroup)).toEqual(
			Array.from({length: 11}, (_, index) => index),
		);
		expect(codex.graph).toMatchObject({lastResort: 'first', affinity: {policy: 'hard-compact'}});
		expect(codex.leaves[0]?.endpoint).toMatchObject({
			alias: 'Mine "1"',
			tags: {provider_id: 'z'},
			accounts: [{credentials: {bearer: {kind: 'inline', value: 'sk-canary'}}}],
		});
		expect(codex.leaves[1]?.endpoint.accounts[0].credentials.apiKey).toMatchObject({kind: 'env', name: 'A'});
		expect(codex.endpoints.map(({provider}) => provider)).toContain('other');
		expect(claude.endpoints).toEqual([]);
		expect(notes).toEqual(['The configuration "my relay" is called "my-relay" now.']);
	});

	test('without an active one takes the first name and says so, as it says what it leaves out', () => {
		const {text, notes} = carry(
			'{"codex": {"configs": {"b": {"upstreams": [{"base_url": "https://b.example", "weight": 2}]}, "a": {"color": 2, "upstreams": [{"base_url": "https://a.example"}]}, "c": {"upstreams": []}}}}',
		);
		expect(orderOf(text)).toEqual(['https://a.example']);
		expect(notes).toEqual([
			'codex.configs.b.upstreams[0].weight has no counterpart and is left out.',
			'codex.configs.a.color has no counterpart and is left out.',
			'codex.configs.c has no upstreams and is left out.',
			'No usable active configuration is named; "a" is routed to.',
		]);
	});

	test('with levels that differ tries all that are switched on, the lowest level first', () => {
		const [a, b, c, off] = [
			config('a', {level: 2}),
			config('b', {level: 2}),
			config('c', {}),
			config('off', {level: 1, enabled: false}),
		];
		expect(levels('b', a, b, c, off)).toEqual(['c', 'b', 'a'].map(name => `https://${name}.example`));
		expect(levels('off', a, c, off)).toEqual(['off', 'c', 'a'].map(name => `https://${name}.example`));
		expect(levels('b', a, b)).toEqual(['https://b.example']);
	});

	test('keeps which models an upstream has and what it calls them', () => {
		const upstream = {base_url: 'https://a.example', supportedModels: {'gpt-5': true}, model_mapping: {x: 'y'}};
		const {text, notes} = carry(JSON.stringify({codex: {active: 'a', configs: {a: {upstreams: [upstream]}}}}));
		expect(load(text).services.codex.endpoints).toMatchObject([
			{supportedModels: new Map([['gpt-5', true]]), modelMapping: new Map([['x', 'y']])},
		]);
		expect(notes).toEqual([]);
	});

	test('the same shape in TOML without a version is carried too', () => {
		const {text, fromVersion} = carry(
			'[codex]\nactive = "x"\n[[codex.configs.x.upstreams]]\nbase_url = "https://b.example"\n[[codex.configs.x.upstreams]]\nbase_url = "https://a.example"\n',
			'/h/config.toml',
		);
		expect(fromVersion).toBeUndefined();
		expect(orderOf(text)).toEqual(['https://b.example', 'https://a.example']);
	});

	test.each([
		['{"version": 1}', 'it has no codex.configs'],
		['{"codex": ', 'is no config.json of codex-helper: it is not JSON.'],
		[
			'{"codex": {"configs": {"a": {"upstreams": [{"auth": {"auth_token": "sk-canary"}}]}}}}',
			'codex.configs.a.upstreams[0] has no base_url.',
		],
		[
			'{"codex": {"configs": {"a": {"upstreams": [{"base_url": "ftp://canary"}]}}}}',
			'is not an http:// or https:// URL.',
		],
	])('%s is refused without a secret', (source, sentence) => {
		expect(() => carry(source)).toThrow(ConfigError);
		expect(() => carry(source)).toThrow(sentence);
		expect(() => carry(source)).not.toThrow('canary');
	});
});

const file = (upstream: string): string =>
	`{"version": 1,\n "codex": {"active": "my relay", "configs": {\n  "my relay": {"upstreams": [\n   {"base_url": "https://a.example", "tags": {"x]": "[{,\\""}},\n   {${upstream}}\n]}}}}`;

describe('a fault in a config.json has its line', () => {
	test.each([
		['"auth": {}', '/h/config.json:5:4: codex.configs."my relay".upstreams[1] has no base_url.'],
		[
			'"tags": {},\n    "base_url": "ftp://x"',
			'/h/config.json:6:5: carried over to version 5, codex.providers.my-relay.endpoints.u2.base_url is not',
		],
		[
			'"base_url": "https://b.example",\n "model_mapping": {"a**": "b"}',
			'/h/config.json:6:2: carried over to version 5, codex.providers.my-relay.endpoints.u2.model_mapping',
		],
	])('%s', (upstream, sentence) => expect(() => carry(file(upstream))).toThrow(sentence));

	test('in TOML too', () =>
		expect(() =>
			carry(
				'[[codex.configs.x.upstreams]]\nbase_url = "https://a.example"\n[[codex.configs.x.upstreams]]\nbase_url = "ftp://b"\n',
				'/h/config.toml',
			),
		).toThrow('/h/config.toml:4:1: carried over to version 5'));
});

describe('a later format in TOML', () => {
	const body =
		'# mine\n[codex.providers.b]  # second\nbase_url = "https://b.example"\n[codex.routing]\naffinity_policy = "hard"\n[codex.routing.routes.main]\nchildren = ["b"]\n';

	test.each(['version = 4\n', 'version = 3\n', 'version = 2\n', ''])(
		'that has only keys of today (%j) keeps every other byte',
		version => {
			const {text} = carry(version + body, '/h/config.toml');
			expect(text).toBe(`version = 5\n${body}`);
			expect(load(text).services.codex.graph.affinity.policy).toBe('hard-compact');
		},
	);

	test('that has a key which nothing today stands for is refused with its place', () => {
		const old = 'version = 3\n[codex.providers.b]\nbase_url = "https://b.example"\n[codex.routing]\nsticky = true\n';
		expect(() => carry(old, '/h/config.toml')).toThrow('/h/config.toml:5: the key codex.routing.sticky is not known');
	});

	test.each([
		[
			'[codex.providers.b]\nbase_url = "ftp://b"\n',
			'/h/config.toml:3:1: carried over to version 5, codex.providers.b.base_url',
		],
		[
			'[codex.providers.b]\nbase_url = "https://b.example"\ntags = {x = "y"}\n[codex.routing]\npolicy = "tag-preferred"\norder = ["b"]\nprefer_tags = [{x = "z"}]\non_exhausted = "stop"\n',
			'/h/config.toml:9:1: carried over to version 5, codex.routing.routes.main.on_exhausted is "stop", but nothing enabled',
		],
	])('that the reader refuses is refused with the place in the old file: %#', (old, sentence) => {
		expect(() => carry(`version = 3\n${old}`, '/h/config.toml')).toThrow(sentence);
	});

	test('of today stays as it is, and one from the future is refused', () => {
		expect(carry(`version = 5\n${body}`, 'c').text).toBe(`version = 5\n${body}`);
		expect(() => carry('version = 6\n', 'c')).toThrow('has a version that this program does not know');
	});
});
