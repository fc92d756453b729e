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

const provider = (name: string, rest = ''): string =>
	`[codex.providers.${name}]\nbase_url = "https://${name}.example/v1"\n${rest}\n`;

const order = (text: string): ReadonlyArray<readonly [string, number, string]> =>
	load(text).services.codex.leaves.map(leaf => [leaf.endpoint.key, leaf.preferenceGroup, leaf.routePath.join('>')]);

describe('the order without a routing table', () => {
	test('is the order of names, one preference group for each provider', () => {
		expect(order(provider('b') + provider('a') + provider('c', 'enabled = false'))).toEqual([
			['codex/a/default', 0, ''],
			['codex/b/default', 1, ''],
		]);
	});
});

describe('routing faults say where they are', () => {
	const base = provider('a') + provider('b');
	test.each([
		[
			'[codex.routing.routes.main]\nstrategy = "random"\nchildren = ["a"]',
			'strategy is "random", but it takes one of ordered-failover, tag-preferred, manual-sticky, conditional, weighted,',
			9,
		],
		[
			'[codex.routing.routes.main]\nchildren = ["x"]\n[codex.routing.routes.x]\nchildren = ["main"]',
			'closes a circle: main → x → main.',
			11,
		],
		[
			'[codex.routing.routes.main]\nchildren = ["a", "bb"]',
			'names "bb", which is no route, provider or provider.endpoint; did you mean "b"?',
			9,
		],
		[
			'[codex.routing.routes.main]\nchildren = ["a", "b.slow"]',
			'names "b.slow", which is no route, provider or provider.endpoint',
			9,
		],
		['[codex.routing.routes.main]\nchildren = ["a", "b", "a"]', 'it lists a twice.', 9],
		[
			'[codex.routing.routes.main]\nchildren = ["a", "a.default"]',
			'it lists a and a.default, which share codex/a/default.',
			9,
		],
		['[codex.routing.routes.main]\nchildren = []', 'has no children', 8],
		['[codex.routing.routes.a]\nchildren = ["b"]', 'has the name of a provider', 8],
		[
			'[codex.routing]\nentry = "mian"\n[codex.routing.routes.main]\nchildren = ["b"]',
			'codex.routing.entry is "mian", but there is no such route; did you mean "main"?',
			9,
		],
		[
			'[codex.routing.routes.main]\nchildren = ["a", 7]',
			'codex.routing.routes.main.children[1] is a number, but it takes only strings.',
			9,
		],
	])('%s', (routing, sentence, line) => {
		const error = errorOf(base + routing);
		expect(error.message).toContain(sentence);
		expect(error.line).toBe(line);
	});

	test('a route that nothing reaches is only a warning, whatever its strategy', () => {
		const text = `${base}[codex.routing.routes.main]\nchildren = ["a"]\n[codex.routing.routes.x]\nstrategy = "conditional"`;
		expect(load(text).warnings).toEqual([
			'/h/config.toml:10: the route codex.routing.routes.x is not reached from main.',
		]);
	});
});
