import {describe, expect, test} from 'vitest';
import type {RouteGraph, RouteNode} from '../../source/config/graph.ts';
import {parseConfig} from '../../source/config/load.ts';

const load = (text: string) => parseConfig(`version = 5\n${text}`, {path: '/h/config.toml', env: {}});

// Three lines each, so that a routing table begins at line 14.
const provider = (name: string, rest = ''): string =>
	`[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\n${rest}\n`;
const base =
	provider('a', 'tags = {billing = "monthly", region = "eu"}') +
	provider('b', 'tags = {billing = "paygo"}') +
	provider('c', 'endpoints.slow = {base_url = "https://slow.example"}') +
	provider('d', 'enabled = false');

const graphOf = (routing: string): RouteGraph => load(base + routing).services.codex.graph;
const entryOf = (route: string): RouteNode => graphOf(`[codex.routing.routes.main]\n${route}`).entry;
const orderOf = (routing: string): ReadonlyArray<readonly [string, number]> =>
	load(base + routing).services.codex.leaves.map(({endpoint: {provider: name, endpoint}, preferenceGroup}) => [
		`${name}.${endpoint}`,
		preferenceGroup,
	]);

describe('each strategy', () => {
	test('no routing table is ordered-failover over all providers in name order, disabled ones in it', () => {
		const {entry, nodes, affinity, lastResort} = graphOf('');
		expect(entry).toMatchObject({strategy: 'ordered-failover', location: undefined});
		expect(
			entry.strategy === 'ordered-failover' && entry.children.map(child => child.kind === 'endpoints' && child.name),
		).toEqual(['a', 'b', 'c', 'd']);
		expect(nodes).toEqual([entry]);
		expect(affinity).toEqual({policy: 'fallback-sticky', fallbackTtlMs: undefined, reprobePreferredAfterMs: undefined});
		expect(lastResort).toBe('earliest');
	});

	test('a disabled endpoint stays in the graph and is left out of the leaves', () => {
		const routing = '[codex.routing.routes.main]\nchildren = ["d", "a"]';
		const {entry} = graphOf(routing);
		const first = entry.strategy === 'ordered-failover' ? entry.children[0] : undefined;
		expect(first).toMatchObject({kind: 'endpoints', name: 'd', endpoints: [{enabled: false}]});
		expect(orderOf(routing)).toEqual([['a.default', 1]]);
	});

	test('a bare provider stands for all its endpoints in one preference group', () => {
		expect(orderOf('[codex.routing.routes.main]\nchildren = ["c", "a"]')).toEqual([
			['c.default', 0],
			['c.slow', 0],
			['a.default', 1],
		]);
	});

	test('tag-preferred brings what matches any filter to the front', () => {
		const route = '[codex.routing.routes.main]\nstrategy = "tag-preferred"\nchildren = ["b", "c", "a"]\n';
		const tags = 'prefer_tags = [{billing = "monthly", region = "us"}, {billing = "monthly", region = "eu"}]\n';
		expect(orderOf(route + tags).map(([name]) => name)).toEqual(['a.default', 'b.default', 'c.default', 'c.slow']);
		expect(orderOf(`${route}${tags}on_exhausted = "stop"`)).toEqual([['a.default', 0]]);
	});

	test('manual-sticky has its target, or its first child', () => {
		expect(orderOf('[codex.routing.routes.main]\nstrategy = "manual-sticky"\ntarget = "c.slow"')).toEqual([
			['c.slow', 0],
		]);
		expect(orderOf('[codex.routing.routes.main]\nstrategy = "manual-sticky"\nchildren = ["b", "a"]')).toEqual([
			['b.default', 0],
		]);
	});

	test('conditional has every part of its condition, and branches that may share endpoints', () => {
		const entry = entryOf(`strategy = "conditional"
then = "a"
default = "rest"
[codex.routing.routes.rest]
children = ["a", "b"]
[codex.routing.routes.main.when]
model = "gpt-5*"
path = "/v1/responses"
service_tier = "priority"
reasoning_effort = "high"
method = "post"
headers = {"X-Team" = "blue"}
session = "s1"
cwd = "/srv/**"
request_kind = "turn"
subagent = true
client = "codex"
time = ["mon-fri 09:00-18:30", "sat,sun 22:00-06:00", "00:00-24:00", "fri-mon 01:00-02:00"]
`);
		expect(entry).toMatchObject({
			strategy: 'conditional',
			default: {kind: 'node', node: {name: 'rest'}},
		});
		expect(entry).toHaveProperty('then.name', 'a');
		expect(entry.strategy === 'conditional' && entry.when).toEqual({
			model: 'gpt-5*',
			path: '/v1/responses',
			serviceTier: 'priority',
			reasoningEffort: 'high',
			method: 'post',
			headers: new Map([['x-team', 'blue']]),
			session: 's1',
			cwd: '/srv/**',
			requestKind: 'turn',
			subagent: true,
			client: 'codex',
			time: [
				{from: 540, to: 1110, days: [1, 2, 3, 4, 5]},
				{from: 1320, to: 360, days: [0, 6]},
				{from: 0, to: 1440, days: []},
				{from: 60, to: 120, days: [0, 1, 5, 6]},
			],
		});
	});

	test('weighted has one weight per child, 1 where the file names none', () => {
		expect(
			entryOf('strategy = "weighted"\nchildren = ["a", "c.slow", "b"]\nweights = {b = 0.5, "c.slow" = 3}'),
		).toMatchObject({strategy: 'weighted', weights: [1, 3, 0.5]});
	});

	test('quota-aware turns the headroom of the file into used shares', () => {
		expect(entryOf('strategy = "quota-aware"\nchildren = ["a"]\navoid_below = 0.2\nstop_below = 0.05')).toMatchObject({
			strategy: 'quota-aware',
			avoidBelow: 0.8,
			stopBelow: 0.95,
		});
	});

	test.each(['round-robin', 'least-used', 'cheapest', 'fastest'])('%s puts all its children in one group', strategy => {
		const routing = `[codex.routing.routes.main]\nchildren = ["x", "c"]\n[codex.routing.routes.x]\nstrategy = "${strategy}"\nchildren = ["a", "b"]\nhedge_after_ms = 900`;
		expect(orderOf(routing)).toEqual([
			['a.default', 0],
			['b.default', 0],
			['c.default', 1],
			['c.slow', 1],
		]);
		expect(graphOf(routing).nodes.map(({name, hedgeAfterMs}) => [name, hedgeAfterMs])).toEqual([
			['main', undefined],
			['x', 900],
		]);
	});
});

describe('affinity', () => {
	const hard = '[codex.routing]\naffinity_policy = "hard"\nfallback_ttl_ms = 0\nreprobe_preferred_after_ms = 60000\n';

	test('hard in a file without keys of ours is hard-compact, with a note', () => {
		const config = load(base + hard);
		expect(config.services.codex.graph.affinity).toEqual({
			policy: 'hard-compact',
			fallbackTtlMs: 0,
			reprobePreferredAfterMs: 60_000,
		});
		expect(config.warnings).toEqual([
			expect.stringContaining('/h/config.toml:15: affinity_policy = "hard" is read as "hard-compact"'),
		]);
	});

	test.each([
		'[listen]',
		'[codex.providers.a.timeouts]',
		'[codex.routing.routes.x]\nchildren = ["a"]\nhedge_after_ms = 500',
	])('hard in a file with %s is hard for every turn', ours => {
		const config = load(`${base}${hard}[codex.routing.routes.main]\nchildren = ["b"]\n${ours}`);
		expect(config.services.codex.graph.affinity.policy).toBe('hard');
	});

	test.each(['off', 'preferred-group', 'fallback-sticky', 'hard-compact'])('%s is itself', policy => {
		expect(graphOf(`[codex.routing]\naffinity_policy = "${policy}"`).affinity.policy).toBe(policy);
	});
});

describe('the graph key', () => {
	const routing =
		'[codex.routing]\nentry = "main"\nlast_resort = "first"\n[codex.routing.routes.main]\nstrategy = "weighted"\nchildren = ["a", "b"]\nweights = {a = 2, b = 1}\n';

	test('does not change with the order of keys, comments, unrelated sections and settings of providers', () => {
		const {key} = graphOf(routing);
		expect(key).toMatch(/^[0-9a-f]{64}$/);
		const moved =
			'# moved\n[codex.routing.routes.main]\nweights = {b = 1, a = 2}\nchildren = ["a", "b"]\nstrategy = "weighted"\n[codex.routing]\nlast_resort = "first"\n';
		expect(graphOf(moved).key).toBe(key);
		expect(graphOf(`${routing}[retry]\nprofile = "cost-primary"\n[ui]\nlanguage = "en"`).key).toBe(key);
		const other = base.replace('enabled = false', 'alias = "D"').replace('"eu"', '"us"');
		expect(load(other + routing).services.codex.graph.key).toBe(key);
	});

	test.each([
		['the order of children', routing.replace('["a", "b"]', '["b", "a"]')],
		['a weight', routing.replace('a = 2', 'a = 3')],
		['the last resort', routing.replace('"first"', '"earliest"')],
		['the policy', routing.replace('entry = "main"', 'affinity_policy = "off"')],
		['a window', routing.replace('entry = "main"', 'fallback_ttl_ms = 1')],
		['an endpoint', `${routing}[codex.providers.e]\nbase_url = "https://e.example"`],
	])('changes with %s', (_, changed) => {
		expect(graphOf(changed).key).not.toBe(graphOf(routing).key);
	});
});
