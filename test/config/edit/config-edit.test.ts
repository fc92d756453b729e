import {describe, expect, test} from 'vitest';
import {changeConfig, type ConfigEdit} from '../../../source/config/edit/config-edit.ts';
import {editedConfig as file} from '../../support/edited-config.ts';

const options = {path: '/c.toml', env: {}};
const team = {service: 'codex', provider: 'team'} as const;
const change = (edit: ConfigEdit, text = file) => changeConfig(text, edit, options);
const step = (by: 1 | -1, child: string, text = file) =>
	change({kind: 'weight', name: {service: 'codex', provider: child}, step: by}, text);
const move = (provider: string, by: 1 | -1) => change({kind: 'move', name: {service: 'codex', provider}, step: by});
const main = {service: 'codex', route: undefined} as const;

describe('a provider is edited', () => {
	test('a field changes in its place, another comes behind the last, a third goes with its line', () => {
		const {text, what} = change({
			kind: 'edit',
			name: team,
			fields: [
				{field: 'base_url', value: 'https://new.example/v1'},
				{field: 'alias', value: 'Team'},
				{field: 'auth_token_env', value: undefined},
			],
		});
		expect(what).toBe('codex/team: base_url, alias, auth_token_env are changed.');
		expect(text).toBe(
			file
				.replace('https://team.example/v1', 'https://new.example/v1')
				.replace('auth_token_env = "TEAM_KEY"\n', '')
				.replace('# both\n', '# both\nalias = "Team"\n'),
		);
	});

	test('members of a table change one by one, where they stand', () => {
		const fields = [
			{field: 'tags', value: {region: 'us', billing: undefined}, isMerged: true},
			{field: 'supported_models', value: {'gpt-5*': true, 'gpt-5-mini': false}},
			{field: 'limits.queue', value: 9},
		];
		const {text} = change({kind: 'edit', name: team, fields});
		expect(text).toContain('tags = { region = "us" } # both\n');
		expect(text).toContain('supported_models = { "gpt-5*" = true, gpt-5-mini = false }\n');
		expect(text).toContain('max_concurrent_requests = 4 # four\nqueue = 9\n');
	});

	test('what is not there yet comes into the table of the provider, and the last member takes its table along', () => {
		const {text} = change({
			kind: 'edit',
			name: {service: 'codex', provider: 'spare'},
			fields: [{field: 'timeouts.idle_ms', value: 9000}],
		});
		expect(text).toContain('future_key = "kept"\ntimeouts = { idle_ms = 9000 }\n# api_key_env = "OLD"\n');
		const gone = change({
			kind: 'edit',
			name: team,
			fields: [{field: 'limits.max_concurrent_requests', value: undefined}],
		});
		expect(gone.text).toBe(file.replace('[codex.providers.team.limits]\nmax_concurrent_requests = 4 # four\n\n', ''));
	});

	test('it is switched off and on again', () => {
		const off = change({kind: 'enable', name: team, isEnabled: false});
		expect(off.text).toBe(file.replace('# both\n', '# both\nenabled = false\n'));
		expect(off.what).toBe('codex/team is disabled.');
		const on = change({kind: 'enable', name: team, isEnabled: true}, off.text);
		expect(on.text).toContain('enabled = true\n');
		const same = change({kind: 'enable', name: team, isEnabled: true});
		expect(same).toEqual({text: file, what: 'codex/team is enabled already.', warnings: []});
	});

	test('an endpoint is added, edited and removed as a provider is', () => {
		const west = {...team, endpoint: 'west'};
		const fields = [{field: 'base_url', value: 'https://west.example/v1'}];
		const added = change({kind: 'add', name: west, fields, placement: 'none'}).text;
		expect(added).toContain(
			'= 4 # four\n\n[codex.providers.team.endpoints.west]\nbase_url = "https://west.example/v1"\n\n[codex.providers.spare]',
		);
		const edited = change({kind: 'edit', name: west, fields: [{field: 'priority', value: 2}]}, added).text;
		expect(edited).toContain('west.example/v1"\npriority = 2\n');
		expect(change({kind: 'remove', name: west, fromRoutes: false}, added).text).toBe(file);
	});
});

describe('a provider is added', () => {
	test('behind the last of its service, and behind the children of the entry', () => {
		const {text, what} = change({
			kind: 'add',
			name: {service: 'codex', provider: 'third'},
			fields: [
				{field: 'tags', value: {region: 'eu'}},
				{field: 'preset', value: 'deepseek'},
				{field: 'limits.queue', value: 3},
			],
			placement: {route: undefined},
		});
		expect(what).toBe('codex/third is added, last in the route main.');
		expect(text).toBe(
			file
				.replace(
					'# api_key_env = "OLD"\n',
					'# api_key_env = "OLD"\n\n[codex.providers.third]\npreset = "deepseek"\ntags = { region = "eu" }\nlimits = { queue = 3 }\n',
				)
				.replace('\t"spare",\n', '\t"spare",\n\t"third",\n'),
		);
	});

	test('to a file that has nothing yet', () => {
		const add: ConfigEdit = {
			kind: 'add',
			name: {service: 'claude', provider: 'anthropic'},
			fields: [{field: 'preset', value: 'anthropic'}],
			placement: {route: undefined},
		};
		expect(change(add, 'version = 5\n').text).toBe(
			'version = 5\n\n[claude.providers.anthropic]\npreset = "anthropic"\n',
		);
	});

	test('to a file with inline tables only', () => {
		const text = 'version = 5\ncodex = { providers = { a = { base_url = "https://a.example" } } } # one line\n';
		const fields = [{field: 'base_url', value: 'https://b.example'}];
		expect(change({kind: 'add', name: {service: 'codex', provider: 'b'}, fields, placement: 'none'}, text).text).toBe(
			text.replace('" } }', '" }, b = { base_url = "https://b.example" } }'),
		);
	});
});

describe('a provider is copied', () => {
	test('with its comments and tables, beside it', () => {
		const {text, what} = change({kind: 'duplicate', name: team, copy: 'team-2', placement: {route: undefined}});
		expect(what).toContain('codex/team-2 is a copy of codex/team');
		const own = file.slice(file.indexOf('[codex.providers.team]'), file.indexOf('\n\n[codex.providers.spare]'));
		expect(text).toContain(
			`${own}\n\n${own.replaceAll('providers.team', 'providers.team-2')}\n\n[codex.providers.spare]`,
		);
		expect(text).toContain('\t"team-2",\n]');
	});

	test('out of dotted keys as one table', () => {
		const text = 'version = 5\n[codex.providers]\na.base_url = "https://a.example" # a\n';
		expect(change({kind: 'duplicate', name: {...team, provider: 'a'}, copy: 'b', placement: 'none'}, text).text).toBe(
			text.replace('a.base', 'b = { base_url = "https://a.example" }\na.base'),
		);
	});
});

describe('a provider is removed', () => {
	test('not while routes name it: the places are told', () => {
		expect(() => change({kind: 'remove', name: team, fromRoutes: false})).toThrow(
			'Routes name codex/team: codex.routing.routes.main.children (line 25), codex.routing.routes.main.weights.team (line 30).',
		);
	});

	test('from the routes too where that is asked for; what stands around it stays', () => {
		const {text} = change({kind: 'remove', name: team, fromRoutes: true});
		expect(text).toBe(
			file
				.replace(file.slice(file.indexOf('[codex.providers.team]'), file.indexOf('[codex.providers.spare]')), '\n')
				.replace('\t"team", # cheap\n', '')
				.replace('weights = { team = 3 }\n', ''),
		);
	});

	test('not where a route cannot be without it', () => {
		const sticky =
			'version = 5\n[codex.providers.a]\nbase_url="https://a.example"\n[codex.routing.routes.main]\nstrategy="manual-sticky"\ntarget="a"\n';
		expect(() => change({kind: 'remove', name: {...team, provider: 'a'}, fromRoutes: true}, sticky)).toThrow(
			'codex.routing.routes.main.target is a, and the route cannot be without it; name another one first.',
		);
	});
});

describe('a route is edited', () => {
	test('its children take another order with the comments beside and above them', () => {
		const {text, what} = change({kind: 'order', route: main, children: ['spare']});
		expect(what).toBe('The route codex/main tries spare, team.');
		expect(text).toBe(
			file.replace(
				'\t"team", # cheap\n\t# slow, but it works\n\t"spare",\n',
				'\t# slow, but it works\n\t"spare",\n\t"team", # cheap\n',
			),
		);
	});

	test('a list on one line stays on one line', () => {
		const text = file.replace(/children = \[[^\]]*\]/, "children = ['team', 'spare'] # x");
		expect(change({kind: 'order', route: main, children: ['spare', 'team']}, text).text).toContain(
			'children = ["spare", "team"] # x\n',
		);
	});

	test('a list whose comments belong to no element is left to its user', () => {
		const text = file.replace(/children = \[[^\]]*\]/, 'children = ["team", # cheap\n"spare"]');
		expect(() => change({kind: 'order', route: main, children: ['spare']}, text)).toThrow(
			'/c.toml:25:1: codex.routing.routes.main.children stands in a shape that cannot be edited safely',
		);
	});

	test('an order that nobody has written yet is written', () => {
		const text = file.slice(0, file.indexOf('[codex.routing]'));
		const {text: after} = change({kind: 'order', route: main, children: ['team']}, text);
		expect(after).toBe(
			text.replace(
				'# api_key_env = "OLD"\n',
				`# api_key_env = "OLD"

[codex.routing]
entry = "main"

[codex.routing.routes.main]
strategy = "ordered-failover"
children = ["team", "spare"]
`,
			),
		);
	});

	test('weights go up and down, and count in a weighted route only', () => {
		expect(step(1, 'team').text).toContain('weights = { team = 4 }');
		expect(step(-1, 'spare').text).toContain('weights = { team = 3, spare = 0.5 }');
		expect(step(1, 'spare', step(-1, 'spare').text).text).toContain('spare = 1 }');
		const plain = file.replace('"weighted"', '"ordered-failover"').replace('weights = { team = 3 }\n', '');
		expect(() => step(1, 'team', plain)).toThrow('The route codex/main is ordered-failover; weights count with');
		expect(() => step(1, 'nobody')).toThrow('No route of codex has nobody among its children');
	});

	test('a provider moves one place up or down in its route, and says where it cannot', () => {
		expect(move('spare', -1).what).toBe('The route codex/main tries spare, team.');
		expect(move('team', 1).text).toBe(move('spare', -1).text);
		expect(() => move('team', -1)).toThrow('team is the first of the route codex/main already.');
		expect(() => move('spare', 1)).toThrow('spare is the last of the route codex/main already.');
	});

	test('fields of a route and of the routing are set and taken away', () => {
		const values = {strategy: 'tag-preferred', prefer_tags: [{billing: 'monthly'}], weights: undefined};
		const {text} = change({kind: 'route', route: main, values});
		expect(text).toContain('strategy = "tag-preferred"');
		expect(text).toContain('prefer_tags = [{ billing = "monthly" }]');
		expect(change({kind: 'routing', service: 'codex', values: {affinity_policy: 'hard'}}).text).toContain(
			'entry = "main"\naffinity_policy = "hard"\n',
		);
	});
});
