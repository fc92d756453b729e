import {describe, expect, test} from 'vitest';
import {ConfigError} from '../../source/config/config-error.ts';
import {parseConfig} from '../../source/config/load.ts';

const load = (text: string) => parseConfig(`version = 5\n${text}`, {path: '/h/config.toml', env: {}});

const errorOf = (text: string): ConfigError => {
	try {
		load(text);
	} catch (error) {
		if (error instanceof ConfigError) {
			return error;
		}

		throw error;
	}

	throw new Error('it loaded');
};

// Three lines each, so that a routing table begins at line 14.
const provider = (name: string, rest = ''): string =>
	`[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\n${rest}\n`;
const base =
	provider('a', 'tags = {billing = "monthly", region = "eu"}') +
	provider('b', 'tags = {billing = "paygo"}') +
	provider('c', 'endpoints.slow = {base_url = "https://slow.example"}') +
	provider('d', 'enabled = false');

const main = '[codex.routing.routes.main]\n';

describe('each compile error has file, line and key', () => {
	test.each([
		[
			'a route with a provider’s name',
			'[codex.routing.routes.a]\nchildren = ["b"]',
			'a has the name of a provider',
			14,
		],
		[
			'a circle over target, then and default',
			`${main}strategy = "manual-sticky"\ntarget = "x"\n[codex.routing.routes.x]\nstrategy = "conditional"\nwhen = {model = "m"}\nthen = "a"\ndefault = "main"`,
			'routes.x.default closes a circle: main → x → main.',
			21,
		],
		[
			'a missing target',
			`${main}strategy = "manual-sticky"\ntarget = "aa"`,
			'target names "aa", which is no route, provider or provider.endpoint; did you mean "a"?',
			16,
		],
		[
			'the same provider twice',
			`${main}children = ["a", "x"]\n[codex.routing.routes.x]\nchildren = ["a"]`,
			'lists a twice.',
			17,
		],
		['the same endpoint twice', `${main}children = ["c.slow", "c.slow"]`, 'lists c.slow twice.', 15],
		[
			'a provider and its endpoint',
			`${main}children = ["c", "c.slow"]`,
			'lists c and c.slow, which share codex/c/slow.',
			15,
		],
		['empty children', `${main}strategy = "weighted"\nchildren = []`, 'main has no children', 14],
		[
			'a disabled target',
			`${main}strategy = "manual-sticky"\ntarget = "d"`,
			'target stays with "d", which is disabled',
			16,
		],
		['a target without anything', `${main}strategy = "manual-sticky"`, 'has no children and no target', 14],
		[
			'stop that matches nothing',
			`${main}strategy = "tag-preferred"\nchildren = ["a"]\nprefer_tags = [{x = "y"}]\non_exhausted = "stop"`,
			'on_exhausted is "stop", but nothing enabled',
			18,
		],
		['tag-preferred without tags', `${main}strategy = "tag-preferred"\nchildren = ["a"]`, 'needs prefer_tags', 14],
		[
			'prefer_tags that are no list',
			`${main}strategy = "tag-preferred"\nchildren = ["a"]\nprefer_tags = {x = "y"}`,
			'is a table, but it takes a list of tables.',
			17,
		],
		['conditional without when', `${main}strategy = "conditional"\nthen = "a"\ndefault = "b"`, 'has no when', 14],
		[
			'conditional without default',
			`${main}strategy = "conditional"\nwhen = {model = "m"}\nthen = "a"`,
			'has no default',
			14,
		],
		[
			'a condition that asks nothing',
			`${main}strategy = "conditional"\nwhen = {}\nthen = "a"\ndefault = "b"`,
			'when asks nothing',
			16,
		],
		[
			'a time that is none',
			`${main}strategy = "conditional"\nwhen = {time = "9-18"}\nthen = "a"\ndefault = "b"`,
			'time has "9-18", but it takes windows',
			16,
		],
		[
			'a day that is none',
			`${main}strategy = "conditional"\nwhen = {time = "mo 09:00-10:00"}\nthen = "a"\ndefault = "b"`,
			'it takes windows',
			16,
		],
		[
			'an unknown client',
			`${main}strategy = "conditional"\nwhen = {client = "vim"}\nthen = "a"\ndefault = "b"`,
			'takes one of codex, claude-code, sdk',
			16,
		],
		[
			'a weight for no child',
			`${main}strategy = "weighted"\nchildren = ["a"]\nweights = {b = 2}`,
			'weights.b is a weight for no child',
			17,
		],
		['a weight of 0', `${main}strategy = "weighted"\nchildren = ["a"]\nweights = {a = 0}`, 'weights.a is 0', 17],
		[
			'weights with another strategy',
			`${main}children = ["a"]\nweights = {a = 2}`,
			'weights contradicts the strategy ordered-failover; it goes with weighted.',
			16,
		],
		[
			'a stop above avoid',
			`${main}strategy = "quota-aware"\nchildren = ["a"]\navoid_below = 0.1\nstop_below = 0.2`,
			'stop_below is higher than avoid_below',
			18,
		],
		[
			'a headroom beyond 1',
			`${main}strategy = "quota-aware"\nchildren = ["a"]\nstop_below = 5`,
			'is 5, but it takes a number from 0 to 1.',
			17,
		],
		[
			'an unknown policy',
			'[codex.routing]\naffinity_policy = "sticky"',
			'takes one of off, preferred-group, fallback-sticky, hard, hard-compact',
			15,
		],
		['an unknown last resort', '[codex.routing]\nlast_resort = "any"', 'takes one of earliest, first', 15],
	])('%s', (...[, routing, sentence, line]) => {
		const error = errorOf(base + routing);
		expect(error.message).toContain(sentence);
		expect(error).toMatchObject({path: '/h/config.toml', line});
		expect(error.key).toMatch(/^codex\.routing/);
	});

	test('keys of another strategy that codex-helper leaves behind are only a warning', () => {
		expect(load(`${base}${main}children = ["a"]\ntarget = "b"`).warnings).toEqual([
			"/h/config.toml:14: codex.routing.routes.main.target has no effect with this route's strategy.",
		]);
	});
});
